"""Words of queries: those that hold spaces, begin with signs, or look like something else."""

import json
import unicodedata

import numpy as np
import pytest
from console import error_line
from console import inside as w2v
from hypothesis import given, settings
from hypothesis import strategies as st

from w2v.cli.messages import one_line
from w2v.cli.query_words import SPACES, argument_words, line_words, signed_query
from w2v.vectors import Vectors

ODD = [
    "new york", "c++", "-x", "+1", "--", "-", "+", "a-b", "C#", "don't", '"hi"', "😀", ".*", "[a-z]+(", " lead",
    "trail ", "nb\u00a0sp", "caf\u00e9", "nai\u0308ve", "--help", "-n", "vectors.npz", "%s{}", "$HOME", "\ufeffbom",
    "\u200ejoin",
    "help", "similar", "quit", "two  spaces", "king\u2028line", "=", "#", "\\n", "/", "...", "\x1b[31m",
]  # fmt: skip
PLAIN = ["king", "queen", "man", "woman"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("odd")
    matrix = np.random.default_rng(5).normal(size=(len(ODD) + len(PLAIN), 16))
    Vectors([*ODD, *PLAIN], matrix).save(path / "vectors.npz")
    return path


@pytest.fixture(scope="module")
def vectors(folder):
    return Vectors.load(folder / "vectors.npz")


def run(*arguments, folder, stdin=b""):
    process = w2v(*arguments, cwd=folder, stdin=stdin, W2V_VECTORS="vectors.npz")
    assert (process.returncode, process.stderr) == (0, b""), process.stderr
    return process.stdout.decode()


@pytest.mark.parametrize("word", ODD)
def test_every_word_of_the_vocabulary_can_be_asked_as_an_argument(folder, vectors, word):
    for spelling in {word, unicodedata.normalize("NFC", word), unicodedata.normalize("NFD", word)}:
        (found,) = json.loads(run("similar", "-n", "1", "--json", "--", spelling, folder=folder))
        assert found["word"] == vectors.similar(word, 1)[0].word
    odd = json.loads(run("odd", "--json", "--", "king", word, "queen", folder=folder))
    assert {item["word"] for item in odd["words"]} == {"king", word, "queen"}


def test_every_word_of_the_vocabulary_can_be_asked_on_a_line(folder, vectors):
    words = [word for word in ODD if not word.startswith("\ufeff")]

    def answers(command, form):
        stdin = "".join(f"{form.format(word)}\r\n" for word in words).encode()
        return [json.loads(line)["answer"] for line in run(*command, "--json", folder=folder, stdin=stdin).splitlines()]

    near = [vectors.similar(word, 1)[0].word for word in words]
    assert [found[0]["word"] for found in answers(["similar", "-n", "1"], "{}")] == near
    cosines = [vectors.similarity(word, "king") for word in words]
    assert answers(["similarity"], "{}\tking") == pytest.approx(cosines)
    rows = [{word: pytest.approx(vectors[word].tolist()), "king": pytest.approx(vectors["king"].tolist())}
            for word in words]  # fmt: skip
    assert answers(["vector"], "{}\tking") == rows
    analogies = [vectors.analogy("king", word, "woman", 1)[0].word for word in words]
    assert [found[0]["word"] for found in answers(["analogy", "-n", "1"], "king\t{}\twoman")] == analogies
    for form in ("{}", "similar -- {}"):
        asked = [word for word in words if form != "{}" or word not in ("help", "quit")]
        stdin = "".join(f"{form.format(word)}\n" for word in asked).encode()
        lines = run("shell", "-n", "1", folder=folder, stdin=stdin).splitlines()
        assert lines == [f"{one_line(word)}   {value:.4f}" for asking in asked
                         for word, value in vectors.similar(asking, 1)]  # fmt: skip


def test_spaces_quotes_and_tabs_on_a_line_of_the_shell(folder, vectors):
    lines = (
        b'similarity "new york" king\nsimilarity new york\tking\n"new york" king\nking - new york\nodd king new york\n'
    )
    similarity, again, both, without, *_ = run("shell", "-n", "1", folder=folder, stdin=lines[:-18]).splitlines()
    assert similarity == again == f"{vectors.similarity('new york', 'king'):.4f}"
    assert both.split("  ")[0] == vectors.similar(["new york", "king"], 1)[0].word.strip()
    assert without.split("  ")[0] == vectors.similar("king", 1, negative="new york")[0].word.strip()


KNOWN = {"new york", "new", "york", "paris", "usa", "france", "king", "queen", '"', '"said"', "+1", "--"}


@pytest.mark.parametrize(
    "line, words",
    [
        ("new york", ["new york"]),
        ("  new york ", ["new york"]),
        ("new york\tparis", ["new york", "paris"]),
        ("new york\t\tparis\t", ["new york", "paris"]),
        ("king queen\tparis", ["king", "queen", "paris"]),
        ("new yorkk\tparis", ["new yorkk", "paris"]),  # an error then names the field
        ("king - paris\tqueen", ["king", "-", "paris", "queen"]),
        ("new york - usa + france", ["new york", "-", "usa", "+", "france"]),
        ("king new york", ["king", "new", "york"]),
        ('"new york" king', ["new york", "king"]),
        ('king -"new york"', ["king", "-new york"]),
        ('" king "', ['"', "king", '"']),
        ('"said"', ['"said"']),
        ('"king"', ["king"]),
        ('"new yorkk" king', ["new yorkk", "king"]),
        ("king\u00a0queen", ["king\u00a0queen"]),
        ("king -man +woman", ["king", "-man", "+woman"]),
        ("", []),
        (" \t ", []),
    ],
)
def test_a_line_is_tried_whole_then_by_tabs_then_by_spaces(line, words):
    assert line_words(line, KNOWN) == words
    assert argument_words([line], KNOWN) == words


def test_where_one_word_is_too_few_a_line_is_not_tried_whole():
    assert line_words("new york", KNOWN, whole=False) == ["new", "york"]
    assert line_words(" king", KNOWN, whole=False) == ["king"]


def test_arguments_are_tried_whole_each():
    assert argument_words(["new york", "king queen", " paris "], KNOWN) == ["new york", "king", "queen", "paris"]
    assert argument_words(["new", "york"], KNOWN) == ["new", "york"]
    assert argument_words(["new yorkk", "king"], KNOWN) == ["new yorkk", "king"]
    assert argument_words(["", " "], KNOWN) == []


@settings(deadline=None)
@given(st.text(alphabet='ab "+-\t\u00a0', max_size=12), st.sets(st.text(alphabet='ab "+-', max_size=3), max_size=6))
def test_no_letter_of_a_line_is_lost(line, known):
    words = line_words(line, known)
    assert sum(map(len, words)) >= sum(char not in f'{SPACES}"' for char in line)
    assert line not in known or words == [line]
    argument_words([line, line], known)


@pytest.mark.parametrize(
    "words, message",
    [
        ("king - -", "no word stands between - and -; write for example: king - man + woman"),
        ("king + - man", "no word stands between + and -"),
        ("king -", "no word follows the last -"),
    ],
)
def test_a_sign_needs_a_word(folder, words, message):
    Vectors(PLAIN, np.eye(4)).save(folder / "plain.txt")
    process = w2v("similar", *words.split(), "--vectors", "plain.txt", cwd=folder)
    assert process.returncode == 2
    assert message in error_line(process)


def test_a_dash_that_is_a_word_can_be_subtracted():
    assert signed_query(["king", "-", "-"], {"king", "-"}) == (("king",), ("-",))


def test_a_byte_order_mark_is_no_part_of_a_word(folder):
    mark = b"\xef\xbb\xbf"
    expected = run("similar", "-n", "1", folder=folder, stdin=b"king\nqueen\n")
    assert run("similar", "-n", "1", folder=folder, stdin=mark + b"king\n" + mark + b"queen\n") == expected
    assert run("shell", folder=folder, stdin=mark + b"similarity king king\n") == "1.0000\n"


def test_bytes_that_are_not_utf8_are_an_unknown_word(folder):
    process = w2v("similar", "caf\udce9", "--vectors", "vectors.npz", cwd=folder)
    assert (process.returncode, error_line(process)) == (1, "'caf\\udce9' is not in the vocabulary; did you mean café?")
    process = w2v("shell", "--vectors", "vectors.npz", cwd=folder, stdin=b"caf\xe9\n")
    assert process.stderr.startswith(b"w2v: 'caf\\udce9' is not in the vocabulary")


def test_words_print_on_one_line_each(tmp_path):
    Vectors(["king", "a\tb\nc", "\x1b[31mred"], [[1, 0], [1, 0.1], [1, 0.2]]).save(tmp_path / "v.npz")
    process = w2v("similar", "--vectors", "v.npz", cwd=tmp_path, stdin=b"king\n")
    assert process.stdout.decode() == "king\ta\\tb\\nc\t0.9950\nking\t\\x1b[31mred\t0.9806\n"
    process = w2v("similar", "king", "-n", "1", "--vectors", "v.npz", cwd=tmp_path)
    assert process.stdout.decode() == "a\\tb\\nc   0.9950\n"


def test_an_unknown_word_that_is_a_file_is_explained(folder):
    Vectors(PLAIN, np.eye(4)).save(folder / "some.txt")
    process = w2v("similar", "some.txt", "--vectors", "vectors.npz", cwd=folder)
    assert error_line(process) == "'some.txt' is not in the vocabulary; to query that file, write --vectors some.txt"


def test_a_line_of_megabytes_is_refused_at_once(folder):
    line = b"x" * 5_000_000 + b"\n" + b"king " * 200_000 + b"kign\n"
    process = w2v("similar", "--vectors", "vectors.npz", cwd=folder, stdin=line)
    first, second, last = process.stderr.decode().splitlines()
    assert first == f"w2v: line 1: '{'x' * 40}...' is not in the vocabulary"
    assert second == "w2v: line 2: 'kign' is not in the vocabulary; did you mean king?"
    assert last == "w2v: error: 2 of 2 queries could not be answered"


def test_lists_of_words_leave_out_the_unknown(folder):
    process = w2v("vector", "king", "kign", "quen", "queen", "--vectors", "vectors.npz", cwd=folder)
    assert process.returncode == 0
    assert [line.split()[0] for line in process.stdout.decode().splitlines()] == ["king", "queen"]
    told = "w2v: note: left out 2 of 4 words, which are not in the vocabulary: kign, quen\n"
    assert process.stderr.decode() == told
    process = w2v("vector", "kign", "quen", "--vectors", "vectors.npz", cwd=folder)
    assert (process.returncode, error_line(process)[:37]) == (1, "'kign' is not in the vocabulary; did ")


def test_the_shell_keeps_its_vectors(folder):
    process = w2v("shell", "--vectors", "vectors.npz", cwd=folder, stdin=b"similar king --vectors other.txt\n")
    assert process.stderr.decode().splitlines()[0] == (
        "w2v: the shell has loaded its vectors; for others, start w2v shell --vectors FILE"
    )


def test_questions_may_have_the_encoding_of_the_vectors(tmp_path):
    (tmp_path / "v.txt").write_bytes("café 1 0\nthé 1 0.1\neau 0 1\n".encode("latin-1"))
    options = ["-n", "1", "--vectors", "v.txt", "--encoding", "latin-1"]
    for command in ("similar", "shell"):
        process = w2v(command, *options, cwd=tmp_path, stdin="café\n".encode("latin-1") + "thé\n".encode())
        assert [line.split()[-2] for line in process.stdout.decode().splitlines()] == ["thé", "café"]
        assert process.stderr == b""
    process = w2v("shell", *options, cwd=tmp_path, stdin=b"similar eau --encoding utf-8\n")
    assert b"the shell has loaded its vectors" in process.stderr
    (tmp_path / "v.txt").write_bytes(b"caf\xe9 1 0\nth\xe9 1 0.1\n")
    options = ["-n", "1", "--vectors", "v.txt", "--encoding-errors", "surrogateescape"]
    process = w2v("similar", *options, cwd=tmp_path, stdin=b"caf\xe9\n")
    assert process.stderr == b""
    assert json.loads(w2v("similar", *options, "--json", "caf\udce9", cwd=tmp_path).stdout)[0]["word"] == "th\udce9"
