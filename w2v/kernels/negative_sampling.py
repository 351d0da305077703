"""Negative sampling: a center against words drawn at random.

Mikolov et al. 2013, "Distributed Representations of Words and Phrases and their Compositionality", equation 4. With
hidden vector h, center o, output vectors u, and K negatives n_k from P(w) proportional to count(w)**0.75,

    L        = -log sigmoid(u_o . h) - sum_{k=1..K} log sigmoid(-u_{n_k} . h)

    dL/ds_o  = -(1 - sigmoid(s_o))            with s_w = u_w . h, as d log sigmoid(s) / ds = 1 - sigmoid(s)
    dL/ds_k  = sigmoid(s_k)
    dL/dh    = dL/ds_o u_o + sum_k dL/ds_k u_{n_k}
    dL/du_w  = dL/ds_w h

Neighbouring centers share one set of negatives. Each of them still has the loss above; the tile of skip-gram's three
centers and five negatives, with labels of a context word of c0 and c2 but not of c1:

                c0   c1   c2   n1   n2   n3   n4   n5
        row     1    0    1   -2   -2   -2   -2   -2

A negative that is one of the row's own centers counts once less: a word is never its own negative.

The twin is `NegativeSampling` in tests/reference.py.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.compiling import inlined, provides
from w2v.kernels.buffers import STRETCH, group_rows, output_row
from w2v.kernels.output_layer import (
    OutputLayer,
    RowUpdates,
    claim_targets,
    context_rows,
    label_context_rows,
    label_means,
    plan_targets,
    train_group,
)
from w2v.kernels.random import STEP, random_bits, uniform_below, upper_half
from w2v.kernels.tiles import MAX_TILE, Tiles, copy_tile, static, tile_of, train_tiles
from w2v.kernels.windows import centers_near, values_at
from w2v.options import TrainingOptions
from w2v.sampling import alias_table, negative_probabilities
from w2v.simd import prefetch

# How many neighbouring centers share negatives, any number up to MAX_GROUP that divides STRETCH. Fewer random rows make
# it faster, but fewer different negatives are met. With 5 negatives, skip-gram's three fill a tile of 8. CBOW makes one
# prediction where skip-gram makes several: three would cost it a point of analogies for a tenth of speed, and one gain
# a point for a third (17M words of books, d = 100).
SHARING = {"skipgram": 3, "cbow": 2}

_LOWER_HALF = np.uint64(0xFFFFFFFF)


class NegativeBuffers(NamedTuple):
    """What negatives are drawn from, and a thread's buffers for the targets of one stretch."""

    group: tuple[bool, ...]  # static(how many centers share negatives)
    tile: tuple[bool, ...]  # static(targets in a tile)
    alias: npt.NDArray[np.uint64]  # (V,) below the upper 32 bits take the word itself, else the word in the lower 32
    draws: npt.NDArray[np.uint64]  # (groups, negative) random bits that choose the negatives
    negatives: npt.NDArray[np.int32]  # (groups, negative) words
    clashes: npt.NDArray[np.bool_]  # (groups,) whether a negative of the group is one of its centers
    targets: npt.NDArray[np.int64]  # (groups * targets,) output rows: a group's centers, its negatives, padding
    patterns: npt.NDArray[np.float32]  # (tiles, 2**sharing, MAX_TILE) labels of a row by the centers it predicts
    labels: npt.NDArray[np.float32]  # (tiles * stride,) the labels of one group, and room to write a tile behind
    stride: int  # labels of the rows of a tile

    @classmethod
    def create(cls, alias: npt.NDArray[np.uint64], negative: int, window: int, sharing: int) -> NegativeBuffers:
        """Make the buffers for a window and a number of negatives; w2v.sampling.alias_table makes the table."""
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
            group=static(sharing),
            tile=static(tile),
            alias=alias,
            draws=np.zeros((groups, negative), np.uint64),
            negatives=np.zeros((groups, negative), np.int32),
            clashes=np.zeros(groups, np.bool_),
            targets=np.zeros(groups * tiles * tile, np.int64),
            patterns=padded.ravel(),
            labels=np.zeros(tiles * group_rows(window) * tile + MAX_TILE, np.float32),
            stride=group_rows(window) * tile,
        )


