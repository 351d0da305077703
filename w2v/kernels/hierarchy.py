"""The output layer of hierarchical softmax: a center is a leaf of a Huffman tree, reached by decisions at inner nodes.

Morin and Bengio 2005, "Hierarchical Probabilistic Neural Network Language Model"; with the Huffman tree, Mikolov et al.
2013, "Distributed Representations of Words and Phrases and their Compositionality", section 2.1. A center's targets
are the inner nodes on its path, with weight 1 where the path goes left and -1 where it goes right.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.kernels.layers import group_size, learn, plan_targets, provides, weigh_means, weigh_words
from w2v.kernels.tiles import MAX_TILE, copy_tile, static, train_tiles
from w2v.kernels.windows import STRETCH, group_rows, output_row
from w2v.sampling import HuffmanTree

GROUP = 1  # centers: two paths share little but their first nodes
TILE = MAX_TILE
AHEAD = 3 * TILE  # targets between the one at work and the one asked for: most are rare words' nodes, far from the CPU
_STATIC_GROUP = static(GROUP)


class Hierarchy(NamedTuple):
    """The paths to all words, and a thread's buffers for those of one stretch of centers."""

    starts: npt.NDArray[np.int32]  # (V + 1,) where each word's path begins in nodes and signs
    nodes: npt.NDArray[np.int32]  # (path lengths,) output rows, from the root on
    signs: npt.NDArray[np.float32]  # (path lengths,) 1 for left, -1 for right
    places: npt.NDArray[np.int32]  # (STRETCH + 1,) where each center's path begins in targets
    targets: npt.NDArray[np.int64]  # (STRETCH * longest path + AHEAD,) output rows; paths fill whole tiles with padding
    turns: npt.NDArray[np.float32]  # (targets,) their signs, 0 for padding
    none: npt.NDArray[np.float32]  # (TILE,) zeros
    center: npt.NDArray[np.int32]  # (1,) which of the group's rows is the center itself, and goes no path; -1 for none
    inputs: npt.NDArray[np.int64]  # (rows,) the group's other rows
    sums: npt.NDArray[np.int64]  # (rows,) where their changes go
    weights: npt.NDArray[np.float32]  # (tiles * stride,) the weights of one group
    stride: int  # weights of the rows of a tile

    @classmethod
    def create(cls, tree: HuffmanTree, window: int) -> Hierarchy:
        """Make the layer for a window."""
        tiles = -(-int(np.diff(tree.starts).max()) // TILE)
        targets = STRETCH * tiles * TILE + AHEAD
        return cls(
            starts=tree.starts,
            nodes=tree.nodes,
            signs=tree.signs,
            places=np.zeros(STRETCH + 1, np.int32),
            targets=np.zeros(targets, np.int64),
            turns=np.zeros(targets, np.float32),
            none=np.zeros(TILE, np.float32),
            center=np.zeros(1, np.int32),
            inputs=np.zeros(group_rows(window), np.int64),
            sums=np.zeros(group_rows(window), np.int64),
            weights=np.zeros(tiles * group_rows(window) * TILE, np.float32),
            stride=group_rows(window) * TILE,
        )


@provides(group_size, Hierarchy)
def _group_size(layer: Any) -> Any:
    return _STATIC_GROUP


@provides(plan_targets, Hierarchy)
def _plan_targets(layer: Any, words: Any, start: Any, stop: Any, rows: Any, state: Any) -> Any:
    """Look up each center's path."""
    starts, nodes, signs, places = layer.starts, layer.nodes, layer.signs, layer.places
    targets, turns = layer.targets, layer.turns
    place = 0
    for center in range(start, stop):
        places[center - start] = place
        for i in range(starts[words[center]], starts[words[center] + 1]):
            targets[place] = output_row(rows, nodes[i])
            turns[place] = signs[i]
            place += 1
        while place % TILE:
            targets[place] = rows.padding
            turns[place] = 0.0
            place += 1
    places[stop - start] = place
    for i in range(place, place + AHEAD):
        targets[i] = rows.padding
    return state


@provides(weigh_words, Hierarchy)
def _weigh_words(layer: Any, windows: Any, start: Any, group: Any, n: Any, begin: Any, end: Any, tile: Any) -> Any:
    """Each word of the window but the center itself goes the center's path."""
    stride = layer.stride
    layer.center[0] = start + group - begin
    for t in range((layer.places[group + 1] - layer.places[group]) // TILE):
        source = layer.places[group] + t * TILE
        for row in range(end - begin - 1):
            copy_tile(layer.turns, source, layer.weights, t * stride + row * TILE)


@provides(weigh_means, Hierarchy)
def _weigh_means(layer: Any, windows: Any, start: Any, group: Any, n: Any, tile: Any) -> Any:
    """The mean goes the center's path, if there is a context."""
    stride = layer.stride
    layer.center[0] = -1
    predicts = windows.right[group] - windows.left[group] > 1
    for t in range((layer.places[group + 1] - layer.places[group]) // TILE):
        if predicts:
            copy_tile(layer.turns, layer.places[group] + t * TILE, layer.weights, t * stride)
        else:
            copy_tile(layer.none, 0, layer.weights, t * stride)


@provides(learn, Hierarchy)
def _learn(
    layer: Any, group: Any, ahead: Any, inputs: Any, sums: Any, first: Any, count: Any, rows: Any, scratch: Any,
    lr: Any, tile: Any, together: Any,
) -> Any:  # fmt: skip
    n = 0
    for row in range(count):
        layer.inputs[n] = inputs[first + row]
        layer.sums[n] = sums[first + row]
        n += row != layer.center[0]
    layer.inputs[n] = rows.padding  # rows are scored in pairs
    start = np.int64(layer.places[group])
    tiles = (np.int64(layer.places[group + 1]) - start) // TILE
    train_tiles(
        layer.inputs, layer.sums, 0, n, layer.targets, start, tiles, AHEAD, layer.weights, layer.stride, rows, scratch,
        lr, tile, together,
    )  # fmt: skip
