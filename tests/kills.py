"""Kill `w2v` at random moments, and check what it leaves: `python tests/kills.py --kills 1000`.

A trial is a command that is killed (SIGKILL) up to three times and then runs to its end. After each kill, every output
is the earlier file or the new one, whole. In the end, every output has the bytes of a run that was never killed, and
no temporary file is left in any folder. `.ci/run` does this with 25 kills, and `tests/test_kills.py`
with a few.
"""

import argparse
import collections
import contextlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from console import W2V, environment

from w2v.training.checkpoint import Checkpoint
from w2v.vectors import Vectors

MOST_KILLS = 3  # in one trial
ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "corpora" / "english.txt").read_bytes()[:300_000].rpartition(b"\n")[0] + b"\n"
TRAINING = (
    "--dim", "40", "--epochs", "10", "--threads", "1", "--save-model", "m.model", "--save-every", "0.0001", "--resume",
    "--save-vocab", "c.txt", "--log", "l.jsonl", "--work-dir", "work", "-o", "v.txt",
)  # fmt: skip
_ON_TWO = tuple("2" if before == "--threads" else name for before, name in pairwise(("", *TRAINING)))
ON_TWO_THREADS = ("--deterministic", "--replicas", "3", *_ON_TWO)


class Scenario(NamedTuple):
    """A command, its standard input, and the outputs whose bytes must not depend on kills."""

    name: str
    arguments: tuple[str, ...]
    outputs: tuple[str, ...]
    stdin: bytes = b""


SCENARIOS = (
    Scenario("train on a file", ("train", "text.txt", *TRAINING), ("v.txt", "v.txt.counts", "c.txt")),
    Scenario("train deterministically", ("train", "text.txt", *ON_TWO_THREADS), ("v.txt", "v.txt.counts", "c.txt")),
    Scenario("train on standard input", ("train", "-", *TRAINING), ("v.txt", "v.txt.counts", "c.txt"), TEXT),
    Scenario(
        "train a pair of files", ("train", "text.txt", *TRAINING[:-1], "v.tsv"), ("v.tsv", "v_metadata.tsv", "c.txt")
    ),
    Scenario(
        "phrases", ("phrases", "text.txt", "-o", "j.txt", "--list", "p.tsv", "--work-dir", "work"), ("j.txt", "p.tsv")
    ),
    Scenario("a cached copy", ("similar", "w1", "--vectors", "large.txt"), ()),
    Scenario("convert", ("convert", "large.txt", "large.npz"), ("large.npz",)),
)