@provides(plan_targets, NegativeBuffers)
def _plan_targets(layer, block, start, stop, state):
    """Draw each group's negatives; a group's targets are its centers, its negatives, and padding."""
    draws, negatives, targets = layer.draws, layer.negatives, layer.targets
    words, rows = block.windows.words, block.rows
    n_words = np.uint64(layer.alias.shape[0])
    negative = negatives.shape[1]
    sharing = len(layer.group)
    width = targets.shape[0] // negatives.shape[0]
    groups = -(-(stop - start) // sharing)
    # The table is larger than the nearest caches: all its entries are prefetched before the first is needed.
    table = np.uint64(layer.alias.ctypes.data)
    for group in range(groups):
        for j in range(negative):
            state += STEP
            draws[group, j] = random_bits(state)
            prefetch(np.int64(table + uniform_below(draws[group, j], n_words) * np.uint64(8)), 1)
    for group in range(groups):
        place = group * width
        first_center = start + group * sharing
        for k in range(sharing):
            center = first_center + k
            targets[place + k] = output_row(rows, words[center]) if center < stop else rows.padding
        clash = False
        for j in range(negative):
            word = _draw(layer.alias, draws[group, j], n_words)
            negatives[group, j] = word
            for k in range(sharing):
                clash |= first_center + k < stop and words[first_center + k] == word
            targets[place + sharing + j] = output_row(rows, word)
        for j in range(sharing + negative, width):
            targets[place + j] = rows.padding
        layer.clashes[group] = clash
    return state


@provides(claim_targets, NegativeBuffers)
def _claim_targets(layer, block, start, stop, state):
    """Draw the same negatives, without the rest of the plan."""
    n_words = np.uint64(layer.alias.shape[0])
    for center in range(start, stop):
        output_row(block.rows, block.windows.words[center])
    sharing = len(layer.group)
    for _ in range(-(-(stop - start) // sharing) * layer.negatives.shape[1]):
        state += STEP
        output_row(block.rows, _draw(layer.alias, random_bits(state), n_words))
    return state


@inlined
def _draw(alias, bits, n_words):
    """Return the word, int32, that 64 random bits draw: the upper half a slot of the table, the lower half its word."""
    slot = uniform_below(bits, n_words)
    entry = alias[slot]
    return np.int32(slot) if (bits & _LOWER_HALF) < upper_half(entry) else np.int32(entry & _LOWER_HALF)


@provides(label_context_rows, NegativeBuffers)
def _label_context_rows(layer, block, group):
    """Row i has 1 in the column of each center whose context it is in, and minus their number in each negative's."""
    windows = block.windows
    n_tile = len(layer.tile)
    sharing = len(layer.group)
    left, right = values_at(windows.left, group.first, layer.group), values_at(windows.right, group.first, layer.group)
    for t in range(layer.patterns.shape[0] // (MAX_TILE << sharing)):
        place = t * layer.stride
        for i in range(group.begin, group.end):
            pattern = centers_near(i, group.first_center, left, right)
            copy_tile(layer.patterns, ((t << sharing) + pattern) * MAX_TILE, layer.labels, place)
            place += n_tile
    if layer.clashes[group.number]:
        for k in range(sharing):
            center = group.first_center + k
            if center >= block.n_words:
                break
            for j in range(layer.negatives.shape[1]):
                if layer.negatives[group.number, j] == windows.words[center]:
                    t, column = (sharing + j) // n_tile, (sharing + j) % n_tile
                    for i in range(windows.left[group.first + k], windows.right[group.first + k]):
                        if i != center:
                            layer.labels[t * layer.stride + (i - group.begin) * n_tile + column] += np.float32(1.0)


@provides(label_means, NegativeBuffers)
def _label_means(layer, block, group):
    """Row k predicts center k, if it has a context, against the negatives that are not that center."""
    windows = block.windows
    n_tile = len(layer.tile)
    sharing = len(layer.group)
    for k in range(sharing):
        predicts = windows.right[group.first + k] - windows.left[group.first + k] > 1
        for t in range(layer.patterns.shape[0] // (MAX_TILE << sharing)):
            pattern = (t << sharing) + (np.int64(predicts) << k)
            copy_tile(layer.patterns, pattern * MAX_TILE, layer.labels, t * layer.stride + k * n_tile)
        if predicts and layer.clashes[group.number]:
            for j in range(layer.negatives.shape[1]):
                if layer.negatives[group.number, j] == windows.words[group.first_center + k]:
                    t, column = (sharing + j) // n_tile, (sharing + j) % n_tile
                    layer.labels[t * layer.stride + k * n_tile + column] = 0.0


@provides(train_group, NegativeBuffers)
def _train_group(layer, block, group, hidden):
    width = layer.targets.shape[0] // layer.negatives.shape[0]
    ahead = width if group.has_next else 0
    count = width // len(layer.tile)
    tiles = Tiles(layer.targets, group.number * width, count, ahead, layer.labels, layer.stride, layer.tile)
    train_tiles(block, hidden, tiles)


class NegativeSampling(OutputLayer):
    """Negative sampling for a run: its alias table is shared by all threads."""

    def __init__(self, counts: npt.NDArray[np.int64], options: TrainingOptions) -> None:
        super().__init__(counts, options)
        self._probabilities = negative_probabilities(counts, options.ns_exponent)
        self._alias = alias_table(self._probabilities)

    @classmethod
    def rows_scored(cls, n_words: int, options: TrainingOptions) -> float:  # noqa: ARG003
        """Return how many output rows are scored for a center: its own and the negatives, by each context word."""
        return context_rows(options) * (1 + options.negative)

    @classmethod
    def rows_touched(cls, n_words: int, n_ids: int, options: TrainingOptions) -> int:  # noqa: ARG003
        """Return how many rows n_ids ids touch, at most: each as context and as center, and all negatives."""
        return 2 * n_ids + -(-n_ids // SHARING[options.model]) * options.negative

    @classmethod
    def thread_bytes(cls, n_words: int, options: TrainingOptions) -> int:  # noqa: ARG003
        """Return about how many bytes the buffers of one thread take: negatives, targets, labels and their patterns."""
        sharing = SHARING[options.model]
        targets = options.negative + sharing + MAX_TILE
        stretch = 20 * (STRETCH // sharing) * targets
        return stretch + 4 * targets * (group_rows(options.window) + (1 << sharing) * MAX_TILE)

    @classmethod
    def table_bytes(cls, n_words: int) -> int:
        """Return about how many bytes the alias table takes while it is made."""
        return 64 * n_words

    def create_buffers(self, floats: int) -> NegativeBuffers:
        """Return one thread's buffers."""
        options = self.options
        return NegativeBuffers.create(self._alias, options.negative, options.window, SHARING[options.model])

    def updates(self, centers: npt.NDArray[np.float64]) -> RowUpdates:
        """Return how often each row is updated: a center's own row, and those of its negatives."""
        negative = self.options.negative
        return centers * (1 + negative), centers + centers.sum() * negative * self._probabilities
