"""Hierarchical softmax: a center is a leaf of a Huffman tree, reached by branches at inner nodes.

Morin and Bengio 2005, "Hierarchical Probabilistic Neural Network Language Model"; with the Huffman tree, Mikolov et al.
2013, "Distributed Representations of Words and Phrases and their Compositionality", section 2.1. With hidden vector h,
the inner nodes n_1..n_l on the path to center w, z_j = 1 where the path goes left and -1 where it goes right, and u the
vectors of inner nodes,

    p(w | h)  = prod_{j=1..l} sigmoid(z_j u_{n_j} . h)        over all words these sum to 1
    L         = -log p(w | h)

    dL/ds_j   = -z_j (1 - sigmoid(z_j s_j))                   with s_j = u_{n_j} . h
    dL/dh     = sum_j dL/ds_j u_{n_j}
    dL/du_n_j = dL/ds_j h

A group is one center, since two paths share little but their first nodes. Its targets are the nodes on its path, in
tiles of eight; each row that predicts the center has the same labels, here of a path of 10 nodes:

              tile 0                           tile 1
              n1  n2  n3  n4  n5  n6  n7  n8   n9  n10 padding
        row   1  -1  -1   1   1  -1   1   1   -1   1   0   0   0   0   0   0

The twin is `HierarchicalSoftmax` in tests/reference.py.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.compiling import provides
from w2v.kernels.buffers import STRETCH, group_rows, output_row
from w2v.kernels.output_layer import (
    OutputLayer,
    RowUpdates,
    context_rows,
    label_context_rows,
    label_means,
    plan_targets,
    train_group,
)
from w2v.kernels.tiles import MAX_TILE, HiddenRows, Tiles, copy_tile, static, train_tiles
from w2v.options import TrainingOptions
from w2v.sampling import HuffmanTree, huffman_tree

GROUP = 1  # centers
TILE = MAX_TILE
LONGEST_PATH = 90  # nodes: a longer one takes Fibonacci's numbers as counts, whose sum leaves 64 bits
AHEAD = 3 * TILE  # targets between those at work and those prefetched: most are rare words' nodes, far from the CPU


class PathBuffers(NamedTuple):
    """The paths to all words, and a thread's buffers for those of one stretch of centers."""

    group: tuple[bool, ...]  # static(GROUP)
    tile: tuple[bool, ...]  # static(TILE)
    starts: npt.NDArray[np.int32]  # (V + 1,) where each word's path begins in nodes and signs
    nodes: npt.NDArray[np.int32]  # (path lengths,) output rows, from the root on
    signs: npt.NDArray[np.float32]  # (path lengths,) 1 for left, -1 for right
    places: npt.NDArray[np.int32]  # (STRETCH + 1,) where each center's path begins in targets
    targets: npt.NDArray[np.int64]  # (STRETCH * longest path + AHEAD,) output rows; paths fill whole tiles with padding
    target_signs: npt.NDArray[np.float32]  # (targets,) their signs, 0 for padding
    zeros: npt.NDArray[np.float32]  # (TILE,)
    center: npt.NDArray[np.int32]  # (1,) which of the group's rows is the center itself, and predicts nothing; or -1
    inputs: npt.NDArray[np.int64]  # (rows,) the group's other rows
    changes: npt.NDArray[np.int64]  # (rows,) where their changes go
    labels: npt.NDArray[np.float32]  # (tiles * stride,) the labels of one group
    stride: int  # labels of the rows of a tile

    @classmethod
    def create(cls, tree: HuffmanTree, window: int) -> PathBuffers:
        """Make the buffers for a window."""
        tiles = -(-int(np.diff(tree.starts).max()) // TILE)
        targets = STRETCH * tiles * TILE + AHEAD
        return cls(
            group=static(GROUP),
            tile=static(TILE),
            starts=tree.starts,
            nodes=tree.nodes,
            signs=tree.signs,
            places=np.zeros(STRETCH + 1, np.int32),
            targets=np.zeros(targets, np.int64),
            target_signs=np.zeros(targets, np.float32),
            zeros=np.zeros(TILE, np.float32),
            center=np.zeros(1, np.int32),
            inputs=np.zeros(group_rows(window), np.int64),
            changes=np.zeros(group_rows(window), np.int64),
            labels=np.zeros(tiles * group_rows(window) * TILE, np.float32),
            stride=group_rows(window) * TILE,
        )


@provides(plan_targets, PathBuffers)
def _plan_targets(layer, block, start, stop, state):
    """Look up each center's path."""
    starts, nodes, signs, places = layer.starts, layer.nodes, layer.signs, layer.places
    targets, target_signs = layer.targets, layer.target_signs
    words, rows = block.windows.words, block.rows
    place = 0
    for center in range(start, stop):
        places[center - start] = place
        for i in range(starts[words[center]], starts[words[center] + 1]):
            targets[place] = output_row(rows, nodes[i])
            target_signs[place] = signs[i]
            place += 1
        while place % TILE:
            targets[place] = rows.padding
            target_signs[place] = 0.0
            place += 1
    places[stop - start] = place
    for i in range(place, place + AHEAD):
        targets[i] = rows.padding
    return state


@provides(label_context_rows, PathBuffers)
def _label_context_rows(layer, block, group):
    """Each word of the window but the center itself predicts the center's path."""
    path, end = layer.places[group.number], layer.places[group.number + 1]
    layer.center[0] = group.first_center - group.begin
    for t in range((end - path) // TILE):
        for row in range(group.end - group.begin - 1):
            copy_tile(layer.target_signs, path + t * TILE, layer.labels, t * layer.stride + row * TILE)


@provides(label_means, PathBuffers)
def _label_means(layer, block, group):
    """The mean predicts the center's path, if there is a context."""
    path, end = layer.places[group.number], layer.places[group.number + 1]
    layer.center[0] = -1
    predicts = block.windows.right[group.first] - block.windows.left[group.first] > 1
    for t in range((end - path) // TILE):
        if predicts:
            copy_tile(layer.target_signs, path + t * TILE, layer.labels, t * layer.stride)
        else:
            copy_tile(layer.zeros, 0, layer.labels, t * layer.stride)


@provides(train_group, PathBuffers)
def _train_group(layer, block, group, hidden):
    n = 0
    for row in range(hidden.n_rows):
        layer.inputs[n] = hidden.inputs[hidden.first + row]
        layer.changes[n] = hidden.changes[hidden.first + row]
        n += row != layer.center[0]
    layer.inputs[n] = block.rows.padding  # rows are scored in pairs
    path = np.int64(layer.places[group.number])
    count = (np.int64(layer.places[group.number + 1]) - path) // TILE
    predicting = HiddenRows(layer.inputs, layer.changes, 0, n, hidden.together)
    tiles = Tiles(layer.targets, path, count, AHEAD, layer.labels, layer.stride, layer.tile)
    train_tiles(block, predicting, tiles)


class HierarchicalSoftmax(OutputLayer):
    """Hierarchical softmax for a run: its tree is shared by all threads."""

    def __init__(self, counts: npt.NDArray[np.int64], options: TrainingOptions) -> None:
        super().__init__(counts, options)
        self._tree = huffman_tree(counts)

    @classmethod
    def rows_scored(cls, n_words: int, options: TrainingOptions) -> float:
        """Return how many output rows are scored for a center: about log2(V), by each context word."""
        return context_rows(options) * math.log2(n_words)

    @classmethod
    def n_output_rows(cls, n_words: int) -> int:
        """Return the number of inner nodes."""
        return n_words - 1

    @classmethod
    def rows_touched(cls, n_words: int, n_ids: int, options: TrainingOptions) -> int:  # noqa: ARG003
        """Return how many rows n_ids ids touch, at most: each as context, and the paths to all."""
        return n_ids + min(n_words - 1, n_ids * LONGEST_PATH)

    @classmethod
    def table_bytes(cls, n_words: int) -> int:
        """Return about how many bytes the Huffman tree takes while it is made."""
        return int(n_words * (8 * (math.log2(n_words) + 3) + 45))  # paths are longer than in a tree of equal counts

    def create_buffers(self, floats: int) -> PathBuffers:
        """Return one thread's buffers."""
        return PathBuffers.create(self._tree, self.options.window)

    def updates(self, centers: npt.NDArray[np.float64]) -> RowUpdates:
        """Return how often each row is updated: all nodes on a center's path."""
        lengths = np.diff(self._tree.starts)
        nodes = np.bincount(self._tree.nodes, np.repeat(centers, lengths), len(centers) - 1).astype(np.float64)
        return centers * lengths, nodes
