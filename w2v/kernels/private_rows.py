"""Private copies of the most frequent rows, so that threads don't compete for the cache lines of frequent words.

A row that two cores write to in turn has to move from one to the other each time. It takes 140 ns where they share a
cache and 500 ns where they don't, longer than what is computed with it. So each thread trains its own copy of the first
rows of both matrices, and merges it into the shared ones after each block.

How it merges them matters. Adding the steps of all threads is right for rows that few predictions touched since the
last merge: those are small independent steps, as plain Hogwild takes them (Niu et al. 2011). A row that many
predictions touched has instead settled near its optimum in each thread; adding the steps of 8 threads would overshoot 8
times and diverge, and their mean is right. So a row that goes a share s of the way to its optimum between two merges is
merged with weight min(1, 1 / (threads s)): all threads together never go further than the whole way.

The mean of what threads learn is no more than one thread learns from its share of the text. So a row is private only if
that share alone teaches it enough, which depends on the text: see `n_private_rows`.

The twin is `merge_steps` in tests/reference.py.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from w2v.compiling import kernel
from w2v.kernels.buffers import RowAddresses
from w2v.simd import aligned_zeros

Float32 = npt.NDArray[np.float32]

_CONTENDED = 8  # rows that all threads compete for, whatever the text
MOST_PRIVATE = 64
_ENOUGH = 50_000  # predictions of one thread that touch a row in a run; with fewer, the loss grows with the threads


def private_bytes(row_bytes: int) -> int:
    """Return how many bytes the private rows of a thread take, at most."""
    return 4 * MOST_PRIVATE * row_bytes


def n_private_rows(predictions: tuple[npt.NDArray[np.float64], ...], threads: int) -> int:
    """Return how many rows of each matrix each thread keeps a private copy of; none with one thread.

    Those are the rows that all threads compete for, and as many others as predictions touch often enough: 50,000 times
    in each thread. On 17M words of books, that kept the loss of every model and output layer with 2, 8 and 32 threads
    at what threads without other private rows reach, or below. But the loss is not all: with 256 or 1,024 rows it fell
    further, while 8 threads found 38 % of the analogies instead of 41 %. A private row follows what its thread reads at
    the moment, which predicts the next words and is forgotten. With 64 rows, nothing was lost.

    Args:
        predictions: for each matrix, how many predictions touch each row in a run, (rows,) float64, falling.
        threads: how many threads share the matrices.

    Example:
        >>> falling = 1e6 / np.arange(1, 1000)
        >>> n_private_rows((falling, falling), 2), n_private_rows((falling[:3], falling), 2)
        (10, 3)
        >>> n_private_rows((falling, 1000 * falling), 1), n_private_rows((1000 * falling, 1000 * falling), 2)
        (0, 64)
    """
    if threads == 1:
        return 0
    often = min(int(np.count_nonzero(touched >= _ENOUGH * threads)) for touched in predictions)
    return min(max(_CONTENDED, often), MOST_PRIVATE, *map(len, predictions))


def merge_weights(predictions: npt.NDArray[np.float64], lr: float, threads: int) -> npt.NDArray[np.float64]:
    """Return the weights with which each thread's steps are added to the shared rows, (rows,) float64 in 1/threads..1.

    A prediction moves a score by about lr sigmoid'(score) |h|^2 of its distance from the optimum, sigmoid' being 1/4 at
    most and |h| near 1 or more: so n predictions leave a share exp(-n lr / 4) of the way.
    """
    settled = -np.expm1(-predictions * lr / 4)
    weights: npt.NDArray[np.float64] = 1 / np.maximum(1.0, threads * settled)
    return weights


@kernel
def merge_rows(shared: Float32, private: Float32, before: Float32, weights: Float32) -> None:
    """Add weights x (private - before) to shared, row by row; private and before then start afresh from shared.

    Threads don't wait for each other: of two that merge the same row in the same 100 ns, the step of one may be lost.

    Args:
        shared: (rows, padded d) float32.
        private: (rows, padded d) float32.
        before: (rows, padded d) float32, what private was after the last merge.
        weights: (rows,) float32.
    """
    for row in range(private.shape[0]):
        for column in range(private.shape[1]):
            step = weights[row] * (private[row, column] - before[row, column])
            merged = shared[row, column] + step
            shared[row, column] = private[row, column] = before[row, column] = merged


class PrivateRows:
    """One thread's private rows of both matrices.

    Args:
        matrices: input and output vectors, (rows, padded d) float32.
        predictions: for each matrix, how many predictions touch each row between two merges, (rows,) float64.
        merges: how often all threads together merge their rows in a run.
        threads: how many threads share the matrices.
    """

    def __init__(
        self,
        matrices: tuple[Float32, Float32],
        predictions: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
        merges: int,
        threads: int,
    ) -> None:
        floats = matrices[0].shape[1]
        inputs, outputs = predictions
        self.n_private = n_private_rows((merges * inputs, merges * outputs), threads)
        self._threads = threads
        self._predictions = [counts[: self.n_private] for counts in predictions]
        self._shared = [matrix[: self.n_private] for matrix in matrices]
        self._private = [aligned_zeros(self.n_private, floats) for _ in matrices]
        self._padding = aligned_zeros(1, floats)
        for private, shared in zip(self._private, self._shared, strict=True):
            private[:] = shared
        self._before = [private.copy() for private in self._private]
        self.addresses = RowAddresses(
            input_vectors=matrices[0].ctypes.data,
            private_input_vectors=self._private[0].ctypes.data,
            output_vectors=matrices[1].ctypes.data,
            private_output_vectors=self._private[1].ctypes.data,
            n_private=self.n_private,
            row_bytes=matrices[0].strides[0],
            padding=self._padding.ctypes.data,
        )

    def merge(self, lr: float) -> None:
        """Bring this thread's and all others' work together; lr is the learning rate since the last merge."""
        if not self.n_private:
            return
        for parts in zip(self._shared, self._private, self._before, self._predictions, strict=True):
            shared, private, before, predictions = parts
            merge_rows(shared, private, before, merge_weights(predictions, lr, self._threads).astype(np.float32))
