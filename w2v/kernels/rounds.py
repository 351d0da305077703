"""Rounds: replicas of the model train a few words each, and are then merged; inside a kernel, since rounds are short.

Every replica has a block of its own. In a round it trains the next `length` centers of its block; rows that other
replicas touch in the same round are copied first, and the copies are merged at its end (see replica_rows.py). The next
round begins from there. Threads only carry the replicas out: the result is the same with any number of them.

    thread 0   replica 0, replica 3 |         | merge half of the rows     |
    thread 1   replica 1, replica 2 | barrier | merge the other half       | barrier, and so on

Rounds must be short. Of frequent words, the mean of what all replicas learn is taken, so that a round brings them no
further than the words of one replica do. On 17M words of books (skip-gram, d = 100, 8 replicas), 40 % of the analogies
are right with 60 or 120 centers and 39 % with 3,000; threads that share all rows reach 40 %.

The twin is `train_rounds` in tests/reference.py.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.compiling import helper, inlined, kernel
from w2v.kernels.barrier import Barrier, take, wait
from w2v.kernels.blocks import train_stretch
from w2v.kernels.buffers import STRETCH, Sampling, Scratch, WindowBuffers, Workspace, drain
from w2v.kernels.merges import MergingRoom, merge_copies
from w2v.kernels.output_layer import Block, claim_targets
from w2v.kernels.replica_rows import ReplicaRows, find_shared, own_rows, row_claims
from w2v.kernels.windows import claim_windows, subsample


class Replicas(NamedTuple):
    """The blocks that replicas train, and how far they are."""

    ids: npt.NDArray[np.int32]  # (replicas, ids) token ids, with -1 behind each sentence
    n_ids: npt.NDArray[np.int64]  # (replicas,)
    keys: npt.NDArray[np.uint64]  # (replicas,) where the random stream of each block starts, and then goes on
    claim_keys: npt.NDArray[np.uint64]  # (replicas,) where it goes on behind what the replica has claimed
    lrs: npt.NDArray[np.float32]  # (replicas,) learning rates
    words: npt.NDArray[np.int32]  # (replicas, ids) as in WindowBuffers
    sentence_start: npt.NDArray[np.int32]  # (replicas, ids)
    sentence_end: npt.NDArray[np.int32]  # (replicas, ids)
    n_words: npt.NDArray[np.int64]  # (replicas,) words that subsampling kept
    bits: npt.NDArray[np.float64]  # (replicas,) losses
    predictions: npt.NDArray[np.int64]  # (replicas,)

    @classmethod
    def create(cls, replicas: int, max_ids: int) -> Replicas:
        """Make room for blocks of up to max_ids ids."""
        return cls(
            ids=np.zeros((replicas, max_ids), np.int32),
            n_ids=np.zeros(replicas, np.int64),
            keys=np.zeros(replicas, np.uint64),
            claim_keys=np.zeros(replicas, np.uint64),
            lrs=np.zeros(replicas, np.float32),
            words=np.zeros((replicas, max_ids), np.int32),
            sentence_start=np.zeros((replicas, max_ids), np.int32),
            sentence_end=np.zeros((replicas, max_ids), np.int32),
            n_words=np.zeros(replicas, np.int64),
            bits=np.zeros(replicas, np.float64),
            predictions=np.zeros(replicas, np.int64),
        )

    @staticmethod
    def bytes_each(max_ids: int) -> int:
        """Return about how many bytes a replica takes here."""
        return 16 * max_ids

    def first(self, replicas: int) -> Replicas:
        """Return the first of the replicas, on the same memory."""
        fields: Any = (field[:replicas] for field in self)
        return Replicas(*fields)

    def set_block(self, replica: int, ids: npt.NDArray[np.int32], lr: float, key: np.uint64) -> None:
        """Give a replica its block: token ids, learning rate, and where its random stream starts."""
        self.ids[replica, : len(ids)] = ids
        self.n_ids[replica], self.lrs[replica], self.keys[replica] = len(ids), lr, key


@inlined
def windows_of(replicas, windows, r):
    """Return the tokens of a replica's block, with the windows of a thread."""
    return WindowBuffers(
        replicas.words[r],
        replicas.sentence_start[r],
        replicas.sentence_end[r],
        windows.left,
        windows.right,
        windows.input_rows,
    )


