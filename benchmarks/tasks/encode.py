"""Make a vector for each text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.bench import Bench
from benchmarks.processes import Run
from benchmarks.task import Case, Figure, Task
from benchmarks.tasks.classify import labelled_texts


class Encode(Task):
    """One thread; gensim takes the plain mean of the words, w2v weights them by frequency."""

    name, title, action, place = "encode", "Vectors of texts", "encode", 82
    figures = (Figure("texts_per_second", "thousand texts a second", 1e-3, 1),)
    note = "Texts of 20 words, one thread. gensim takes the plain mean of the words; w2v weights them by frequency."

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:  # noqa: ARG002
        """Return the vectors and the texts."""
        return {"path": str(bench.vectors()), "lines": labelled_texts(bench)["lines"]}

    def figures_of(self, answer: Mapping[str, Any], done: Run, words: int) -> dict[str, float]:
        """Add the speed."""
        figures = super().figures_of(answer, done, words)
        return {**figures, "texts_per_second": answer["texts"] / answer["seconds"]}


TASK = Encode()
