"""Let every n-th operation of a command fail, and check what it leaves: `python tests/failures.py`.

For n = 1, 2, ... the command runs while its n-th operation (open, write, rename, fsync, mmap, allocation, ...) fails,
until no operation is left to fail. Each time, it must end with exit code 0 and its new outputs, or with exit code 1 and
one error line; every output is the earlier file or the new one, files that belong together are all earlier or all new,
and nothing is left behind. `tests/test_failures.py` does this for some n.

One process loads everything once and is forked for each run, since a start would take a second.
"""

import argparse
import collections
import ctypes
import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import faults
import numpy as np
from console import IN_MEMORY, environment

KINDS = tuple(kind for kind in faults.KINDS if kind != "unlink")
ERRORS = {  # by name: the error (0 for what fits the operation), whether it lasts, and what fails
    "any": (0, False, KINDS),
    "EIO": (errno.EIO, False, tuple(kind for kind in KINDS if kind != "allocate")),
    "full disk": (errno.ENOSPC, True, ("write", "fsync")),
    "unlink": (errno.EIO, False, ("unlink",)),
}
PATIENCE = 60  # seconds
TEXT = "the king and the queen see new york and the old new york\n" * 400
LABELLED = "__label__x the king and new york\n__label__y the queen and the old york\n" * 40
QUICK = ("-q", "--dim", "8", "--epochs", "2", "--min-count", "1", "--threads", "1", "--work-dir", "work")


class Scenario(NamedTuple):
    """A command, and the groups of outputs that belong together; earlier ones are there before each run.

    With `twice`, the command has run once before, so that there is a copy of the vectors; with `reads`, the text is its
    standard input.
    """

    arguments: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...] = ()
    twice: bool = False
    reads: bool = False


# A line for each command that writes files; tests/test_failures.py says which are missing.
SCENARIOS = {
    "train": Scenario(
        ("train", "text.txt", *QUICK, "-o", "v.tsv", "--save-model", "m.model", "--save-vocab", "c.txt",
         "--log", "l.jsonl"),
        (("v.tsv", "v_metadata.tsv", "v.tsv.counts"), ("m.model",), ("c.txt",)),
    ),
    "train --resume": Scenario(
        ("train", "text.txt", *QUICK, "-o", "v.npz", "--save-model", "m.model", "--resume", "--log", "l.jsonl"),
        (("v.npz",), ("m.model",)),
    ),
    "phrases": Scenario(
        ("phrases", "text.txt", "-q", "-o", "j.txt", "--list", "p.tsv", "--min-count", "1", "--threshold", "0.1",
         "--work-dir", "work"),
        (("j.txt", "p.tsv"),),
    ),
    "walks": Scenario(("walks", "edges.tsv", "-q", "--threads", "1", "-o", "walks.txt"), (("walks.txt",),)),
    "vocab": Scenario(("vocab", "text.txt", "-q", "-o", "c.txt"), (("c.txt",),)),
    "convert": Scenario(("convert", "vectors.txt", "v.npy", "-q"), (("v.npy", "v_words.txt", "v.npy.counts"),)),
    "cluster": Scenario(("cluster", "vectors.txt", "-q", "-k", "2", "-o", "g.txt"), (("g.txt",),)),
    "map": Scenario(("map", "vectors.txt", "-q", "--top", "8", "-o", "map.html"), (("map.html",),)),
    "map, an image": Scenario(("map", "vectors.txt", "-q", "--top", "8", "-o", "map.png"), (("map.png",),)),
    "plot-training": Scenario(("plot-training", "log.jsonl", "-q", "-o", "plot.html"), (("plot.html",),)),
    "encode": Scenario(
        ("encode", "text.txt", "--vectors", "vectors.txt", "-q", "--threads", "1", "-o", "t.npz"), (("t.npz",),)
    ),
    "encode, reading twice": Scenario(
        ("encode", "-", "--vectors", "vectors.txt", "-q", "--threads", "1", "--weighting", "idf", "-o", "t.npy"),
        (("t.npy",),), reads=True,
    ),
    "classify train": Scenario(
        ("classify", "train", "labelled.txt", "-q", "--dim", "8", "--epochs", "2", "--threads", "1", "-o", "n.model",
         "--log", "l.jsonl"),
        (("n.model",),),
    ),
    "classify test": Scenario(("classify", "test", "c.model", "labelled.txt", "-o", "c.html"), (("c.html",),)),
    "similar, copied": Scenario(("similar", "w1", "--vectors", "large.txt")),
    "similar, from a copy": Scenario(("similar", "w1", "--vectors", "large.txt"), twice=True),
}  # fmt: skip


class Outcome(NamedTuple):
    """How a run ended: its exit code, None if it hung; its standard output and errors; what failed, None if nothing."""

    code: int | None
    output: str
    errors: str
    failed: str | None


