"""The edges of each node side by side, and tables that draw one of them by its weight."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from w2v.compiling import helper, kernel
from w2v.tokens.arrays import Int64s

_FULL = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


@kernel
def adjacency(  # noqa: C901 - three passes over the same arrays
    sources: npt.NDArray[np.int32],
    targets: npt.NDArray[np.int32],
    weights: npt.NDArray[np.float64],
    n_nodes: int,
    both_ways: bool,
) -> tuple[Int64s, npt.NDArray[np.int32], npt.NDArray[np.float64]]:
    """Return the neighbours of each node in order, and the weights of the edges to them.

    Edges are sorted by counting, first by where they end and then by where they start; the weights of parallel ones
    add up.

        edges a-c a-b c-b a-c      neighbours   b c | | b        weights   1 2 | | 1        (directed; of a, b and c)

    Args:
        sources: (E,), the node in which each edge starts.
        targets: (E,), the node in which it ends.
        weights: (E,), or (0,) if all are 1.
        n_nodes: number N of nodes.
        both_ways: whether each edge leads back, too; a loop is one edge either way.

    Returns:
        offsets (N + 1,), where the neighbours of each node begin; neighbours and weights (offsets[N],).

    Twin: `neighbours_of` in tests/test_walks.py.
    """
    n_edges = sources.shape[0]
    is_weighted = weights.shape[0] > 0
    ends = np.zeros(n_nodes + 1, np.int64)
    offsets = np.zeros(n_nodes + 1, np.int64)
    for e in range(n_edges):
        offsets[sources[e] + 1] += 1
        ends[targets[e] + 1] += 1
        if both_ways and sources[e] != targets[e]:
            offsets[targets[e] + 1] += 1
            ends[sources[e] + 1] += 1
    for node in range(n_nodes):
        offsets[node + 1] += offsets[node]
        ends[node + 1] += ends[node]
    n_arcs = offsets[n_nodes]
    starts = np.empty(n_arcs, np.int32)
    start_weights = np.empty(n_arcs if is_weighted else 0, np.float64)
    place = ends.copy()
    for e in range(n_edges):
        source, target = sources[e], targets[e]
        at = place[target]
        place[target] += 1
        starts[at] = source
        if is_weighted:
            start_weights[at] = weights[e]
        if both_ways and source != target:
            at = place[source]
            place[source] += 1
            starts[at] = target
            if is_weighted:
                start_weights[at] = weights[e]
    neighbours = np.empty(n_arcs, np.int32)
    summed = np.ones(n_arcs, np.float64)
    place = offsets.copy()
    for target in range(n_nodes):
        for arc in range(ends[target], ends[target + 1]):
            source = starts[arc]
            weight = start_weights[arc] if is_weighted else 1.0
            at = place[source]
            if at > offsets[source] and neighbours[at - 1] == target:
                summed[at - 1] += weight
            else:
                neighbours[at] = target
                summed[at] = weight
                place[source] += 1
    n = 0
    for node in range(n_nodes):
        first = offsets[node]
        offsets[node] = n
        for at in range(first, place[node]):
            neighbours[n], summed[n] = neighbours[at], summed[at]
            n += 1
    offsets[n_nodes] = n
    return offsets, neighbours[:n].copy(), summed[:n].copy()


@helper
def _entry(share: float, other: int) -> np.uint64:
    """Return the entry of a slot of which the edge itself has a share."""
    threshold = np.uint64(min(max(share, 0.0) * 2.0**32, 2.0**32 - 1.0))
    entry: np.uint64 = threshold << _HALF | np.uint64(other)
    return entry


@kernel
def alias_tables(offsets: Int64s, weights: npt.NDArray[np.float64]) -> npt.NDArray[np.uint64]:
    """Return for each node a table that draws one of its edges in constant time.

    The sweep of w2v.sampling.alias_table: each edge has a slot, and lends what it does not need to one other. Edges
    that need less than a slot, in order, are topped up by those that need more, in order; one of these whose excess is
    used up needs less than a slot itself.

    Args:
        offsets: (N + 1,), where the edges of each node begin.
        weights: (M,), of all edges.

    Returns:
        (M,): the high 32 bits are a threshold, the low 32 the number of the other edge of the node. Draw one of its
        slots and 32 random bits; take the slot's edge when the bits are below the threshold, the other one otherwise.

    Twin: `alias_table` in w2v/sampling.py.
    """
    entries = np.empty(weights.shape[0], np.uint64)
    for node in range(offsets.shape[0] - 1):
        first, stop = offsets[node], offsets[node + 1]
        degree = stop - first
        total = 0.0
        for at in range(first, stop):
            total += weights[at]
            entries[at] = _FULL << _HALF | np.uint64(at - first)
        scale = degree / total if total > 0.0 else 0.0
        small, large = first, first
        while large < stop and weights[large] * scale < 1.0:
            large += 1
        left = weights[large] * scale if large < stop else 0.0
        while large < stop:
            while small < stop and weights[small] * scale >= 1.0:
                small += 1
            if small == stop and left >= 1.0:
                break
            if left >= 1.0:
                needs = weights[small] * scale
                entries[small] = _entry(needs, large - first)
                left -= 1.0 - needs
                small += 1
                continue
            used_up = large
            large += 1
            while large < stop and weights[large] * scale < 1.0:
                large += 1
            if large < stop:
                entries[used_up] = _entry(left, large - first)
                left = weights[large] * scale - (1.0 - left)
    return entries
