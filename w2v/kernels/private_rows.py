"""Private copies of the most frequent rows, so that threads don't compete for the cache lines of frequent words.

A row that two cores write to in turn has to move from one to the other each time. It takes 140 ns where they share a
cache and 500 ns where they don't, longer than what is computed with it. So each thread trains its own copy of the first
rows of both matrices, and merges each of them into the shared one from time to time.

How it merges them matters. Adding the steps of all threads is right for rows that few predictions touched since the
last merge: those are small independent steps, as plain Hogwild takes them (Niu et al. 2011). A row that many
predictions touched has instead settled near its optimum in each thread; adding the steps of 8 threads would overshoot 8
times and diverge, and their mean is right. So a row that goes a share s of the way to its optimum between two merges is
merged with weight min(1, 1 / (threads s)): all threads together never go further than the whole way.

When it merges them matters, too. A mean of what threads learn is no more than one thread learns from its share of the
text, and a row that is merged too late follows what its thread reads at the moment. So a row is *due* as soon as s is
about a half: the most frequent rows after each stretch of words, others after 2, 4, 8 stretches and so on. Periods are
powers of two, so that the rows that are due come first, and the number of a stretch alone says how many there are:

    stretch        1   2   3   4   5   6   7   8
    period 1       x   x   x   x   x   x   x   x       rows 0..a
    period 2           x       x       x       x       rows a..b
    period 4                   x               x       rows b..c

The twins are `merge_steps` and `PrivateRows` in tests/reference.py.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import types
from numba.core import cgutils

from w2v.compiling import helper
from w2v.kernels.buffers import RowAddresses
from w2v.simd import LANES, ROW_FLOATS, Emitter, aligned_zeros, i64, intrinsic, prefetch

Float32 = npt.NDArray[np.float32]
Float64 = npt.NDArray[np.float64]

_CONTENDED = 8  # rows that all threads compete for, whatever the text
MOST_PRIVATE = 256
_ENOUGH = 2_500  # times the number of threads: predictions of each of them that touch a row in a run
_SETTLED = 0.5  # of the way to its optimum, after which a row is due
_LONGEST = 10  # a row is due after 2**_LONGEST stretches, whatever the learning rate
_AHEAD = 4  # rows between the one that is merged and the one that is prefetched
_SAME_RATE = 0.98  # share of a learning rate down to which the weights for it will do


class Merging(NamedTuple):
    """Which of a thread's private rows are merged after a stretch, and how."""

    input_vectors_before: int  # where the private rows lie as they were after their last merge
    output_vectors_before: int
    stretches: npt.NDArray[np.int64]  # (1,) how many the thread has trained
    due: npt.NDArray[np.int64]  # (2, _LONGEST + 1) rows of each matrix, by the zeros at the end of a stretch's number
    weights: Float32  # (2, private rows) with which the thread's steps are added to the shared rows


def private_bytes(row_bytes: int) -> int:
    """Return how many bytes the private rows of a thread take, at most."""
    return 4 * MOST_PRIVATE * row_bytes


def n_private_rows(predictions: tuple[Float64, ...], threads: int) -> int:
    """Return how many rows of each matrix each thread keeps a private copy of; none with one thread.

    Those are the rows that all threads compete for, and as many others as predictions touch often enough. What is often
    enough for a thread grows with the threads, since its steps count less the more there are: 5,000 times with two, and
    20,000 with eight. On 17M words of books, 2, 8 and 32 threads then find as many analogies as with 64 rows that are
    merged after each block: 40 % with skip-gram, and 37 % with CBOW. With 1,024 rows whatever the text, 8 threads lost
    more than 2 points with CBOW; with 512 rows, skip-gram lost a point of WordSim-353.

    Args:
        predictions: for each matrix, how many predictions touch each row in a run, (rows,) float64, falling.
        threads: how many threads share the matrices.

    Example:
        >>> falling = 1e6 / np.arange(1, 1000)
        >>> n_private_rows((falling, falling), 2), n_private_rows((falling[:3], falling), 2)
        (100, 3)
        >>> n_private_rows((falling, 1000 * falling), 1), n_private_rows((1000 * falling, 1000 * falling), 2)
        (0, 256)
    """
    if threads == 1:
        return 0
    often = min(int(np.count_nonzero(touched >= _ENOUGH * threads**2)) for touched in predictions)
    return min(max(_CONTENDED, often), MOST_PRIVATE, *map(len, predictions))


def merge_weights(predictions: Float64, lr: float, threads: int) -> Float64:
    """Return the weights with which each thread's steps are added to the shared rows, (rows,) float64 in 1/threads..1.

    A prediction moves a score by about lr sigmoid'(score) |h|^2 of its distance from the optimum, sigmoid' being 1/4 at
    most and |h| near 1 or more: so n predictions leave a share exp(-n lr / 4) of the way.
    """
    settled = -np.expm1(-predictions * lr / 4)
    weights: Float64 = 1 / np.maximum(1.0, threads * settled)
    return weights


