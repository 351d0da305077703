"""Train a classifier of texts, and score it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from benchmarks.bench import Bench
from benchmarks.task import CPU_SECONDS, SECONDS, Case, Figure, Task

LINES, FEW_LINES = 100_000, 5_000  # to label and to encode
EPOCHS = 10


def labelled_texts(bench: Bench) -> dict[str, Any]:
    """Return the files of labelled texts: those of the run, or made from the bundled corpus."""
    train, test = bench.labelled or bench.made("bundled_labels", {}).values()
    lines = FEW_LINES if bench.quick else LINES
    return {"name": str(train), **bench.made("labelled", {"train": str(train), "test": str(test), "lines": lines})}


class Classify(Task):
    """fastText with a learning rate of 0.5, as its tutorial advises; w2v with its own."""

    name, title, action, place = "classify", "Training a classifier", "classify", 80
    figures = (Figure("accuracy", "accuracy", digits=3), CPU_SECONDS, SECONDS)
    note = f"{EPOCHS} epochs; fastText's time includes reading the texts."

    def cases(self) -> Iterable[Case]:
        """Return classifiers of single words, and of pairs too."""
        return [
            Case("words", "words", {"epochs": EPOCHS, "word_ngrams": 1}),
            Case("pairs", "words and pairs", {"epochs": EPOCHS, "word_ngrams": 2}),
        ]

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:
        """Return the texts and the options."""
        texts = labelled_texts(bench)
        model = bench.output("classifier.model")
        model.unlink(missing_ok=True)  # w2v overwrites no file of another tool
        own = {"train": texts["train"], "test": texts["test"], "model": str(model)}
        return {**own, "threads": bench.threads, "seed": seed, **case.request}


TASK = Classify()
