"""The nearest neighbours of each word on a map, among the words of the map."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.memory_need import MemoryNeed
from w2v.progress import Progress

_BLOCK_VALUES = 1 << 22  # similarities in memory at once: 16 MB, and 32 MB for the places of the best


class Neighbours(NamedTuple):
    """The k nearest other rows of each of n rows, nearest first.

    Attributes:
        rows: shape (n, k), the numbers of the rows.
        similarity: shape (n, k), their cosines.
    """

    rows: npt.NDArray[np.int32]
    similarity: npt.NDArray[np.float32]

    def first(self, k: int) -> Neighbours:
        """Return the k nearest neighbours of each row."""
        return Neighbours(self.rows[:, :k].copy(), self.similarity[:, :k].copy())


def neighbours_need(rows: int, k: int) -> MemoryNeed:
    """Return the memory that it takes to find the k nearest neighbours of each of n rows."""
    return MemoryNeed.of(neighbours=8 * rows * k, work=12 * min(max(_BLOCK_VALUES, rows), rows * rows))


def closest_rows(rows: npt.NDArray[np.float32], k: int, progress: Progress) -> Neighbours:
    """Return the k nearest neighbours of each row by cosine, exactly, with matrix products.

    Args:
        rows: shape (n, d), each of length 1.
        k: how many neighbours; less than n.
        progress: receives progress.
    """
    n = len(rows)
    found = Neighbours(np.empty((n, k), dtype=np.int32), np.empty((n, k), dtype=np.float32))
    step = max(1, _BLOCK_VALUES // n)
    room = np.empty((min(step, n), n), dtype=np.float32)
    progress.start("finding neighbours", n, "words")
    for start in range(0, n, step):
        part = rows[start : start + step]
        distances = room[: len(part)]
        np.matmul(part, rows.T, out=distances)
        np.negative(distances, out=distances)
        block = np.arange(len(part))
        distances[block, start + block] = np.inf
        best = np.argpartition(distances, k - 1, axis=1)[:, :k].copy()  # without the places of all others
        values = -np.take_along_axis(distances, best, axis=1)
        order = np.lexsort((best, -values))
        found.rows[start : start + step] = np.take_along_axis(best, order, axis=1)
        found.similarity[start : start + step] = np.take_along_axis(values, order, axis=1)
        progress.update(start + len(block))
    progress.finish()
    return found
