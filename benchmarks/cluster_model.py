"""When a cluster pays: arithmetic from what its parts take, for docs/guides/machines.md.

Of n machines with c cores each, joined by a network of G Gbit/s, each has a replica for each core. A token costs

    training     a / (n c)            every core trains its replica
    merging      m / c                every machine merges what all have changed
    network      8e-9 b (n - 1) / n / G     a machine gets what the others have changed
    Dask         r / (t n c)          a round, in which each replica trains t tokens

seconds, and a / c on one machine without rounds.
"""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.report import OURS, table
from benchmarks.results import Results

_CASES = {"ns-3000": "5 negatives, 3,000", "ns-12000": "5 negatives, 12,000", "softmax-3000": "softmax, 3,000"}
_CLUSTERS = ((2, 4, 1), (2, 4, 10), (4, 4, 10), (4, 16, 10), (4, 16, 100), (8, 16, 100))
_MISSING = "Not measured yet: `python -m benchmarks run --suite cluster`."


class Costs(NamedTuple):
    """What a token costs; see above.

    Attributes:
        train: a, seconds of a core.
        merge: m, seconds of a core.
        sent: b, bytes.
        tokens: t, of a replica in a round.
        round: r, seconds.
    """

    train: float
    merge: float
    sent: float
    tokens: float
    round: float

    def speedup(self, machines: int, cores: int, gigabits: float) -> float:
        """Return tokens a second of a cluster, divided by those of one of its machines.

        Example:
            >>> slow = Costs(train=1e-4, merge=1e-6, sent=1000, tokens=3000, round=0.04)
            >>> round(slow.speedup(4, 4, 10), 2), round(slow._replace(train=1e-6).speedup(4, 4, 10), 2)
            (3.56, 0.13)
        """
        network = 8e-9 * self.sent * (machines - 1) / machines / gigabits
        dask = self.round / (self.tokens * machines * cores)
        return (self.train / cores) / (self.train / (machines * cores) + self.merge / cores + network + dask)


def speedup_table(found: Results) -> str:
    """Return how many times as fast as one of its machines each cluster is."""
    costs = {title: cost for case, title in _CASES.items() if (cost := _costs(found, case)) is not None}
    if not costs:
        return _MISSING
    rows = [["machines x cores", "Gbit/s", *costs]]
    for machines, cores, gigabits in _CLUSTERS:
        speedups = [cost.speedup(machines, cores, gigabits) for cost in costs.values()]
        cells = [f"{speedup:.{2 if speedup < 1 else 1}f}" for speedup in speedups]
        rows.append([f"{machines} x {cores}", f"{gigabits}", *cells])
    return table(rows)


def _costs(found: Results, case: str) -> Costs | None:
    figures = [
        found.middle("exchange", case, OURS, name)
        for name in ("train_seconds", "merge_seconds", "sent_bytes", "tokens")
    ]
    values = [value for value in (*figures, found.middle("cluster-round", "local", OURS, "seconds")) if value]
    return Costs(*values) if len(values) == len(Costs._fields) else None
