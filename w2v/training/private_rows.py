"""Private copies of the most frequent rows, so that threads don't compete for the cache lines of "the", "of" and "and".

Each thread trains its own copy of the first rows of both matrices and merges it into the shared ones after each block.
How it merges them matters. Adding the steps of all threads is right for rows that few predictions touched since the
last merge: those are small independent steps, as plain Hogwild takes them (Niu et al. 2011). A row that many
predictions touched has instead settled near its optimum in each thread; adding the steps of 8 threads would overshoot 8
times and diverge, and their mean is right. So a row that goes a share s of the way to its optimum between two merges is
merged with weight min(1, 1 / (threads s)): all threads together never go further than the whole way.
"""

from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt

from w2v.kernels.buffers import RowAddresses
from w2v.simd import aligned_zeros

Float32 = npt.NDArray[np.float32]

MAX_PRIVATE = 8  # rows that all threads compete for; averaging more of them makes each added thread learn less


def n_private_rows(words: int, threads: int) -> int:
    """Return how many rows of each matrix each thread keeps a private copy of; none with one thread.

    Example:
        >>> n_private_rows(words=5000, threads=2), n_private_rows(words=3, threads=2), n_private_rows(5000, threads=1)
        (8, 3, 0)
    """
    return 0 if threads == 1 else min(words, MAX_PRIVATE)


def merge_weights(predictions: npt.NDArray[np.float64], lr: float, threads: int) -> npt.NDArray[np.float64]:
    """Return the weights with which each thread's steps are added to the shared rows, (rows,) float64 in 1/threads..1.

    A prediction moves a score by about lr sigmoid'(score) |h|^2 of its distance from the optimum, sigmoid' being 1/4 at
    most and |h| near 1 or more: so n predictions leave a share exp(-n lr / 4) of the way.
    """
    settled = -np.expm1(-predictions * lr / 4)
    weights: npt.NDArray[np.float64] = 1 / np.maximum(1.0, threads * settled)
    return weights


def _merge(shared: Float32, private: Float32, before: Float32, weights: Float32) -> None:
    """Add weights x (private - before) to shared, row by row; private and before then start afresh from shared."""
    with np.errstate(all="ignore"):  # numbers that are not finite make the loss NaN, which is reported
        shared += (private - before) * weights[:, None]
    private[:] = shared
    before[:] = shared


class PrivateRows:
    """One thread's private rows of both matrices.

    Args:
        matrices: input and output vectors, (rows, padded d) float32.
        predictions: for each matrix, how many predictions touch each row between two merges, (rows,) float64.
        threads: how many threads share the matrices.
        lock: held while merging; the same one for all threads.
    """

    def __init__(
        self,
        matrices: tuple[Float32, Float32],
        predictions: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
        threads: int,
        lock: threading.Lock,
    ) -> None:
        floats = matrices[0].shape[1]
        self.n_private = n_private_rows(min(map(len, matrices)), threads)
        self._threads, self._lock = threads, lock
        self._predictions = [counts[: self.n_private] for counts in predictions]
        self._shared = [matrix[: self.n_private] for matrix in matrices]
        self._private = [aligned_zeros(self.n_private, floats) for _ in matrices]
        self._padding = aligned_zeros(1, floats)
        for private, shared in zip(self._private, self._shared, strict=True):
            private[:] = shared
        self._before = [private.copy() for private in self._private]
        (inputs, outputs), (private_inputs, private_outputs) = matrices, self._private
        self.addresses = RowAddresses(
            input_vectors=inputs.ctypes.data,
            private_input_vectors=private_inputs.ctypes.data,
            output_vectors=outputs.ctypes.data,
            private_output_vectors=private_outputs.ctypes.data,
            n_private=self.n_private,
            row_bytes=inputs.strides[0],
            padding=self._padding.ctypes.data,
        )

    def merge(self, lr: float) -> None:
        """Bring this thread's and all others' work together; lr is the learning rate since the last merge."""
        if not self.n_private:
            return
        for parts in zip(self._shared, self._private, self._before, self._predictions, strict=True):
            shared, private, before, predictions = parts
            weights = merge_weights(predictions, lr, self._threads)
            with self._lock:
                _merge(shared, private, before, weights.astype(np.float32))
