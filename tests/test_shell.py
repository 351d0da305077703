"""`w2v shell`, through a pipe and at a terminal."""

import json
import os
import pty
import select
import signal
import subprocess
import time

import pytest
from console import W2V, environment, inside

from w2v.cli.shell import HELP, completions
from w2v.vectors import Vectors

WORDS = ["man", "woman", "king", "queen", "help", "similarity", "car"]
MATRIX = [[0, 1, 1], [0, -1, 1], [1, 1, 1], [1, -1, 1.25], [-1, -1, 0.5], [0.5, -1, -0.5], [-0.5, 0.25, -2]]


@pytest.fixture
def folder(tmp_path):
    Vectors(WORDS, MATRIX).save(tmp_path / "vectors.txt")
    return tmp_path


def test_each_line_of_a_pipe_is_answered(folder):
    lines = b"""king - man + woman
king -man +woman

analogy king man woman -n 2
similarity king queen
odd man king car
vector king
quit
king
"""
    process = inside("shell", "-n", "1", "--no-cache", cwd=folder, stdin=lines)
    assert (process.returncode, process.stderr) == (0, b"")
    queen, again, first, second, *others = process.stdout.decode().splitlines()
    assert queen.split() == again.split() == first.split() == ["queen", "0.9679"]
    assert second.split()[0] == "similarity"
    assert others == ["0.3824", "car", "king 1 1 1"]


def test_words_that_are_commands_can_be_queried(folder):
    vectors = Vectors(WORDS, MATRIX)
    process = inside("shell", "-n", "1", cwd=folder, stdin=b"similarity\nsimilar help\nhelp\n")
    lines = process.stdout.decode().splitlines()
    assert [line.split()[0] for line in lines[:2]] == [
        vectors.similar("similarity", 1)[0].word,
        vectors.similar("help", 1)[0].word,
    ]
    assert "king - man + woman            nearest neighbours of king plus woman minus man" in lines[2:]


@pytest.mark.parametrize("name", ["help", "h", "?", " ? "])
def test_help_has_short_names(folder, name):
    process = inside("shell", cwd=folder, stdin=f"{name}\n".encode())
    assert (process.returncode, process.stdout.decode()) == (0, f"{HELP}\n")


def test_a_command_without_words_is_reported_unless_it_is_a_word(folder):
    process = inside("shell", "-n", "1", cwd=folder, stdin=b"odd\nsimilarity\nodd-one-out \n")
    assert process.stderr.decode().splitlines()[:2] == ["w2v: no words given; name at least one"] * 2
    assert len(process.stdout.splitlines()) == 1


def test_the_odd_word_has_a_longer_command(folder):
    for name in ("odd", "odd-one-out", "odd_one_out"):
        assert inside(name, "man", "king", "car", cwd=folder).stdout == b"car\n"
    assert inside("shell", cwd=folder, stdin=b"odd-one-out man king car\n").stdout == b"car\n"


@pytest.mark.parametrize("end", [b"quit", b"exit", b" exit \r", b"EXIT"])
def test_the_shell_ends_when_told(folder, end):
    assert inside("shell", cwd=folder, stdin=end + b"\nnothing\n").returncode == 0


def test_long_and_odd_lines_are_unknown_words(folder):
    lines = b"x" * 5000 + b"\n" + b"\x00\n" + b"caf\xe9\n" + "\u00a0\n".encode() + b"\t \nsimilarity king king\n"
    process = inside("shell", cwd=folder, stdin=lines)
    assert process.stdout == b"1.0000\n"
    assert process.stderr.decode().splitlines() == [
        f"w2v: '{'x' * 40}...' is not in the vocabulary",
        "w2v: '\\x00' is not in the vocabulary",
        "w2v: 'caf\\udce9' is not in the vocabulary",
        "w2v: '\\xa0' is not in the vocabulary",
        "w2v: error: 4 queries could not be answered",
    ]


