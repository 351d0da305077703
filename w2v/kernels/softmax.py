"""The exact softmax output layer: each center against all words of the vocabulary.

The yardstick for the other two, at a cost in proportion to the vocabulary. A group of neighbouring centers is
trained as one product of its rows and the whole output matrix: a row is scored once, however many centers it predicts.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import types
from numba.core import cgutils

from w2v.kernels.layers import group_size, learn, plan_targets, provides, weigh_means, weigh_words
from w2v.kernels.means import spread
from w2v.kernels.tiles import MAX_TILE, copy_tile, score, static, update
from w2v.kernels.windows import MAX_GROUP, STRETCH, group_rows, inlined, output_row, row_addresses
from w2v.simd import LANES, LOG2_E, ROW_FLOATS, Emitter, array_pointers, i64, intrinsic

GROUP = MAX_GROUP
TILE = MAX_TILE
_LEAST = -120.0  # a probability below 2**_LEAST of the largest counts as that
_STATIC_GROUP, _ONE = static(GROUP), static(1)


class Softmax(NamedTuple):
    """A thread's buffers."""

    words: npt.NDArray[np.int32]  # (STRETCH,) the centers
    targets: npt.NDArray[np.int64]  # (V, filled up to whole tiles with padding) all output rows
    n_words: int  # V
    begin: npt.NDArray[np.int32]  # (GROUP,) the first row of the group that predicts each center
    end: npt.NDArray[np.int32]  # (GROUP,) one more than the last
    center: npt.NDArray[np.int32]  # (GROUP,) the row between them that does not, the center itself, if any
    made: npt.NDArray[np.int32]  # (rows,) how many predictions are made from a row
    scores: npt.NDArray[np.float32]  # (rows * scores a row,) scores, then errors
    group: npt.NDArray[np.int64]  # (rows,) the group's input rows
    changes: npt.NDArray[np.int64]  # (rows,) rows of zeros that take their changes
    whole: npt.NDArray[np.float32]  # (1,) the share of its change that a row gets

    @classmethod
    def create(cls, n_words: int, window: int, spare_rows: npt.NDArray[np.float32]) -> Softmax:
        """Make the layer for V words; spare_rows (group_rows(window), row floats) are zeros that outlive it."""
        rows = group_rows(window)
        return cls(
            words=np.zeros(STRETCH, np.int32),
            targets=np.zeros(-(-n_words // ROW_FLOATS) * ROW_FLOATS, np.int64),
            n_words=n_words,
            begin=np.zeros(GROUP, np.int32),
            end=np.zeros(GROUP, np.int32),
            center=np.zeros(GROUP, np.int32),
            made=np.zeros(rows, np.int32),
            scores=np.zeros(rows * -(-n_words // ROW_FLOATS) * ROW_FLOATS, np.float32),
            group=np.zeros(rows, np.int64),
            changes=row_addresses(spare_rows),
            whole=np.ones(1, np.float32),
        )


@provides(group_size, Softmax)
def _group_size(layer: Any) -> Any:
    return _STATIC_GROUP


@provides(plan_targets, Softmax)
def _plan_targets(layer: Any, words: Any, start: Any, stop: Any, rows: Any, state: Any) -> Any:
    """Note the centers. The targets are the same for all: every word."""
    for center in range(start, stop):
        layer.words[center - start] = words[center]
    for word in range(layer.targets.shape[0]):
        layer.targets[word] = output_row(rows, word) if word < layer.n_words else rows.padding
    return state


@provides(weigh_words, Softmax)
def _weigh_words(layer: Any, windows: Any, start: Any, group: Any, n: Any, begin: Any, end: Any, tile: Any) -> Any:
    for k in range(GROUP):
        place = group * GROUP + k
        layer.begin[k], layer.end[k] = windows.left[place] - begin, windows.right[place] - begin
        layer.center[k] = start + place - begin


@provides(weigh_means, Softmax)
def _weigh_means(layer: Any, windows: Any, start: Any, group: Any, n: Any, tile: Any) -> Any:
    for k in range(GROUP):
        place = group * GROUP + k
        layer.begin[k], layer.center[k] = k, -1
        layer.end[k] = k + (windows.right[place] - windows.left[place] > 1)


@provides(learn, Softmax)
def _learn(
    layer: Any, group: Any, ahead: Any, inputs: Any, sums: Any, first: Any, count: Any, rows: Any, scratch: Any,
    lr: Any, tile: Any, together: Any,
) -> Any:  # fmt: skip
    """All scores are taken before anything changes: the step is the gradient of the group's loss.

    With p = softmax(scores), a row that makes m predictions has the error lr (one for each word it predicts - m p).
    """
    errors, hidden, changes, whole = scratch.errors, layer.group, layer.changes, layer.whole
    chunks = rows.row_bytes // (4 * LANES)
    width = layer.targets.shape[0]
    for r in range(count + len(together) - 1):
        hidden[r] = inputs[first + r]
        layer.made[r] = 0
    for t in range(0, width, TILE):
        for r in range(0, count, len(together)):
            score(hidden, 0, r, layer.targets, t, errors, chunks, tile, together)
        for r in range(count):
            copy_tile(errors, r * TILE, layer.scores, r * width + t)
    _judge(layer, group, count, width, scratch.tally, lr)
    for t in range(0, width, TILE):
        for r in range(count):
            copy_tile(layer.scores, r * width + t, errors, r * TILE)
        update(hidden, changes, 0, 0, count, layer.targets, t, min(t + TILE, width - TILE), errors, chunks, tile)
    for r in range(count):
        spread(sums, first + r, 1, whole, 0, changes[r:], chunks, _ONE)


@inlined
def _judge(layer: Any, group: Any, count: Any, width: Any, tally: Any, lr: Any) -> None:
    """Turn the scores of a group's rows into errors, and add the losses, in bits, to the tally."""
    scores, made = layer.scores, layer.made
    bits = 0.0
    for k in range(GROUP):
        for r in range(layer.begin[k], layer.end[k]):
            if r != layer.center[k]:
                made[r] += 1
                bits -= scores[r * width + layer.words[group * GROUP + k]] * LOG2_E
    for r in range(count):
        for w in range(layer.n_words, width):
            scores[r * width + w] = -np.inf
        largest = maximum(scores, r * width, width)
        total = exponentials(scores, r * width, width, largest)
        share = -lr * np.float32(made[r]) / total
        for w in range(width):
            scores[r * width + w] *= share
        if made[r] > 0:
            bits += made[r] * (math.log2(total) + largest * LOG2_E)
    for k in range(GROUP):
        for r in range(layer.begin[k], layer.end[k]):
            if r != layer.center[k]:
                scores[r * width + layer.words[group * GROUP + k]] += lr
    tally[0] += np.float32(bits)


@intrinsic
def maximum(typing: Any, values: Any, start: Any, count: Any) -> Any:
    """Return the largest of values[start : start + count]; count is a multiple of LANES."""
    signature = types.float32(values, start, count)

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        values, start, count = array_pointers(context, builder, sig, args)
        emit = Emitter(builder)
        best = cgutils.alloca_once_value(builder, emit.load(builder.gep(values, [start]), align=4))
        with cgutils.for_range_slice(builder, i64(LANES), count, i64(LANES), inc=True) as (index, _):
            x = emit.load(builder.gep(values, [builder.add(start, index)]), align=4)
            old = builder.load(best)
            builder.store(builder.select(builder.fcmp_ordered(">", x, old), x, old), best)
        return emit.reduce(builder.load(best), lambda a, b: builder.select(builder.fcmp_ordered(">", a, b), a, b))

    return signature, codegen


@intrinsic
def exponentials(typing: Any, values: Any, start: Any, count: Any, largest: Any) -> Any:
    """Replace x by exp(x - largest) in values[start : start + count]; return their sum, NaN if one x is."""
    signature = types.float32(values, start, count, largest)

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        values, start, count, largest = array_pointers(context, builder, sig, args)
        emit = Emitter(builder)
        top = emit.broadcast(largest)
        total = cgutils.alloca_once_value(builder, emit.splat(0.0))
        with cgutils.for_range_slice(builder, i64(0), count, i64(LANES), inc=True) as (index, _):
            place = builder.gep(values, [builder.add(start, index)])
            x = builder.fmul(builder.fsub(emit.load(place, align=4), top), emit.splat(LOG2_E))
            low = builder.fcmp_ordered("<", x, emit.splat(_LEAST))
            power = emit.exp2(builder.select(low, emit.splat(_LEAST), x))
            power = builder.select(low, emit.splat(0.0), power)
            emit.store(power, place, align=4)
            builder.store(builder.fadd(builder.load(total), power), total)
        return emit.reduce(builder.load(total), builder.fadd)

    return signature, codegen