def merge_periods(predictions: Float64, lr: float) -> npt.NDArray[np.int64]:
    """Return after how many stretches each row is due, (rows,) powers of two that never fall from row to row.

    Args:
        predictions: how many touch each row in a stretch, (rows,) float64.
        lr: the learning rate at first; later, less is learnt between two merges.

    Example:
        >>> merge_periods(np.array([200.0, 60, 25, 27, 0]), 0.025)
        array([   1,    2,    4,    4, 1024])
    """
    enough = -4 * math.log(1 - _SETTLED) / lr
    exponents = np.rint(np.log2(np.maximum(1.0, enough / np.maximum(predictions, enough / 2**_LONGEST))))
    exponents = np.minimum.accumulate(exponents[::-1])[::-1]
    periods: npt.NDArray[np.int64] = 1 << exponents.astype(np.int64)
    return periods


@helper
def merge_due(rows, merging):
    """Merge the private rows that are due; call this after each stretch.

    Threads don't wait for each other: of two that merge the same row in the same 100 ns, the step of one may be lost.

    Args:
        rows: RowAddresses.
        merging: Merging.
    """
    if rows.n_private == 0:
        return
    merging.stretches[0] += 1
    number = merging.stretches[0]
    zeros = 0
    while zeros < merging.due.shape[1] - 1 and (number >> zeros) & 1 == 0:
        zeros += 1
    chunks, lines = rows.row_bytes // (4 * LANES), rows.row_bytes // (4 * ROW_FLOATS)
    shared, private, before = rows.input_vectors, rows.private_input_vectors, merging.input_vectors_before
    for matrix in range(2):
        count = merging.due[matrix, zeros]
        for row in range(count):
            if row + _AHEAD < count:
                prefetch(shared + _AHEAD * rows.row_bytes, lines)
            _merge_row(shared, private, before, merging.weights[matrix, row], chunks)
            shared += rows.row_bytes
            private += rows.row_bytes
            before += rows.row_bytes
        shared, private, before = rows.output_vectors, rows.private_output_vectors, merging.output_vectors_before


@intrinsic
def _merge_row(typing, shared, private, before, weight, chunks):
    """Add weight x (private - before) to shared; private and before then start afresh from shared.

    Args:
        shared: int64 address.
        private: int64 address.
        before: int64 address of what private was after the last merge.
        weight: float32.
        chunks: a row's length in vectors.
    """
    signature = types.void(shared, private, before, weight, chunks)

    def codegen(context, builder, sig, args):
        *addresses, weight, chunks = args
        emit = Emitter(builder)
        share = emit.broadcast(weight)
        with cgutils.for_range(builder, chunks) as columns:
            column = builder.mul(columns.index, i64(LANES))
            places = [emit.pointer(address, column) for address in addresses]
            shared, private, before = map(emit.load, places)
            merged = emit.fma(share, builder.fsub(private, before), shared)
            for place in places:
                emit.store(merged, place)
        return context.get_dummy_value()

    return signature, codegen


class PrivateRows:
    """One thread's private rows of both matrices.

    Args:
        matrices: input and output vectors, (rows, padded d) float32.
        predictions: for each matrix, how many predictions touch each row in a stretch, (rows,) float64.
        stretches: how many all threads together train in a run.
        initial_lr: the learning rate at first.
        threads: how many threads share the matrices.
    """

    def __init__(
        self,
        matrices: tuple[Float32, Float32],
        predictions: tuple[Float64, Float64],
        stretches: float,
        initial_lr: float,
        threads: int,
    ) -> None:
        floats = matrices[0].shape[1]
        inputs, outputs = predictions
        self.n_private = n_private_rows((stretches * inputs, stretches * outputs), threads)
        self._threads, self._lr = threads, math.inf
        touched = [counts[: self.n_private] for counts in predictions]
        periods = [merge_periods(counts, initial_lr) for counts in touched]
        self._predictions = np.multiply(periods, touched)  # between two merges, (2, private rows)
        self._shared = [matrix[: self.n_private] for matrix in matrices]
        self._private = [aligned_zeros(self.n_private, floats) for _ in matrices]
        self._before = [aligned_zeros(self.n_private, floats) for _ in matrices]
        self._padding = aligned_zeros(1, floats)
        for copies in (self._private, self._before):
            for copy, shared in zip(copies, self._shared, strict=True):
                copy[:] = shared
        self.addresses = RowAddresses(
            input_vectors=matrices[0].ctypes.data,
            private_input_vectors=self._private[0].ctypes.data,
            output_vectors=matrices[1].ctypes.data,
            private_output_vectors=self._private[1].ctypes.data,
            n_private=self.n_private,
            row_bytes=matrices[0].strides[0],
            padding=self._padding.ctypes.data,
        )
        self._merging = Merging(
            input_vectors_before=self._before[0].ctypes.data,
            output_vectors_before=self._before[1].ctypes.data,
            stretches=np.zeros(1, np.int64),
            due=np.stack([np.searchsorted(rows, 1 << np.arange(_LONGEST + 1), side="right") for rows in periods]),
            weights=np.full((2, self.n_private), 1 / threads, np.float32),
        )

    def merging(self, lr: float) -> Merging:
        """Return which rows are to be merged after the stretches that are trained with this learning rate, and how."""
        if self.n_private and not _SAME_RATE * self._lr <= lr <= self._lr:
            self._lr = lr
            self._merging.weights[:] = merge_weights(self._predictions, lr, self._threads)
        return self._merging

    def merge(self) -> None:
        """Merge all rows, due or not; the thread must not train meanwhile."""
        parts = zip(self._shared, self._private, self._before, self._merging.weights, strict=True)
        for shared, private, before, weights in parts:
            shared += weights[:, None] * (private - before)
            private[:] = before[:] = shared