def test_mistakes_are_reported_and_the_rest_is_answered(folder):
    lines = b"kign\nsimilar king -n x\nanalogy king man\nodd --help\nsimilar king -foo\nsimilar -n 2\nking\n"
    process = inside("shell", "-n", "1", cwd=folder, stdin=lines)
    assert process.returncode == 1
    assert process.stderr.decode().splitlines() == [
        "w2v: 'kign' is not in the vocabulary; did you mean king?",
        "w2v: invalid value for '-n' / '--count': 'x' is not a valid integer (see 'w2v similar --help')",
        "w2v: an analogy takes three words, not 2; king man woman means king - man + woman",
        (
            "w2v: no such option -foo; to subtract a word, put a space after the dash: king - man + woman;"
            " a word that begins with a dash goes after --"
        ),
        "w2v: no words given; name at least one",
        "w2v: error: 5 queries could not be answered",
    ]
    lines = process.stdout.decode().splitlines()
    assert lines[0].startswith("Usage: w2v odd ")
    assert lines[-1].split()[0] == "man"


def test_json_and_the_vectors_file(folder):
    (folder / "vectors.txt").rename(folder / "other.txt")
    process = inside("shell", "--json", "--vectors", "other.txt", cwd=folder, stdin=b"similarity king man\nking\n")
    text = process.stdout.decode()
    number, _, rest = text.partition("\n")
    assert json.loads(number) == pytest.approx((2 / 3) ** 0.5)
    assert json.loads(rest)[0]["word"] == "man"
    assert len(json.loads(rest)) == 6


def test_completions_are_commands_at_the_start_and_words_everywhere():
    assert completions("si", WORDS, first=True) == ["similar", "similarity", "similarity"]
    assert completions("si", WORDS, first=False) == ["similarity"]
    assert completions("-wo", WORDS, first=False) == ["-woman"]
    assert completions("zz", WORDS, first=True) == []
    assert len(completions("a", [f"a{i}" for i in range(999)], first=False)) == 50


class Terminal:
    """A shell at a terminal, as a user sees it."""

    def __init__(self, folder):
        self.leader, follower = pty.openpty()
        self.process = subprocess.Popen(
            [*W2V, "shell", "-n", "1"], cwd=folder, stdin=follower, stdout=follower, stderr=follower, close_fds=True,
            env=environment(XDG_STATE_HOME=str(folder), TERM="dumb"), start_new_session=True,
        )  # fmt: skip
        os.close(follower)

    def read_until(self, wanted, seconds=60):
        seen, end = b"", time.monotonic() + seconds
        while wanted not in seen:
            assert time.monotonic() < end, seen
            if select.select([self.leader], [], [], 1)[0]:
                seen += os.read(self.leader, 4096)
        return seen

    def type(self, text):
        os.write(self.leader, text)


@pytest.fixture
def terminal(folder):
    terminal = Terminal(folder)
    with terminal.process:
        yield terminal
        terminal.process.kill()
    os.close(terminal.leader)


def test_at_a_terminal_lines_are_completed_remembered_and_ended(folder, terminal):
    banner = terminal.read_until(b"w2v> ")
    assert b"7 words x 3 from vectors.txt; type help for examples, Ctrl-D to leave" in banner
    terminal.type(b"similarity que\t king\n")
    assert b"0.3824" in terminal.read_until(b"w2v> ")
    terminal.type(b"kign\n")
    assert b"did you mean king?" in terminal.read_until(b"w2v> ")
    terminal.type(b"caf\xe9 \n")  # in another encoding
    assert b"is not in the vocabulary" in terminal.read_until(b"w2v> ")
    terminal.type(b"kin")
    terminal.read_until(b"kin")
    while not select.select([terminal.leader], [], [], 1)[0]:  # readline misses a signal between two letters
        terminal.process.send_signal(signal.SIGINT)  # as Ctrl-C does, which drops the line
    terminal.type(b"?\n")
    terminal.read_until(b"leave the shell\r\nw2v> ")
    terminal.type(b"x" * 400 + b"\n")
    assert b"is not in the vocabulary" in terminal.read_until(b"w2v> ")
    terminal.type(b"similarity queen king\n")
    terminal.read_until(b"w2v> ")
    terminal.type(b"kign\n")
    terminal.read_until(b"w2v> ")
    terminal.type(b"\x10\x10\n")  # Ctrl-P twice: the line before the last
    assert b"0.3824" in terminal.read_until(b"w2v> ")
    terminal.type(b"\x04")
    assert terminal.process.wait(timeout=60) == 0
    history = (folder / "w2v" / "history").read_text()
    assert "similarity queen  king" in history or "similarity queen king" in history
