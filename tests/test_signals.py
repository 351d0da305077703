"""Ctrl-C and requests to end are obeyed at any moment, without a traceback."""

import itertools
import signal
import subprocess
import sys
import time

import pytest
from console import environment
from interrupts import WORK, Interrupts

from w2v.cli.signals import raised_over_errors, raised_signals
from w2v.model_file import ModelFile

# Runs the command, and sends a signal to itself when a module is about to be imported.
AT_IMPORT = """
import os, sys
_, module, number, *sys.argv[1:] = sys.argv
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == module:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), int(number))
sys.meta_path.insert(0, Interrupting())
from w2v.cli import main
main()
"""
# Runs the command, and sends a signal to itself when it has just written its output.
AT_WRITE = """
import os, sys
_, number, *sys.argv[1:] = sys.argv
from w2v.cli import main, program
write = program._StandardOutput.write
def write_and_interrupt(stream, data):
    written = write(stream, data)
    program._StandardOutput.write = write
    os.kill(os.getpid(), int(number))
    return written
program._StandardOutput.write = write_and_interrupt
main()
"""
AFTER_A_WHILE = "import os; from w2v.cli import main; os.write(1, b'!'); main()"
TRAIN = ("train", "-q", "text.txt", "--dim", "8", "--epochs", "2", "-o", "trained.txt")
SIMILAR = ("similar", "king", "--vectors", "vectors.txt")


@pytest.fixture
def folder(tmp_path):
    """A folder with vectors and a text, and an empty one for temporary files."""
    (tmp_path / "vectors.txt").write_text("3 2\nking 1 0.1\nqueen 1 0.2\napple 0 1\n")
    (tmp_path / "text.txt").write_text("the king met the queen of the land\n" * 2000)
    (tmp_path / "temporary").mkdir()
    return tmp_path


@pytest.fixture(autouse=True)
def _heed_interrupts():
    """Let children heed Ctrl-C even where this process was told to ignore it, as in a background job."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGINT, before)


def started(folder, script, *arguments, **extra):
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        env=environment(TMPDIR=str(folder / "temporary"), **extra),
    )  # fmt: skip


def left(folder):
    """Return what a command left behind, besides a result; Python tries out a folder with files of other names."""
    kept = {path.name for path in (folder / "temporary").glob("*w2v*")}
    return kept | {path.name for path in folder.iterdir()} - {"vectors.txt", "text.txt", "temporary", "trained.txt"}


@pytest.mark.parametrize(
    "module, command",
    [
        ("w2v.cli.program", ("--help",)),
        ("click", SIMILAR),
        ("w2v.cli.similar", SIMILAR),
        ("numpy", SIMILAR),
        ("w2v.vectors.nearest", SIMILAR),
        ("w2v.training.pipeline", TRAIN),
        ("llvmlite.binding.ffi", TRAIN),
        ("numba.core.typing.arraydecl", TRAIN),
        ("w2v.kernels.skipgram", TRAIN),
    ],
)
@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_during_an_import(folder, module, command, number, code):
    with started(folder, AT_IMPORT, module, int(number), *command) as process:
        output, errors = process.communicate(timeout=60)
    early = module in ("w2v.cli.program", "click")
    if number == signal.SIGTERM and early:
        code = -signal.SIGTERM  # nothing is to be cleaned up yet
    if process.returncode:  # else it was done so soon after the import that nothing was left to interrupt
        assert process.returncode == code
        # lines of the answer may be out already, but none twice
        assert b"queen\t0.9952\napple\t0.0995\n".startswith(output) if command == SIMILAR else not output
        assert errors == (b"w2v: interrupted\n" if number == signal.SIGINT and not early else b"")
    assert process.returncode or command == SIMILAR
    assert left(folder) == set()


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("command", [("--version",), ("similar", "king", "-n", "1", *SIMILAR[2:])])
def test_a_signal_while_the_output_is_written(folder, command, number, code):
    with started(folder, AFTER_A_WHILE, *command) as process:
        whole = process.communicate(timeout=60)[0].removeprefix(b"!")
    with started(folder, AT_WRITE, int(number), *command) as process:
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (code, whole)
    assert errors == (b"w2v: interrupted\n" if number == signal.SIGINT else b"")


@pytest.mark.parametrize("command", [("--help",), SIMILAR, TRAIN, ("info", "vectors.txt"), ("vocab", "text.txt")])
def test_ctrl_c_at_any_moment(folder, command):
    for step in range(5):
        with started(folder, AFTER_A_WHILE, *command) as process:
            assert process.stdout.read(1) == b"!"
            time.sleep(0.07 * (step + 1))
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=60)
        assert process.returncode in (0, 130, -signal.SIGINT)  # the last one while Python itself ends
        notes = [line for line in errors.decode().splitlines() if not line.startswith("w2v: note: ")]
        assert notes in ([], ["w2v: interrupted"])
        assert left(folder) == set()


def test_a_second_ctrl_c_is_quiet(folder):
    with started(folder, AFTER_A_WHILE, *TRAIN[:-4], "--epochs", "1000000") as process:
        assert process.stdout.read(1) == b"!"
        time.sleep(1)
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.001)
        _, errors = process.communicate(timeout=60)
    assert process.returncode in (130, -signal.SIGINT)
    assert errors in (b"", b"w2v: interrupted\n")


class HalfMade:
    """Interrupted while it is made; its destructor needs what was not made yet, as those of llvmlite do."""

    def __init__(self):
        signal.raise_signal(signal.SIGINT)
        self.handle = 1

    def __del__(self):
        del self.handle


def test_a_half_made_object_does_not_complain_after_ctrl_c(capsys):
    def work():
        with raised_signals():
            try:
                HalfMade()
            except KeyboardInterrupt:
                return
            raise AssertionError

    work()
    assert capsys.readouterr().err == ""


def fail_after(number, error):
    """Raise an error on the way out that a signal has opened."""
    try:
        if number:
            signal.raise_signal(number)
    finally:
        raise error


@pytest.mark.parametrize(
    "number, error, raised",
    [
        (signal.SIGINT, RuntimeError("no compiled object yet"), KeyboardInterrupt),  # as Numba does
        (signal.SIGTERM, RuntimeError("no compiled object yet"), SystemExit),
        (signal.SIGINT, OSError("the model can't be saved"), OSError),
        (0, RuntimeError("a defect"), RuntimeError),
    ],
)
def test_a_signal_ends_the_command_even_if_cleaning_up_fails(number, error, raised):
    with pytest.raises(raised), raised_signals(), raised_over_errors((OSError,)):
        fail_after(number, error)


# Runs the command, and takes a while to save a model, as if it were large.
AT_SAVE = """
import os, time
import w2v.training.checkpoint as checkpoint
from w2v.cli import main
write = checkpoint.write_model
def write_slowly(*arguments):
    os.write(1, b"!")
    time.sleep(float(os.environ["SAVING_SECONDS"]))
    write(*arguments)
