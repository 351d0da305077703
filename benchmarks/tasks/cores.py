"""Train with two threads on CPUs that are near each other, and on those that are far apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from benchmarks.bench import Bench
from benchmarks.task import SPEED, Case, Figure, Task, varied

PLACES = ("nearest", "farthest")
_TRAINED = ("sg100", "cbow100", "sg100hs", "cbow100hs")


class Cores(Task):
    """Each process measures how far its CPUs are apart, then trains with one thread, with two, and in rounds."""

    name, title, action, place = "cores", "Two threads, by the distance of their cores", "cores", 23
    figures = (
        Figure("speed_up", "speed of two threads over one"),
        SPEED,
        Figure("peak_share", "what two threads reach of twice the multiply-adds of one"),
        Figure("rounds_share", "share of it with `--deterministic`"),
        Figure("distance", "nanoseconds of a meeting, before", 1e9, 0, more_is_better=False),
        Figure("distance_after", "and after", 1e9, 0, more_is_better=False),
    )
    note = (
        "One epoch, on the first CPU and the one nearest to it or farthest from it, by how long two threads take to"
        " meet at a barrier. A virtual machine with two CPUs has one pair, which its host may move at any time."
    )

    def cases(self) -> Iterable[Case]:
        """Return some models on both pairs."""
        return varied(_TRAINED, {place: (f"{place} cores", {"place": place}) for place in PLACES})

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:
        """Return the text and the model."""
        return {**bench.texts(case), "seed": seed, **case.request}


TASK = Cores()
