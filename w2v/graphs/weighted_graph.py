"""A graph in memory: its nodes by name, and the edges of each node side by side."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.corpus import Sources
from w2v.errors import GraphError
from w2v.graphs.adjacency import adjacency, alias_tables
from w2v.graphs.edge_list import Edges, read_edges
from w2v.options import WalkOptions
from w2v.progress import Progress
from w2v.tokens.scanner import WordTable
from w2v.wording import counted


class GraphArrays(NamedTuple):
    """The edges of a graph with N nodes and M ways along edges, as walks need them.

    Attributes:
        offsets: (N + 1,), where the neighbours of each node begin.
        neighbours: (M,), in order for each node.
        weights: (M,), or (0,) if all are 1.
        strengths: (N,), the sum of the weights of each node's edges; (0,) likewise.
        tables: (M,), from which edges are drawn by weight, see w2v.graphs.adjacency; (0,) likewise.
        both_ways: whether each edge leads back, too.
    """

    offsets: npt.NDArray[np.int64]
    neighbours: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float64]
    strengths: npt.NDArray[np.float64]
    tables: npt.NDArray[np.uint64]
    both_ways: bool


class WeightedGraph:
    """A graph, weighted or not, directed or not.

    Attributes:
        nodes: the names of the nodes, numbered as they came.
        arrays: its edges.
        n_edges: different edges; those of an undirected graph count once.
        n_dead_ends: nodes without edges out.

    Example:
        >>> from w2v.graphs.edge_list import EdgesInMemory
        >>> graph = WeightedGraph.read(EdgesInMemory([("a", "b"), ("b", "c"), ("b", "c")]), WalkOptions())
        >>> graph.arrays.offsets.tolist(), graph.arrays.neighbours.tolist(), graph.arrays.weights.tolist()
        ([0, 1, 3, 4], [1, 0, 2, 1], [1.0, 1.0, 2.0, 2.0])
    """

    def __init__(self, nodes: WordTable, arrays: GraphArrays) -> None:
        self.nodes, self.arrays = nodes, arrays
        degrees = np.diff(arrays.offsets)
        self.n_dead_ends = int(np.count_nonzero(degrees == 0))
        self.n_edges = len(arrays.neighbours)
        if arrays.both_ways:
            loops = int(np.count_nonzero(np.repeat(np.arange(len(degrees)), degrees) == arrays.neighbours))
            self.n_edges = (self.n_edges + loops) // 2

    @classmethod
    def read(cls, sources: Sources, options: WalkOptions, progress: Progress | None = None) -> WeightedGraph:
        """Read a graph from edge lists.

        Raises:
            GraphError: a line is malformed, or there are no edges.
            CorpusError: a file can't be read.
        """
        edges = read_edges(sources, unweighted=options.unweighted, progress=progress)
        return cls(edges.nodes, _arrays(edges, options))

    def __str__(self) -> str:
        kinds = (
            "weighted" if self.is_weighted else "unweighted",
            "undirected" if self.arrays.both_ways else "directed",
        )
        return f"{counted(len(self.nodes), 'node')} and {counted(self.n_edges, 'edge')}, {' and '.join(kinds)}"

    @property
    def is_weighted(self) -> bool:
        """Whether edges have different weights."""
        return len(self.arrays.weights) > 0


def _arrays(edges: Edges, options: WalkOptions) -> GraphArrays:
    none = np.empty(0)
    given = none if edges.weights is None else edges.weights
    both_ways = not options.directed
    offsets, neighbours, weights = adjacency(edges.sources, edges.targets, given, len(edges.nodes), both_ways)
    if options.unweighted or weights.min() == weights.max():  # then draws need no weights
        return GraphArrays(offsets, neighbours, none, none, np.empty(0, np.uint64), both_ways)
    with np.errstate(over="ignore"):
        total = weights.sum()
    if not np.isfinite(total):
        raise GraphError("the weights of the edges add up to more than a float can hold; divide them all by a number")
    strengths = np.add.reduceat(np.append(weights, 0.0), offsets[:-1])
    strengths[np.diff(offsets) == 0] = 0.0
    return GraphArrays(offsets, neighbours, weights, strengths, alias_tables(offsets, weights), both_ways)