class Trials:
    """Runs trials in a folder, and counts them.

    Args:
        folder: an empty folder.
        seed: of the moments of the kills.
        scenarios: what to kill, in turn.

    Attributes:
        kills: kills by the scenario and what the process had done by then.
    """

    def __init__(self, folder: Path, seed: int, scenarios: Sequence[Scenario] = SCENARIOS) -> None:
        self.folder = folder
        self.kills: collections.Counter[str] = collections.Counter()
        self._scenarios = scenarios
        self._random = random.Random(seed)
        (folder / "work").mkdir()
        (folder / "text.txt").write_bytes(TEXT)
        words = [f"w{i}" for i in range(15_000)]
        Vectors(words, np.random.default_rng(1).standard_normal((15_000, 40))).save(folder / "large.txt")
        os.utime(folder / "large.txt", (1e9, 1e9))
        self._inputs = {path.name for path in folder.iterdir()}
        self._expected: dict[Scenario, dict[str, bytes]] = {}
        self._answer: dict[Scenario, bytes] = {}
        self._seconds: dict[Scenario, float] = {}
        for scenario in scenarios:
            for _ in range(2):  # the second time, everything is compiled
                self._clear()
                started = time.perf_counter()
                self._answer[scenario] = self._finished(scenario)
                self._seconds[scenario] = time.perf_counter() - started
            self._expected[scenario] = {name: (folder / name).read_bytes() for name in scenario.outputs}

    def run(self, kills: int) -> None:
        """Run trials until so many processes were killed.

        Raises:
            AssertionError: an output is no whole file, or has other bytes in the end, or something is left behind.
        """
        trial = 0
        while sum(self.kills.values()) < kills:
            scenario = self._scenarios[trial % len(self._scenarios)]
            trial += 1
            self._clear()
            earlier = dict.fromkeys(scenario.outputs, b"")
            if self._random.random() < 0.5:
                earlier = self._make_earlier(scenario)
            for _ in range(self._random.randint(1, MOST_KILLS)):
                self._kill(scenario)
                self._check_whole(scenario, earlier)
            answer = self._finished(scenario)
            assert answer == self._answer[scenario], scenario.name
            for name, content in self._expected[scenario].items():
                assert (self.folder / name).read_bytes() == content, f"{scenario.name}: {name} differs"
            self._check_clean(scenario)

    def _make_earlier(self, scenario: Scenario) -> dict[str, bytes]:
        """Put earlier outputs of the same kind in place."""
        earlier = {}
        for name, content in self._expected[scenario].items():
            if name.endswith(".npz"):
                Vectors(["earlier"], [[1, 2]]).save(self.folder / name)
            else:
                lines = content.splitlines(keepends=True)
                (self.folder / name).write_bytes(b"".join(lines[: len(lines) // 2]))
            earlier[name] = (self.folder / name).read_bytes()
        return earlier

    def _started(self, scenario: Scenario) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [*W2V, *scenario.arguments], cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=environment(W2V_CACHE_DIR=str(self.folder / "cache")),
        )  # fmt: skip
        if not scenario.stdin:
            process.stdin.close()
            process.stdin = None
        return process

    def _finished(self, scenario: Scenario) -> bytes:
        output, errors = self._started(scenario).communicate(scenario.stdin or None, timeout=300)
        assert b"error" not in errors, errors.decode()
        return output

    def _kill(self, scenario: Scenario) -> None:
        """Start the command and kill it: at a random moment, or a little after it began to write a file."""
        moment = self._random.uniform(0.05, 1.0) * self._seconds[scenario]
        at_file = self._random.random() < 0.5
        after = self._random.uniform(0, 0.02) if self._random.random() < 0.5 else 0
        process = self._started(scenario)
        started = time.perf_counter()
        if scenario.stdin:
            # All text goes into the pipe before the moment, or as much as the process has read by then.
            os.set_blocking(process.stdin.fileno(), False)
        rest = scenario.stdin
        while process.poll() is None:
            rest = rest and _fed(process, rest)
            seconds = time.perf_counter() - started
            if seconds >= moment and (not at_file or self._hidden() or seconds > 2 * self._seconds[scenario]):
                break
            time.sleep(0.0005)
        time.sleep(after)
        was_running = process.poll() is None
        process.kill()
        process.communicate()
        if was_running:
            hidden = [path.name.split(".")[1] for path in self._hidden()]
            doing = f"writing {hidden[0]}" if hidden else "at work"
            self.kills[f"{scenario.name}, {doing}"] += 1

    def _check_whole(self, scenario: Scenario, earlier: dict[str, bytes]) -> None:
        for name, content in self._expected[scenario].items():
            path = self.folder / name
            found = path.read_bytes() if path.exists() else b""
            assert found in (earlier[name], content), f"{scenario.name}: {name} is neither the earlier nor the new file"
        model = self.folder / "m.model"
        if model.exists():
            file = Checkpoint.open(model).file
            for array in ("words", "counts", "input_vectors", "output_vectors"):
                file.array(array)  # compares its checksum

    def _check_clean(self, scenario: Scenario) -> None:
        assert not self._hidden(), f"{scenario.name}: {self._hidden()} left behind"
        assert not list((self.folder / "work").iterdir()), f"{scenario.name}: the work folder is not empty"
        for path in (self.folder / "cache").glob("*"):
            assert path.suffix == ".vectors", path

    def _hidden(self) -> list[Path]:
        return [*self.folder.glob(".*"), *self.folder.glob("cache/.*")]

    def _clear(self) -> None:
        for path in self.folder.iterdir():
            if path.name == "cache":
                shutil.rmtree(path)
            elif path.name not in self._inputs:
                path.unlink()


def _fed(process: subprocess.Popen[bytes], rest: bytes) -> bytes:
    """Write what the pipe to a process takes now, and return the rest; close the pipe behind the last byte."""
    try:
        rest = rest[os.write(process.stdin.fileno(), rest) :]
    except BlockingIOError:
        return rest
    except BrokenPipeError:
        rest = b""
    if not rest:
        process.stdin.close()
        process.stdin = None
    return rest


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill w2v at random moments, and check what it leaves.")
    parser.add_argument("--kills", type=int, default=25, help="how many")
    parser.add_argument("--seed", type=int, default=1, help="of their moments")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trials = Trials(Path(folder), arguments.seed)
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C ends it with the counts so far
            trials.run(arguments.kills)
    for what, number in sorted(trials.kills.items()):
        sys.stdout.write(f"{number:6,}  {what}\n")
    total = sum(trials.kills.values())
    sys.stdout.write(f"{total:6,}  kills: every file was whole, every end the same, nothing left behind\n")


if __name__ == "__main__":
    main()
