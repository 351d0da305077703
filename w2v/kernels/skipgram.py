"""Skip-gram with negative sampling: from each context word's input vector, predict the center.

Mikolov et al. 2013, "Distributed Representations of Words and Phrases and their Compositionality", equation 4.
"""

from __future__ import annotations

from typing import Any

from numba import njit

from w2v.kernels.blocks import BATCH_ROWS, ROWS_AT_ONCE, prefetch, score, update
from w2v.kernels.windows import GROUP, STRETCH, drain, plan, subsample, weigh
from w2v.simd import LANES


@njit(cache=True, nogil=True, error_model="numpy")
def train_block(ids: Any, sampling: Any, rows: Any, buffers: Any, scratch: Any, lr: Any, key: Any, tile: Any) -> Any:
    """Train on one block of the corpus.

    Args:
        ids: (N,) int32 token ids; -1 ends a sentence.
        sampling: a Sampling.
        rows: Rows; their memory is changed.
        buffers: a Plan with room for N ids.
        scratch: a Scratch.
        lr: float32 learning rate.
        key: uint64 that starts the block's random stream.
        tile: static(number of targets a tile).

    Returns:
        The loss summed over all predictions, in bits (NaN when a score is not finite), and the number of predictions.
    """
    inputs, targets, weights = buffers.inputs, buffers.targets, buffers.weights
    errors, tally = scratch.errors, scratch.tally
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
        for group in range(groups):
            begin, end, made = weigh(buffers, start, group, n, stride, tile)
            predictions += made
            first = begin - start + window
            ahead = width if group + 1 < groups else 0
            for t in range(width // n_tile):
                place = group * width + t * n_tile
                for batch in range(0, end - begin, BATCH_ROWS):
                    count = min(BATCH_ROWS, end - begin - batch)
                    for row in range(batch, batch + count, ROWS_AT_ONCE):
                        score(inputs, first, row, targets, place, weights, t * stride, lr, errors, tally, chunks, tile)
                    update(inputs, inputs, first, batch, count, targets, place, place + ahead, errors, chunks, tile)
            if ahead > 0:
                for k in range(GROUP):
                    prefetch(inputs[(group + 1) * GROUP + k + 2 * window], lines)
        bits += drain(tally)
    return bits, predictions
