"""Walks step by step in Numba: each next node is drawn as node2vec draws it.

Grover and Leskovec 2016, "node2vec: Scalable Feature Learning for Networks", section 3.2. A walk that came from node t
to node v goes on to a neighbour x with a probability in proportion to a(t, x) w(v, x), where w is the weight of an
edge and

    a(t, x) = 1/p   if x = t, back
              1     if there is an edge from t to x, near t
              1/q   otherwise, away from t

Nothing is stored for pairs of edges: an x drawn by w(v, x) is taken with probability a(t, x) / m, m = max(1, 1/q), and
drawn again otherwise. Where 1/p > m, what it exceeds m by is an area of its own in the same draw, so that one edge back
does not make all other draws fail (Yang et al. 2019, "KnightKing: A Fast Distributed Graph Random Walk Engine"):

    m |  ........ rejected .........      |1/p - m|    the area above the edge back to t
      |  [1/q] [ 1 ] [1/q] [ m ] ...      |       |
         each x, as wide as w(v, x)       as wide as w(v, t)

After as many failures as v has neighbours, all probabilities are worked out, which then takes no longer. Whether a draw
fails says nothing of what the next one takes, so the probabilities are exact.

The walks of a block take each step together: the memory that one waits for is loaded while others go on.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.compiling import inlined, kernel
from w2v.graphs.weighted_graph import GraphArrays
from w2v.kernels.random import STEP, random_bits, uniform_below, upper_half
from w2v.tokens.arrays import TokenIds

_LOWER_HALF = np.uint64(0xFFFFFFFF)
_SCALE = 2.0**-32
_FEWEST_FAILURES = 8


class Bias(NamedTuple):
    """What the previous node makes of an edge: 1/p and 1/q."""

    back: float
    away: float


@inlined
def _find(graph: GraphArrays, node: int, neighbour: int) -> int:
    """Return where the edge to a neighbour is, or -1."""
    low, high = graph.offsets[node], graph.offsets[node + 1]
    stop = high
    while low < high:
        middle = (low + high) >> 1
        if graph.neighbours[middle] < neighbour:
            low = middle + 1
        else:
            high = middle
    is_there: bool = low < stop and graph.neighbours[low] == neighbour
    return int(low) if is_there else -1


@inlined
def _has_edge(graph: GraphArrays, node: int, neighbour: int) -> bool:
    if graph.both_ways:  # the shorter list says the same
        degree = graph.offsets[node + 1] - graph.offsets[node]
        if graph.offsets[neighbour + 1] - graph.offsets[neighbour] < degree:
            return _find(graph, neighbour, node) >= 0
    return _find(graph, node, neighbour) >= 0


@inlined
def _draw(graph: GraphArrays, first: int, degree: int, bits: np.uint64) -> int:
    """Return where an edge is that 64 random bits draw by its weight; without weights, the upper 32 say which."""
    slot = np.int64(uniform_below(bits, np.uint64(degree)))
    if graph.tables.shape[0] > 0:
        entry = graph.tables[first + slot]
        if (bits & _LOWER_HALF) >= upper_half(entry):
            slot = np.int64(entry & _LOWER_HALF)
    place: int = first + slot
    return place


@inlined
def _draw_exactly(graph: GraphArrays, bias: Bias, before: int, node: int, state: np.uint64) -> tuple[int, np.uint64]:
    """Return the next node of a walk, by the probabilities of all neighbours, and the random state after the draws."""
    total = 0.0
    chosen = np.int32(before)
    for at in range(graph.offsets[node], graph.offsets[node + 1]):
        following = graph.neighbours[at]
        weight = graph.weights[at] if graph.weights.shape[0] > 0 else 1.0
        if following == before:
            weight *= bias.back
        elif not _has_edge(graph, before, following):
            weight *= bias.away
        total += weight
        state += STEP
        if (random_bits(state) >> np.uint64(11)) * 2.0**-53 * total < weight:
            chosen = following
    return chosen, state


@inlined
def _next_node(graph: GraphArrays, bias: Bias, before: int, node: int, state: np.uint64) -> tuple[int, np.uint64]:
    """Return the next node of a walk that came from `before` to `node`, and the random state after the draws."""
    first = graph.offsets[node]
    degree = graph.offsets[node + 1] - first
    if degree == 1:
        return graph.neighbours[first], state
    most = max(1.0, bias.away)
    share_back = 0.0  # of all the area, what is above the edge back
    if bias.back > most:
        if graph.weights.shape[0] > 0:
            place = _find(graph, node, before)
            if place >= 0:
                above = (bias.back - most) * graph.weights[place]
                share_back = above / (above + most * graph.strengths[node])
        elif graph.both_ways or _find(graph, node, before) >= 0:
            above = bias.back - most
            share_back = above / (above + most * degree)
    least = min(1.0, bias.away)
    for _ in range(max(degree, _FEWEST_FAILURES)):
        if share_back > 0.0:
            state += STEP
            if upper_half(random_bits(state)) * _SCALE < share_back:
                return np.int32(before), state
        state += STEP
        bits = random_bits(state)
        following = graph.neighbours[_draw(graph, first, degree, bits)]
        if graph.tables.shape[0] > 0:  # which have used all the bits
            state += STEP
            bits = random_bits(state)
        level = (bits & _LOWER_HALF) * _SCALE * most
        if following == before:
            taken = level < bias.back
        else:
            taken = level < least or (level < (1.0 if _has_edge(graph, before, following) else bias.away))
        if taken:
            return following, state
    return _draw_exactly(graph, bias, before, node, state)


@kernel
def take_steps(graph: GraphArrays, bias: Bias, starts: npt.NDArray[np.int32], key: np.uint64, walks: TokenIds) -> None:
    """Walk from each of n nodes.

    Args:
        graph: the graph.
        bias: 1/p and 1/q.
        starts: (n,) nodes.
        key: uint64 that starts the random streams of these walks.
        walks: (n, L + 1) int32, to be filled: the nodes of each walk, and -1 behind them.

    Twin: `transitions` in tests/test_walks.py, whose probabilities the steps are compared with.
    """
    n, width = walks.shape
    plain = bias.back == 1.0 and bias.away == 1.0
    states = np.empty(n, np.uint64)
    nodes, before = starts.copy(), starts.copy()
    for k in range(n):
        key += STEP
        states[k] = random_bits(key)
        walks[k, 0] = nodes[k]
        walks[k, width - 1] = -1
    for step in range(1, width - 1):
        for k in range(n):
            node = nodes[k]
            following = np.int32(-1)
            if node >= 0:
                first = graph.offsets[node]
                degree = graph.offsets[node + 1] - first
                if degree > 0:
                    if plain or step == 1:
                        states[k] += STEP
                        following = graph.neighbours[_draw(graph, first, degree, random_bits(states[k]))]
                    else:
                        following, states[k] = _next_node(graph, bias, before[k], node, states[k])
            before[k] = node
            nodes[k] = following
            walks[k, step] = following
