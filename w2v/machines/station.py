"""What a worker holds for a run: shares of the text, and the model with the replicas that it trains."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.checksum import Checksum
from w2v.corpus.shares import ScannedShare, Share, WordCounts
from w2v.machines.peer import Copies, Peer, StaleError, Standing
from w2v.options import CorpusOptions, TrainingOptions
from w2v.tokens.arrays import TokenIds
from w2v.training.model import Model
from w2v.training.schedule import Turn
from w2v.vocabulary import Vocabulary

_REPORT_SECONDS = 0.2


class ReadShare(NamedTuple):
    """What a worker found in its share.

    Attributes:
        tokens: how many.
        longest_sentence: tokens of the longest line.
        notes: for the user.
    """

    tokens: int
    longest_sentence: int
    notes: list[str]


class NumberedShare(NamedTuple):
    """The blocks of a share.

    Attributes:
        block_tokens: tokens of each block, for each text block.
        max_block_ids: ids of the longest.
    """

    block_tokens: list[list[int]]
    max_block_ids: int


@dataclass(frozen=True)
class RunFacts:
    """What every worker needs to know of a run; it looks like a text to what trains, but for the ids.

    Attributes:
        vocabulary: the words.
        total_tokens: of the text.
        block_tokens: of each block.
        max_block_ids: ids of the longest block.
        options: how to train.
        epochs_before: epochs that earlier runs trained the model.
    """

    vocabulary: Vocabulary
    total_tokens: int
    block_tokens: npt.NDArray[np.int64]
    max_block_ids: int
    options: TrainingOptions
    epochs_before: int

    @property
    def n_blocks(self) -> int:
        """How many blocks there are."""
        return len(self.block_tokens)


class Snapshot(NamedTuple):
    """The model as of a merge.

    Attributes:
        merged: rounds of the run that it has.
        standing: how far all replicas are then, within a list of blocks; None before the first.
        input_vectors: (V, d) float32.
        output_vectors: (R, d) float32.
    """

    merged: int
    standing: Standing | None
    input_vectors: npt.NDArray[np.float32]
    output_vectors: npt.NDArray[np.float32]


class _Reading:
    """Progress of reading a share, passed on now and then; notes are kept.

    Args:
        report: is called with the bytes that were read so far.
    """

    def __init__(self, report: Callable[[int], None]) -> None:
        self.notes: list[str] = []
        self._report, self._reported, self._done = report, 0.0, 0

    def start(self, task: str, total: int | None, unit: str, before: int = 0) -> None:
        """Begin."""

    def update(self, done: int, facts: dict[str, str] | None = None) -> None:  # noqa: ARG002 - Progress has it
        """Pass on how many bytes have been read."""
        self._done, now = done, perf_counter()
        if now >= self._reported + _REPORT_SECONDS:
            self._reported = now
            self._report(done)

    def finish(self) -> None:
        """Pass on how many bytes were read."""
        self._report(self._done)

    def note(self, text: str) -> None:
        """Keep a note."""
        self.notes.append(text)


class Station:
    """What one worker holds. Its methods are called one at a time, except for `halt`.

    Args:
        report: is called with the bytes of text that were read so far; a source that several workers read counts in
            parts.
    """

    def __init__(self, report: Callable[[int], None]) -> None:
        """Hold nothing yet."""
        self._lock = threading.RLock()
        self._report = report
        self._bytes_read: dict[int, int] = {}  # by share
        self._shares: dict[int, ScannedShare] = {}
        self._peer: Peer | None = None
        self._standing: Standing | None = None  # of the snapshot, until the list is begun here
        self._crew = 0

    def __reduce__(self) -> Any:
        raise TypeError("a station stays where it is")

    # the text

    def read(self, number: int, share: Share, options: CorpusOptions) -> ReadShare:
        """Read a share, and keep it as number `number`."""
        bytes_read, report_all = self._bytes_read, self._report  # without the station, which must not outlive its run

        def report(n_bytes: int) -> None:
            bytes_read[number] = n_bytes // share.step
            report_all(sum(bytes_read.values()))

        with self._lock:
            progress = _Reading(report)
            self._shares[number] = ScannedShare(share, options, progress)
            found = self._shares[number]
            return ReadShare(found.tokens, found.longest_sentence, progress.notes)

    def counts(self, number: int) -> WordCounts:
        """Return how often each word occurs in a share."""
        with self._lock:
            return self._shares[number].counts()

    def number(self, number: int, vocabulary: Vocabulary, block_ids: int) -> NumberedShare:
        """Make the blocks of a share, of at most so many ids."""
        with self._lock:
            share = self._shares[number]
            share.number(vocabulary, block_ids)
            return NumberedShare(share.block_tokens, share.max_block_ids)

    def block(self, number: int, block: int) -> TokenIds:
        """Return the ids of a block of a share."""
        with self._lock:
            return self._shares[number].read(block)

    # the model

    def enlist(self, crew: int, facts: RunFacts, snapshot: Snapshot, threads: int) -> None:
        """Join a crew, with its model; compile the kernels, or load what was compiled before."""
        with self._lock:
            self._change_crew(crew)
            if self._peer is not None and self._peer.merged == snapshot.merged:
                return
            model = Model.create(facts.vocabulary, facts.options)
            model.input_vectors[:, : model.dim] = snapshot.input_vectors
            model.output_vectors[:, : model.dim] = snapshot.output_vectors
            if self._peer is not None:
                self._peer.close()
            self._peer = Peer(model, facts, facts.options, facts.epochs_before, threads)
            self._peer.compile()
            self._peer.merged, self._standing = snapshot.merged, snapshot.standing

    def retire(self, crew: int) -> tuple[int, Standing | None]:
        """Leave the crew, so that work for it does nothing here; return how many rounds the model has, and how far."""
        with self._lock:
            self._change_crew(crew)
            return (-1, None) if self._peer is None else (self._peer.merged, self._standing or self._peer.standing())

    def begin(
        self, crew: int, turns: Sequence[Turn], standing: Standing | None, replicas: Sequence[int], *blocks: TokenIds
    ) -> list[int]:
        """Begin a list of blocks, of which this worker trains some; see Peer."""
        with self._lock:
            self._standing = None
            return self._of(crew).begin(turns, dict(zip(replicas, blocks, strict=True)), standing)

    def train(
        self, crew: int, merged: int, replicas: Sequence[int], first: int, *results: list[Copies]
    ) -> list[Copies]:
        """Train a round, once the model has `merged` rounds; `results` of all workers are those of the round before."""
        with self._lock:
            return self._up_to(crew, merged, results).train(replicas, first)

    def halt(self) -> None:
        """Leave off the list of blocks; may be called while another method is at work."""
        peer = self._peer
        if peer is not None:
            peer.halt()

    def gather(self, crew: int, merged: int, *results: list[Copies]) -> Standing:
        """Bring the model to `merged` rounds, as `train` does, and return how far all replicas are."""
        with self._lock:
            return self._up_to(crew, merged, results).standing()

    def snapshot(self, crew: int) -> Snapshot:
        """Return the model."""
        with self._lock:
            peer = self._of(crew)
            model = peer.model
            matrices = model.input_vectors[:, : model.dim].copy(), model.output_vectors[:, : model.dim].copy()
            return Snapshot(peer.merged, self._standing or peer.standing(), *matrices)

    def checksum(self, crew: int) -> str:
        """Return a checksum of the model."""
        with self._lock:
            model, checksum = self._of(crew).model, Checksum()
            for matrix in (model.input_vectors, model.output_vectors):
                checksum.update(matrix.view(np.uint8).ravel())
            return str(checksum.digest())

    def _change_crew(self, crew: int) -> None:
        if crew < self._crew:  # Dask may carry out late what nobody waits for any more
            raise StaleError
        self._crew = crew

    def _of(self, crew: int) -> Peer:
        if crew != self._crew or self._peer is None:
            raise StaleError
        return self._peer

    def _up_to(self, crew: int, merged: int, results: Sequence[list[Copies]]) -> Peer:
        """Return the peer, with the last round merged unless it is already."""
        peer = self._of(crew)
        if results and peer.merged == merged - 1:
            peer.merge([copies for some in results for copies in some])
        if peer.merged != merged:
            raise StaleError
        return peer
