"""CBOW with negative sampling: from the mean of the context words' input vectors, predict the center.

Mikolov et al. 2013, "Efficient Estimation of Word Representations in Vector Space", section 3.1, with the gradient of
Irsoy et al. 2021, "Corrected CBOW Performs as well as Skip-gram", section 2.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from w2v.kernels.blocks import ROWS_AT_ONCE, average, prefetch, score, spread, update
from w2v.kernels.windows import GROUP, STRETCH, drain, plan, subsample, weigh_means
from w2v.simd import LANES


@njit(cache=True, nogil=True, error_model="numpy")
def train_block(
    ids: Any, sampling: Any, rows: Any, buffers: Any, scratch: Any, lr: Any, key: Any, tile: Any, divide: Any
) -> Any:
    """Train on one block of the corpus; arguments and returns as for skip-gram's train_block.

    Args:
        ids: (N,) int32 token ids; -1 ends a sentence.
        sampling: a Sampling.
        rows: Rows; their memory is changed.
        buffers: a Plan with room for N ids.
        scratch: a Scratch.
        lr: float32 learning rate.
        key: uint64 that starts the block's random stream.
        tile: static(number of targets a tile).
        divide: whether each of m context vectors gets 1/m of the gradient, as differentiating their mean gives, or all
            of it, as in word2vec.c.

    Returns:
        The loss summed over all predictions, in bits (NaN when a score is not finite), and the number of predictions.
    """
    inputs, targets, weights, left, right = (
        buffers.inputs,
        buffers.targets,
        buffers.weights,
        buffers.left,
        buffers.right,
    )
    errors, tally, means, mean_changes = scratch
    n_tile = len(tile)
    width = targets.shape[0] // STRETCH
    chunks = rows.row_bytes // (4 * LANES)
    lines = rows.row_bytes // 64
    window = sampling.window
    stride = (GROUP + 2 * window + 1) * n_tile
    bits = 0.0
    predictions = 0
    state, n = subsample(ids, sampling.keep, key, buffers.words, buffers.first, buffers.last)
    for start in range(0, n, STRETCH * GROUP):
        state, groups = plan(buffers, start, n, sampling, rows, state)
        offset = window - start
        for group in range(groups):
            predictions += weigh_means(buffers, start, group, n, stride, tile)
            ahead = width if group + 1 < groups else 0
            for k in range(GROUP):
                place = group * GROUP + k
                m = right[place] - left[place] - 1
                begin, end = left[place] + offset, right[place] + offset
                average(inputs, begin, place + window, end, np.float32(1.0 / max(1, m)), means[k], chunks)
            for t in range(width // n_tile):
                place = group * width + t * n_tile
                for row in range(0, GROUP, ROWS_AT_ONCE):
                    score(means, 0, row, targets, place, weights, t * stride, lr, errors, tally, chunks, tile)
                update(means, mean_changes, 0, 0, GROUP, targets, place, place + ahead, errors, chunks, tile)
            for k in range(GROUP):
                place = group * GROUP + k
                m = right[place] - left[place] - 1
                begin, end = left[place] + offset, right[place] + offset
                scale = np.float32(1.0 / max(1, m)) if divide else np.float32(1.0)
                spread(inputs, begin, place + window, end, scale, mean_changes[k], chunks)
                if ahead > 0:
                    prefetch(inputs[place + GROUP + 2 * window], lines)
        bits += drain(tally)
    return bits, predictions
