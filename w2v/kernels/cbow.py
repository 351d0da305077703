"""CBOW: from the mean, or the sum, of the context words' input vectors, predict the center.

Mikolov et al. 2013, "Efficient Estimation of Word Representations in Vector Space", section 3.1. By default the
gradient is that of the mean (İrsoy et al. 2021, "Corrected CBOW Performs as well as Skip-gram").
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from w2v.kernels import hierarchy, negatives, softmax  # noqa: F401  (they provide what is asked of output layers)
from w2v.kernels.blocks import average, prefetch, spread
from w2v.kernels.layers import group_size, learn, plan_targets, weigh_means
from w2v.kernels.windows import KERNEL, STRETCH, drain, plan_windows, subsample
from w2v.simd import LANES


@njit(**KERNEL)
def train_block(
    ids: Any, sampling: Any, layer: Any, rows: Any, windows: Any, scratch: Any, lr: Any, key: Any, tile: Any,
    mean: Any, divide: Any,
) -> Any:  # fmt: skip
    """Train on one block of the corpus; arguments and returns as for skip-gram's train_block.

    Args:
        ids: (N,) int32 token ids; -1 ends a sentence.
        sampling: a Sampling.
        layer: the output layer: Negatives, Hierarchy or Softmax.
        rows: Rows; their memory is changed.
        windows: Windows with room for N ids.
        scratch: a Scratch.
        lr: float32 learning rate.
        key: uint64 that starts the block's random stream.
        tile: static(number of targets a tile).
        mean: whether the center is predicted from the mean of the m context vectors, or from their sum.
        divide: whether each context vector gets 1/m of the gradient, as differentiating the mean gives, or all of it,
            as differentiating the sum gives (word2vec.c does so for the mean, too).

    Returns:
        The loss summed over all predictions, in bits (NaN when a score is not finite), and the number of predictions.
    """
    left, right, inputs = windows.left, windows.right, windows.inputs
    means, mean_changes = scratch.means, scratch.mean_changes
    size = group_size(layer)
    chunks = rows.row_bytes // (4 * LANES)
    lines = rows.row_bytes // 64
    window = sampling.window
    bits = 0.0
    predictions = 0
    state, n = subsample(ids, sampling.keep, key, windows.words, windows.first, windows.last)
    for start in range(0, n, STRETCH):
        stop = start + STRETCH if start + STRETCH < n else n
        state = plan_windows(windows, start, n, sampling, rows, state)
        state = plan_targets(layer, windows.words, start, stop, rows, state)
        groups = -(-(stop - start) // size)
        offset = window - start
        for group in range(groups):
            more = group + 1 < groups
            weigh_means(layer, windows, start, group, n, tile)
            for k in range(size):
                place = group * size + k
                m = right[place] - left[place] - 1
                predictions += m > 0
                scale = np.float32(1.0 / m) if mean and m > 0 else np.float32(1.0)
                begin, end = left[place] + offset, right[place] + offset
                average(inputs, begin, place + window, end, scale, means[k], chunks)
            learn(layer, group, more, means, mean_changes, 0, size, rows, scratch, lr, tile)
            for k in range(size):
                place = group * size + k
                m = right[place] - left[place] - 1
                scale = np.float32(1.0 / m) if divide and m > 0 else np.float32(1.0)
                begin, end = left[place] + offset, right[place] + offset
                spread(inputs, begin, place + window, end, scale, mean_changes[k], chunks)
                if more:
                    prefetch(inputs[place + size + 2 * window], lines)
        bits += drain(scratch.tally)
    return bits, predictions
