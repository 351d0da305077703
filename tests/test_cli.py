"""The commands as a user runs them."""

import gzip
import importlib
import itertools
import os
import pty
import re
import signal
import subprocess
import sys
from importlib.metadata import entry_points, version
from pathlib import Path

import numpy as np
import pytest
from console import W2V, environment, error_line, fresh, w2v

from w2v import cli as w2v_cli
from w2v.cli import main
from w2v.cli.commands import COMMANDS, GROUPS
from w2v.vectors import Vectors, load
from w2v.vectors.example_query import example_query

LANDS = ("Norway", "Spain", "Italy", "Poland", "France", "Greece")
TEXT = "".join(
    f"{ruler} {name} of {LANDS[i % 6]} lived in the {place} , said the {LANDS[(i * i) % 6]} {teller} .\n"
    for i in range(150)
    for ruler, name, place, teller in [
        ("The king", f"Jon{i % 5}", "castle", "poet"),
        ("the queen", "Ann", "palace", "crow"),
    ]
)
QUICK = ["--threads", "1", "--dim", "8", "--epochs", "1"]


@pytest.fixture
def folder(tmp_path):
    """A folder with a corpus and a place for temporary files."""
    (tmp_path / "corpus.txt").write_text(TEXT)
    (tmp_path / "temporary").mkdir()
    return tmp_path


