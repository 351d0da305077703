"""Graphs, and random walks on them: sentences of nodes to train on.

Data flows down:

    edge_list       files of edges -> numbered nodes and weights; edge_fields finds them in the bytes
    weighted_graph  the edges of each node side by side, as adjacency sorts them
    node2vec        walks, step by step
    walks           walks as lines of names, on threads
"""

from w2v.graphs.edge_list import EdgesInMemory
from w2v.graphs.walks import Walks
from w2v.graphs.weighted_graph import WeightedGraph

__all__ = ["EdgesInMemory", "Walks", "WeightedGraph"]
