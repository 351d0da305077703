"""Train with the same result on any number of threads, beside threads that share all rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from benchmarks.bench import Bench
from benchmarks.task import SPEED, Case, Figure, Task, varied

REPLICAS = (4, 8)
_TRAINED = ("sg100", "sg300", "cbow100", "sg100hs", "cbow100hs")


class Rounds(Task):
    """What `--deterministic` costs; the process trains in both ways, one after the other."""

    name, title, action, place = "rounds", "The same result on any number of threads", "rounds", 22
    figures = (Figure("share", "share of the speed without `--deterministic`"), SPEED)
    note = "One epoch with `--deterministic`, without reading the text."

    def cases(self) -> Iterable[Case]:
        """Return some models, with each number of replicas."""
        return varied(_TRAINED, {str(n): (f"{n} replicas", {"replicas": n}) for n in REPLICAS})

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:
        """Return the text and the model."""
        return {**bench.texts(case), "threads": bench.threads, "seed": seed, **case.request}


TASK = Rounds()
