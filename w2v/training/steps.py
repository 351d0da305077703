"""One step of training: one thread trains one block with its own buffers."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from w2v.kernels import cbow, skipgram
from w2v.kernels.buffers import Sampling, Scratch, WindowBuffers, Workspace
from w2v.kernels.output_layer import OutputLayer, output_layer_class
from w2v.options import TrainingOptions
from w2v.sampling import keep_probabilities, keep_thresholds
from w2v.training.model import Model
from w2v.training.private_rows import PrivateRows
from w2v.training.training_corpus import Corpus

_PRODUCTS_PER_BLOCK = 2e10  # multiplications of one forward pass; a slow CPU needs about a second
_FEWEST_IDS = 64


class Step:
    """One thread's buffers and private rows, and the kernel that trains a block with them.

    Args:
        private: the thread's private rows; they also say where those of the model lie.
        sampling: which tokens are kept, and how far windows reach.
        layer: the run's output layer.
        max_ids: ids of the longest block.
        options: how the model is trained.
    """

    def __init__(
        self, private: PrivateRows, sampling: Sampling, layer: OutputLayer, max_ids: int, options: TrainingOptions
    ) -> None:
        self._private, self._options = private, options
        floats = private.addresses.row_bytes // 4
        self._layer = layer.create_buffers(floats)
        self._workspace = Workspace(
            sampling,
            private.addresses,
            WindowBuffers.create(max_ids, options.window),
            Scratch.create(options.window, len(self._layer.tile), floats),
        )

    def __call__(self, ids: npt.NDArray[np.int32], lr: float, key: np.uint64) -> tuple[float, int]:
        """Train on a block; return the sum of its losses in bits, and the number of predictions.

        Args:
            ids: (N,) token ids, with -1 behind each sentence.
            lr: learning rate.
            key: of the block's random stream; see w2v.kernels.random.stream_key.
        """
        options = self._options
        arguments = ids, self._layer, self._workspace, np.float32(lr), key
        if options.model == "cbow":
            divide_gradient = options.cbow_mean and options.cbow_gradient == "mean"
            bits, predictions = cbow.train_block(*arguments, options.cbow_mean, divide_gradient)
        else:
            bits, predictions = skipgram.train_block(*arguments)
        self._private.merge(lr)
        return bits, predictions


def step_maker(model: Model, corpus: Corpus, options: TrainingOptions, threads: int) -> Callable[[], Step]:
    """Return a function that makes a Step for each of `threads` threads; what they share is made here, once."""
    counts = model.vocabulary.counts
    sampling = make_sampling(counts, options)
    layer = output_layer_class(options.loss)(counts, options)
    matrices = model.input_vectors, model.output_vectors
    predictions = layer.expected_updates(float(corpus.block_tokens.mean()))
    merging = threading.Lock()

    def make() -> Step:
        private = PrivateRows(matrices, predictions, threads, merging)
        return Step(private, sampling, layer, corpus.max_block_ids, options)

    return make


def most_block_ids(n_words: int, options: TrainingOptions) -> int:
    """Return the most ids of a block that a thread trains in about a second, with a vocabulary of `n_words`.

    A thread stops only between two blocks: when training is interrupted, and while the model is saved.
    """
    products = output_layer_class(options.loss).rows_scored(n_words, options) * options.dim
    return max(_FEWEST_IDS, int(_PRODUCTS_PER_BLOCK / products))


def make_sampling(counts: npt.NDArray[np.int64], options: TrainingOptions) -> Sampling:
    """Return which tokens are kept and how far windows reach, for words with these counts (V,)."""
    return Sampling(
        keep_thresholds=keep_thresholds(keep_probabilities(counts, options.sample, options.subsample_rule)),
        window=options.window,
        soft=options.window_mode == "soft",
    )
