"""Rows that replicas of the model train at the same time: in place, or on copies that are merged.

A replica may change a row in place as long as no other replica touches it in the same round. So every replica first
*claims* all rows of its round, as bits of a small table at places that row numbers hash to. A row whose place another
replica has claimed, too, is copied when the replica first touches it, and the copies are merged at the end:

    v += w sum_r (c_r - v)            w = min(1, 1 / (R s)),  s = 1 - exp(-p lr / 4)

with v the row before the round, c_r the copies of the replicas that touched it, of R in all, and p the expected number
of predictions of a replica that touch the row: the rule of w2v.kernels.private_rows. If there is only one copy, since
two rows have the same place in the table, v becomes that copy.

    replica 0   the  cat  sat               replica 1   the  dog
    changes     the' cat  sat               changes     the" dog
    merge       the += w ((the' - the) + (the" - the))

Which rows are copied, and what becomes of them, depends on nothing but what the replicas touch. Neither claims nor
copies grow with the vocabulary.

The twin is `merge` in tests/reference.py.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import types
from numba.core import cgutils

from w2v.compiling import helper, inlined, provides
from w2v.hashing import GOLDEN
from w2v.kernels.buffers import input_row, output_row
from w2v.simd import LANES, Emitter, array_pointers, i64, intrinsic, vector

_SPREAD = np.uint64(GOLDEN)
_ONE, _WORD_BITS, _IN_WORD = np.uint64(1), np.uint64(6), np.uint64(63)  # of a table of bits, in words of 64
_BITS_PER_CENTER = 256  # of a claim table: with 8 replicas, one row in ten finds its place claimed by accident
_MOST_BITS = 1 << 17
_SLOTS_PER_COPY = 2
_NONE = -1
_LINE_INTS = 16  # int32 in a cache line


class RowClaims(NamedTuple):
    """The table in which a replica claims rows. Output row r counts as row `n_inputs` + r."""

    n_inputs: int
    padding: int  # 0: claims have no addresses
    claims: npt.NDArray[np.uint64]  # (words,)
    shift: np.uint64  # of a hash, down to the number of a bit


class ReplicaRows(NamedTuple):
    """Both matrices, and what all replicas have copied of them."""

    input_vectors: int
    output_vectors: int
    n_inputs: int
    row_bytes: int
    padding: int  # a row of zeros that stands where a group has no row
    claims: npt.NDArray[np.uint64]  # (replicas, 2, words) of this round and the next, in turn
    claim_shift: np.uint64
    slots: npt.NDArray[np.int32]  # (replicas, slots) the copy of the row that hashes there, or somewhere before; or -1
    slot_shift: np.uint64
    rows: npt.NDArray[np.int32]  # (replicas, copies) the row of each copy
    row_slots: npt.NDArray[np.int32]  # (replicas, copies) the slot of each copy
    n_copies: npt.NDArray[np.int32]  # (replicas, a cache line) how many copies there are, in column 0
    copies: npt.NDArray[np.int64]  # (replicas,) where they lie
    predictions: npt.NDArray[np.float32]  # (rows,) how many predictions of a replica touch each row in a round


class OwnRows(NamedTuple):
    """The rows of one replica in one round."""

    input_vectors: int
    output_vectors: int
    n_inputs: int
    row_bytes: int
    padding: int
    others: npt.NDArray[np.uint64]  # (words,) what the other replicas have claimed
    claim_shift: np.uint64
    slots: npt.NDArray[np.int32]  # (slots,)
    slot_shift: np.uint64
    rows: npt.NDArray[np.int32]  # (copies,)
    row_slots: npt.NDArray[np.int32]  # (copies,)
    n_copies: npt.NDArray[np.int32]  # (a cache line,)
    copies: int


class MergingRoom(NamedTuple):
    """What one thread works with to claim and merge."""

    others: npt.NDArray[np.uint64]  # (words,) the claims of all replicas but one
    sources: npt.NDArray[np.int64]  # (replicas,) where the copies of a row lie

    @classmethod
    def create(cls, rows: ReplicaRows) -> MergingRoom:
        """Make room for these replicas."""
        return cls(np.zeros(rows.claims.shape[2], np.uint64), np.zeros(rows.claims.shape[0], np.int64))


def replica_rows(
    input_vectors: npt.NDArray[np.float32],
    output_vectors: npt.NDArray[np.float32],
    padding: npt.NDArray[np.float32],
    copies: npt.NDArray[np.float32],
    predictions: npt.NDArray[np.float32],
    centers: int,
) -> ReplicaRows:
    """Return the tables of replicas that train two matrices.

    Args:
        input_vectors: (V, padded d).
        output_vectors: (R, padded d).
        padding: (1, padded d) zeros.
        copies: (replicas, most copies, padded d) where copies lie; these arrays must outlive what is returned.
        predictions: (V + R,) how many predictions of a replica touch each row in a round.
        centers: that a replica trains in a round.
    """
    replicas, most, _ = copies.shape
    bits, slots = _bits_for(centers), _slots_for(most)
    return ReplicaRows(
        input_vectors=input_vectors.ctypes.data,
        output_vectors=output_vectors.ctypes.data,
        n_inputs=len(input_vectors),
        row_bytes=input_vectors.strides[0],
        padding=padding.ctypes.data,
        claims=np.zeros((replicas, 2, bits >> 6), np.uint64),
        claim_shift=np.uint64(64 - (bits - 1).bit_length()),
        slots=np.full((replicas, slots), _NONE, np.int32),
        slot_shift=np.uint64(64 - (slots - 1).bit_length()),
        rows=np.zeros((replicas, most + _LINE_INTS), np.int32),
        row_slots=np.zeros((replicas, most + _LINE_INTS), np.int32),
        n_copies=np.zeros((replicas, _LINE_INTS), np.int32),
        copies=copies.ctypes.data + np.arange(replicas) * copies.strides[0],
        predictions=predictions,
    )


def copies_bytes(most: int, floats: int, centers: int) -> int:
    """Return how many bytes the copies of a replica and their tables take, at most.

    Args:
        most: copies.
        floats: padded length of a row.
        centers: that a replica trains in a round.
    """
    return most * 4 * (floats + 2) + 4 * _slots_for(most) + 2 * _bits_for(centers) // 8


def _bits_for(centers: int) -> int:
    return min(_MOST_BITS, _power_of_two(_BITS_PER_CENTER * centers))


def _slots_for(most: int) -> int:
    return _power_of_two(_SLOTS_PER_COPY * most)


def _power_of_two(least: int) -> int:
    return max(64, 1 << (least - 1).bit_length())


@inlined
def _hash(row, shift):
    return (np.uint64(row) * _SPREAD) >> shift


@provides(input_row, RowClaims)
def _claim_input(rows, word):
    bit = _hash(word, rows.shift)
    rows.claims[bit >> _WORD_BITS] |= _ONE << (bit & _IN_WORD)
    return 0


@provides(output_row, RowClaims)
def _claim_output(rows, number):
    bit = _hash(rows.n_inputs + number, rows.shift)
    rows.claims[bit >> _WORD_BITS] |= _ONE << (bit & _IN_WORD)
    return 0


@inlined
def _is_claimed(claims, row, shift):
    bit = _hash(row, shift)
    return (claims[bit >> _WORD_BITS] >> (bit & _IN_WORD)) & _ONE != 0


@provides(input_row, OwnRows)
def _own_input(rows, word):
    address = rows.input_vectors + np.int64(word) * rows.row_bytes
    return _copy_of(rows, word, address) if _is_claimed(rows.others, word, rows.claim_shift) else address


@provides(output_row, OwnRows)
def _own_output(rows, number):
    address = rows.output_vectors + np.int64(number) * rows.row_bytes
    row = rows.n_inputs + number
    return _copy_of(rows, row, address) if _is_claimed(rows.others, row, rows.claim_shift) else address


@helper
def _copy_of(rows, row, address):
    """Return where the copy of a row lies that lies at an address, and make it unless there is one."""
    slots = rows.slots
    slot = np.int64(_hash(row, rows.slot_shift))
    while slots[slot] >= 0:
        if rows.rows[slots[slot]] == row:
            return rows.copies + np.int64(slots[slot]) * rows.row_bytes
        slot = (slot + 1) & (slots.shape[0] - 1)
    place = rows.n_copies[0]
    rows.n_copies[0] = place + 1
    rows.rows[place] = row
    rows.row_slots[place] = slot
    slots[slot] = place
    copy = rows.copies + np.int64(place) * rows.row_bytes
    copy_row(copy, address, rows.row_bytes // (4 * LANES))
    return copy


@helper
def own_rows(all_rows, replica, turn, others):
    """Return the rows of one replica in one round, without copies.

    Args:
        all_rows: ReplicaRows, with the claims of all replicas.
        replica: its number.
        turn: 0 or 1, which claims are those of the round.
        others: (words,) uint64, where the claims of the other replicas go.
    """
    others[:] = 0
    for other in range(all_rows.slots.shape[0]):
        if other != replica:
            claims = all_rows.claims[other, turn]
            for i in range(others.shape[0]):
                others[i] |= claims[i]
    for i in range(all_rows.n_copies[replica, 0]):
        all_rows.slots[replica, all_rows.row_slots[replica, i]] = _NONE
    all_rows.n_copies[replica, 0] = 0
    return OwnRows(
        all_rows.input_vectors, all_rows.output_vectors, all_rows.n_inputs, all_rows.row_bytes, all_rows.padding,
        others, all_rows.claim_shift, all_rows.slots[replica], all_rows.slot_shift, all_rows.rows[replica],
        all_rows.row_slots[replica], all_rows.n_copies[replica], all_rows.copies[replica],
    )  # fmt: skip


@helper
def row_claims(all_rows, replica, turn):
    """Return the table of a replica's claims for a round, empty."""
    claims = all_rows.claims[replica, turn]
    claims[:] = np.uint64(0)
    return RowClaims(all_rows.n_inputs, 0, claims, all_rows.claim_shift)