class Server:
    """Runs one scenario again and again, in forks of this process, which has the library of faults.c preloaded.

    Args:
        scenario: what to run.
        watched: the folder in which operations fail, empty; the one that it is in is empty otherwise.
    """

    def __init__(self, scenario: Scenario, watched: Path) -> None:
        self.scenario, self.folder, self._beside = scenario, watched / "here", watched.parent
        self._faults = ctypes.CDLL(os.environ["LD_PRELOAD"])
        self._faults.faults_start.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_int]
        self._log = Path(os.environ["W2V_FAULTS_LOG"])
        self._template = self._beside / "template"
        _make_inputs(self._template, scenario.arguments)
        os.environ["W2V_CACHE_DIR"] = str(self.folder / "cache")
        tempfile.tempdir = str(self.folder / "work")
        self._put_template()
        self._run_here()  # imports and compiles everything, and makes outputs
        self._earlier = self._outputs()
        for name in self._earlier:
            shutil.copy2(self.folder / name, self._template / name)
        if "--resume" in scenario.arguments:
            self._put_template()
        else:
            _change_inputs(self._template)
        self.expected = self.outcome(0, 0, lasting=False)
        if self.expected.code != 0:
            raise AssertionError(self.expected.errors)
        self._new = self._outputs()

    def outcome(self, nth: int, error: int, *, lasting: bool) -> Outcome:
        """Run the command while its n-th operation fails; 0: none."""
        self._put_template()
        self._log.write_bytes(b"")
        streams = [self._beside / name for name in ("output", "errors")]
        child = os.fork()
        if not child:
            for number, path in enumerate(streams, 1):
                os.dup2(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), number)
            code = 99
            try:
                if self.scenario.twice:
                    self._run_here()
                    streams[0].write_bytes(b"")
                    os.lseek(1, 0, os.SEEK_SET)
                self._faults.faults_start(nth, error, lasting)
                code = self._run_here()
            finally:
                self._faults.faults_stop()
                os._exit(code)
        deadline = time.monotonic() + PATIENCE
        while not (ended := os.waitpid(child, os.WNOHANG))[0]:
            if time.monotonic() > deadline:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return Outcome(None, "", "", self._failed())
            time.sleep(0.001)
        return Outcome(
            os.waitstatus_to_exitcode(ended[1]), *(path.read_text(errors="replace") for path in streams), self._failed()
        )

    def problem(self, outcome: Outcome) -> str | None:
        """Return what is wrong with how a run ended and what it left, or None."""
        if outcome.code is None:
            return "hangs"
        if "Traceback" in outcome.errors or outcome.code not in (0, 1):
            return f"exit code {outcome.code}: {outcome.errors}"
        errors = [line for line in outcome.errors.splitlines() if line.startswith("w2v: error: ")]
        if len(errors) != outcome.code:
            return f"exit code {outcome.code} with {len(errors)} error lines: {outcome.errors}"
        if outcome.code == 0 and outcome.output != self.expected.output:
            return f"exit code 0 with another output: {outcome.output}"
        hidden = list(self.folder.rglob(".*.w2v-*"))
        if hidden and "unlink" not in (outcome.failed or ""):
            return f"{hidden[0].name} was left behind"
        if any((self.folder / "work").iterdir()):
            return "something was left in the work folder"
        return self._problem_of_outputs(outcome, errors)

    def _problem_of_outputs(self, outcome: Outcome, errors: list[str]) -> str | None:
        found = self._outputs()
        for group in self.scenario.groups:
            is_new = all(found.get(name) == self._new.get(name) for name in group)
            is_earlier = all(found.get(name) == self._earlier.get(name) for name in group)
            if not is_new and not is_earlier:
                return f"{', '.join(group)} are neither the earlier files nor the new ones: {outcome.errors}"
            if outcome.code == 0 and not is_new:
                return f"exit code 0, but {', '.join(group)} were not written: {outcome.errors}"
            names = [name for name in group if errors and f"{name}: " in errors[0]]
            if names and "nothing was changed" in errors[0] and not is_earlier:
                return f"{names[0]} was changed: {errors[0]}"
            if names and "written, but" in errors[0] and not is_new:
                return f"{names[0]} was not written: {errors[0]}"
        return None

    def clear(self) -> None:
        """Remove all files, for another scenario."""
        for folder in (self.folder, self._template):
            shutil.rmtree(folder)

    def _run_here(self) -> int:
        from w2v.cli import main

        os.chdir(self.folder)
        try:
            main([*self.scenario.arguments], "w2v")
        except SystemExit as stopped:
            sys.stdout.flush()
            return int(stopped.code or 0)

    def _outputs(self) -> dict[str, bytes]:
        names = [name for group in self.scenario.groups for name in group]
        found = {name: (self.folder / name).read_bytes() for name in names if (self.folder / name).exists()}
        return {name: _without_seconds(content) for name, content in found.items()}

    def _put_template(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self._template, self.folder, copy_function=shutil.copy2)
        if self.scenario.reads:
            sys.stdin.close()
            sys.stdin = (self.folder / "text.txt").open()

    def _failed(self) -> str | None:
        return next((kind for kind, _ in faults.operations(self._log) if kind.startswith("!")), None)


