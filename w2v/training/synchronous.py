"""Training in rounds, with the same result on any number of threads.

Each replica of the model has a block; see w2v.kernels.rounds for what happens in a round. A block's replica is its
place among the blocks that are trained at the same time, whichever thread carries it out, and its random numbers are
its own.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby, islice

import numpy as np

from w2v.corpus import BlockSizes
from w2v.errors import TrainingError
from w2v.kernels.barrier import Barrier
from w2v.kernels.merges import MergingRoom
from w2v.kernels.output_layer import output_layer_class
from w2v.kernels.random import stream_key
from w2v.kernels.replica_rows import ReplicaRows, copies_bytes, replica_rows
from w2v.kernels.rounds import Replicas, train_rounds
from w2v.options import TrainingOptions
from w2v.sampling import keep_probabilities
from w2v.simd import aligned_zeros, row_floats
from w2v.training.kernel_setup import KernelSetup, ThreadBuffers
from w2v.training.model import Model
from w2v.training.run_state import Tally
from w2v.training.schedule import Turn, turns
from w2v.training.training_corpus import Corpus, CorpusFacts
from w2v.training.workers import Work


def together(corpus: Corpus, options: TrainingOptions, first: int = 0) -> Iterator[list[Turn]]:
    """Yield the turns that replicas train at the same time, from block number `first` on, with which a list begins.

    No list goes on from one epoch into the next.
    """
    for _, epoch in groupby(turns(corpus, options, first), lambda turn: turn.epoch):
        while some := list(islice(epoch, options.replicas)):
            yield some


def most_copies(n_words: int, max_ids: int, options: TrainingOptions) -> int:
    """Return how many rows a replica may have to copy in a round, at most.

    Args:
        n_words: V.
        max_ids: ids of the longest block.
        options: how the model is trained.
    """
    layer = output_layer_class(options.loss)
    ids = min(max_ids, options.merge_every + 2 * options.window)
    return min(n_words + layer.n_output_rows(n_words), layer.rows_touched(n_words, ids, options))


def replicas_bytes(n_words: int, options: TrainingOptions) -> int:
    """Return about how many bytes replicas take beside the matrices; 0 without `deterministic`.

    Args:
        n_words: V.
        options: how the model is trained.
    """
    if not options.deterministic:
        return 0
    ids = BlockSizes().block_ids
    most = most_copies(n_words, ids, options)
    n_rows = n_words + output_layer_class(options.loss).n_output_rows(n_words)
    return (
        options.replicas * (Replicas.bytes_each(ids) + copies_bytes(most, row_floats(options.dim), options.merge_every))
        + 4 * n_rows
    )


def _started(threads: int) -> ThreadPoolExecutor:
    """Return a pool whose threads run: one that could not be started later would leave the others waiting in a kernel.

    Raises:
        TrainingError: the system allows no such number of threads.
    """
    pool, all_run = ThreadPoolExecutor(threads), threading.Barrier(threads)
    try:
        waiting = [pool.submit(all_run.wait) for _ in range(threads)]
    except RuntimeError as error:
        all_run.abort()
        raise TrainingError(f"the system can't start {threads} threads; lower `threads`") from error
    for thread in waiting:
        thread.result()
    return pool


class ReplicaMemory:
    """What the replicas of a model train with.

    Args:
        model: what is trained.
        corpus: the text.
        options: how.

    Attributes:
        setup: what the kernels need.
        copies: (replicas, most copies, padded d) float32 where copies of rows lie.
    """

    def __init__(self, model: Model, corpus: CorpusFacts, options: TrainingOptions) -> None:
        self.setup = KernelSetup(model, corpus, options)
        inputs, outputs = model.input_vectors, model.output_vectors
        n, most = min(options.replicas, corpus.n_blocks), most_copies(len(inputs), corpus.max_block_ids, options)
        self.copies = aligned_zeros(n * most, self.setup.floats).reshape(n, most, -1)
        self._padding = aligned_zeros(1, self.setup.floats)
        updates = self.setup.layer.expected_updates(_tokens_of_round(corpus, options))
        predictions = np.concatenate(updates).astype(np.float32)
        self._rows = replica_rows(inputs, outputs, self._padding, self.copies, predictions, options.merge_every)
        self._replicas = Replicas.create(n, corpus.max_block_ids)

    def merging_room(self) -> MergingRoom:
        """Return what a thread works with to claim and merge."""
        return MergingRoom.create(self._rows)

    def first(self, n: int) -> tuple[Replicas, ReplicaRows]:
        """Return the blocks and the rows of the first n replicas."""
        return self._replicas.first(n), self._rows._replace(claims=self._rows.claims[:n])


def _tokens_of_round(corpus: CorpusFacts, options: TrainingOptions) -> float:
    """Return how many tokens a replica's round has, before subsampling."""
    counts = corpus.vocabulary.counts
    kept = keep_probabilities(counts, options.sample, options.subsample_rule)
    return options.merge_every * float(counts.sum() / (counts * kept).sum())


