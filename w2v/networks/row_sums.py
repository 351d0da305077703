"""Weighted sums of rows of a large table, and their gradients, compiled: the first layer of networks on texts.

A bag of rows r_k with weights w_k, such as the words of a text, goes into the network as

    h       = sum_k w_k T[r_k]                 T (rows, d), h (d,)
    dL/dT[r_k] += w_k dL/dh

Only the rows that a bag holds are read or changed, so that a step costs the same however large the table is.

The twin is `mean_of_rows` in w2v/networks/graph.py.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.compiling import kernel
from w2v.networks.graph import Bags, Floats, Node, Parameter
from w2v.options.checks import require
from w2v.simd import prefetch

Floats32 = npt.NDArray[np.float32]
Ints = npt.NDArray[np.integer[Any]]

_AHEAD = 8  # rows between the one at work and the one that is prefetched; twice and half of it are no better
_LINE = 64  # bytes of a cache line
_PAYS = 1 << 21  # floats of a batch from which on a second thread saves more than it takes to start its part


@kernel
def sum_rows(
    table: Floats32, rows: Ints, weights: Floats32, bounds: Ints, first: int, last: int, sums: Floats32
) -> None:
    """Write the weighted sums of the rows of some bags.

    Args:
        table: T, (rows, d).
        rows: the rows of all bags, one bag after the other.
        weights: the weight of each of them.
        bounds: (n + 1,), where in `rows` each bag starts, and the last one ends.
        first: the first bag to sum.
        last: the bag behind the last one to sum.
        sums: (n, d), written.

    Twin: `mean_of_rows` in w2v/networks/graph.py.
    """
    start, stride, lines, final = table.ctypes.data, table.strides[0], table.strides[0] // _LINE + 2, len(rows) - 1
    for bag in range(first, last):
        total = sums[bag]
        total[:] = np.float32(0)
        for place in range(bounds[bag], bounds[bag + 1]):
            prefetch(np.int64(start + rows[min(place + _AHEAD, final)] * stride), lines)
            row, weight = table[rows[place]], weights[place]
            for i in range(len(total)):
                total[i] += weight * row[i]


@kernel
def move_rows(
    table: Floats32, rows: Ints, weights: Floats32, bounds: Ints, part: int, parts: int, moves: Floats32
) -> None:
    """Add the weighted move of its bag to each row whose number is `part` modulo `parts`.

    Each row belongs to one part, so that parts can run at the same time, and give what one after the other gives.

    Args:
        table: T, (rows, d), changed.
        rows: the rows of all bags, one bag after the other.
        weights: the weight of each of them.
        bounds: (n + 1,), where in `rows` each bag starts, and the last one ends.
        part: which part.
        parts: how many there are.
        moves: (n, d), what each bag adds: a step down the gradient of its sum.

    Twin: `mean_of_rows` in w2v/networks/graph.py.
    """
    start, stride, lines, final = table.ctypes.data, table.strides[0], table.strides[0] // _LINE + 2, len(rows) - 1
    for bag in range(len(moves)):
        move = moves[bag]
        for place in range(bounds[bag], bounds[bag + 1]):
            if rows[place] % parts != part:
                continue
            prefetch(np.int64(start + rows[min(place + _AHEAD, final)] * stride), lines)
            row, weight = table[rows[place]], weights[place]
            for i in range(len(move)):
                row[i] += weight * move[i]


@kernel
def _take(
    rows: Ints, weights: Floats32, bounds: Ints, chosen: Ints, of_rows: Ints, of_weights: Floats32, of_bounds: Ints
) -> None:
    """Copy the chosen bags, (n,), to `of_rows` and `of_weights`, and write their `of_bounds`, (n + 1,), but the last.

    Twin: `Bags.take` in w2v/networks/graph.py.
    """
    place = 0
    for i in range(len(chosen)):
        of_bounds[i] = place
        for source in range(bounds[chosen[i]], bounds[chosen[i] + 1]):
            of_rows[place], of_weights[place] = rows[source], weights[source]
            place += 1


class TableBags(Bags):
    """Bags with weights, float32, of which compiled code takes some; with the many that a text has, that counts."""

    def take(self, chosen: npt.NDArray[np.integer[Any]]) -> Bags:
        """Return the bags of these numbers, in their order."""
        assert self.weights is not None
        size = int((self.bounds[1:][chosen] - self.bounds[chosen]).sum())
        rows, weights = np.empty(size, self.rows.dtype), np.empty(size, np.float32)
        bounds = np.full(len(chosen) + 1, size, np.int64)
        _take(self.rows, self.weights, self.bounds, chosen, rows, weights, bounds)
        return TableBags(rows, bounds, weights)


class RowTable:
    """A learnt table of rows, and the sums of the rows that bags name.

    In training, each row is left out with probability `dropout`, and the others count more, so that a text is a little
    different each time: with many more words than texts, a network would learn the texts by heart.

    Args:
        table: (rows, d) float32, C-contiguous; changed by training unless frozen.
        random: chooses what is left out.
        lr: learning rate of the table.
        dropout: share of rows that is left out.
        frozen: whether the table is not learnt.
        threads: number of threads, where a batch is large enough for several; the result is the same with any number.
    """

    def __init__(
        self,
        table: Floats32,
        random: np.random.Generator,
        *,
        lr: float,
        dropout: float,
        frozen: bool,
        threads: int,
    ) -> None:
        require(0 <= dropout < 1, "word_dropout", dropout, "at least 0 and less than 1")
        self._table, self._random, self._lr, self._dropout, self._frozen = table, random, lr, dropout, frozen
        self._last: tuple[Bags, Floats32, Node] | None = None
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads - 1) if threads > 1 else None

    @classmethod
    def of(cls, table: Floats32) -> RowTable:
        """Return a table that is not learnt, such as one that was."""
        return cls(table, np.random.default_rng(0), lr=0.0, dropout=0.0, frozen=True, threads=1)

    @property
    def table(self) -> Floats32:
        """The table, (rows, d)."""
        return self._table

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Nothing: `step` learns the table."""
        return ()

    def __call__(self, bags: Bags, *, training: bool = False) -> Node:
        """Return the sums (n, d)."""
        weights = bags.shares.astype(np.float32, copy=False)
        if training and self._dropout:
            kept = self._random.random(len(weights), np.float32) >= np.float32(self._dropout)
            weights = weights * kept * np.float32(1 / (1 - self._dropout))
        sums: Floats = np.empty((len(bags), self._table.shape[1]), np.float32)
        parts = self._parts(bags)
        share = np.searchsorted(bags.bounds, np.linspace(0, bags.bounds[-1], parts + 1)[1:-1])  # as many rows each
        ends = [0, *share.tolist(), len(bags)]
        self._run(sum_rows, [(self._table, bags.rows, weights, bags.bounds, *pair, sums) for pair in pairwise(ends)])
        if not training or self._frozen:
            return Node(sums)
        node = Parameter(sums)
        self._last = bags, weights, node
        return node

    def step(self, share: float) -> None:
        """Go down the gradient of the last sums, with a share of the learning rate."""
        if self._last is None:
            return
        bags, weights, node = self._last
        assert node.gradient is not None
        moves = (node.gradient * (-share * self._lr)).astype(np.float32)
        parts = self._parts(bags)
        self._run(
            move_rows, [(self._table, bags.rows, weights, bags.bounds, part, parts, moves) for part in range(parts)]
        )
        self._last = None

    def _parts(self, bags: Bags) -> int:
        return max(1, min(self._threads, len(bags.rows) * int(self._table.shape[1]) // _PAYS))

    def _run(self, compiled: Callable[..., None], parts: list[tuple[Any, ...]]) -> None:
        """Call a compiled function once for each part, all at the same time."""
        first, *others = parts
        if not others:
            compiled(*first)
            return
        assert self._pool is not None
        running = [self._pool.submit(compiled, *part) for part in others]
        try:
            compiled(*first)
        finally:
            wait(running)  # no thread changes the table after an interrupt
        for part in running:
            part.result()
