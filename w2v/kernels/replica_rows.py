"""Rows that replicas of the model train at the same time: in place, or on copies that are merged.

A replica may change a row in place as long as no other replica touches it in the same round. So every replica first
*claims* all rows of its round, as bits of a small table at places that row numbers hash to. Where two replicas have
claimed a place it is *shared*, and they train copies of the rows that have it, which are then merged (see merges.py).

    replica 0   the  cat  sat               replica 1   the  dog
    changes     the' cat' sat'              changes     the" dog'          the' and the" in copies

Shared places are numbered, and a replica lists its copies by the number of their place, so that all copies of a row are
found under one number. `cat` and `dog` have the same place by accident; a replica may have copied both.

    places     0 1 2 3 4 5 6 7              number      0     1
    claimed    . 1 . . 2 1 2 .              replica 0   the   cat
    number             0   1                replica 1   the   dog

Which rows are copied depends on nothing but what the replicas touch. Neither claims nor copies grow with the
vocabulary.

The twin is `train_rounds` in tests/reference.py.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import types
from numba.core import cgutils

from w2v.compiling import helper, inlined, provides
from w2v.hashing import GOLDEN
from w2v.kernels.buffers import input_row, output_row
from w2v.simd import LANES, Emitter, i64, intrinsic

_SPREAD = np.uint64(GOLDEN)
_ONE, _WORD_BITS, _IN_WORD = np.uint64(1), np.uint64(6), np.uint64(63)  # of a table of bits, in words of 64
_BITS_PER_CENTER = 256  # of a claim table: with 8 replicas, 3 % of the shared places are so by accident
_MOST_BITS = 1 << 17
_ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)  # every place of a word of a claim table
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
    newest: npt.NDArray[np.int32]  # (replicas, places) the newest copy of each shared place, counted from 1; 0 is none
    older: npt.NDArray[np.int32]  # (replicas, copies) the next older copy of the same place, likewise
    rows: npt.NDArray[np.int32]  # (replicas, copies) the row of each copy
    n_copies: npt.NDArray[np.int32]  # (replicas, a cache line) how many copies there are, in column 0
    copies: npt.NDArray[np.int64]  # (replicas,) where they lie
    predictions: npt.NDArray[np.float32]  # (rows,) how many predictions of a replica touch each row in a round


class SharedPlaces(NamedTuple):
    """The places of a round that two replicas or more have claimed."""

    bits: npt.NDArray[np.uint64]  # (words,) one for each place, set where it is shared
    numbers: npt.NDArray[np.int32]  # (words,) how many are shared up to the end of each word
    claimed: npt.NDArray[np.uint64]  # (words,) places that any replica has claimed

    @classmethod
    def create(cls, rows: ReplicaRows) -> SharedPlaces:
        """Make room for the places of these claims."""
        words = rows.claims.shape[2]
        return cls(np.zeros(words, np.uint64), np.zeros(words, np.int32), np.zeros(words, np.uint64))


class OwnRows(NamedTuple):
    """The rows of one replica in one round."""

    input_vectors: int
    output_vectors: int
    n_inputs: int
    row_bytes: int
    padding: int
    places: SharedPlaces
    claim_shift: np.uint64
    newest: npt.NDArray[np.int32]  # (places,)
    older: npt.NDArray[np.int32]  # (copies,)
    rows: npt.NDArray[np.int32]  # (copies,)
    n_copies: npt.NDArray[np.int32]  # (a cache line,)
    copies: int


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
    bits = _bits_for(centers)
    return ReplicaRows(
        input_vectors=input_vectors.ctypes.data,
        output_vectors=output_vectors.ctypes.data,
        n_inputs=len(input_vectors),
        row_bytes=input_vectors.strides[0],
        padding=padding.ctypes.data,
        claims=np.zeros((replicas, 2, bits >> 6), np.uint64),
        claim_shift=np.uint64(64 - (bits - 1).bit_length()),
        newest=np.zeros((replicas, bits), np.int32),
        older=np.zeros((replicas, most + _LINE_INTS), np.int32),
        rows=np.zeros((replicas, most + _LINE_INTS), np.int32),
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
    bits = _bits_for(centers)
    return most * 4 * (floats + 2) + 4 * bits + 2 * bits // 8


def _bits_for(centers: int) -> int:
    return min(_MOST_BITS, 1 << (_BITS_PER_CENTER * centers - 1).bit_length())


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


@provides(input_row, OwnRows)
def _own_input(rows, word):
    address = rows.input_vectors + np.int64(word) * rows.row_bytes
    return _own_address(rows, word, address)


@provides(output_row, OwnRows)
def _own_output(rows, number):
    address = rows.output_vectors + np.int64(number) * rows.row_bytes
    return _own_address(rows, rows.n_inputs + number, address)


@inlined
def _own_address(rows, row, address):
    """Return where a replica trains the row that lies at an address: there, or where its copy is."""
    bit = _hash(row, rows.claim_shift)
    word = bit >> _WORD_BITS
    from_here = rows.places.bits[word] >> (bit & _IN_WORD)
    if from_here & _ONE == 0:
        return address
    number = rows.places.numbers[word] - bits_set(from_here)
    return _copy_of(rows, row, number, address)


@helper
def _copy_of(rows, row, number, address):
    """Return where the copy of a row lies whose place has that number, and make it unless there is one."""
    copy = rows.newest[number]
    while copy > 0:
        if rows.rows[copy - 1] == row:
            return rows.copies + np.int64(copy - 1) * rows.row_bytes
        copy = rows.older[copy - 1]
    n = rows.n_copies[0]
    rows.n_copies[0] = n + 1
    rows.rows[n] = row
    rows.older[n] = rows.newest[number]
    rows.newest[number] = n + 1
    target = rows.copies + np.int64(n) * rows.row_bytes
    copy_row(target, address, rows.row_bytes // (4 * LANES))
    return target


@helper
def find_shared(all_rows, turn, places):
    """Find the places that two replicas or more have claimed, and return how many there are.

    Args:
        all_rows: ReplicaRows, with the claims of all replicas.
        turn: 0 or 1, which claims are those of the round.
        places: SharedPlaces, to be filled.
    """
    bits, claimed = places.bits, places.claimed
    claimed[:] = np.uint64(0)
    bits[:] = np.uint64(0)
    for replica in range(all_rows.claims.shape[0]):
        claims = all_rows.claims[replica, turn]
        for i in range(bits.shape[0]):
            bits[i] |= claimed[i] & claims[i]
            claimed[i] |= claims[i]
    return _number(places)


@helper
def share_all(places):
    """Take every place for one that is shared, and return how many there are."""
    places.bits[:] = _ALL
    return _number(places)


@inlined
def _number(places):
    """Number the places, and return how many there are."""
    number = np.int64(0)
    for i in range(places.bits.shape[0]):
        number += bits_set(places.bits[i])
        places.numbers[i] = number
    return number


@helper
def own_rows(all_rows, replica, places, n_places):
    """Return the rows of one replica in one round, without copies.

    Args:
        all_rows: ReplicaRows.
        replica: its number.
        places: SharedPlaces of the round.
        n_places: how many there are.
    """
    newest = all_rows.newest[replica]
    newest[:n_places] = 0
    all_rows.n_copies[replica, 0] = 0
    return OwnRows(
        all_rows.input_vectors, all_rows.output_vectors, all_rows.n_inputs, all_rows.row_bytes, all_rows.padding,
        places, all_rows.claim_shift, newest, all_rows.older[replica], all_rows.rows[replica],
        all_rows.n_copies[replica], all_rows.copies[replica],
    )  # fmt: skip


@helper
def row_claims(all_rows, replica, turn):
    """Return the table of a replica's claims for a round, empty."""
    claims = all_rows.claims[replica, turn]
    claims[:] = np.uint64(0)
    return RowClaims(all_rows.n_inputs, 0, claims, all_rows.claim_shift)


@intrinsic
def bits_set(typing, word):
    """Return how many bits of a word are set, int64.

    Args:
        word: uint64.
    """
    signature = types.int64(word)

    def codegen(context, builder, sig, args):
        return builder.ctpop(args[0])

    return signature, codegen


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