@intrinsic
def copy_row(typing, target, source, chunks):
    """Copy a row.

    Args:
        target: int64 address.
        source: int64 address.
        chunks: a row's length in vectors.
    """
    signature = types.void(target, source, chunks)

    def codegen(context, builder, sig, args):
        target, source, chunks = args
        emit = Emitter(builder)
        with cgutils.for_range(builder, chunks) as loop:
            column = builder.mul(loop.index, i64(LANES))
            emit.store(emit.load(emit.pointer(source, column)), emit.pointer(target, column))
        return context.get_dummy_value()

    return signature, codegen


@intrinsic
def add_changes(typing, row, copies, count, weight, chunks):
    """Change a row v to v + weight x sum_b (c_b - v).

    Args:
        row: int64 address.
        copies: int64 addresses of the c_b.
        count: int64, how many.
        weight: float32.
        chunks: a row's length in vectors.
    """
    signature = types.void(row, copies, count, weight, chunks)

    def codegen(context, builder, sig, args):
        row, copies, count, weight, chunks = array_pointers(context, builder, sig, args)
        emit = Emitter(builder)
        share = emit.broadcast(weight)
        total = cgutils.alloca_once(builder, vector)
        with cgutils.for_range(builder, chunks) as columns:
            column = builder.mul(columns.index, i64(LANES))
            place = emit.pointer(row, column)
            x = emit.load(place)
            builder.store(emit.splat(0.0), total)
            with cgutils.for_range(builder, count) as loop:
                copy = emit.load(emit.pointer(builder.load(builder.gep(copies, [loop.index])), column))
                builder.store(builder.fadd(builder.load(total), builder.fsub(copy, x)), total)
            emit.store(emit.fma(share, builder.load(total), x), place)
        return context.get_dummy_value()

    return signature, codegen


