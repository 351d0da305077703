"""How the copies of a round are merged: each row with copies becomes one again.

    v += w sum_r (c_r - v)            w = min(1, 1 / (R s)),  s = 1 - exp(-p lr / 4)

with v the row before the round, c_r the copies of the replicas that touched it, of R in all, and p the expected number
of predictions of a replica that touch the row: the rule of w2v.kernels.private_rows. If there is only one copy, v
becomes that copy.

Most copies were made by other threads, and lie in the caches of other cores. So those of the next few places are
gathered and prefetched before they are merged.

The twin is `merge` in tests/reference.py.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import types
from numba.core import cgutils

from w2v.compiling import helper, inlined
from w2v.kernels.replica_rows import ReplicaRows, SharedPlaces, copy_row
from w2v.simd import LANES, Emitter, array_pointers, i64, intrinsic, prefetch, vector

_AHEAD = 4  # places
_SEVERAL = -1


class Gathered(NamedTuple):
    """The copies at the next few places, at number % _AHEAD; and one place more, for those that several rows have."""

    rows: npt.NDArray[np.int32]  # (_AHEAD,) the row whose copies they are
    counts: npt.NDArray[np.int32]  # (_AHEAD,) how many there are; -1 if several rows have the place
    sources: npt.NDArray[np.int64]  # (_AHEAD + 1, replicas) where they lie

    @classmethod
    def create(cls, rows: ReplicaRows) -> Gathered:
        """Make room for the copies of these replicas."""
        replicas = len(rows.copies)
        return cls(np.zeros(_AHEAD, np.int32), np.zeros(_AHEAD, np.int32), np.zeros((_AHEAD + 1, replicas), np.int64))


class MergingRoom(NamedTuple):
    """What one thread works with to find and to merge what replicas share."""

    places: SharedPlaces
    gathered: Gathered

    @classmethod
    def create(cls, rows: ReplicaRows) -> MergingRoom:
        """Make room for these replicas."""
        return cls(SharedPlaces.create(rows), Gathered.create(rows))


@helper
def merge_copies(all_rows, n_places, gathered, lr, thread, threads):
    """Merge the copies of all replicas into both matrices: the share of one thread.

    Args:
        all_rows: ReplicaRows; no replica changes its copies meanwhile.
        n_places: how many places are shared.
        gathered: Gathered, to work with.
        lr: float32 learning rate.
        thread: its number, from 0.
        threads: how many there are.
    """
    first, last = n_places * thread // threads, n_places * (thread + 1) // threads
    for ahead in range(first, last + _AHEAD):
        number, slot = ahead - _AHEAD, ahead % _AHEAD
        if number >= first:
            if gathered.counts[slot] == _SEVERAL:
                _merge_several(all_rows, number, gathered, lr)
            else:
                _merge_row(all_rows, gathered.rows[slot], gathered.sources, slot, gathered.counts[slot], lr)
        if ahead < last:
            _gather(all_rows, ahead, gathered, slot)


@inlined
def _gather(all_rows, number, gathered, slot):
    """Gather the copies at the place of that number, and prefetch them."""
    lines = all_rows.row_bytes // 64
    count, row, differences = np.int32(0), np.int32(0), np.int32(0)
    for replica in range(all_rows.claims.shape[0]):
        copy = all_rows.newest[replica, number]
        if copy > 0:
            its_row = all_rows.rows[replica, copy - 1]
            row = its_row if count == 0 else row
            differences |= all_rows.older[replica, copy - 1] | (row ^ its_row)
            source = _address(all_rows, replica, copy)
            prefetch(source, lines)
            gathered.sources[slot, count] = source
            count += np.int32(1)
    gathered.rows[slot] = row
    gathered.counts[slot] = count if differences == 0 else np.int32(_SEVERAL)


@inlined
def _address(all_rows, replica, copy):
    """Return where a replica's copy lies, counted from 1."""
    return all_rows.copies[replica] + np.int64(copy - 1) * all_rows.row_bytes


@helper
def _merge_several(all_rows, number, gathered, lr):
    """Merge the copies at the place of that number, which several rows have; a row's when its first copy comes."""
    for replica in range(all_rows.claims.shape[0]):
        copy = all_rows.newest[replica, number]
        while copy > 0:
            row = all_rows.rows[replica, copy - 1]
            count = np.int32(0)
            for other in range(all_rows.claims.shape[0]):
                its_copy = all_rows.newest[other, number]
                while its_copy > 0 and all_rows.rows[other, its_copy - 1] != row:
                    its_copy = all_rows.older[other, its_copy - 1]
                if its_copy > 0:
                    if other < replica:
                        break
                    gathered.sources[_AHEAD, count] = _address(all_rows, other, its_copy)
                    count += np.int32(1)
            _merge_row(all_rows, row, gathered.sources, _AHEAD, count, lr)
            copy = all_rows.older[replica, copy - 1]


@inlined
def _merge_row(all_rows, row, sources, slot, count, lr):
    """Merge a row with its `count` copies, which lie at sources[slot]."""
    if count == 0:
        return
    address = all_rows.input_vectors + np.int64(row) * all_rows.row_bytes
    if row >= all_rows.n_inputs:
        address = all_rows.output_vectors + (np.int64(row) - all_rows.n_inputs) * all_rows.row_bytes
    chunks = all_rows.row_bytes // (4 * LANES)
    if count == 1:
        copy_row(address, sources[slot, 0], chunks)
    else:
        weight = _weight(all_rows.predictions[row], lr, all_rows.claims.shape[0])
        add_changes(address, sources, slot * sources.shape[1], np.int64(count), weight, chunks)


@helper
def _weight(predictions, lr, replicas):
    """Return the weight of one replica's change, float32 in 1/replicas..1."""
    step = predictions * lr / 4
    if replicas * step <= 1:  # and 1 - exp(-x) is less than x
        return np.float32(1.0)
    return np.float32(1 / max(1.0, replicas * (1 - math.exp(-step))))


@intrinsic
def add_changes(typing, row, copies, first, count, weight, chunks):
    """Change a row v to v + weight x sum_b (c_b - v).

    Args:
        row: int64 address.
        copies: int64 addresses; those of the c_b are copies[first : first + count].
        first: int64.
        count: int64.
        weight: float32.
        chunks: a row's length in vectors.
    """
    signature = types.void(row, copies, first, count, weight, chunks)

    def codegen(context, builder, sig, args):
        row, copies, first, count, weight, chunks = array_pointers(context, builder, sig, args)
        emit = Emitter(builder)
        share = emit.broadcast(weight)
        own = builder.gep(copies, [first])
        total = cgutils.alloca_once(builder, vector)
        with cgutils.for_range(builder, chunks) as columns:
            column = builder.mul(columns.index, i64(LANES))
            place = emit.pointer(row, column)
            x = emit.load(place)
            builder.store(emit.splat(0.0), total)
            with cgutils.for_range(builder, count) as loop:
                copy = emit.load(emit.pointer(builder.load(builder.gep(own, [loop.index])), column))
                builder.store(builder.fadd(builder.load(total), builder.fsub(copy, x)), total)
            emit.store(emit.fma(share, builder.load(total), x), place)
        return context.get_dummy_value()

    return signature, codegen