class Synchronous:
    """The work of a run in rounds.

    Args:
        model: what is trained.
        corpus: the text.
        options: how.
        epochs_before: epochs that earlier runs trained the model.

    Attributes:
        n_workers: 1, which takes one block for each replica, and has threads of its own for them.
    """

    n_workers = 1

    def __init__(self, model: Model, corpus: Corpus, options: TrainingOptions, epochs_before: int) -> None:
        self._corpus, self._options, self._epochs_before = corpus, options, epochs_before
        self._threads = min(options.threads, options.replicas, corpus.n_blocks)
        self._memory = ReplicaMemory(model, corpus, options)

    def units(self, first: int) -> Iterator[list[Turn]]:
        """Yield what the worker takes in order, from block number `first` of the run on."""
        return together(self._corpus, self._options, first)

    def compile(self) -> None:
        """Compile the kernels, or load what was compiled before."""
        memory = self._memory
        self._train(memory.setup.buffers(), memory.merging_room(), Barrier.create(1), 0, 1)

    def make_work(self, tally: Tally) -> Work[list[Turn]]:
        """Return what the worker does with some turns; its results go to the tally, block by block."""
        corpus = self._corpus
        replicas, _ = self._memory.first(self._options.replicas)
        room = np.empty(corpus.max_block_ids, np.int32)
        own = [(self._memory.setup.buffers(), self._memory.merging_room()) for _ in range(self._threads)]
        pool = _started(self._threads)

        def train_together(some: list[Turn]) -> None:
            for r, turn in enumerate(some):
                key = stream_key(self._options.seed, self._epochs_before + turn.epoch, turn.block)
                replicas.set_block(r, corpus.read(turn.block, room), turn.lr, key)
            barrier = Barrier.create(self._threads)
            done = [pool.submit(self._train, *own[t], barrier, t, len(some)) for t in range(self._threads)]
            for share in done:
                share.result()
            for r, turn in enumerate(some):
                bits, predictions = float(replicas.bits[r]), int(replicas.predictions[r])
                tally.add(turn, int(corpus.block_tokens[turn.block]), bits, predictions)

        return train_together

    def hurry(self) -> None:
        """Do nothing: what is at hand has changed the model."""

    def collect(self) -> None:
        """Do nothing: the model is up to date."""

    def _train(self, buffers: ThreadBuffers, room: MergingRoom, barrier: Barrier, thread: int, n: int) -> None:
        """Do one thread's share of the work on the first n replicas."""
        setup = self._memory.setup
        replicas, rows = self._memory.first(n)
        train_rounds(
            replicas, setup.method, buffers.layer, setup.sampling, buffers.windows, buffers.scratch, rows, room,
            barrier, thread, self._options.merge_every,
        )  # fmt: skip
