"""Counts over bags of rows, compiled: in how many bags a row is, and how often each row is in a bag."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from w2v.compiling import kernel
from w2v.networks import Bags
from w2v.networks.row_sums import Floats32, Ints, TableBags


def document_counts(bags: Bags, rows: int) -> npt.NDArray[np.int64]:
    """Return in how many bags each of the first `rows` rows is, (rows,).

    Example:
        >>> document_counts(Bags.of([[0, 1, 0], [0], []]), 3).tolist()
        [2, 1, 0]
    """
    counts = np.zeros(rows, np.int64)
    _count(bags.rows, bags.bounds, counts, np.zeros(rows, np.int64))
    return counts


@kernel
def _count(rows: Ints, bounds: Ints, counts: Ints, seen: Ints) -> None:
    """Count each row once for each bag that holds it.

    Args:
        rows: the rows of all bags, one bag after the other; those from len(counts) on are not counted.
        bounds: (n + 1,), where in `rows` each bag starts, and the last one ends.
        counts: (rows,), added to.
        seen: (rows,) zeros; 1 + the last bag that held a row.

    Twin: `plain_counts` in tests/test_documents.py.
    """
    for bag in range(len(bounds) - 1):
        for place in range(bounds[bag], bounds[bag + 1]):
            row = rows[place]
            if row < len(counts) and seen[row] != bag + 1:
                seen[row] = bag + 1
                counts[row] += 1


def weighed(bags: Bags, factors: Floats32, *, as_shares: bool = False) -> TableBags:
    """Return bags that hold each row once, in the order in which they first come, with weights.

    A row that comes t times in a bag of n rows has the weight (1 + ln t) times its factor, over the length of all
    weights of the bag as a vector. As a share, its weight is t / n times its factor.

    Args:
        bags: bags of rows.
        factors: (rows,), how much each row counts.
        as_shares: whether weights are shares.

    Example:
        >>> found = weighed(Bags.of([[1, 0, 1]]), np.array([1, 2], np.float32))
        >>> found.rows.tolist(), [round(weight, 3) for weight in found.weights.tolist()]
        ([1, 0], [0.959, 0.283])
        >>> weighed(Bags.of([[1, 0, 1, 1]]), np.ones(2, np.float32), as_shares=True).weights.tolist()
        [0.75, 0.25]
    """
    rows, weights = np.empty(len(bags.rows), np.int32), np.empty(len(bags.rows), np.float32)
    bounds = np.zeros_like(bags.bounds)
    places = np.zeros(len(factors), np.int64)
    size = _weigh(bags.rows, bags.bounds, factors, as_shares, places, rows, weights, bounds)
    return TableBags(rows[:size], bounds, weights[:size])


@kernel
def _weigh(
    rows: Ints,
    bounds: Ints,
    factors: Floats32,
    as_shares: bool,
    places: Ints,
    of_rows: Ints,
    of_weights: Floats32,
    of_bounds: Ints,
) -> int:
    """Write the different rows of each bag and their weights, and return how many there are in all.

    Args:
        rows: the rows of all bags, one bag after the other.
        bounds: (n + 1,), where in `rows` each bag starts, and the last one ends.
        factors: (rows,), how much each row counts.
        as_shares: whether weights are shares.
        places: (rows,) zeros; 1 + the place in `of_rows` of a row that the bag has, or of one of an earlier bag.
        of_rows: written; room for len(rows).
        of_weights: written; room for len(rows).
        of_bounds: (n + 1,), written.

    Twin: `plain_features` in tests/test_classify.py.
    """
    size = 0
    for bag in range(len(bounds) - 1):
        start = of_bounds[bag]
        for place in range(bounds[bag], bounds[bag + 1]):
            row = rows[place]
            if places[row] > start:
                of_weights[places[row] - 1] += np.float32(1)
                continue
            of_rows[size], of_weights[size] = row, np.float32(1)
            size += 1
            places[row] = size
        squares = 0.0
        for place in range(start, size):
            times = of_weights[place]
            weight = factors[of_rows[place]]
            if as_shares:
                weight *= times / np.float32(bounds[bag + 1] - bounds[bag])
            elif times > 1:
                weight *= np.float32(1 + np.log(times))
            of_weights[place] = weight
            squares += float(weight) * float(weight)
        if squares > 0 and not as_shares:
            for place in range(start, size):
                of_weights[place] /= np.float32(np.sqrt(squares))
        of_bounds[bag + 1] = size
    return size
