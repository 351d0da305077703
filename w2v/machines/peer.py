"""A process with the whole model, which trains some of its replicas and merges the copies of all; see kernels/exchange.

    begin     a list of blocks, one for each replica; a peer has the ids of those that it trains
    train     a round of its own replicas -> copies; the model stays as it is
    merge     the copies of all replicas -> the model of the next round

Only `merge` changes the model, so that a round whose copies are lost is trained again, here or by another peer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.kernels.exchange import begin_replica, merge_all, name_copies, train_copies
from w2v.kernels.random import stream_key
from w2v.options import TrainingOptions
from w2v.tokens.arrays import TokenIds
from w2v.training.model import Model
from w2v.training.schedule import Turn
from w2v.training.synchronous import ReplicaMemory
from w2v.training.training_corpus import CorpusFacts


class Standing(NamedTuple):
    """How far all replicas are in their blocks, (R,) each.

    Attributes:
        keys: uint64, where their random streams go on.
        bits: float64, the losses so far.
        predictions: int64, how many so far.
    """

    keys: npt.NDArray[np.uint64]
    bits: npt.NDArray[np.float64]
    predictions: npt.NDArray[np.int64]


class Copies(NamedTuple):
    """What one replica did in a round.

    Attributes:
        replica: its number.
        numbers: (n,) int32, the rows that it touched; output row r counts as row V + r.
        values: (n, d) float32, the rows as it left them.
        key: where its random stream goes on.
        bits: loss of its block so far.
        predictions: of its block so far.
    """

    replica: int
    numbers: npt.NDArray[np.int32]
    values: npt.NDArray[np.float32]
    key: np.uint64
    bits: float
    predictions: int

    @property
    def nbytes(self) -> int:
        """Bytes to send."""
        return self.numbers.nbytes + self.values.nbytes


class StaleError(Exception):
    """Work whose result nobody needs any more: the crew or its list of blocks has changed. Dask logs it."""

    def __init__(self) -> None:
        super().__init__("this result is no longer needed; nothing is wrong")


class Peer:
    """One process of several that train the same model.

    Args:
        model: the whole model.
        corpus: how large the text is.
        options: how to train.
        epochs_before: epochs that earlier runs trained the model.
        threads: how many train replicas at the same time.

    Attributes:
        model: as of the last merge.
        merged: how many rounds of the run have been merged.
    """

    def __init__(
        self, model: Model, corpus: CorpusFacts, options: TrainingOptions, epochs_before: int, threads: int
    ) -> None:
        self.model = model
        self.merged = 0
        self._options, self._epochs_before, self._n = options, epochs_before, 0
        self._memory = ReplicaMemory(model, corpus, options)
        self._buffers = [self._memory.setup.buffers() for _ in range(threads)]
        self._rooms = [self._memory.merging_room() for _ in range(threads)]
        self._pool = ThreadPoolExecutor(threads)
        self._halted = np.zeros(1, np.int64)

    def compile(self) -> None:
        """Compile the kernels, or load what was compiled before."""
        self.begin([Turn(0, 0, 0.0)], {})
        self.merge(self.train([0], 0))
        self.merged = 0

    def begin(
        self, turns: Sequence[Turn], blocks: Mapping[int, TokenIds], standing: Standing | None = None
    ) -> list[int]:
        """Begin a list of blocks.

        Args:
            turns: of all replicas.
            blocks: the ids of some blocks, by replica: those that this peer may train.
            standing: how far all replicas are already; None is at the start of their blocks.

        Returns:
            How many words subsampling kept of each block; 0 for those that are not here.
        """
        self._n = len(turns)
        self._halted[0] = 0
        replicas, _ = self._memory.first(self._n)
        replicas.n_words[:] = 0
        setup, buffers = self._memory.setup, self._buffers[0]
        for replica, turn in enumerate(turns):
            key = stream_key(self._options.seed, self._epochs_before + turn.epoch, turn.block)
            ids = blocks.get(replica)
            replicas.set_block(replica, np.empty(0, np.int32) if ids is None else ids, turn.lr, key)
            begin_replica(replicas, setup.sampling, buffers.windows, replica)
        if standing is not None:
            for kept, value in zip((replicas.keys, replicas.bits, replicas.predictions), standing, strict=True):
                kept[:] = value
        n_words: list[int] = replicas.n_words.tolist()
        return n_words

    def halt(self) -> None:
        """Train no more of the list, and end a round at hand soon; may be called from any thread."""
        self._halted[0] = 1

    def train(self, chosen: Sequence[int], first: int) -> list[Copies]:
        """Train the round of some replicas that begins with center number `first` of their blocks.

        Raises:
            StaleError: the list was halted.
        """
        shares = [chosen[i :: len(self._buffers)] for i in range(len(self._buffers))]
        done = [self._pool.submit(self._train_some, thread, share, first) for thread, share in enumerate(shares)]
        return sorted((copies for share in done for copies in share.result()), key=lambda copies: copies.replica)

    def _train_some(self, thread: int, chosen: Sequence[int], first: int) -> list[Copies]:
        return [self._train_one(thread, replica, first) for replica in chosen]

    def _train_one(self, thread: int, replica: int, first: int) -> Copies:
        replicas, rows = self._memory.first(self._n)
        setup, (layer, windows, scratch) = self._memory.setup, self._buffers[thread]
        kept = replicas.keys, replicas.bits, replicas.predictions
        before = [array[replica] for array in kept]
        train_copies(
            replicas, setup.method, layer, setup.sampling, windows, scratch, rows, self._rooms[thread], replica,
            first, self._options.merge_every, self._halted,
        )  # fmt: skip
        key, bits, predictions = (array[replica] for array in kept)
        for array, value in zip(kept, before, strict=True):  # `merge` accepts what came of the round
            array[replica] = value
        if self._halted[0]:
            raise StaleError
        n = int(rows.n_copies[replica, 0])
        values = self._memory.copies[replica, :n, : self.model.dim].copy()
        return Copies(replica, rows.rows[replica, :n].copy(), values, key, float(bits), int(predictions))

    def merge(self, copies: Sequence[Copies]) -> None:
        """Merge what all replicas of the list did in a round."""
        threads = len(self._rooms)

        def take(thread: int) -> None:
            self._take(thread, copies[thread::threads])

        def merge(thread: int) -> None:
            replicas, rows = self._memory.first(self._n)
            merge_all(rows, self._rooms[thread], replicas.lrs[0], thread, threads)

        for work in (take, merge):
            list(self._pool.map(work, range(threads)))
        self.merged += 1

    def _take(self, thread: int, copies: Sequence[Copies]) -> None:
        """Put the copies of some replicas where `merge_all` finds them."""
        replicas, rows = self._memory.first(self._n)
        for replica, numbers, values, key, bits, predictions in copies:
            name_copies(rows, self._rooms[thread], replica, numbers)
            self._memory.copies[replica, : len(numbers), : self.model.dim] = values
            replicas.keys[replica], replicas.bits[replica], replicas.predictions[replica] = key, bits, predictions

    def standing(self) -> Standing:
        """Return how far all replicas are, as of the last merge."""
        replicas, _ = self._memory.first(self._n)
        return Standing(replicas.keys.copy(), replicas.bits.copy(), replicas.predictions.copy())

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()
