"""Commands that start with Numba imported do the same as those that start from nothing."""

import os
import signal

import pytest
from console import environment, fresh, w2v
from prepared import finished, started

COMMANDS = {
    "help": (("--help",), b""),
    "an unknown command": (("nope",), b""),
    "queries on standard input": (("similar", "-n", "1", "--vectors", "vectors.txt"), b"king\nnobody\n"),
    "a text on standard input": (("vocab", "-", "-q", "--min-count", "1"), b"a rose is a rose\n" * 9999),
    "a file that is missing": (("train", "caf\udce9.txt"), b""),
    "a text that is not wanted": (("info", "vectors.txt"), b"a rose is a rose\n" * 99_999),
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "vectors.txt").write_text("3 2\nking 1 0.1\nqueen 1 0.2\napple 0 1\n")
    return tmp_path


@pytest.mark.parametrize("arguments, stdin", COMMANDS.values(), ids=COMMANDS)
def test_a_prepared_command_ends_as_one_from_nothing(folder, arguments, stdin):
    found, expected = (run(*arguments, cwd=folder, stdin=stdin) for run in (w2v, fresh))
    assert found.stdout == expected.stdout
    assert found.stderr == expected.stderr
    assert found.returncode == expected.returncode


def test_its_folder_its_environment_and_its_modules_are_its_own(folder):
    (folder / "my_cutter.py").write_text(
        "import os\n"
        "def cut(text):\n"
        "    return [os.environ['W2V_TEST'], os.getcwd(), str(len(os.sched_getaffinity(0)))]\n"
    )
    command = ("vocab", "-q", "-", "--tokens", "my_cutter:cut", "--min-count", "1")
    done = w2v(*command, cwd=folder, stdin=b"a\n", W2V_TEST="x")
    assert done.stderr == b""
    cpus = len(os.sched_getaffinity(0))
    assert sorted(done.stdout.decode().split()) == sorted(["x", "1", str(folder), "1", str(cpus), "1"])
    assert "W2V_TEST" not in os.environ


def test_an_environment_that_python_reads_at_its_start_is_refused(folder):
    assert started(["--help"], folder, environment(PYTHONIOENCODING="latin-1")) is None
    assert w2v("--version", cwd=folder, PYTHONIOENCODING="latin-1").returncode == 0


def test_it_can_be_killed(folder):
    process, files = started(["vocab", "-"], folder, environment())
    os.kill(process.pid, signal.SIGKILL)
    assert finished(process, files, b"", timeout=60) == (-signal.SIGKILL, b"", b"")


def test_it_is_killed_after_some_time(folder):
    process, files = started(["vocab", "-"], folder, environment())
    own = os.dup(files[0].fileno())  # so that its standard input does not end
    with pytest.raises(TimeoutError):
        finished(process, files, b"", timeout=0.1)
    os.close(own)