checkpoint.write_model = write_slowly
main()
"""
SAVING = ("train", "text.txt", "--dim", "8", "--save-model", "m.model", "--save-every", "0")


def in_training(folder, seconds):
    """Start a run that saves its model for so many seconds, and wait until it trains."""
    options = "--epochs", "1000000", "--log", "l.jsonl"
    process = started(folder, AT_SAVE, *SAVING, *options, SAVING_SECONDS=str(seconds))
    deadline = time.monotonic() + 60
    while not (folder / "l.jsonl").exists() or not (folder / "l.jsonl").stat().st_size:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return process


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_that_comes_twice_counts_once_and_the_model_is_saved(folder, number, code):
    with in_training(folder, seconds=0.8) as process:
        for _ in range(3):
            process.send_signal(number)
            time.sleep(0.1)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert b"saved the model to m.model; to continue, run the same again with --resume" in errors
    assert ModelFile.open(folder / "m.model").facts["run"]["words"] > 0


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_later_signal_ends_at_once(folder, number, code):
    with in_training(folder, seconds=60) as process:
        process.send_signal(number)
        assert process.stdout.read(1) == b"!"
        time.sleep(1.2)
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert b"saved the model" not in errors
    assert b"Traceback" not in errors
    assert not (folder / "m.model").exists()


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_the_model_is_saved_at_the_end(folder, number, code):
    with started(folder, AT_SAVE, *SAVING, "--epochs", "2", SAVING_SECONDS="0.5") as process:
        assert process.stdout.read(1) == b"!"
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert b"saved the model to m.model" in errors
    facts = ModelFile.open(folder / "m.model").facts
    assert facts["run"]["blocks"] == 2 * facts["text"]["blocks"]


@pytest.fixture(scope="module")
def interrupts(tmp_path_factory):
    return Interrupts(tmp_path_factory.mktemp("interrupts"), words=10_000, dim=40)


@pytest.mark.parametrize("name, number", [*zip(WORK, itertools.cycle([signal.SIGINT, signal.SIGTERM]))])
def test_work_of_every_kind_is_interrupted(interrupts, name, number):
    """At one moment each; `python tests/interrupts.py` takes more, and shows how soon it ends."""
    assert interrupts.interrupt(name, number, after=1).problem is None


def test_a_trace_of_an_interrupted_command_is_noticed(interrupts):
    """Otherwise the test before could not fail."""
    (interrupts.folder / "j.txt").touch()
    assert interrupts.problem("converting", 0, signal.SIGINT, "") is None
    assert interrupts.problem("counting pairs", 130, signal.SIGINT, "") == "j.txt was written"
    (interrupts.folder / "j.txt").unlink()
    assert interrupts.problem("converting", 1, signal.SIGINT, "w2v: error: x") == "exit code 1: w2v: error: x"
    assert interrupts.problem("converting", 130, signal.SIGINT, "Traceback") == "Traceback"
    assert interrupts.problem("training", 0, signal.SIGINT, "") == "ended by itself"
    (interrupts.folder / "temporary" / "w2v-x").touch()
    assert interrupts.problem("converting", 143, signal.SIGTERM, "") == "w2v-x was left behind"
    (interrupts.folder / "temporary" / "w2v-x").unlink()


class Interrupted:
    """Raises where Python must ignore it."""

    def __init__(self, error):
        self.error = error

    def __del__(self):
        raise self.error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(128 + signal.SIGTERM)])
def test_an_exception_that_python_had_to_ignore_comes_again(error, capsys):
    doomed = [Interrupted(error)]

    def work():
        with raised_signals():
            doomed.clear()
            time.sleep(60)

    with pytest.raises(type(error)):
        work()
    assert capsys.readouterr().err == ""


def test_signals_are_handled_as_before_when_the_block_ends():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    hook = sys.unraisablehook
    with raised_signals():
        assert signal.getsignal(signal.SIGTERM) != before[1]
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before
    assert sys.unraisablehook is hook
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_ignored_signals_stay_ignored(folder):
    command = [sys.executable, "-c", AFTER_A_WHILE, *SIMILAR]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    ) as process:  # fmt: skip
        assert process.stdout.read(1) == b"!"
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, b"")
    assert output.startswith(b"queen")
