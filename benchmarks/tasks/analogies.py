"""Answer a file of analogies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.bench import Bench
from benchmarks.processes import MeasurementError, Run
from benchmarks.task import SECONDS, Case, Task

_WORDS = 30_000
_MOST_DIFFERENT = 0.005  # of the accuracy


class Analogies(Task):
    """Over the most frequent words, as gensim does."""

    name, title, action, place = "analogies", "Analogies", "analogies", 60
    figures = (SECONDS,)
    note = f"Over the {_WORDS:,} most frequent words."

    def __init__(self) -> None:
        self._found: dict[int, float] = {}

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:  # noqa: ARG002
        """Return the vectors and the questions."""
        return {"path": str(bench.vectors()), "questions": str(bench.questions), "words": _WORDS}

    def figures_of(self, answer: Mapping[str, Any], done: Run, words: int) -> dict[str, float]:
        """Refuse answers that differ from those of the tool before."""
        before = self._found.setdefault(answer["questions"], answer["accuracy"])
        if len(self._found) > 1 or abs(before - answer["accuracy"]) > _MOST_DIFFERENT:
            raise MeasurementError(f"tools don't agree about the analogies: {self._found}, {answer}")
        return super().figures_of(answer, done, words)


TASK = Analogies()
