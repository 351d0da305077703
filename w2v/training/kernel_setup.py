"""What the kernels need to train a model on a text, and how large the blocks of the text may be."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.kernels.buffers import Sampling, Scratch, WindowBuffers
from w2v.kernels.cbow import Cbow
from w2v.kernels.output_layer import output_layer_class
from w2v.kernels.skipgram import SkipGram
from w2v.options import TrainingOptions
from w2v.sampling import keep_probabilities, keep_thresholds
from w2v.training.model import Model
from w2v.training.training_corpus import CorpusFacts

_PRODUCTS_PER_BLOCK = 2e10  # multiplications of one forward pass; a slow CPU needs about a second
_FEWEST_IDS = 64


class ThreadBuffers(NamedTuple):
    """What one thread trains with; see w2v.kernels.buffers and the output layers."""

    layer: Any
    windows: WindowBuffers
    scratch: Scratch


class KernelSetup:
    """What the kernels need of a run; what its threads share is made once.

    Args:
        model: what is trained.
        corpus: the text.
        options: how.

    Attributes:
        sampling: which tokens are kept, and how far windows reach.
        method: names skip-gram or CBOW to the kernels.
        layer: the output layer.
        floats: padded length of a row.
    """

    def __init__(self, model: Model, corpus: CorpusFacts, options: TrainingOptions) -> None:
        counts = model.vocabulary.counts
        self.sampling = make_sampling(counts, options)
        self.method: SkipGram | Cbow = SkipGram()
        if options.model == "cbow":
            self.method = Cbow(options.cbow_mean, options.cbow_mean and options.cbow_gradient == "mean")
        self.layer = output_layer_class(options.loss)(counts, options)
        self.floats = model.input_vectors.shape[1]
        self._max_ids, self._window = corpus.max_block_ids, options.window

    def buffers(self) -> ThreadBuffers:
        """Return the buffers of a thread."""
        layer = self.layer.create_buffers(self.floats)
        scratch = Scratch.create(self._window, len(layer.tile), self.floats)
        return ThreadBuffers(layer, WindowBuffers.create(self._max_ids, self._window), scratch)


def most_block_ids(n_words: int, options: TrainingOptions) -> int:
    """Return the most ids of a block that a thread trains in about a second, with a vocabulary of `n_words`.

    A thread stops only between two blocks, or when all replicas have trained theirs: when training is interrupted, and
    while the model is saved.
    """
    products = output_layer_class(options.loss).rows_scored(n_words, options) * options.dim
    if options.deterministic:
        products *= options.replicas
    fewest = options.merge_every if options.deterministic else _FEWEST_IDS  # a block has at least one round
    return max(_FEWEST_IDS, fewest, int(_PRODUCTS_PER_BLOCK / products))


def make_sampling(counts: npt.NDArray[np.int64], options: TrainingOptions) -> Sampling:
    """Return which tokens are kept and how far windows reach, for words with these counts (V,)."""
    return Sampling(
        keep_thresholds=keep_thresholds(keep_probabilities(counts, options.sample, options.subsample_rule)),
        window=options.window,
        soft=options.window_mode == "soft",
    )
