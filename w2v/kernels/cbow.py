"""CBOW: from the mean, or the sum, of the context words' input vectors, predict the center.

Mikolov et al. 2013, "Efficient Estimation of Word Representations in Vector Space", section 3.1. By default the
gradient is that of the mean (İrsoy et al. 2021, "Corrected CBOW Performs as well as Skip-gram").
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from w2v.kernels import hierarchy, negatives, softmax  # noqa: F401  (they provide what is asked of output layers)
from w2v.kernels.layers import group_size, learn, plan_targets, weigh_means
from w2v.kernels.means import average, share_out, spread
from w2v.kernels.tiles import ROWS_AT_ONCE, prefetch
from w2v.kernels.windows import KERNEL, MAX_GROUP, STRETCH, drain, group_bounds, plan_windows, subsample
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
    mean_shares, change_shares = scratch.mean_shares, scratch.change_shares
    stride = mean_shares.shape[0] // MAX_GROUP
    centers = group_size(layer)
    size = len(centers)
    together = centers[:ROWS_AT_ONCE]
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
            begin, end = group_bounds(windows, group, size, n)
            for k in range(size):
                place = group * size + k
                m = right[place] - left[place] - 1
                predictions += m > 0
                part = np.float32(1.0) / np.float32(m if m > 1 else 1)
                taken, given = part if mean else np.float32(1.0), part if divide else np.float32(1.0)
                low, skip, high = np.int64(left[place]), start + place, np.int64(right[place])
                share_out(mean_shares, k * stride, end - begin, begin, low, skip, high, taken)
                share_out(change_shares, k * stride, end - begin, begin, low, skip, high, given)
            weigh_means(layer, windows, start, group, n, tile)
            average(inputs, begin + offset, end - begin, mean_shares, stride, means, chunks, centers)
            learn(layer, group, more, means, mean_changes, 0, size, rows, scratch, lr, tile, together)
            spread(inputs, begin + offset, end - begin, change_shares, stride, mean_changes, chunks, centers)
            if more:
                for k in range(size):
                    prefetch(inputs[(group + 1) * size + k + 2 * window], lines)
        bits += drain(scratch.tally)
    return bits, predictions
