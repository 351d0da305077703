"""The query commands: one query as arguments, or many on standard input."""

import json
import os
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from console import W2V, environment, error_line
from console import inside as w2v
from hypothesis import given, settings
from hypothesis import strategies as st

from w2v.cli.query_words import SignedWords, signed_query
from w2v.cli.tables import aligned
from w2v.errors import UsageError
from w2v.vectors import Vectors

WORDS = ["man", "woman", "king", "queen", "-man", "help", "car", "ｋing"]
MATRIX = [[0, 1, 1], [0, -1, 1], [1, 1, 1], [1, -1, 1.25], [-1, 0.5, 0], [-1, -1, 0.5], [-0.5, 0.25, -2], [0.1, 0, 0]]


@pytest.fixture
def folder(tmp_path):
    Vectors(WORDS, MATRIX).save(tmp_path / "vectors.txt")
    return tmp_path


def answer(*arguments, cwd, stdin=b"", **extra):
    process = w2v(*arguments, cwd=cwd, stdin=stdin, **extra)
    assert (process.returncode, process.stderr) == (0, b""), process.stderr
    return process.stdout.decode()


def told(process):
    return [line.removeprefix("w2v: ") for line in process.stderr.decode().splitlines()]


# one query


@pytest.mark.parametrize(
    "arguments",
    [
        ["analogy", "king", "man", "woman"],
        ["similar", "king", "-", "man", "+", "woman"],
        ["similar", "--", "king", "-man", "+woman"],
        ["similar", "king woman - man"],
        ["similar", "-n", "1", "--", "+king", "+woman", "-", "man"],
    ],
)
def test_an_analogy_can_be_written_in_many_ways(folder, arguments):
    assert answer(*arguments, cwd=folder).splitlines()[0].split() == ["queen", "0.9679"]


def test_a_dash_without_a_space_is_refused_with_advice(folder):
    process = w2v("similar", "king", "-man", "+woman", cwd=folder)
    assert process.returncode == 2
    assert error_line(process) == (
        "no such option -man; to subtract a word, put a space after the dash: king - man + woman;"
        " a word that begins with a dash goes after --"
    )
    for command in ("analogy", "odd", "similarity", "vector"):
        told = "no such option -man; a word that begins with a dash goes after --"
        assert error_line(w2v(command, "-man", "king", "queen", cwd=folder)) == told
    assert "no such option --man; 'w2v similar --help'" in error_line(w2v("similar", "king", "--man", cwd=folder))


def test_words_that_begin_with_a_dash(folder):
    alone = json.loads(answer("similar", "--json", "--", "-man", cwd=folder))
    taken = json.loads(answer("similar", "--json", "--", "king", "-", "-man", cwd=folder))
    vectors = Vectors(WORDS, MATRIX)
    assert [found["word"] for found in alone] == [word for word, _ in vectors.similar("-man")]
    assert [found["word"] for found in taken] == [word for word, _ in vectors.similar("king", negative="-man")]


def test_methods_and_a_restricted_vocabulary(folder):
    vectors = Vectors(WORDS, MATRIX)
    for command in (["analogy", "king", "man", "woman"], ["similar", "king", "-", "man", "+", "woman"]):
        found = json.loads(answer(*command, "--method", "mul", "--json", "-n", "2", cwd=folder))
        expected = vectors.analogy("king", "man", "woman", 2, method="mul")
        assert [item["word"] for item in found] == [word for word, _ in expected]
        assert [item["similarity"] for item in found] == pytest.approx([value for _, value in expected])
        few = answer(*command, "--restrict-vocab", "4", cwd=folder)
        assert few.split() == ["queen", "0.9679"]
    assert "at least 1, not 0" in error_line(w2v("similar", "king", "--restrict-vocab", "0", cwd=folder))


def test_similarity_odd_and_vector(folder):
    assert answer("similarity", "man", "king", cwd=folder) == "0.8165\n"
    assert json.loads(answer("similarity", "man", "king", "--json", cwd=folder)) == pytest.approx((2 / 3) ** 0.5)
    assert answer("odd", "man", "king", "car", "woman", cwd=folder) == "car\n"
    odd = json.loads(answer("odd", "man", "king", "car", "woman", "--json", cwd=folder))
    assert odd["odd"] == odd["words"][-1]["word"] == "car"
    assert [item["similarity"] for item in odd["words"]] == sorted(
        (item["similarity"] for item in odd["words"]), reverse=True
    )
    assert answer("vector", "queen", "king", cwd=folder) == "queen 1 -1 1.25\nking 1 1 1\n"
    assert json.loads(answer("vector", "ｋing", "--json", cwd=folder)) == {"ｋing": [0.1, 0, 0]}


