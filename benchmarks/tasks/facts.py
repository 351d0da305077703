"""Classify texts whose right labels are facts about their words: see benchmarks/known_tasks.py."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from benchmarks.bench import Bench
from benchmarks.task import CPU_SECONDS, Case, Figure, Task

_TITLES = {
    "letters": "mean length of words, R²",
    "letters, noisy": "the same, with noise, R²",
    "share": "share of animals among words, R²",
    "share, noisy": "the same, with noise, R²",
    "topics": "which of six topics, micro F1",
}
TEXTS, FEW_TEXTS = 12_000, 2_000
EPOCHS = 30


class Facts(Task):
    """A linear model is given the facts, the classifier only the texts."""

    name, title, action, place = "facts", "Facts about texts", "facts", 83
    figures = (
        Figure("score", "classifier", digits=3),
        Figure("linear", "linear model on the facts", digits=3, more_is_better=None),
        CPU_SECONDS,
    )
    note = (
        f"{TEXTS:,} texts of the bundled corpus, a fifth of them to test; {EPOCHS} epochs. The linear model is given"
        " the facts that the answers are made of, and the classifier the texts."
    )

    def cases(self) -> Iterable[Case]:
        """Return what is asked about the texts."""
        return [Case(name.replace(", ", "-"), title, {"name": name}) for name, title in _TITLES.items()]

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:
        """Return the question, and how many texts are asked about."""
        return {**case.request, "texts": FEW_TEXTS if bench.quick else TEXTS, "epochs": EPOCHS, "seed": seed}


TASK = Facts()
