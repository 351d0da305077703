"""The output layer of negative sampling: a center against words drawn at random.

Mikolov et al. 2013, "Distributed Representations of Words and Phrases and their Compositionality", equation 4.
Neighbouring centers may share one set of negatives. Weights say which row predicts which center.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.kernels.layers import group_size, learn, plan_targets, provides, weigh_means, weigh_words
from w2v.kernels.tiles import MAX_TILE, copy_tile, prefetch, static, tile_of, train_tiles
from w2v.kernels.windows import GOLDEN, STRETCH, group_rows, inlined, mix, output_row

# How many neighbouring centers share negatives: the more, the fewer random rows, and the less is learnt. With 5
# negatives, skip-gram's three fill a tile of 8. CBOW makes one prediction where skip-gram makes several: three would
# cost it a point of analogies for a tenth of speed, and one gain a point for a third (17M words of books, d = 100).
SHARING = {"skipgram": 3, "cbow": 2}

_S32 = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


class Negatives(NamedTuple):
    """What negatives are drawn from, and a thread's buffers for the targets of one stretch."""

    alias: npt.NDArray[np.uint64]  # (V,) below the high 32 bits take the word itself, else the word in the low 32
    sharing: tuple[bool, ...]  # static(how many centers make a group, which shares negatives)
    draws: npt.NDArray[np.uint64]  # (groups, negative) random bits that choose the negatives
    negatives: npt.NDArray[np.int32]  # (groups, negative) words
    clashes: npt.NDArray[np.bool_]  # (groups,) whether a negative of the group is one of its centers
    targets: npt.NDArray[np.int64]  # (groups * targets,) output rows: a group's centers, its negatives, padding
    patterns: npt.NDArray[np.float32]  # (tiles, 2**sharing, MAX_TILE) weights of a row by the centers it predicts
    weights: npt.NDArray[np.float32]  # (tiles * stride,) the weights of one group, and room to write a tile behind
    stride: int  # weights of the rows of a tile

    @classmethod
    def create(cls, alias: npt.NDArray[np.uint64], negative: int, window: int, sharing: int) -> Negatives:
        """Make the layer for a window and a number of negatives; w2v.sampling.alias_table makes the table."""
        tile = tile_of(sharing + negative)
        tiles = -(-(sharing + negative) // tile)
        groups = STRETCH // sharing
        members = np.arange(1 << sharing)[:, None] >> np.arange(sharing) & 1
        patterns = np.zeros((len(members), tiles * tile), np.float32)
        patterns[:, :sharing] = members
        patterns[:, sharing : sharing + negative] = -members.sum(axis=1, keepdims=True)
        padded = np.zeros((tiles, len(members), MAX_TILE), np.float32)
        padded[:, :, :tile] = patterns.reshape(len(members), tiles, tile).transpose(1, 0, 2)
        return cls(
            alias=alias,
            sharing=static(sharing),
            draws=np.zeros((groups, negative), np.uint64),
            negatives=np.zeros((groups, negative), np.int32),
            clashes=np.zeros(groups, np.bool_),
            targets=np.zeros(groups * tiles * tile, np.int64),
            patterns=padded.ravel(),
            weights=np.zeros(tiles * group_rows(window) * tile + MAX_TILE, np.float32),
            stride=group_rows(window) * tile,
        )


@provides(group_size, Negatives)
def _group_size(layer: Any) -> Any:
    return layer.sharing


@inlined
def _slot(bits: Any, n_words: Any) -> Any:
    """Return the entry of the alias table that 64 random bits choose, uint64: by their high half."""
    return ((bits >> _S32) * n_words) >> _S32


@provides(plan_targets, Negatives)
def _plan_targets(layer: Any, words: Any, start: Any, stop: Any, rows: Any, state: Any) -> Any:
    """Draw each group's negatives; a group's targets are its centers, its negatives, and padding."""
    draws, negatives, targets = layer.draws, layer.negatives, layer.targets
    n_words = np.uint64(layer.alias.shape[0])
    negative = negatives.shape[1]
    sharing = len(layer.sharing)
    width = targets.shape[0] // negatives.shape[0]
    groups = -(-(stop - start) // sharing)
    # The table is larger than the nearest caches: all its entries are asked for before the first is needed.
    table = np.uint64(layer.alias.ctypes.data)
    for group in range(groups):
        for j in range(negative):
            state += GOLDEN
            draws[group, j] = mix(state)
            prefetch(np.int64(table + _slot(draws[group, j], n_words) * np.uint64(8)), 1)
    for group in range(groups):
        place = group * width
        first_center = start + group * sharing
        for k in range(sharing):
            center = first_center + k
            targets[place + k] = output_row(rows, words[center]) if center < stop else rows.padding
        clash = False
        for j in range(negative):
            bits = draws[group, j]
            slot = _slot(bits, n_words)
            entry = layer.alias[slot]
            word = np.int32(slot) if (bits & _LOW) < (entry >> _S32) else np.int32(entry & _LOW)
            negatives[group, j] = word
            for k in range(sharing):
                clash |= first_center + k < stop and words[first_center + k] == word
            targets[place + sharing + j] = output_row(rows, word)
        for j in range(sharing + negative, width):
            targets[place + j] = rows.padding
        layer.clashes[group] = clash
    return state


@provides(weigh_words, Negatives)
def _weigh_words(layer: Any, windows: Any, start: Any, group: Any, n: Any, begin: Any, end: Any, tile: Any) -> Any:
    """Row i, column k < 3 gets weight 1 when word i stands in the window of the k-th of the group's three centers.

    A negative's column has minus the number of predictions made from the row, less those of a center that the negative
    happens to be: a word is never its own negative.
    """
    words, left, right = windows.words, windows.left, windows.right
    negatives, patterns, weights = layer.negatives, layer.patterns, layer.weights
    n_tile = len(tile)
    sharing = len(layer.sharing)
    tiles, stride = layer.patterns.shape[0] // (MAX_TILE << sharing), layer.stride
    first_center = start + group * sharing
    l0, l1, l2 = left[group * sharing], left[group * sharing + 1], left[group * sharing + 2]
    r0, r1, r2 = right[group * sharing], right[group * sharing + 1], right[group * sharing + 2]
    for t in range(tiles):
        place = t * stride
        for i in range(begin, end):
            pattern = (
                (np.int64(i >= l0) & np.int64(i < r0) & np.int64(i != first_center))
                | (np.int64(i >= l1) & np.int64(i < r1) & np.int64(i != first_center + 1)) << 1
                | (np.int64(i >= l2) & np.int64(i < r2) & np.int64(i != first_center + 2)) << 2
            )
            copy_tile(patterns, ((t << sharing) + pattern) * MAX_TILE, weights, place)
            place += n_tile
    if layer.clashes[group]:
        for k in range(sharing):
            center = first_center + k
            if center >= n:
                break
            for j in range(negatives.shape[1]):
                if negatives[group, j] == words[center]:
                    t, column = (sharing + j) // n_tile, (sharing + j) % n_tile
                    for i in range(left[group * sharing + k], right[group * sharing + k]):
                        if i != center:
                            weights[t * stride + (i - begin) * n_tile + column] += np.float32(1.0)


@provides(weigh_means, Negatives)
def _weigh_means(layer: Any, windows: Any, start: Any, group: Any, n: Any, tile: Any) -> Any:
    """Row k predicts center k, if it has a context, against the negatives that are not that center."""
    negatives, patterns, weights = layer.negatives, layer.patterns, layer.weights
    n_tile = len(tile)
    sharing = len(layer.sharing)
    tiles, stride = layer.patterns.shape[0] // (MAX_TILE << sharing), layer.stride
    for k in range(sharing):
        place = group * sharing + k
        predicts = windows.right[place] - windows.left[place] > 1
        for t in range(tiles):
            copy_tile(
                patterns, ((t << sharing) + (np.int64(predicts) << k)) * MAX_TILE, weights, t * stride + k * n_tile
            )
        if predicts and layer.clashes[group]:
            for j in range(negatives.shape[1]):
                if negatives[group, j] == windows.words[start + place]:
                    t, column = (sharing + j) // n_tile, (sharing + j) % n_tile
                    weights[t * stride + k * n_tile + column] = 0.0


@provides(learn, Negatives)
def _learn(
    layer: Any, group: Any, ahead: Any, inputs: Any, sums: Any, first: Any, count: Any, rows: Any, scratch: Any,
    lr: Any, tile: Any, together: Any,
) -> Any:  # fmt: skip
    width = layer.targets.shape[0] // layer.negatives.shape[0]
    tiles = width // len(tile)
    train_tiles(
        inputs, sums, first, count, layer.targets, group * width, tiles, width if ahead else 0, layer.weights,
        layer.stride, rows, scratch, lr, tile, together,
    )  # fmt: skip
