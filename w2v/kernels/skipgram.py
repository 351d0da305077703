"""Skip-gram: from each context word's input vector, predict the center (Mikolov et al. 2013, "Efficient Estimation of
Word Representations in Vector Space", section 3.2; which of the two predicts the other is the same in sum).
"""

from __future__ import annotations

from typing import Any

from numba import njit

from w2v.kernels import hierarchy, negatives, softmax  # noqa: F401  (they provide what is asked of output layers)
from w2v.kernels.layers import group_size, learn, plan_targets, weigh_words
from w2v.kernels.tiles import ROWS_AT_ONCE, prefetch, static
from w2v.kernels.windows import KERNEL, STRETCH, drain, group_bounds, plan_windows, subsample

_TOGETHER = static(ROWS_AT_ONCE)


@njit(**KERNEL)
def train_block(
    ids: Any, sampling: Any, layer: Any, rows: Any, windows: Any, scratch: Any, lr: Any, key: Any, tile: Any
) -> Any:
    """Train on one block of the corpus.

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

    Returns:
        The loss summed over all predictions, in bits (NaN when a score is not finite), and the number of predictions.
    """
    left, right, inputs = windows.left, windows.right, windows.inputs
    size = len(group_size(layer))
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
        for group in range(groups):
            begin, end = group_bounds(windows, group, size, n)
            for k in range(group * size, (group + 1) * size):
                predictions += right[k] - left[k] - 1 if right[k] > left[k] else 0
            more = group + 1 < groups
            weigh_words(layer, windows, start, group, n, begin, end, tile)
            learn(
                layer, group, more, inputs, inputs, begin - start + window, end - begin, rows, scratch, lr, tile,
                _TOGETHER,
            )  # fmt: skip
            if more:
                for k in range(size):
                    prefetch(inputs[(group + 1) * size + k + 2 * window], lines)
        bits += drain(scratch.tally)
    return bits, predictions
