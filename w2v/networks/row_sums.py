"""Weighted sums of rows of a large table, and their gradients, compiled: the first layer of networks on texts.

A bag of rows r_k with weights w_k, such as the words of a text, goes into the network as

    h       = sum_k w_k T[r_k]                 T (rows, d), h (d,)
    dL/dT[r_k] += w_k dL/dh

Only the rows that a bag holds are read or changed, so that a step costs the same however large the table is.

The twin is `mean_of_rows` in w2v/networks/graph.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.compiling import kernel
from w2v.networks.graph import Bags, Floats, Node, Parameter
from w2v.options.checks import require

Floats32 = npt.NDArray[np.float32]
Ints = npt.NDArray[np.integer[Any]]


@kernel
def sum_rows(table: Floats32, rows: Ints, weights: Floats32, bounds: Ints, sums: Floats32) -> None:
    """Write the weighted sum of the rows of each bag.

    Args:
        table: T, (rows, d).
        rows: the rows of all bags, one bag after the other.
        weights: the weight of each of them.
        bounds: (n + 1,), where in `rows` each bag starts, and the last one ends.
        sums: (n, d), written.

    Twin: `mean_of_rows` in w2v/networks/graph.py.
    """
    for bag in range(len(sums)):
        total = sums[bag]
        total[:] = np.float32(0)
        for place in range(bounds[bag], bounds[bag + 1]):
            row, weight = table[rows[place]], weights[place]
            for i in range(len(total)):
                total[i] += weight * row[i]


@kernel
def move_rows(table: Floats32, rows: Ints, weights: Floats32, bounds: Ints, moves: Floats32) -> None:
    """Add the weighted move of its bag to each row.

    Args:
        table: T, (rows, d), changed.
        rows: the rows of all bags, one bag after the other.
        weights: the weight of each of them.
        bounds: (n + 1,), where in `rows` each bag starts, and the last one ends.
        moves: (n, d), what each bag adds: a step down the gradient of its sum.

    Twin: `mean_of_rows` in w2v/networks/graph.py.
    """
    for bag in range(len(moves)):
        move = moves[bag]
        for place in range(bounds[bag], bounds[bag + 1]):
            row, weight = table[rows[place]], weights[place]
            for i in range(len(move)):
                row[i] += weight * move[i]


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
    """

    def __init__(
        self,
        table: Floats32,
        random: np.random.Generator,
        *,
        lr: float,
        dropout: float,
        frozen: bool,
    ) -> None:
        require(0 <= dropout < 1, "word_dropout", dropout, "at least 0 and less than 1")
        self._table, self._random, self._lr, self._dropout, self._frozen = table, random, lr, dropout, frozen
        self._last: tuple[Bags, Floats32, Node] | None = None

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
        sum_rows(self._table, bags.rows, weights, bags.bounds, sums)
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
        move_rows(self._table, bags.rows, weights, bags.bounds, moves)
        self._last = None
