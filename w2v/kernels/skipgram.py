"""Skip-gram: from each context word's input vector, predict the center.

Mikolov et al. 2013, "Efficient Estimation of Word Representations in Vector Space", section 3.2. With input vectors v,
a reach b of the window drawn for each center, and L an output layer's loss of predicting w_t from a hidden vector, a
block of T words has the loss

    sum_{t=1..T} sum_{-b <= j <= b, j != 0} L(w_t | v_{w_{t+j}})

(The paper predicts w_{t+j} from w_t; summed over the text both make the same pairs.)

A group of centers c0 c1 c2 between other words w, each with a reach of 1, and what its rows predict of a tile: the
targets, of negative sampling, are the centers and five negatives.

    words  w0  c0  c1  c2  w1
                                     c0   c1   c2   n1 ... n5
                             v_w0    1    0    0   -1     -1
                             v_c0    0    1    0   -1     -1
                             v_c1    1    0    1   -2     -2
                             v_c2    0    1    0   -1     -1
                             v_w1    0    0    1   -1     -1

The hidden vectors are the input rows themselves: what they learn goes straight to the matrix.

The twin is `train_skipgram` in tests/reference.py.
"""

from __future__ import annotations

from typing import NamedTuple

from w2v.compiling import provides
from w2v.kernels.blocks import train_stretch
from w2v.kernels.output_layer import label_context_rows, plan_targets, train_group
from w2v.kernels.tiles import ROWS_AT_ONCE, HiddenRows, static
from w2v.kernels.windows import plan_group, plan_windows, prefetch_next_group


class SkipGram(NamedTuple):
    """Names the model to the kernels."""

    together: tuple[bool, ...] = static(ROWS_AT_ONCE)  # rows that are scored at once


@provides(train_stretch, SkipGram)
def _train_stretch(model, layer, workspace, block, start, stop, state):
    windows, n = workspace.windows, block.n_words
    left, right, input_rows = windows.left, windows.right, windows.input_rows
    size = len(layer.group)
    predictions = 0
    state = plan_windows(workspace, start, n, state)
    state = plan_targets(layer, block, start, stop, state)
    for number in range(-(-(stop - start) // size)):
        group = plan_group(workspace, number, size, start, stop, n)
        for k in range(group.first, group.first + size):
            predictions += right[k] - left[k] - 1 if right[k] > left[k] else 0
        label_context_rows(layer, block, group)
        hidden = HiddenRows(input_rows, input_rows, group.first_row, group.end - group.begin, model.together)
        train_group(layer, block, group, hidden)
        if group.has_next:
            prefetch_next_group(workspace, group, size)
    return state, predictions