@pytest.mark.parametrize("command", ["similar", "analogy", "similarity", "odd", "vector"])
def test_the_file_and_the_cache_can_be_chosen(folder, command):
    words = {"similar": ["king"], "similarity": ["king", "man"]}.get(command, ["king", "man", "woman"])
    (folder / "vectors.txt").rename(folder / "other.txt")
    first = answer(command, *words, "--vectors", "other.txt", "--no-cache", cwd=folder)
    assert first
    assert answer(command, *words, cwd=folder, W2V_VECTORS="other.txt") == first
    assert "vectors.txt: no such file; train vectors with" in error_line(w2v(command, *words, cwd=folder))


@pytest.mark.parametrize(
    "arguments, code, message",
    [
        (["analogy", "king", "man"], 2, "an analogy takes three words, not 2; king man woman means king - man"),
        (["similarity", "king"], 2, "a similarity takes two words, not 1, such as: king queen"),
        (["odd", "king", "man"], 2, "finding the odd one out takes three words or more, not 2"),
        (["similar", "king", "-"], 2, "no word follows the last -; write for example: king - man + woman"),
        (["similar", " "], 2, "no words given; name at least one"),
        (["similarity", "king", "Quen"], 1, "'Quen' is not in the vocabulary; did you mean queen?"),
        (["odd", "king", "kingg", "man"], 1, "'kingg' is not in the vocabulary; did you mean king"),
        (["vector", "kingg"], 1, "'kingg' is not in the vocabulary; did you mean king"),
        (["analogy", "king", "man", "womann"], 1, "'womann' is not in the vocabulary; did you mean woman"),
    ],
)
def test_a_wrong_query_is_reported_in_one_line(folder, arguments, code, message):
    process = w2v(*arguments, cwd=folder)
    assert process.returncode == code
    assert message in error_line(process)


# many queries


def test_each_line_of_standard_input_is_a_query(folder):
    lines = b"king - man + woman\n\n  queen \r\n"
    assert answer("similar", "-n", "1", cwd=folder, stdin=lines) == (
        "king - man + woman\tqueen\t0.9679\nqueen\twoman\t0.8429\n"
    )
    assert answer("analogy", "-n", "1", cwd=folder, stdin=b"king man woman") == "king man woman\tqueen\t0.9679\n"
    assert answer("similarity", cwd=folder, stdin=b"man\tking\nking king") == "man king\t0.8165\nking king\t1.0000\n"
    assert answer("odd", cwd=folder, stdin=b"man king car woman") == "man king car woman\tcar\n"
    assert answer("vector", cwd=folder, stdin=b"king\nqueen man\n") == "king 1 1 1\nqueen 1 -1 1.25\nman 0 1 1\n"
    assert answer("vector", cwd=folder) == ""


def test_json_for_many_queries_is_a_line_for_each(folder):
    for command, line, single in (
        ("similar", "king", ["king"]),
        ("analogy", "king man woman", ["king", "man", "woman"]),
        ("similarity", "king man", ["king", "man"]),
        ("odd", "king man car", ["king", "man", "car"]),
        ("vector", "king", ["king"]),
    ):
        lines = answer(command, "--json", cwd=folder, stdin=f"{line}\n".encode() * 2).splitlines()
        alone = json.loads(answer(command, *single, "--json", cwd=folder))
        for found in map(json.loads, lines):
            assert found == {
                "question": line,
                "answer": pytest.approx(alone) if command == "similarity" else found["answer"],
            }
            assert type(found["answer"]) is type(alone)
        assert len(lines) == 2


def test_lines_that_can_not_be_answered_are_reported_and_the_others_answered(folder):
    lines = b"king man\nkign man\nking\n\xff man\nman king\n"
    process = w2v("similarity", cwd=folder, stdin=lines)
    assert process.returncode == 1
    assert process.stdout.decode() == "king man\t0.8165\nman king\t0.8165\n"
    assert told(process) == [
        "line 2: 'kign' is not in the vocabulary; did you mean king?",
        "line 3: a similarity takes two words, not 1, such as: king queen",
        ("line 4: not UTF-8: '\ufffd'; name its encoding, as in --encoding latin-1, or use --encoding-errors replace"),
        "error: 3 of 5 queries could not be answered",
    ]
    found = [json.loads(line) for line in w2v("similarity", "--json", cwd=folder, stdin=lines).stdout.splitlines()]
    assert [sorted(item) for item in found] == [
        ["answer", "question"], ["error", "question"], ["error", "question"], ["error", "question"],
        ["answer", "question"],
    ]  # fmt: skip


