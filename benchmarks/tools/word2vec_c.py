"""word2vec.c, the first implementation, as the package `word2vec` compiles it when it is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.tool import Tool


class Word2VecC(Tool):
    """See benchmarks/tool.py for what each method does."""

    name, title = "word2vec-c", "word2vec.c"
    module = package = "word2vec"
    note = "word2vec.c is compiled on this machine with -Ofast and -march=native."

    def can_train(self, request: Any) -> bool:
        """The program has no full softmax."""
        return bool(request["loss"] != "softmax")

    def is_installed(self) -> bool:
        """The package also needs its program, which a compiler made."""
        return super().is_installed() and self._program() is not None

    def scan(self, corpus: str, warm_up: str, threads: int, min_count: int) -> dict[str, Any]:  # noqa: ARG002
        """Count the words of a text, and write them: it has no other way to stop there. One thread."""
        vocabulary = f"{corpus}.vocabulary"
        started = perf_counter()
        self._run("-train", corpus, "-save-vocab", vocabulary, "-min-count", min_count)
        seconds = perf_counter() - started
        Path(vocabulary).unlink()
        return {"seconds": seconds}

    def train(self, corpus: str, warm_up: str, **options: Any) -> dict[str, Any]:  # noqa: ARG002
        """Train for one epoch with words that an earlier run counted; the program writes the vectors, too."""
        vocabulary, output = f"{corpus}.vocabulary", f"{corpus}.vectors"
        self._run("-train", corpus, "-save-vocab", vocabulary, "-min-count", options["min_count"])
        started = perf_counter()
        self._run("-train", corpus, "-read-vocab", vocabulary, "-output", output, "-binary", 1, *_options(**options))
        seconds = perf_counter() - started
        with Path(output).open("rb") as stream:
            words = int(stream.readline().split()[0])
        for path in (vocabulary, output):
            Path(path).unlink()
        return {"seconds": seconds, "vocabulary": words}

    def vectors(self, corpus: str, output: str, **options: Any) -> dict[str, Any]:
        """Train on a text and write the vectors."""
        self._run("-train", corpus, "-output", output, *_options(**options))
        return {}

    def _program(self) -> str | None:
        beside = Path(sys.executable).parent / "word2vec"
        return str(beside) if beside.exists() else shutil.which("word2vec")

    def _run(self, *arguments: object) -> None:
        command = [str(self._program()), *map(str, arguments), "-debug", "0"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _options(
    model: str, loss: str, dim: int, negative: int, min_count: int, epochs: int = 1, **others: Any
) -> list[object]:
    """Return the program's names of the options. Its random numbers always start the same, whatever the seed."""
    others.pop("seed", None)
    own = {
        "cbow": int(model == "cbow"), "hs": int(loss == "hs"), "negative": negative if loss == "ns" else 0,
        "size": dim, "min-count": min_count, "iter": epochs, "alpha": 0.05 if model == "cbow" else 0.025, **others,
    }  # fmt: skip
    return [part for name, value in own.items() for part in (f"-{name}", value)]


TOOL = Word2VecC()
