"""How long Dask takes for a round of a cluster."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from benchmarks.bench import Bench
from benchmarks.task import Case, Figure, Task


class ClusterRound(Task):
    """A model of two dimensions trains on two workers of this machine: hardly anything but rounds takes time."""

    name, title, action, place = "cluster-round", "A round of a cluster", "cluster_round", 131
    figures = (Figure("seconds", "milliseconds a round", 1e3, 1, more_is_better=False),)

    def cases(self) -> Iterable[Case]:
        """Return one case."""
        return [Case("local", "two workers on one machine", {"replicas": 8, "merge_every": 600}, "bundled")]

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:
        """Return the text and the rounds."""
        return {"corpus": str(bench.corpus_of(case).path), "seed": seed, **case.request}


TASK = ClusterRound()