def test_only_the_first_errors_are_told_one_by_one(folder):
    process = w2v("vector", cwd=folder, stdin=b"kingg\n" * 2000)
    lines = told(process)
    assert lines[0] == "line 1: 'kingg' is not in the vocabulary; did you mean king?"
    assert lines[9] == "line 10: 'kingg' is not in the vocabulary; did you mean king?"
    assert lines[10:] == ["error: 2,000 of 2,000 queries could not be answered; the first 10 are named above"]
    process = w2v("vector", "--json", cwd=folder, stdin=b"kingg\n" * 12)
    errors = [json.loads(line)["error"] for line in process.stdout.splitlines()]
    assert errors[9:11] == [
        "'kingg' is not in the vocabulary; did you mean king?",
        "'kingg' is not in the vocabulary",
    ]


def test_thousands_of_lines_are_answered_as_each_alone(tmp_path):
    random = np.random.default_rng(4)
    vectors = Vectors([f"w{row}" for row in range(700)], random.normal(size=(700, 40)))
    vectors.save(tmp_path / "vectors.txt")
    queries = [f"w{row % 700}" for row in range(2500)]
    stdin = "".join(f"{query}\n" for query in queries).encode()
    lines = answer("similar", "-n", "2", cwd=tmp_path, stdin=stdin).splitlines()
    assert len(lines) == 5000
    for number in (0, 1, 1023, 1024, 2499):
        expected = [f"{queries[number]}\t{word}\t{value:.4f}" for word, value in vectors.similar(queries[number], 2)]
        assert lines[2 * number : 2 * number + 2] == expected
    # so many values that they are formatted by compiled code
    assert (
        answer("vector", cwd=tmp_path, stdin=stdin).splitlines()[:700]
        == ((tmp_path / "vectors.txt").read_text().splitlines()[1:])
    )


def test_queries_typed_at_a_terminal_are_answered_at_once(folder):
    leader, follower = os.openpty()
    process = subprocess.Popen(
        [*W2V, "similarity"], cwd=folder, env=environment(), stdin=follower, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    os.write(leader, b"man king\n")
    assert process.stdout.readline() == b"man king\t0.8165\n"
    os.write(leader, b"\x04")
    out, errors = process.communicate(timeout=60)
    assert (out, process.returncode) == (b"", 0)
    assert errors == b"w2v: note: reading queries from the terminal, one per line; end with Ctrl-D\n"
    os.close(leader)
    os.close(follower)


# how queries are parsed, and tables


@pytest.mark.parametrize(
    "line, positive, negative",
    [
        ("king", "king", ""),
        ("king queen", "king queen", ""),
        ("king - man + woman", "king woman", "man"),
        ("-man king", "king", "man"),
        ("- man", "", "man"),
        ("-x", "", "x"),
        ("+1", "+1", ""),
        ("king + +1 - -man", "king +1", "-man"),
        ("king +1", "king +1", ""),
        ("king +king", "king king", ""),
        ("king ++1", "king +1", ""),
        ("-", "-", ""),
        ("- -", "", "-"),
        ("well-known", "well-known", ""),
    ],
)
def test_signs(line, positive, negative):
    expected = SignedWords(tuple(positive.split()), tuple(negative.split()))
    assert signed_query(line.split(), {"king", "-", "+1"}) == expected


@settings(deadline=None)
@given(st.lists(st.text(alphabet="ab+-", min_size=1, max_size=3), min_size=1, max_size=6))
def test_every_line_is_a_query_or_an_error(tokens):
    try:
        query = signed_query(tokens, ())
    except UsageError:
        assert tokens[-1] in ("+", "-") or any({*pair} <= {"+", "-"} for pair in pairwise(tokens))
    else:
        assert len(query.positive) + len(query.negative) >= len(tokens) / 2
        assert all((*query.positive, *query.negative))


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.text(alphabet="a1 王", max_size=4)] * 3), min_size=1, max_size=5))
def test_tables_keep_their_cells_in_columns(rows):
    lines = list(aligned([[f"|{cell}|" for cell in row] for row in rows]))
    assert [line.split("|")[1::2] for line in lines] == [list(row) for row in rows]
    ends = [len(line.replace("王", "**")) for line in lines]
    assert len(set(ends)) == 1


def test_queries_do_not_import_slow_modules(folder):
    for command in ("similar king", "analogy king man woman", "similarity king man", "odd king man car", "vector king"):
        script = (
            f"import sys; from w2v.cli import main\ntry:\n    main({command.split()!r})\n"
            "finally:\n    assert not {'numba', 'scipy', 'tqdm', 'readline'} & sys.modules.keys()"
        )
        process = subprocess.run([sys.executable, "-c", script], cwd=folder, env=environment(), check=True, timeout=60,
                                 capture_output=True)  # fmt: skip
        assert process.stdout
