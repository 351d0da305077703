"""Rounds whose replicas are in several processes: each trains on copies of all rows that it touches, which all merge.

Every process has the whole model, and trains some of the replicas. After a round each has the copies of all replicas,
its own and those that others sent, and merges them. A row that one replica alone touched is copied and becomes that
copy, where rounds inside one process would train it in place: the result is the same, bit by bit.

    process A   replica 0 | sends its copies | merges the copies of 0, 1, 2 |
    process B   replica 1 | sends its copies | merges the copies of 0, 1, 2 | and so on
                replica 2 |                  |                              |

The twin is `train_rounds` in tests/reference.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.compiling import inlined, kernel
from w2v.kernels.barrier import look
from w2v.kernels.buffers import STRETCH, Sampling, Scratch, WindowBuffers, Workspace, input_row, output_row
from w2v.kernels.merges import MergingRoom, merge_copies
from w2v.kernels.replica_rows import ReplicaRows, own_rows, share_all
from w2v.kernels.rounds import Replicas, begin_block, train_share, windows_of


@kernel
def begin_replica(replicas: Replicas, sampling: Sampling, windows: WindowBuffers, replica: int) -> None:
    """Subsample the block of one replica."""
    begin_block(replicas, sampling, windows, replica)


@inlined
def _copied_rows(rows, room, replica):
    """Return the rows of a replica, all of which it copies; it has no copies yet."""
    return own_rows(rows, replica, room.places, share_all(room.places))


@kernel
def train_copies(
    replicas: Replicas,
    model: Any,
    layer: Any,
    sampling: Sampling,
    windows: WindowBuffers,
    scratch: Scratch,
    rows: ReplicaRows,
    room: MergingRoom,
    replica: int,
    first: int,
    length: int,
    halted: npt.NDArray[np.int64],
) -> None:
    """Train one replica's round on copies, and leave the matrices as they are.

    With the exact softmax a round takes seconds, so that it can be halted after any stretch.

    Args:
        replicas: the blocks; what becomes of this one is written here.
        model: SkipGram or Cbow.
        layer: an output layer's buffers of this thread.
        sampling: which tokens are kept, and how far windows reach.
        windows: WindowBuffers of this thread.
        scratch: working memory of this thread.
        rows: both matrices, and the copies of all replicas.
        room: of this thread.
        replica: its number.
        first: number of the round's first center.
        length: centers of the round.
        halted: (1,) 1 ends the round early, and what came of it is of no use; any thread may set it.
    """
    own = _copied_rows(rows, room, replica)
    workspace = Workspace(sampling, own, windows_of(replicas, windows, replica), scratch)
    for start in range(first, first + length, STRETCH):
        if look(halted, 0) != 0:
            return
        train_share(replicas, model, layer, workspace, replica, start, STRETCH)


@kernel
def name_copies(rows: ReplicaRows, room: MergingRoom, replica: int, numbers: npt.NDArray[np.int32]) -> None:
    """Give one replica copies of some rows, in their order, for the values that it sent from elsewhere.

    Args:
        rows: both matrices, and the copies of all replicas.
        room: of this thread.
        replica: its number.
        numbers: (n,) which rows it touched, all different; output row r counts as row V + r.
    """
    own = _copied_rows(rows, room, replica)
    for i in range(numbers.shape[0]):
        row = numbers[i]
        if row < rows.n_inputs:
            input_row(own, row)
        else:
            output_row(own, row - rows.n_inputs)


@kernel
def merge_all(rows: ReplicaRows, room: MergingRoom, lr: np.float32, thread: int, threads: int) -> None:
    """Merge the copies of all replicas into both matrices: the share of one thread.

    Args:
        rows: both matrices, and the copies of all replicas.
        room: of this thread.
        lr: learning rate of the first replica.
        thread: its number, from 0.
        threads: how many there are.
    """
    merge_copies(rows, share_all(room.places), room.gathered, lr, thread, threads)