def _make_inputs(folder: Path, wanted: Sequence[str]) -> None:
    """Write the inputs of all scenarios; those that are large or take long, only if they are wanted."""
    from w2v.classify import Classifier
    from w2v.vectors import Vectors

    (folder / "work").mkdir(parents=True)
    (folder / "cache").mkdir()
    (folder / "text.txt").write_text(TEXT)
    (folder / "labelled.txt").write_text(LABELLED)
    (folder / "edges.tsv").write_text("a\tb\nb\tc\nc\td\n")
    if "c.model" in wanted:
        Classifier(dim=4, epochs=1).fit(["a king", "a queen"], ["x", "y"]).save(folder / "c.model")
    numbers = np.random.default_rng(1)
    words = [f"w{i}" for i in range(15_000)]
    Vectors(words[:12], numbers.standard_normal((12, 4)), counts=[1] * 12).save(folder / "vectors.txt")
    if "large.txt" in wanted:
        Vectors(words, numbers.standard_normal((15_000, 40))).save(folder / "large.txt")
        os.utime(folder / "large.txt", (1e9, 1e9))
    line = {"epoch": 1, "words": 100, "seconds": 1.0, "words_per_second": 100.0, "lr": 0.1, "loss": 2.0}
    (folder / "log.jsonl").write_text(f"{json.dumps(line)}\n{json.dumps(line | {'words': 200})}\n")


def _change_inputs(folder: Path) -> None:
    """Change the inputs so that new outputs differ from earlier ones."""
    from w2v.vectors import Vectors

    (folder / "text.txt").write_text(TEXT.replace("queen", "castle") + TEXT)
    (folder / "labelled.txt").write_text(LABELLED.replace("queen", "castle") + LABELLED)
    (folder / "edges.tsv").write_text("a\tb\nb\tc\nc\td\na\td\n")
    words = [f"w{i}" for i in range(12)]
    Vectors(words[::-1], np.eye(12, 4) + 1, counts=[2] * 12).save(folder / "vectors.txt")
    log = (folder / "log.jsonl").read_text()
    (folder / "log.jsonl").write_text(log.replace("2.0", "3.0"))


def _without_seconds(content: bytes) -> bytes:
    """Return a model without the time that it was trained, nor the length and the padding of its header."""
    if b'"w2v model"' not in content[:100]:
        return content
    return re.sub(rb'"seconds\\": [0-9.e-]+|(?<=}) *', b"", content[8:], count=20)


def serve(names: Sequence[str], error_name: str, step: int, first: int) -> None:
    """Run scenarios for n = first, first + step, ..., and print what was seen as a line of JSON for each."""
    error, lasting, _ = ERRORS[error_name]
    watched = Path(os.environ["W2V_FAULTS_UNDER"])
    for name in names:
        server = Server(SCENARIOS[name], watched)
        ended: collections.Counter[str] = collections.Counter()
        problems, n = [], first
        while (outcome := server.outcome(n, error, lasting=lasting)).failed is not None:
            kind = outcome.failed.removeprefix("!")
            ended[f"{kind}: {'reported' if outcome.code else 'went on'}"] += 1
            if (problem := server.problem(outcome)) is not None:
                problems.append(f"{name}, {error_name}, operation {n} ({kind}): {problem}")
            n += step
        server.clear()
        sys.__stdout__.write("\n" + json.dumps({"name": name, "ended": ended, "problems": problems}) + "\n")
        sys.__stdout__.flush()


class Failures(NamedTuple):
    """What was seen of a scenario: how many runs ended how, by the operation that failed, and what was wrong."""

    name: str
    ended: dict[str, int]
    problems: list[str]


def failures(names: Sequence[str], error_name: str, step: int = 1, first: int = 1) -> Iterator[Failures]:
    """Yield what is seen of each scenario."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder, tempfile.NamedTemporaryFile() as log:
        watched = Path(folder).resolve() / "watched"
        watched.mkdir()
        variables = faults.preloaded([watched], log.name, ERRORS[error_name][2])
        with subprocess.Popen(
            [sys.executable, __file__, "--serve", error_name, str(step), str(first), *names],
            env=environment(PYTHONPATH=os.pathsep.join(filter(None, sys.path)), **variables),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as process:  # fmt: skip
            for line in process.stdout:
                if line.startswith(b'{"name": '):
                    yield Failures(**json.loads(line))
            errors = process.stderr.read()
    if process.returncode:
        raise AssertionError(errors.decode())


def main() -> None:
    parser = argparse.ArgumentParser(description="Let every n-th operation of w2v fail, and check what it leaves.")
    parser.add_argument("--serve", nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("--step", type=int, default=1, help="let only every so many-th operation fail")
    arguments = parser.parse_args()
    if arguments.serve:
        error_name, step, first, *names = arguments.serve
        serve(names, error_name, int(step), int(first))
        return
    total, found = 0, []
    for error_name in ERRORS:
        for name, ended, problems in failures([*SCENARIOS], error_name, arguments.step):
            total += sum(ended.values())
            found += problems
            counts = ", ".join(f"{what} {number}" for what, number in sorted(ended.items()))
            sys.stdout.write(f"{name}, {error_name}: {counts}\n")
            sys.stdout.writelines(f"  {problem}\n" for problem in problems)
            sys.stdout.flush()
    sys.stdout.write(f"{total:,} operations failed; {len(found)} problems\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
