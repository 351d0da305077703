"""CBOW: from the mean, or the sum, of the context words' input vectors, predict the center.

Mikolov et al. 2013, "Efficient Estimation of Word Representations in Vector Space", section 3.1. With input vectors v,
m context words c_1..c_m of center w_t, and L an output layer's loss of predicting w_t from a hidden vector h,

    h       = 1/m sum_i v_{c_i}        the loss of a block is sum_t L(w_t | h_t)
    dL/dv_c = 1/m dL/dh                for each c of c_1..c_m

The gradient is that of the mean (İrsoy et al. 2021, "Corrected CBOW Performs as well as Skip-gram"). word2vec.c takes
the mean, but gives each context word all of dL/dh; with the sum, h = sum_i v_{c_i}, all of it is the gradient.

A group of centers c0 c1 between other words w, each with a reach of 1, and what its means predict of a tile: the
targets, of negative sampling, are the centers and five negatives.

    words  w0  c0  c1  w1
                                            c0   c1   n1 ... n5
    h_0 = (v_w0 + v_c1) / 2          h_0    1    0   -1     -1
    h_1 = (v_c0 + v_w1) / 2          h_1    0    1   -1     -1

The changes of the means go to rows of zeros first, and from there to the context words (see means.py).

The twin is `train_cbow` in tests/reference.py.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from w2v.compiling import provides
from w2v.kernels.blocks import train_stretch
from w2v.kernels.buffers import MAX_GROUP
from w2v.kernels.means import SharedRows, average, distribute_gradient, fill_shares
from w2v.kernels.output_layer import label_means, plan_targets, train_group
from w2v.kernels.tiles import ROWS_AT_ONCE, HiddenRows
from w2v.kernels.windows import plan_group, plan_windows, prefetch_next_group
from w2v.simd import LANES


class Cbow(NamedTuple):
    """Names the model to the kernels."""

    use_mean: bool  # whether h is the mean of the m context vectors, or their sum
    divide_gradient: bool  # whether each context vector gets 1/m of the gradient, or all of it


@provides(train_stretch, Cbow)
def _train_stretch(model, layer, workspace, block, start, stop, state):
    windows, scratch, n = workspace.windows, workspace.scratch, block.n_words
    left, right, input_rows = windows.left, windows.right, windows.input_rows
    stride = scratch.mean_shares.shape[0] // MAX_GROUP
    size = len(layer.group)
    together = layer.group[:ROWS_AT_ONCE]
    chunks = workspace.rows.row_bytes // (4 * LANES)
    predictions = 0
    state = plan_windows(workspace, start, n, state)
    state = plan_targets(layer, block, start, stop, state)
    for number in range(-(-(stop - start) // size)):
        group = plan_group(workspace, number, size, start, stop, n)
        count = group.end - group.begin
        into_means = SharedRows(input_rows, group.first_row, count, scratch.mean_shares, stride)
        from_means = SharedRows(input_rows, group.first_row, count, scratch.change_shares, stride)
        for k in range(size):
            place = group.first + k
            m = right[place] - left[place] - 1
            predictions += m > 0
            part = np.float32(1.0) / np.float32(m if m > 1 else 1)
            taken = part if model.use_mean else np.float32(1.0)
            given = part if model.divide_gradient else np.float32(1.0)
            low, high = left[place] - group.begin, right[place] - group.begin
            center = group.first_center + k - group.begin
            fill_shares(into_means, k, low, center, high, taken)
            fill_shares(from_means, k, low, center, high, given)
        label_means(layer, block, group)
        average(into_means, scratch.means, chunks, layer.group)
        hidden = HiddenRows(scratch.means, scratch.mean_changes, 0, size, together)
        train_group(layer, block, group, hidden)
        distribute_gradient(from_means, scratch.mean_changes, chunks, layer.group)
        if group.has_next:
            prefetch_next_group(workspace, group, size)
    return state, predictions
