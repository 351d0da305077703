"""Interrupt `w2v` at random moments of every kind of work, and measure how soon it ends: `python tests/interrupts.py`.

Each command receives Ctrl-C or SIGTERM. It must end with 130 or 143 and no traceback, and leave no temporary file and
no output but a model. `tests/test_signals.py` does the same with a few moments.
"""

import argparse
import importlib.util
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from console import environment

from w2v.model_file import ModelFile
from w2v.vectors import Vectors

SENTENCE = "the king and the queen of new york see w1 w2 w3 w4 the old castle w5 w6"
MODEL = ("--save-model", "m.model", "--save-every", "0.0001")
TRAIN = ("train", "text.txt", "--epochs", "100000", "--threads", "2", "--min-count", "1", "-o", "v.txt")
KEPT = {"m.model", "n.model"}  # a classifier is saved as far as it was trained
STARTED = "import os; from w2v.cli import main; os.write(1, b'!'); main()"  # from then on it heeds signals


class Work(NamedTuple):
    """A command whose work takes long.

    Attributes:
        arguments: the command.
        reads: whether its standard input never ends.
        cold: whether nothing is compiled before.
        ends: whether it may end before it is interrupted.
    """

    arguments: tuple[str, ...]
    reads: bool = False
    cold: bool = False
    ends: bool = False


WORK = {
    "compiling": Work((*TRAIN, "--dim", "20"), cold=True),
    "reading": Work(("train", "-", "-o", "v.txt"), reads=True),
    "counting": Work(("vocab", "-"), reads=True),
    "counting pairs": Work(("phrases", "-", "-o", "j.txt", "--list", "p.tsv"), reads=True),
    "training": Work((*TRAIN, "--dim", "100", *MODEL[:2])),
    "training with 10,000 negatives": Work((*TRAIN, "--dim", "300", "--negative", "10000", *MODEL[:2])),
    "training with the exact softmax": Work((*TRAIN, "--dim", "300", "--loss", "softmax", "--yes", *MODEL[:2])),
    "saving": Work((*TRAIN, "--dim", "300", *MODEL)),
    "loading": Work(("similar", "w1", "--vectors", "vectors.txt"), ends=True),
    "converting": Work(("convert", "vectors.txt", "c.npz"), ends=True),
    "answering analogies": Work(("evaluate", "vectors.txt", "analogies", "analogies.txt"), ends=True),
    "comparing pairs": Work(("evaluate", "vectors.txt", "pairs", "pairs.tsv"), ends=True),
    "clustering": Work(("cluster", "vectors.txt", "-k", "500", "-o", "g.txt"), ends=True),
    "mapping by t-SNE": Work(("map", "vectors.txt", "--layout", "tsne", "-o", "map.html"), ends=True),
    "mapping by principal components": Work(
        ("map", "vectors.txt", "--top", "65536", "--layout", "pca", "-o", "map.html"), ends=True
    ),
    "encoding": Work(("encode", "-", "--vectors", "vectors.txt", "-o", "t.npz"), reads=True),
    "training a classifier": Work(
        ("classify", "train", "labelled.txt", "--epochs", "100000", "--validation", "0", "-o", "n.model")
    ),
    "predicting": Work(("classify", "predict", "c.model", "-"), reads=True),
}


class End(NamedTuple):
    """How a command ended.

    Attributes:
        seconds: from the signal to the end.
        cpu_seconds: how long CPUs worked for it in that time; on a busy machine, these are fewer.
        code: its exit code.
        errors: what it wrote to standard error.
        problem: what was wrong; None if nothing was.
    """

    seconds: float
    cpu_seconds: float
    code: int
    errors: str
    problem: str | None


if importlib.util.find_spec("distributed"):
    WORK["training on a cluster"] = Work((*TRAIN, "--dim", "100", "--cluster", "local", *MODEL[:2]))
    WORK["training on a cluster with the exact softmax"] = Work(
        (*TRAIN, "--dim", "300", "--cluster", "local", "--loss", "softmax", "--yes", *MODEL[:2])
    )