@pytest.fixture
def run(folder, monkeypatch, capsys):
    """Run `w2v ARGUMENTS...` in this process and in the folder; return exit code, output and errors."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TMPDIR", str(folder / "temporary"))
    monkeypatch.delenv("W2V_VECTORS", raising=False)

    def run(*arguments):
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        return stopped.value.code, *capsys.readouterr()

    return run


# help, version, mistakes


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["-help"]])
def test_help_names_every_command(tmp_path, arguments):
    process = fresh(*arguments, cwd=tmp_path)
    assert process.returncode == 0
    assert process.stderr == b""
    shown = [
        [line.strip().split("  ")[0] for line in section.splitlines()]
        for section in process.stdout.decode().partition("Options:")[2].split("\n\n")[1:]
    ]
    assert shown == [[f"{heading}:", *commands] for heading, commands in GROUPS.items()]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", ["--help", "-h", "-help"])
def test_each_command_has_help_with_examples(run, command, option):
    code, output, errors = run(command, option)
    assert (code, errors) == (0, "")
    assert output.startswith(f"Usage: w2v {command} ")
    assert f"\n    w2v {command} " in output


def test_each_file_of_a_command_is_registered_once():
    defined = {
        f"w2v.cli.{path.stem}": path.stem.replace("_", "-")
        for path in Path(w2v_cli.__file__).parent.glob("*.py")
        if "@click.command(" in path.read_text()
    }
    assert {place.module: name.replace(" ", "-") for name, place in COMMANDS.items()} == defined
    for name, place in COMMANDS.items():
        command = getattr(importlib.import_module(place.module), place.attribute)
        assert (command.name, place.attribute) == (name, f"{re.sub('[- ]', '_', name)}_command")


def test_help_of_train_shows_defaults_under_headings(run):
    _, output, _ = run("train", "-h")
    headings = [line for line in output.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert headings == ["Output:", "Text:", "Vocabulary:", "Model:", "Training:", "Continue training:", "Running:"]
    flat = " ".join(output.split())
    for default in (
        "vectors.txt",
        "skipgram",
        "100",
        "0.75",
        "0.001",
        "0.03 for skipgram, 0.1 for cbow, 0.05 with --cbow-sum, 0.025 for skipgram above --dim 200",
    ):
        assert f"[default: {default}]" in flat


def test_version(run):
    assert run("--version") == (0, f"w2v {version('w2v')}\n", "")
    assert run("-version")[1] == f"w2v {version('w2v')}\n"


def test_the_installed_command_is_this_one():
    (script,) = entry_points(group="console_scripts", name="w2v")
    assert script.load() is main


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["trian", "c.txt"], "no such command trian; did you mean 'w2v train'?"),
        (["skipgram", "-input", "c.txt"], "did you mean 'w2v train --model skipgram'?"),
        (["most_similar", "king"], "did you mean 'w2v similar'?"),
        (["help"], "did you mean 'w2v --help'?"),
        (["xyzzy"], "no such command xyzzy; 'w2v --help' lists them"),
        (["--verison"], "no such option --verison; did you mean --version?"),
        (["-x", "train"], "no such option -x; 'w2v --help' lists them"),
        (["train"], "no corpus given; name files or folders, or - for standard input"),
        (["train", "c.txt", "-dim", "ten"], "'ten' is not a valid integer (see 'w2v train --help')"),
        (["train", "c.txt", "--model", "glove"], "is not one of 'skipgram', 'cbow' (see 'w2v train --help')"),
        *[
            (["train", "corpus.txt", *option.split()], f"{option.split()[0]} must be {rule}, not {option.split()[1]}")
            for option, rule in [
                ("--window 0", "at least 1"),
                ("--negative 0", "at least 1 with --loss ns"),
                ("--epochs -1", "at least 1"),
                ("--min-count 0", "at least 1"),
                ("--max-vocab 1", "at least 2"),
                ("--sample -0.1", "0 or more"),
                ("--sample nan", "0 or more"),
                ("--lr 0.0", "more than 0"),
                ("--lr nan", "more than 0"),
                ("--lr inf", "at most 1000000"),
                ("--window 99999999999999999999", "at most 1000000"),
                ("--threads 99999999999", "at most 4096"),
                ("--ns-exponent nan", "from -1000 to 1000"),
                ("--min-lr -0.1", "from 0 to the learning rate at the start, 0.03"),
                ("--min-lr nan", "from 0 to the learning rate at the start, 0.03"),
                ("--max-sentence 0", "at least 1"),
                ("--seed -1", "from 0 to 2**63 - 1"),
            ]
        ],
        *[
            (["train", "corpus.txt", option, "none"], " (see 'w2v train --help')")
            for option in ("--encoding-errors", "--window-mode", "--subsample-rule", "--cbow-gradient")
        ],
        (["train", "c.txt", "-foo"], "no such option -foo; 'w2v train --help' lists them"),
    ],
)
def test_mistakes_are_reported_in_one_line_with_advice(run, arguments, told):
    code, output, errors = run(*arguments)
    assert (code, output) == (2, "")
    assert errors.startswith("w2v: error: ")
    assert errors.endswith(told + "\n")
    assert errors.count("\n") == 1


@pytest.mark.parametrize(
    "arguments, unwanted",
    [
        (["--help"], {"numba", "numpy", "w2v.cli.train", "w2v.cli.similar", "tqdm"}),
        (["train", "--help"], {"numba", "numpy", "tqdm"}),
        (["vocab", "--help"], {"numba", "numpy", "tqdm"}),
        (
            ["similar", "a", "--vectors", "v.txt"],
            {"numba", "tqdm", "w2v.training", "w2v.corpus", "w2v.kernels", "w2v.options.classify"},
        ),
    ],
)
def test_help_and_queries_import_no_more_than_they_need(tmp_path, arguments, unwanted):
    (tmp_path / "v.txt").write_text("2 2\na 1 2\nb 2 1\n")
    script = "import sys; from w2v.cli import main\ntry: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    process = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=tmp_path, capture_output=True, env=environment(), check=True
    )
    assert not unwanted & set(process.stderr.decode().split())


# train


def test_train_then_similar(folder):
    process = fresh("train", "corpus.txt", cwd=folder)
    assert process.returncode == 0
    assert process.stdout == b""
    told = process.stderr.decode().splitlines()
    vectors = load(folder / "vectors.txt")
    assert told[-2].startswith(f"w2v: saved {len(vectors)} vectors (100 dimensions) to vectors.txt; ")
    assert told[-2].endswith(" s in total")
    assert told[-1].startswith("w2v: try: w2v similar ")
    asked = fresh(*told[-1].split()[3:], cwd=folder)
    assert asked.returncode == 0
    assert len(asked.stdout.decode().splitlines()) == 10
    assert asked.stderr == b""


def test_compiling_is_noted_when_it_happens(folder):
    said = []
    for _ in range(2):
        process = w2v("vocab", "corpus.txt", cwd=folder, NUMBA_CACHE_DIR=str(folder / "temporary"))
        assert process.returncode == 0
        said.append(process.stderr.decode().splitlines())
    told = "w2v: note: compiling for this CPU; later runs start faster"
    assert [lines.count(told) for lines in said] == [1, 0]
    assert said[0][0] == told


def test_the_example_query_names_vectors_in_another_file(run):
    _, _, errors = run("train", "corpus.txt", *QUICK, "-o", "my vectors.txt")
    assert "w2v: try: w2v similar --vectors 'my vectors.txt' " in errors


def test_the_example_query_names_vectors_that_are_not_the_default(run, monkeypatch):
    assert "w2v: try: w2v similar --vectors" not in run("train", "corpus.txt", *QUICK)[2]
    monkeypatch.setenv("W2V_VECTORS", "elsewhere.txt")
    assert "w2v: try: w2v similar --vectors vectors.txt " in run("train", "corpus.txt", *QUICK)[2]


def test_the_example_query_can_be_pasted(folder, run):
    (folder / "corpus.txt").write_text(f"{'x' * 1000} \x1b[31mred\n" * 50)
    assert "w2v: try:" not in run("train", "corpus.txt", *QUICK)[2]
    assert "w2v: try:" not in run("train", "corpus.txt", *QUICK, "-o", "/dev/null")[2]
    (folder / "-").write_text("some file")
    assert "w2v: try:" not in run("train", "corpus.txt", *QUICK, "-o", "-")[2]
    (folder / "corpus.txt").write_text(f"{'x' * 1000} -17\n" * 50)
    assert "w2v: try: w2v similar -- -17\n" in run("train", "corpus.txt", *QUICK)[2]


def test_hardly_trained_words_are_noted(run):
    _, _, errors = run("train", "corpus.txt", *QUICK, "--sample", "1e-9")
    assert " predictions for 26 words: the vectors are little more than their random start; " in errors
    assert "little more" not in run("train", "corpus.txt", *QUICK)[2]


def test_the_example_query_is_a_frequent_word_with_close_neighbours():
    words = ["".join(letters) for letters in itertools.product("abcdefgh", repeat=4)][:4000]
    words[200:204] = ["un", "l'eau", "maandag", "dinsdag"]
    random = np.random.default_rng(1)
    matrix = random.normal(size=(4000, 50))
    matrix[:100] = matrix[0]
    matrix[200:202] = matrix[200]
    matrix[203] = matrix[202] + random.normal(size=50) / 9
    assert example_query(Vectors(words, matrix)) in ("maandag", "dinsdag")
    assert example_query(Vectors(["的", "星期", "一"], np.eye(3))) == "星期"
    assert example_query(Vectors(["1", "2"], np.zeros((2, 3)))) == "1"


def test_quiet_training_prints_nothing(run, folder):
    assert run("train", "corpus.txt", *QUICK, "--quiet") == (0, "", "")
    assert run("train", "corpus.txt", *QUICK, "-q", "-output", "again.txt") == (0, "", "")
    assert (folder / "again.txt").read_bytes() == (folder / "vectors.txt").read_bytes()


def test_sources_may_be_folders_compressed_files_and_standard_input(run, folder):
    (folder / "many" / "below").mkdir(parents=True)
    (folder / "many" / "one.txt").write_text(TEXT[: TEXT.index("\n", 5000) + 1])
    (folder / "many" / "below" / "two").write_bytes(gzip.compress(TEXT[TEXT.index("\n", 5000) + 1 :].encode()))
    run("train", "corpus.txt", *QUICK, "-o", "a.txt", "--save-vocab", "a.words")
    code, _, errors = run("train", "many", *QUICK, "-o", "b.txt", "--save-vocab", "b.words")
    assert code == 0, errors
    process = w2v("train", "-", *QUICK, "--save-vocab", "c.words", cwd=folder, stdin=gzip.compress(TEXT.encode()))
    assert process.returncode == 0, process.stderr
    words = (folder / "a.words").read_text()
    assert words == (folder / "b.words").read_text() == (folder / "c.words").read_text()
    assert (folder / "a.txt").read_bytes() == (folder / "vectors.txt").read_bytes()


def test_text_can_be_typed(folder):
    ours, theirs = pty.openpty()
    os.write(ours, b"a rose is a rose is a rose\n\x04")
    process = subprocess.run(
        [*W2V, "train", "-", *QUICK, "--min-count", "1"],
        cwd=folder, stdin=theirs, capture_output=True, env=environment(), check=True, timeout=60,
    )  # fmt: skip
    os.close(theirs)
    os.close(ours)
    assert process.stderr.startswith(
        b"w2v: note: reading text from the terminal; end with Ctrl-D on a line of its own\n"
    )
    assert load(folder / "vectors.txt").words == ["a", "rose", "is"]


def test_vocabulary_options(run, folder):
    run("train", "corpus.txt", *QUICK, "--min-count", "100", "-o", "a.txt", "--save-vocab", "words.txt")
    frequent = [word for word in set(TEXT.split()) if TEXT.split().count(word) >= 100]
    counted = dict(line.split() for line in (folder / "words.txt").read_text().splitlines())
    assert set(load(folder / "a.txt").words) == set(frequent) == set(counted)
    assert int(counted["king"]) == TEXT.split().count("king")
    run("train", "corpus.txt", *QUICK, "--max-vocab", "7", "-o", "b.txt")
    assert len(load(folder / "b.txt").words) == 7
    run("train", "corpus.txt", *QUICK, "--read-vocab", "words.txt", "-o", "c.txt")
    assert (folder / "c.txt").read_bytes() == (folder / "a.txt").read_bytes()


def test_text_options(run, folder):
    def words(*arguments):
        code, _, errors = run("train", "corpus.txt", *QUICK, "--min-count", "1", *arguments)
        assert code == 0, errors
        return set(load(folder / "vectors.txt").words)

    assert words() == set(TEXT.split())
    assert words("--lowercase") == set(TEXT.lower().split())
    assert words("--tokens", "words") == set(TEXT.lower().replace(",", " ").replace(".", " ").split())
    assert words("--work-dir", folder / "temporary") == set(TEXT.split())
    (folder / "corpus.txt").write_bytes(TEXT.encode() + b"caf\xe9 bar\n")
    assert words("--encoding-errors", "ignore") - set(TEXT.split()) == {"caf", "bar"}
    assert words("--encoding-errors", "replace") - set(TEXT.split()) == {"caf\ufffd", "bar"}
    assert list((folder / "temporary").iterdir()) == []


def test_raw_prose_gets_a_note_about_tokens_words(run, folder):
    (folder / "prose.txt").write_text(TEXT.replace(" ,", ",").replace(" .", "."))
    said = [line for line in run("train", "prose.txt", *QUICK)[2].splitlines() if "--tokens words" in line]
    assert len(said) == 1
    assert said[0].startswith("w2v: note: ")
    assert "--tokens words" not in run("train", "corpus.txt", *QUICK)[2]


@pytest.mark.parametrize(
    "changed",
    [
        ["--model", "cbow"],
        ["--dim", "9"],
        ["--window", "2"],
        ["--window-mode", "full"],
        ["--negative", "3"],
        ["--ns-exponent", "0"],
        ["--ns-exponent", "-0.5"],
        ["--max-sentence", "4"],
        ["--epochs", "2", "--min-lr", "0.02"],
        ["--epochs", "2"],
        ["--lr", "0.05"],
        ["--sample", "0.01"],
        ["--subsample-rule", "paper"],
        ["--seed", "2"],
        ["--model", "cbow", "--cbow-gradient", "word2vec"],
    ],
    ids=" ".join,
)
def test_options_of_training_change_the_vectors_and_nothing_else_does(run, folder, changed):
    plain = [*QUICK, "--seed", "1", *(changed[:2] if len(changed) > 2 else [])]
    run("train", "corpus.txt", *plain, "-o", "a.txt")
    run("train", "corpus.txt", *plain, "-o", "b.txt")
    code, _, errors = run("train", "corpus.txt", *plain, *changed, "-o", "c.txt")
    assert code == 0, errors
    assert (folder / "a.txt").read_bytes() == (folder / "b.txt").read_bytes()
    assert (folder / "a.txt").read_bytes() != (folder / "c.txt").read_bytes()
    header = (folder / "c.txt").read_text().split("\n")[0].split()
    assert header[1] == ("9" if changed[0] == "--dim" else "8")


@pytest.mark.parametrize("earlier", ["", "1 2\nold 1 -2e-3\n", "2 400\nold" + " 0.25" * 400, "1 1\nold \0\1\2\3"])
def test_earlier_vectors_are_replaced(run, folder, earlier):
    (folder / "vectors.txt").write_text(earlier)
    assert run("train", "corpus.txt", *QUICK, "--save-vocab", "words.txt")[0] == 0
    assert load(folder / "vectors.txt").dim == 8
    before = (folder / "words.txt").read_bytes()
    assert run("train", "corpus.txt", *QUICK, "--save-vocab", "words.txt", "--min-count", "99")[0] == 0
    assert before.startswith((folder / "words.txt").read_bytes())
    assert run("vocab", "corpus.txt", "-o", "words.txt")[0] == 0
    assert (folder / "words.txt").read_bytes() == before


@pytest.mark.parametrize("name", ["v.bin", "v.npz", "glove.txt"])
def test_the_name_of_the_output_sets_its_format(run, folder, name):
    for _ in range(2):  # the second run replaces the vectors of the first
        assert run("train", "corpus.txt", *QUICK, "-o", name, "-q") == (0, "", "")
    run("train", "corpus.txt", *QUICK)
    found, expected = load(folder / name), load(folder / "vectors.txt")
    assert found.words == expected.words
    np.testing.assert_array_equal(found.matrix, expected.matrix)
    assert (folder / name).read_bytes() != (folder / "vectors.txt").read_bytes()


def test_outputs_are_checked_before_any_text_is_read(run, folder):
    (folder / "notes.txt").write_text("my only copy of some notes\n")
    for name in ("--output", "--save-vocab", "--save-model", "--log"):
        code, output, errors = run("train", "corpus.txt", *QUICK, name, "notes.txt")
        assert (code, output) == (1, "")
        assert "notes.txt: exists, holds no " in errors
        assert "reading" not in errors
        assert "is the corpus itself" in run("train", "corpus.txt", *QUICK, name, "corpus.txt")[2]
        if name != "--output":
            assert f"{name} -: needs the name of a file" in run("train", "corpus.txt", *QUICK, name, "-")[2]


def test_results_can_be_piped(run, folder):
    run("train", "corpus.txt", *QUICK)
    for name in ("/dev/stdout", "-"):
        streamed = w2v("train", "corpus.txt", *QUICK, "-o", name, cwd=folder)
        assert streamed.stdout == (folder / "vectors.txt").read_bytes()
    assert b" vectors (8 dimensions) to standard output; " in streamed.stderr
    assert b"try:" not in streamed.stderr
    counted = w2v("vocab", "corpus.txt", cwd=folder).stdout
    assert counted.startswith(b"the ")
    assert w2v("vocab", "corpus.txt", "-o", "-", cwd=folder).stdout == counted
    assert {path.name for path in folder.iterdir()} == {"corpus.txt", "temporary", "vectors.txt", "vectors.txt.counts"}


def test_outputs_of_earlier_runs_in_a_folder_are_skipped(run, folder):
    texts = folder / "texts"
    (texts / ".git").mkdir(parents=True)
    (texts / ".git" / "config").write_text("hidden " * 9)
    (texts / ".notes.txt").write_text("hidden " * 9)
    (texts / "corpus.txt").write_text(TEXT)
    outputs = ["-o", "texts/vectors.txt", "--save-vocab", "texts/words.txt"]
    assert run("train", "texts", *QUICK, *outputs)[0] == 0
    (texts / "zipped").write_bytes(gzip.compress((texts / "vectors.txt").read_bytes()))
    first = [(texts / name).read_bytes() for name in ("vectors.txt", "words.txt")]
    code, _, errors = run("train", "texts", *QUICK, *outputs)
    assert code == 0
    assert [line for line in errors.splitlines() if "left out" in line] == [
        "w2v: note: left out texts/vectors.txt, which holds vectors, not text",
        "w2v: note: left out texts/vectors.txt.counts, which holds word counts, not text",
        "w2v: note: left out texts/words.txt, which holds word counts, not text",
        "w2v: note: left out texts/zipped, which holds vectors, not text",
    ]
    assert [(texts / name).read_bytes() for name in ("vectors.txt", "words.txt")] == first
    assert "\nking 1\n" in run("vocab", "texts/words.txt", "--min-count", "1")[1]  # it is read where it is named


# ends


@pytest.mark.parametrize(
    "number, code, told",
    [(signal.SIGINT, 130, "w2v: interrupted"), (signal.SIGTERM, 143, None), (signal.SIGHUP, 129, None)],
)
def test_a_signal_ends_training_with_nothing_half_written(folder, number, code, told):
    (folder / "vectors.txt").write_text("1 1\nold 1\n")
    with subprocess.Popen(
        [*W2V, "train", "corpus.txt", "--epochs", "1000000000"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(TMPDIR=str(folder / "temporary")),
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # which nohup, say, ignores for all that it starts
    ) as process:  # fmt: skip
        while not process.stderr.readline().startswith(b"w2v: reading"):
            pass
        process.send_signal(number)
        output, errors = process.communicate(timeout=60)
    lines = [line for line in errors.decode().splitlines() if not line.startswith(("w2v: note", "w2v: training"))]
    assert lines == ([told] if told else [])
    assert process.returncode == code
    assert output == b""
    names = ["corpus.txt", "temporary", "vectors.txt"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert list((folder / "temporary").iterdir()) == []
    assert (folder / "vectors.txt").read_text() == "1 1\nold 1\n"


def many_words(folder):
    (folder / "vectors.txt").write_text("".join(f"{'w' * 500}{i} {i} 1\n" for i in range(5000)))
    return [*W2V, "similar", "w" * 500 + "1", "-n", "4000"]


def test_a_closed_pipe_ends_the_command_quietly(folder):
    with subprocess.Popen(
        many_words(folder), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_results_that_cannot_be_written_are_reported(folder):
    with Path("/dev/full").open("wb") as full:
        process = subprocess.run(
            many_words(folder), cwd=folder, stdout=full, stderr=subprocess.PIPE, env=environment(), check=False
        )
    process.stdout = b""
    assert error_line(process) == "standard output: No space left on device"
    assert process.returncode == 1


def test_a_full_device_is_named(folder):
    for command in (["train", "corpus.txt", *QUICK, "-q"], ["vocab", "corpus.txt", "-q"]):
        process = w2v(*command, "-o", "/dev/full", cwd=folder)
        assert error_line(process) == "/dev/full: can't be written (No space left on device)"
        assert process.returncode == 1


def without(number, arguments, folder):
    """Run `w2v` with one of its standard streams closed."""
    return subprocess.run(
        [*W2V, *arguments], cwd=folder, capture_output=True, env=environment(), check=False,
        preexec_fn=lambda: os.close(number),
    )  # fmt: skip


@pytest.mark.parametrize("number", [0, 1, 2])
def test_standard_streams_that_are_not_needed_may_be_closed(folder, number):
    process = without(number, ["train", "corpus.txt", *QUICK], folder)
    assert process.returncode == 0
    assert (process.stderr == b"") == (number == 2)
    assert len(load(folder / "vectors.txt")) > 10
    names = ["corpus.txt", "temporary", "vectors.txt", "vectors.txt.counts"]
    assert sorted(path.name for path in folder.iterdir()) == names


@pytest.mark.parametrize(
    "number, arguments, told",
    [
        (0, ["train", "-", *QUICK], "standard input: can't be read (Bad file descriptor)"),
        (1, ["vocab", "corpus.txt", "-q"], "standard output: Bad file descriptor"),
        (1, ["train", "corpus.txt", *QUICK, "-q", "-o", "-"], "standard output: Bad file descriptor"),
    ],
)
def test_a_standard_stream_that_is_needed_and_closed_is_named(folder, number, arguments, told):
    process = without(number, arguments, folder)
    assert error_line(process) == told
    assert process.returncode == 1


def test_words_that_the_terminal_cannot_show_are_escaped(folder):
    (folder / "vectors.txt").write_text("2 2\nking 1 2\nкороль 1 3\n", encoding="utf-8")
    process = w2v("similar", "king", cwd=folder, PYTHONIOENCODING="latin-1")
    assert process.stderr == b""
    assert process.stdout.startswith(b"\\u043a\\u043e\\u0440")


def test_a_closed_standard_error_is_no_error(folder):
    ours, theirs = os.pipe()
    os.close(ours)
    process = subprocess.run(
        [*W2V, "train", "nowhere.txt"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=environment(),
        check=False,
    )
    os.close(theirs)
    assert process.stdout == b""
    assert process.returncode == 1
