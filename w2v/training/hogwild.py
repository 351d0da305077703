"""Threads that train the same rows at the same time (Niu et al. 2011, "Hogwild!"), but for private copies of a few.

Each thread takes the next block when it has finished the one before. Which thread changes a row first is a matter of
chance, so that the result differs a little from run to run, except with one thread.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from w2v.kernels import blocks
from w2v.kernels.buffers import STRETCH, Workspace
from w2v.kernels.private_rows import PrivateRows
from w2v.kernels.random import stream_key
from w2v.options import TrainingOptions
from w2v.training.kernel_setup import KernelSetup, ThreadBuffers
from w2v.training.model import Model
from w2v.training.run_state import Tally
from w2v.training.schedule import Turn, turns
from w2v.training.training_corpus import Corpus
from w2v.training.workers import Work


class Hogwild:
    """The work of a run in which threads share all rows.

    Args:
        model: what is trained.
        corpus: the text.
        options: how.
        epochs_before: epochs that earlier runs trained the model.

    Attributes:
        n_workers: how many workers share the work.
    """

    def __init__(self, model: Model, corpus: Corpus, options: TrainingOptions, epochs_before: int) -> None:
        self.n_workers = min(options.threads, corpus.n_blocks)
        self._model, self._corpus, self._options, self._epochs_before = model, corpus, options, epochs_before
        self._setup = KernelSetup(model, corpus, options)
        layer = self._setup.layer
        tokens = float(options.epochs * corpus.block_tokens.sum())
        self._stretches = float(layer.expected_tokens(tokens).sum()) / STRETCH
        inputs, outputs = layer.expected_updates(tokens)
        self._predictions = inputs / self._stretches, outputs / self._stretches
        self._private: list[PrivateRows] = []  # of all workers

    def units(self, first: int) -> Iterator[Turn]:
        """Yield what workers take in order, from block number `first` of the run on."""
        return turns(self._corpus, self._options, first)

    def compile(self) -> None:
        """Compile the kernels, or load what was compiled before."""
        private = self._private_rows()
        self._train(self._setup.buffers(), private, np.empty(0, np.int32), 0.0, np.uint64(0))

    def make_work(self, tally: Tally) -> Work[Turn]:
        """Return what one worker does with a turn; its results go to the tally."""
        buffers, private = self._setup.buffers(), self._private_rows()
        self._private.append(private)
        corpus = self._corpus
        room = np.empty(corpus.max_block_ids, np.int32)

        def train_block(turn: Turn) -> None:
            key = stream_key(self._options.seed, self._epochs_before + turn.epoch, turn.block)
            bits, predictions = self._train(buffers, private, corpus.read(turn.block, room), turn.lr, key)
            tally.add(turn, int(corpus.block_tokens[turn.block]), bits, predictions)

        return train_block

    def hurry(self) -> None:
        """Do nothing: what is at hand has changed the model."""

    def collect(self) -> None:
        """Merge the private rows of all workers."""
        for private in self._private:
            private.merge()

    def _private_rows(self) -> PrivateRows:
        matrices = self._model.input_vectors, self._model.output_vectors
        return PrivateRows(matrices, self._predictions, self._stretches, self._options.initial_lr, self.n_workers)

    def _train(
        self, buffers: ThreadBuffers, private: PrivateRows, ids: npt.NDArray[np.int32], lr: float, key: np.uint64
    ) -> tuple[float, int]:
        setup = self._setup
        workspace = Workspace(setup.sampling, private.addresses, buffers.windows, buffers.scratch)
        merging = private.merging(lr)
        return blocks.train_block(ids, setup.method, buffers.layer, workspace, merging, np.float32(lr), key)