class Interrupts:
    """Interrupts commands in a folder.

    Args:
        folder: an empty folder.
        words: how many words the vectors have.
        dim: and dimensions.
    """

    def __init__(self, folder: Path, words: int, dim: int) -> None:
        self.folder = folder
        (folder / "temporary").mkdir()
        (folder / "text.txt").write_text("".join(f"{SENTENCE} w{i % words}\n" for i in range(2 * words)))
        (folder / "labelled.txt").write_text(f"__label__x {SENTENCE}\n__label__y the w7 w8\n" * words)
        names = [f"w{i}" for i in range(words)]
        Vectors(names, np.random.default_rng(1).standard_normal((words, dim))).save(folder / "vectors.txt")
        numbers = random.Random(1)
        lines = (" ".join(numbers.sample(names, 4)) for _ in range(words))
        (folder / "analogies.txt").write_text(": all\n" + "".join(f"{line}\n" for line in lines))
        pairs = ("\t".join([*numbers.sample(names, 2), str(numbers.random())]) for _ in range(words))
        (folder / "pairs.tsv").write_text("".join(f"{line}\n" for line in pairs))
        small = ["--dim", "10", "--epochs", "1", "-o", "c.model", "-q"]
        self.run(["classify", "train", "labelled.txt", *small]).communicate()
        self._inputs = {path.name for path in folder.iterdir()}

    def interrupt(self, name: str, number: signal.Signals, after: float) -> End:
        """Start some work, send it a signal some seconds later, and wait for its end."""
        self._clear()
        work = WORK[name]
        text = subprocess.Popen(["yes", SENTENCE], stdout=subprocess.PIPE) if work.reads else None
        cold = {"NUMBA_CACHE_DIR": str(self.folder / "compiled")} if work.cold else {}
        process = self.run(work.arguments, None if text is None else text.stdout, **cold)
        if text is not None:
            text.stdout.close()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        output = process.stdout.read(1)
        time.sleep(after)
        sent, used = time.perf_counter(), _cpu_seconds(process.pid)
        process.send_signal(number)
        errors = process.communicate(timeout=120)[1].decode()
        seconds = time.perf_counter() - sent
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = ended.ru_utime + ended.ru_stime - before.ru_utime - before.ru_stime - used
        if text is not None:
            text.wait()
        assert output == b"!", errors
        return End(seconds, used, process.returncode, errors, self.problem(name, process.returncode, number, errors))

    def problem(self, name: str, code: int, number: int, errors: str) -> str | None:
        """Return what is wrong with how some work ended and what it left, or None."""
        if code == 0 and not WORK[name].ends:
            return "ended by itself"
        if code not in (0, 128 + number, -number):  # the last one while Python itself starts or ends
            return f"exit code {code}: {errors}"
        if "Traceback" in errors or "error" in errors:
            return errors
        left = [path.name for path in (self.folder / "temporary").glob("*w2v*")]
        left += [path.name for path in self.folder.rglob(".*.w2v-*")]
        if left:
            return f"{left[0]} was left behind"
        models = [path for path in [self.folder / "m.model"] if path.exists()]
        if any(ModelFile.open(path).facts["run"]["words"] == 0 for path in models):
            return "an untrained model was saved"
        if ("saved the model" in errors) > bool(models):
            return "no model was saved"
        written = {path.name for path in self.folder.iterdir()} - self._inputs - {*KEPT, "compiled", "cache"}
        was_done = code == 0 or WORK[name].ends  # or just before the signal
        return f"{min(written)} was written" if written and not was_done else None

    def run(self, arguments, stdin=None, **extra):
        """Start a command, which prints ! before all else."""
        variables = {"TMPDIR": str(self.folder / "temporary"), "W2V_CACHE_DIR": str(self.folder / "cache")}
        return subprocess.Popen(
            [sys.executable, "-c", STARTED, *arguments], cwd=self.folder, stdin=stdin or subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(**variables | extra),
        )  # fmt: skip

    def _clear(self) -> None:
        for path in self.folder.iterdir():
            if path.name == "compiled":
                shutil.rmtree(path)
            elif path.is_file() and path.name not in self._inputs:
                path.unlink()


def _cpu_seconds(process: int) -> float:
    """Return how long CPUs have worked for a process; Linux only."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description="Interrupt w2v in every kind of work, and measure how soon it ends.")
    parser.add_argument("--words", type=int, default=50_000, help="words of the vectors")
    parser.add_argument("--dim", type=int, default=100, help="and their dimensions")
    parser.add_argument("--moments", type=int, default=6, help="how often to interrupt each command")
    parser.add_argument("--seconds", type=float, default=12, help="the latest moment")
    parser.add_argument("--seed", type=int, default=1, help="of the moments")
    parser.add_argument("work", nargs="*", choices=[[], *WORK], help="some of the commands")
    arguments = parser.parse_args()
    moments, problems = random.Random(arguments.seed), 0
    sys.stdout.write("seconds from a signal to the end (CPU seconds):\n")
    with tempfile.TemporaryDirectory() as folder:
        interrupts = Interrupts(Path(folder), arguments.words, arguments.dim)
        for name in arguments.work or WORK:
            ends = []
            for number in range(arguments.moments):
                after = moments.uniform(0, arguments.seconds)
                ends.append(interrupts.interrupt(name, (signal.SIGTERM, signal.SIGINT)[number % 2], after))
            seconds = [f"{end.seconds:.2f} ({end.cpu_seconds:.2f})" for end in ends if end.code]
            sys.stdout.write(f"{name}: {', '.join(seconds)}\n")
            found = [end.problem for end in ends if end.problem]
            sys.stdout.writelines(f"  {problem}\n" for problem in found)
            sys.stdout.flush()
            problems += len(found)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
