"""Progress: a bar at a terminal, a line every ten seconds elsewhere, nothing when quiet."""

import fcntl
import io
import os
import pty
import struct
import subprocess
import sys
import termios

import pytest

from w2v.cli.console_progress import SECONDS_BETWEEN_LINES, ConsoleProgress

WORK = """
import sys, time
from w2v.cli.console_progress import ConsoleProgress

with ConsoleProgress(quiet="quiet" in sys.argv) as progress:
    before = 30_000_000 if "before" in sys.argv else 0
    progress.start("reading", None if "unknown" in sys.argv else 90_000_000, "B", before)
    for done in range(before, 90_000_001, 30_000_000):
        progress.update(done, {"lr": "0.0213", "loss": "2.31"})
        time.sleep(0.11)
    progress.note("one thing")
    try:
        if "fail" in sys.argv:
            raise SystemExit("error: it failed")
    finally:
        progress.finish()
print("bar drawn by", "tqdm" if "tqdm" in sys.modules else "nobody")
"""


class Clock:
    """A clock that the test sets."""

    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds


def on_terminal(*arguments, columns=80, lines=24, term="xterm"):
    """Run the work with standard error at a pseudo-terminal; return what that shows, and standard output."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, *arguments],
        stdout=subprocess.PIPE, stderr=theirs, env=os.environ | {"TERM": term, "PYTHONUTF8": "1"},
    )  # fmt: skip
    os.close(theirs)
    shown = bytearray()
    while True:
        try:
            read = os.read(ours, 65536)
        except OSError:  # Linux says so when the other end is closed
            read = b""
        if not read:
            break
        shown += read
    os.close(ours)
    output, _ = process.communicate()
    return shown.decode(), output.decode()


def screen(shown):
    """Return the lines that stay on the terminal; a carriage return overwrites a line."""
    lines = []
    for line in shown.replace("\r\n", "\n").split("\n"):
        cells = ""
        for part in line.split("\r"):
            cells = part + cells[len(part) :]
        lines.append(cells.rstrip())
    return lines


@pytest.mark.parametrize("size", [(80, 24), (0, 0)])
def test_terminal_shows_percent_rate_facts_and_time_left(size):
    shown, output = on_terminal(columns=size[0], lines=size[1])
    frames = [frame for frame in shown.split("\r") if "left" in frame]
    assert any("w2v: reading  33%|" in frame for frame in frames)
    assert all("B/s, lr 0.0213, loss 2.31, 00:0" in frame for frame in frames if "  33%" in frame)
    assert max(map(len, frames)) <= 80
    first, second, last = screen(shown)
    assert first == "w2v: note: one thing"
    assert second.startswith("w2v: reading: 90.0MB in 0.")
    assert second.endswith("MB/s, lr 0.0213, loss 2.31")
    assert last == ""
    assert output == "bar drawn by tqdm\n"


def test_terminal_shows_amount_when_the_end_is_unknown():
    shown, _ = on_terminal("unknown")
    assert "w2v: reading 60.0MB, " in shown
    assert "%" not in shown
    assert "0:00 so far" in shown


def test_failure_leaves_the_bar_and_its_message_on_lines_of_their_own():
    shown, _ = on_terminal("fail")
    note, bar, error, last = screen(shown)
    assert note == "w2v: note: one thing"
    assert bar.startswith("w2v: reading 100%|")
    assert error == "error: it failed"
    assert last == ""


def test_quiet_shows_nothing_on_a_terminal():
    assert on_terminal("quiet") == ("", "bar drawn by nobody\n")


def test_dumb_terminal_gets_lines():
    shown, output = on_terminal(term="dumb")
    assert screen(shown)[0] == "w2v: note: one thing"
    assert "\r\n" in shown
    assert "%" not in shown
    assert output == "bar drawn by nobody\n"


def test_elsewhere_a_line_comes_every_ten_seconds():
    stream, clock = io.StringIO(), Clock()
    with ConsoleProgress(stream=stream, clock=clock) as progress:
        progress.start("training", 200_000_000, "words")
        for second in range(100):
            clock.seconds += 1
            progress.update(second * 2_000_000, {"lr": "0.0213", "loss": "2.31"})
        progress.finish()
    lines = stream.getvalue().splitlines()
    assert len(lines) == 100 // SECONDS_BETWEEN_LINES + 1
    assert lines[0] == "w2v: training: 9%, 1.80M words/s, lr 0.0213, loss 2.31, 01:41 left"
    assert lines[-1] == "w2v: training: 198M words in 100.0 s, 1.98M words/s, lr 0.0213, loss 2.31"
    assert progress.rates == {"training": "1.98M words/s"}


def test_elsewhere_unknown_ends_and_slow_starts_have_no_percentage_or_time_left():
    stream, clock = io.StringIO(), Clock()
    with ConsoleProgress(stream=stream, clock=clock) as progress:
        progress.start("reading", None, "B")
        clock.seconds += 20
        progress.update(1_234_000_000)
        progress.finish()
        progress.start("training", 10, "words")
        clock.seconds += 20
        progress.update(0)
        progress.update(10, {"lr": "0.1"})
        progress.finish()
        progress.start("training", 0, "words")
        progress.finish()
    assert stream.getvalue().splitlines() == [
        "w2v: reading: 1.23GB so far, 61.7MB/s",
        "w2v: reading: 1.23GB in 20.0 s, 61.7MB/s",
        "w2v: training: 0%, 0 words/s",
        "w2v: training: 10 words in 20.0 s, 0 words/s, lr 0.1",
    ]


def test_earlier_work_counts_for_the_percentage_but_not_for_the_rate():
    stream, clock = io.StringIO(), Clock()
    with ConsoleProgress(stream=stream, clock=clock) as progress:
        progress.start("training", 1000, "words", 200)
        for done in (200, 300, 1000):
            clock.seconds += 10
            progress.update(done, {"lr": "0.1"})
        progress.note("nearly")
        progress.finish()
        progress.start("training", 1000, "words", 1000)
        progress.finish()
    assert stream.getvalue().splitlines() == [
        "w2v: training: 20%, 0 words/s, lr 0.1",
        "w2v: training: 30%, 5 words/s, lr 0.1, 02:20 left",
        "w2v: training: 100%, 27 words/s, lr 0.1, 00:00 left",
        "w2v: note: nearly",
        "w2v: training: 800 words in 30.0 s, 27 words/s, lr 0.1",
    ]


def test_a_bar_starts_where_the_work_stands():
    shown, _ = on_terminal("before")
    frames = [frame for frame in shown.split("\r") if "left" in frame]
    assert "  33%|" in frames[0]
    assert not any("   0%|" in frame for frame in frames)


def test_notes_are_one_line_each_and_quiet_shows_none():
    stream = io.StringIO()
    ConsoleProgress(stream=stream).note("a\nb\x1b[31m\u2028c")
    ConsoleProgress(stream=stream, quiet=True).note("not this")
    assert stream.getvalue() == "w2v: note: a\\nb\\x1b[31m\\u2028c\n"
