"""Train with the same result on any number of threads, beside threads that share all rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from benchmarks.bench import Bench
from benchmarks.models import MODELS
from benchmarks.task import SPEED, Case, Figure, Task

REPLICAS = (4, 8)
_TRAINED = ("sg100", "sg300", "cbow100", "sg100hs", "cbow100hs")


class Rounds(Task):
    """What `--deterministic` costs; the process trains in both ways, one after the other."""

    name, title, action, place = "rounds", "The same result on any number of threads", "rounds", 22
    figures = (Figure("share", "share of the speed without `--deterministic`"), SPEED)
    note = "One epoch with `--deterministic`, without reading the text."

    def cases(self) -> Iterable[Case]:
        """Return some models, with each number of replicas."""
        return [
            Case(f"{name}-{n}", f"{MODELS[name].title}, {n} replicas", MODELS[name].request(replicas=n))
            for name in _TRAINED
            for n in REPLICAS
        ]

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:
        """Return the text and the model."""
        corpus = bench.corpus_of(case)
        texts = {"corpus": str(corpus.path), "warm_up": str(corpus.warm_up)}
        return {**texts, "threads": bench.threads, "seed": seed, **case.request}


TASK = Rounds()
