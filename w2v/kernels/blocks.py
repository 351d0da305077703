"""Training on blocks of token ids, with skip-gram or CBOW and any output layer.

A block is thinned by subsampling, and then planned and trained in stretches of STRETCH centers. What a model does with
a stretch is in a module of its own, skipgram.py or cbow.py, behind the one function `train_stretch`.

The twins are `train_skipgram` and `train_cbow` in tests/reference.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.compiling import kernel
from w2v.kernels.buffers import STRETCH, Workspace, drain
from w2v.kernels.output_layer import Block
from w2v.kernels.private_rows import Merging, merge_due
from w2v.kernels.windows import subsample


def train_stretch(model, layer, workspace, block, start, stop, state):
    """Plan a stretch of centers, and train them group by group; losses go to block.scratch.tally.

    Args:
        model: SkipGram or Cbow.
        layer: an output layer's buffers.
        workspace: a Workspace.
        block: a Block.
        start: the first of the block's words that is a center.
        stop: the last one (exclusive), at most STRETCH more.
        state: of the random stream.

    Returns:
        The random state after the draws, and the number of predictions.
    """
    raise NotImplementedError


@kernel
def train_block(
    ids: npt.NDArray[np.int32],
    model: Any,
    layer: Any,
    workspace: Workspace,
    merging: Merging,
    lr: np.float32,
    key: np.uint64,
) -> tuple[float, int]:
    """Train on one block of the corpus.

    Args:
        ids: (N,) int32 token ids; -1 ends a sentence.
        model: SkipGram or Cbow.
        layer: an output layer's buffers.
        workspace: a Workspace with room for N ids; the rows that it names are changed.
        merging: which private rows are merged after which stretches.
        lr: float32 learning rate.
        key: uint64 that starts the block's random stream.

    Returns:
        The loss summed over all predictions, in bits (NaN when a score is not finite), and the number of predictions.
    """
    windows, scratch = workspace.windows, workspace.scratch
    bits = 0.0
    predictions = 0
    state, n = subsample(ids, workspace.sampling.keep_thresholds, key, windows)
    block = Block(workspace.rows, windows, scratch, lr, n)
    for start in range(0, n, STRETCH):
        stop = start + STRETCH if start + STRETCH < n else n
        state, made = train_stretch(model, layer, workspace, block, start, stop, state)
        predictions += made
        bits += drain(scratch.tally)
        merge_due(workspace.rows, merging)
    return bits, predictions
