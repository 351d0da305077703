"""The closest words of every word, among the words that are drawn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.progress import Progress

_BLOCK_VALUES = 1 << 24  # similarities held at once: 64 MB

Floats = npt.NDArray[np.float32]


class Neighbours(NamedTuple):
    """For each of n rows its k closest other rows, the closest first.

    Attributes:
        rows: shape (n, k).
        similarity: shape (n, k), their cosines.
    """

    rows: npt.NDArray[np.int32]
    similarity: Floats

    def first(self, k: int) -> Neighbours:
        """Return the k closest of each."""
        return Neighbours(self.rows[:, :k].copy(), self.similarity[:, :k].copy())


def closest_rows(rows: Floats, k: int, progress: Progress) -> Neighbours:
    """Return the k greatest cosines of every row with the others, found exactly, as matrix products.

    Args:
        rows: shape (n, d), of length 1 each; k < n.
        k: how many.
        progress: is told where the work stands.
    """
    n = len(rows)
    found = Neighbours(np.empty((n, k), dtype=np.int32), np.empty((n, k), dtype=np.float32))
    step = max(1, _BLOCK_VALUES // n)
    progress.start("comparing", n, "words")
    for start in range(0, n, step):
        cosines = rows[start : start + step] @ rows.T
        block = np.arange(len(cosines))
        cosines[block, start + block] = -np.inf
        best = np.argpartition(-cosines, k - 1, axis=1)[:, :k]
        values = np.take_along_axis(cosines, best, axis=1)
        order = np.lexsort((best, -values))
        found.rows[start : start + step] = np.take_along_axis(best, order, axis=1)
        found.similarity[start : start + step] = np.take_along_axis(values, order, axis=1)
        progress.update(start + len(block))
    progress.finish()
    return found
