"""Private copies of the most frequent rows, so that threads don't fight over the cache lines of "the", "of" and "and".

Each thread trains its own copy of the first rows of both matrices and merges it into the shared ones now and then. How
it is merged matters: adding what every thread did is right for rows that few predictions touched between two merges,
since those are small independent steps, as plain Hogwild takes them (Niu et al. 2011). A row that many predictions
touched has instead settled near its optimum in each thread; adding the steps of 8 threads would overshoot 8 times and
diverge, and their mean is right. So a row that goes a share s of the way to its optimum between two merges is merged
with weight min(1, 1 / (threads s)): all threads together never go further than the whole way.
"""

from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt

from w2v.kernels.windows import Rows
from w2v.simd import aligned_zeros

MAX_HEAD = 8  # the rows all threads fight for; averaging more of them slows what is learnt with every thread added


def head_size(words: int, threads: int) -> int:
    """Return how many rows of each matrix are kept private; none when there is nobody to share with."""
    return 0 if threads == 1 else min(words, MAX_HEAD)


def merge_weights(predictions: npt.NDArray[np.float64], lr: float, threads: int) -> npt.NDArray[np.float64]:
    """Return with what weight each thread's steps are added to the shared rows, (rows,) float64 in 1/threads..1.

    A prediction moves a score by about lr sigmoid'(score) |h|^2 of its distance from the optimum, sigmoid' being 1/4 at
    most and |h| near 1 or more: so `predictions` of them leave a share exp(-predictions lr / 4) of the way.
    """
    settled = -np.expm1(-predictions * lr / 4)
    weights: npt.NDArray[np.float64] = 1 / np.maximum(1.0, threads * settled)
    return weights


Head = npt.NDArray[np.float32]  # the most frequent rows of a matrix, or a copy of them


def _merge(shared: Head, private: Head, before: Head, weights: npt.NDArray[np.float32]) -> None:
    """Add weights x (private - before) to shared, row by row; private and before then start afresh from shared."""
    with np.errstate(all="ignore"):  # of numbers that are not finite, the loss tells
        shared += (private - before) * weights[:, None]
    private[:] = shared
    before[:] = shared


class FrequentRows:
    """One thread's private rows of both matrices.

    Args:
        matrices: input and output vectors, (rows, padded d) float32.
        predictions: for each matrix, how many predictions touch each row between two merges, (rows,) float64.
        threads: how many threads share the matrices.
        lock: held while merging; the same one for all threads.
    """

    def __init__(
        self,
        matrices: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]],
        predictions: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
        threads: int,
        lock: threading.Lock,
    ) -> None:
        floats = matrices[0].shape[1]
        self.head = head_size(min(map(len, matrices)), threads)
        self._threads, self._lock = threads, lock
        self._predictions = [counts[: self.head] for counts in predictions]
        self._shared = [matrix[: self.head] for matrix in matrices]
        self._private = [aligned_zeros(self.head, floats) for _ in matrices]
        self._padding = aligned_zeros(1, floats)
        for private, shared in zip(self._private, self._shared, strict=True):
            private[:] = shared
        self._before = [private.copy() for private in self._private]
        inputs, outputs = (matrix.ctypes.data for matrix in matrices)
        private_inputs, private_outputs = (private.ctypes.data for private in self._private)
        self.rows = Rows(
            inputs,
            private_inputs,
            outputs,
            private_outputs,
            self.head,
            matrices[0].strides[0],
            self._padding.ctypes.data,
        )

    def merge(self, lr: float) -> None:
        """Bring this thread's and all others' work together; lr is the learning rate since the last merge."""
        if not self.head:
            return
        for parts in zip(self._shared, self._private, self._before, self._predictions, strict=True):
            shared, private, before, predictions = parts
            weights = merge_weights(predictions, lr, self._threads)
            with self._lock:
                _merge(shared, private, before, weights.astype(np.float32))