@helper
def merge_copies(all_rows, replica, turn, sources, lr):
    """Merge the rows that no replica of a lower number has copied, with the copies of those of higher numbers.

    Args:
        all_rows: ReplicaRows; no replica changes its copies meanwhile.
        replica: its number.
        turn: 0 or 1, which claims are those of the round.
        sources: (replicas,) int64 to work with.
        lr: float32 learning rate.
    """
    replicas = all_rows.slots.shape[0]
    chunks = all_rows.row_bytes // (4 * LANES)
    for i in range(all_rows.n_copies[replica, 0]):
        row = all_rows.rows[replica, i]
        count = 0
        for other in range(replicas):
            if not _is_claimed(all_rows.claims[other, turn], row, all_rows.claim_shift):
                continue
            place = i if other == replica else _find(all_rows, other, row)
            if place >= 0:
                if count == 0 and other != replica:
                    break
                sources[count] = all_rows.copies[other] + np.int64(place) * all_rows.row_bytes
                count += 1
        if count == 0:
            continue
        if row < all_rows.n_inputs:
            address = all_rows.input_vectors + np.int64(row) * all_rows.row_bytes
        else:
            address = all_rows.output_vectors + (np.int64(row) - all_rows.n_inputs) * all_rows.row_bytes
        if count == 1:
            copy_row(address, sources[0], chunks)
        else:
            add_changes(address, sources, count, _weight(all_rows.predictions[row], lr, replicas), chunks)


@helper
def _find(all_rows, replica, row):
    """Return the number of a replica's copy of a row, or -1."""
    slots = all_rows.slots[replica]
    slot = np.int64(_hash(row, all_rows.slot_shift))
    while slots[slot] >= 0 and all_rows.rows[replica, slots[slot]] != row:
        slot = (slot + 1) & (slots.shape[0] - 1)
    return np.int64(slots[slot])


@helper
def _weight(predictions, lr, replicas):
    """Return the weight of one replica's change, float32 in 1/replicas..1."""
    step = predictions * lr / 4
    if replicas * step <= 1:  # and 1 - exp(-x) is less than x
        return np.float32(1.0)
    return np.float32(1 / max(1.0, replicas * (1 - math.exp(-step))))
