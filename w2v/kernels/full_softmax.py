"""The exact softmax: a center against all words of the vocabulary.

The yardstick for the other output layers, at a cost in proportion to the vocabulary. With hidden vector h, center o and
output vectors u of all V words,

    p_w     = exp(s_w) / sum_{k=1..V} exp(s_k)      with s_w = u_w . h
    L       = -log p_o = log sum_k exp(s_k) - s_o

    dL/ds_w = p_w - [w = o]
    dL/dh   = sum_w dL/ds_w u_w
    dL/du_w = dL/ds_w h

A group of neighbouring centers is trained as one product of its rows and the whole output matrix: a row is scored once,
however many centers it predicts. With m_i predictions from row i, which has p_iw of each word, the errors are

              u_0            ...   u_o                      ...   u_V
        h_i   -lr m_i p_i0         lr (1 - m_i p_io)              -lr m_i p_iV       o is one of its centers

The twin is `ExactSoftmax` in tests/reference.py.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import types
from numba.core import cgutils

from w2v.compiling import inlined, provides
from w2v.errors import TrainingError
from w2v.kernels.buffers import MAX_GROUP, STRETCH, group_rows, output_row, row_addresses
from w2v.kernels.means import SharedRows, distribute_gradient
from w2v.kernels.output_layer import (
    OutputLayer,
    RowUpdates,
    context_rows,
    label_context_rows,
    label_means,
    plan_targets,
    train_group,
)
from w2v.kernels.tiles import MAX_TILE, HiddenRows, copy_tile, score, static, update
from w2v.options import TrainingOptions
from w2v.sampling import keep_probabilities
from w2v.simd import LANES, LOG2_E, ROW_FLOATS, Emitter, aligned_zeros, array_pointers, i64, intrinsic, row_floats

GROUP = MAX_GROUP
TILE = MAX_TILE
_LEAST_POWER = -120.0  # a probability below 2**_LEAST_POWER of the largest counts as that
_ONE = static(1)

_PRODUCTS_PER_SECOND = 25e9  # multiplications on one thread with AVX-512; other CPUs are slower
_LONGEST_EPOCH = 24 * 3600


class SoftmaxBuffers(NamedTuple):
    """A thread's buffers."""

    group: tuple[bool, ...]  # static(GROUP)
    tile: tuple[bool, ...]  # static(TILE)
    words: npt.NDArray[np.int32]  # (STRETCH,) the centers
    targets: npt.NDArray[np.int64]  # (V, filled up to whole tiles with padding) all output rows
    n_words: int  # V
    begin: npt.NDArray[np.int32]  # (GROUP,) the first row of the group that predicts each center
    end: npt.NDArray[np.int32]  # (GROUP,) one more than the last
    center: npt.NDArray[np.int32]  # (GROUP,) the row between them that does not, the center itself, if any
    n_predictions: npt.NDArray[np.int32]  # (rows,) how many predictions are made from a row
    scores: npt.NDArray[np.float32]  # (rows * scores a row,) scores, then errors
    hidden: npt.NDArray[np.int64]  # (rows,) the group's input rows
    changes: npt.NDArray[np.int64]  # (rows,) rows of zeros that take their changes
    whole: npt.NDArray[np.float32]  # (1,) the share of its change that a row gets
    change_rows: npt.NDArray[np.float32]  # (rows, row floats) where `changes` lie

    @classmethod
    def create(cls, n_words: int, window: int, floats: int) -> SoftmaxBuffers:
        """Make the buffers for V words, a window, and rows of `floats` values."""
        rows = group_rows(window)
        change_rows = aligned_zeros(rows, floats)
        return cls(
            group=static(GROUP),
            tile=static(TILE),
            words=np.zeros(STRETCH, np.int32),
            targets=np.zeros(-(-n_words // ROW_FLOATS) * ROW_FLOATS, np.int64),
            n_words=n_words,
            begin=np.zeros(GROUP, np.int32),
            end=np.zeros(GROUP, np.int32),
            center=np.zeros(GROUP, np.int32),
            n_predictions=np.zeros(rows, np.int32),
            scores=np.zeros(rows * -(-n_words // ROW_FLOATS) * ROW_FLOATS, np.float32),
            hidden=np.zeros(rows, np.int64),
            changes=row_addresses(change_rows),
            whole=np.ones(1, np.float32),
            change_rows=change_rows,
        )


@provides(plan_targets, SoftmaxBuffers)
def _plan_targets(layer, block, start, stop, state):
    """Note the centers. The targets are the same for all: every word."""
    for center in range(start, stop):
        layer.words[center - start] = block.windows.words[center]
    for word in range(layer.targets.shape[0]):
        layer.targets[word] = output_row(block.rows, word) if word < layer.n_words else block.rows.padding
    return state


@provides(label_context_rows, SoftmaxBuffers)
def _label_context_rows(layer, block, group):
    windows = block.windows
    for k in range(GROUP):
        layer.begin[k] = windows.left[group.first + k] - group.begin
        layer.end[k] = windows.right[group.first + k] - group.begin
        layer.center[k] = group.first_center + k - group.begin


@provides(label_means, SoftmaxBuffers)
def _label_means(layer, block, group):
    windows = block.windows
    for k in range(GROUP):
        layer.begin[k], layer.center[k] = k, -1
        layer.end[k] = k + (windows.right[group.first + k] - windows.left[group.first + k] > 1)


@provides(train_group, SoftmaxBuffers)
def _train_group(layer, block, group, hidden):
    """All scores are taken before anything changes: the step is the gradient of the group's loss."""
    errors = block.scratch.errors
    chunks = block.rows.row_bytes // (4 * LANES)
    width = layer.targets.shape[0]
    rows = HiddenRows(layer.hidden, layer.changes, 0, hidden.n_rows, hidden.together)
    for r in range(rows.n_rows + len(rows.together) - 1):
        layer.hidden[r] = hidden.inputs[hidden.first + r]
        layer.n_predictions[r] = 0
    for t in range(0, width, TILE):
        for r in range(0, rows.n_rows, len(rows.together)):
            score(rows, r, layer.targets, t, errors, chunks, layer.tile)
        for r in range(rows.n_rows):
            copy_tile(errors, r * TILE, layer.scores, r * width + t)
    _softmax_errors(layer, block, group, rows.n_rows)
    for t in range(0, width, TILE):
        for r in range(rows.n_rows):
            copy_tile(layer.scores, r * width + t, errors, r * TILE)
        update(rows, 0, rows.n_rows, layer.targets, t, min(t + TILE, width - TILE), errors, chunks, layer.tile)
    for r in range(rows.n_rows):
        into_row = SharedRows(hidden.changes, hidden.first + r, 1, layer.whole, 0)
        distribute_gradient(into_row, layer.changes[r:], chunks, _ONE)


@inlined
def _softmax_errors(layer, block, group, n_rows):
    """Turn the scores of a group's rows into errors, and add the losses, in bits, to the tally."""
    scores, n_predictions, lr = layer.scores, layer.n_predictions, block.lr
    width = layer.targets.shape[0]
    bits = 0.0
    for k in range(GROUP):
        for r in range(layer.begin[k], layer.end[k]):
            if r != layer.center[k]:
                n_predictions[r] += 1
                bits -= scores[r * width + layer.words[group.first + k]] * LOG2_E
    for r in range(n_rows):
        for w in range(layer.n_words, width):
            scores[r * width + w] = -np.inf
        largest = maximum(scores, r * width, width)
        total = exponentials(scores, r * width, width, largest)
        share = -lr * np.float32(n_predictions[r]) / total
        for w in range(width):
            scores[r * width + w] *= share
        if n_predictions[r] > 0:
            bits += n_predictions[r] * (math.log2(total) + largest * LOG2_E)
    for k in range(GROUP):
        for r in range(layer.begin[k], layer.end[k]):
            if r != layer.center[k]:
                scores[r * width + layer.words[group.first + k]] += lr
    block.scratch.tally[0] += np.float32(bits)


@intrinsic
def maximum(typing, values, start, count):
    """Return the largest of values[start : start + count]; count is a multiple of LANES."""
    signature = types.float32(values, start, count)

    def codegen(context, builder, sig, args):
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
def exponentials(typing, values, start, count, largest):
    """Replace x by exp(x - largest) in values[start : start + count]; return their sum, NaN if one x is."""
    signature = types.float32(values, start, count, largest)

    def codegen(context, builder, sig, args):
        values, start, count, largest = array_pointers(context, builder, sig, args)
        emit = Emitter(builder)
        top = emit.broadcast(largest)
        total = cgutils.alloca_once_value(builder, emit.splat(0.0))
        with cgutils.for_range_slice(builder, i64(0), count, i64(LANES), inc=True) as (index, _):
            place = builder.gep(values, [builder.add(start, index)])
            x = builder.fmul(builder.fsub(emit.load(place, align=4), top), emit.splat(LOG2_E))
            low = builder.fcmp_ordered("<", x, emit.splat(_LEAST_POWER))
            power = emit.exp2(builder.select(low, emit.splat(_LEAST_POWER), x))
            power = builder.select(low, emit.splat(0.0), power)
            emit.store(power, place, align=4)
            builder.store(builder.fadd(builder.load(total), power), total)
        return emit.reduce(builder.load(total), builder.fadd)

    return signature, codegen


class FullSoftmax(OutputLayer):
    """The exact softmax for a run; it needs no tables."""

    @classmethod
    def rows_scored(cls, n_words: int, options: TrainingOptions) -> float:
        """Return how many output rows are scored for a center: all, by the input rows of its group."""
        return (1 + context_rows(options) / MAX_GROUP) * n_words

    @classmethod
    def require_feasible(cls, counts: npt.NDArray[np.int64], tokens: int, options: TrainingOptions) -> None:
        """Refuse a vocabulary with which one epoch would take longer than a day, by a rough and rather short estimate.

        Raises:
            TrainingError: it would.
        """
        keep = keep_probabilities(counts, options.sample, options.subsample_rule)
        kept = tokens / counts.sum() * (counts * keep).sum()
        rows = kept * (1 if options.model == "cbow" else 1 + options.window / MAX_GROUP)
        seconds = 3 * rows * len(counts) * row_floats(options.dim) / _PRODUCTS_PER_SECOND / options.threads
        if seconds > _LONGEST_EPOCH:
            raise TrainingError(
                f"`loss=softmax`: one epoch over {len(counts):,} words takes about {seconds / 3600:,.0f} hours; use"
                " `loss=hs` or `loss=ns`, lower `max_vocab`, or add `yes=True` to start all the same"
            )

    @classmethod
    def thread_bytes(cls, n_words: int, options: TrainingOptions) -> int:
        """Return about how many bytes the buffers of one thread take: the scores of all words, for a group of rows."""
        rows = group_rows(options.window)
        return (4 * rows + 8) * n_words + 4 * rows * row_floats(options.dim)

    def create_buffers(self, floats: int) -> SoftmaxBuffers:
        """Return one thread's buffers."""
        return SoftmaxBuffers.create(len(self.counts), self.options.window, floats)

    def updates(self, centers: npt.NDArray[np.float64]) -> RowUpdates:
        """Return how often each row is updated: every output row by every prediction."""
        return centers * 2, np.full(len(centers), centers.sum())
