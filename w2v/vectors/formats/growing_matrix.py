"""A matrix that grows by blocks of rows while a file is read."""

from __future__ import annotations

import numpy as np

from w2v.vectors.formats.finite import Matrix


class GrowingMatrix:
    """A matrix that grows by blocks of rows, without a second copy of it.

    Example:
        >>> rows = GrowingMatrix(expected=1, dim=2)
        >>> rows.append(np.ones((3, 2), np.float32))
        >>> rows.matrix().shape
        (3, 2)
    """

    def __init__(self, expected: int, dim: int) -> None:
        """Make room for the rows expected; memory is used only as rows come."""
        self._matrix: Matrix = np.empty((expected, dim), dtype=np.float32)
        self._count = 0

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._count

    def append(self, block: Matrix) -> None:
        """Add rows of shape (n, d)."""
        end = self._count + len(block)
        if end > len(self._matrix):
            self._resize(end + end // 4)
        self._matrix[self._count : end] = block
        self._count = end

    def matrix(self) -> Matrix:
        """Return all rows, shape (V, d)."""
        self._resize(self._count)
        return self._matrix

    def _resize(self, count: int) -> None:
        # realloc moves pages instead of copying them; nobody else holds the array
        self._matrix.resize((count, self._matrix.shape[1]), refcheck=False)