@kernel
def train_rounds(
    replicas: Replicas,
    model: Any,
    layer: Any,
    sampling: Sampling,
    windows: WindowBuffers,
    scratch: Scratch,
    rows: ReplicaRows,
    room: MergingRoom,
    barrier: Barrier,
    thread: int,
    length: int,
) -> None:
    """Train one block on each replica, in rounds; every thread calls this.

    Args:
        replicas: the blocks; what becomes of them is written here.
        model: SkipGram or Cbow.
        layer: an output layer's buffers of this thread.
        sampling: which tokens are kept, and how far windows reach.
        windows: WindowBuffers of this thread; those of a block are taken from `replicas`.
        scratch: working memory of this thread.
        rows: both matrices, and the copies of all replicas.
        room: of this thread. (Nothing is allocated here: if that failed, other threads would wait for ever.)
        barrier: of all threads.
        thread: number of this thread, from 0.
        length: centers that a replica trains in a round, a multiple of STRETCH.
    """
    n_replicas = len(replicas.n_ids)
    places, threads = room.places, barrier.threads
    for r in range(thread, n_replicas, threads):
        begin_block(replicas, sampling, windows, r)
    wait(barrier)
    longest = np.int64(0)
    for r in range(n_replicas):
        longest = replicas.n_words[r] if replicas.n_words[r] > longest else longest
    turn, taken = 1, 0
    for first in range(-length, longest, length):  # before the first round, rows are only claimed
        n_places = find_shared(rows, turn, places) if first >= 0 else 0
        # Whoever is free trains the next replica, and when none is left, claims rows for the next round.
        work = take(barrier) - taken
        while work < 2 * n_replicas:
            r = work % n_replicas
            if work >= n_replicas:
                _claim(replicas, layer, sampling, windows, scratch, rows, r, 1 - turn, first + length, length)
            elif first >= 0:
                own = windows_of(replicas, windows, r)
                workspace = Workspace(sampling, own_rows(rows, r, places, n_places), own, scratch)
                train_share(replicas, model, layer, workspace, r, first, length)
            work = take(barrier) - taken
        taken += 2 * n_replicas + threads
        wait(barrier)
        if first >= 0:
            merge_copies(rows, n_places, room.gathered, replicas.lrs[0], thread, threads)
            wait(barrier)
        turn = 1 - turn


@helper
def begin_block(replicas, sampling, windows, r):
    """Subsample the block of a replica, which starts its random stream; `windows` are those of the thread."""
    ids = replicas.ids[r, : replicas.n_ids[r]]
    own = windows_of(replicas, windows, r)
    replicas.keys[r], replicas.n_words[r] = subsample(ids, sampling.keep_thresholds, replicas.keys[r], own)
    replicas.claim_keys[r] = replicas.keys[r]
    replicas.bits[r], replicas.predictions[r] = 0.0, 0


@helper
def train_share(replicas, model, layer, workspace, r, first, length):
    """Train a replica's round that begins with its center number `first`, on the rows of the workspace."""
    scratch = workspace.scratch
    n = replicas.n_words[r]
    block = Block(workspace.rows, workspace.windows, scratch, replicas.lrs[r], n)
    state = replicas.keys[r]
    for start in range(first, first + length if first + length < n else n, STRETCH):
        stop = start + STRETCH if start + STRETCH < n else n
        state, made = train_stretch(model, layer, workspace, block, start, stop, state)
        replicas.predictions[r] += made
        replicas.bits[r] += drain(scratch.tally)
    replicas.keys[r] = state


@helper
def _claim(replicas, layer, sampling, windows, scratch, rows, r, turn, first, length):
    """Claim the rows of a replica's round that begins with its center number `first`."""
    claims = row_claims(rows, r, turn)
    if rows.claims.shape[0] == 1:  # there is nobody else
        return
    own = windows_of(replicas, windows, r)
    workspace = Workspace(sampling, claims, own, scratch)
    n = replicas.n_words[r]
    block = Block(claims, own, scratch, replicas.lrs[r], n)
    state = replicas.claim_keys[r]
    for start in range(first, first + length if first + length < n else n, STRETCH):
        stop = start + STRETCH if start + STRETCH < n else n
        state = claim_windows(workspace, start, n, state)
        state = claim_targets(layer, block, start, stop, state)
    replicas.claim_keys[r] = state
