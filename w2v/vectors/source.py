"""A vectors file while it is read, and the matrix that its rows go to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

import numpy as np
import numpy.typing as npt

from w2v.errors import VectorsError

_ROWS_CHECKED = 1 << 12  # at once

Matrix = npt.NDArray[np.float32]
Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Header:
    """What the first line of word2vec's formats says.

    Attributes:
        count: V, the number of words.
        dim: d, the length of each vector.
        size: bytes of the line with its end.
    """

    count: int
    dim: int
    size: int


@dataclass(frozen=True)
class Source:
    """A vectors file whose start was looked at.

    Attributes:
        path: the file, for messages.
        stream: the rest of it, decompressed.
        start: what was read of the stream already, after the header.
        size: bytes in all, or None where compression hides that.
        header: what the first line says, or None without a header.
    """

    path: Path
    stream: IO[bytes]
    start: bytes
    size: int | None
    header: Header | None

    def rows_expected(self, row_size: int) -> int:
        """Return how many rows to make room for: as the header says, unless so many of `row_size` bytes don't fit."""
        size = self.size if self.size is not None else 1 << 26
        rows = size // row_size
        return min(rows, self.header.count) if self.header else rows


class Rows:
    """A matrix that grows by blocks of rows, without a second copy of it."""

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


def finite_float32(matrix: npt.NDArray[np.floating], path: Path) -> Matrix:
    """Return a matrix of shape (V, d) as float32; the same one if it is that already.

    Raises:
        VectorsError: a value is not finite as float32; the text names the file.
    """
    with np.errstate(over="ignore"):
        single = np.ascontiguousarray(matrix, dtype=np.float32)
    finite = np.isfinite(single).all(axis=1)
    if not finite.all():
        raise VectorsError(f"{path}: vector {int(np.argmin(finite)) + 1} has a value that is not a finite float32")
    return single


def check_finite(words: Sequence[str], matrix: Matrix) -> None:
    """Make sure that vectors of shape (V, d) can be read again once they are saved.

    Raises:
        VectorsError: a value is not finite; the text names the word.
    """
    for start in range(0, len(matrix), _ROWS_CHECKED):
        finite = np.isfinite(matrix[start : start + _ROWS_CHECKED]).all(axis=1)
        if not finite.all():
            word = words[start + int(np.argmin(finite))]
            raise VectorsError(f"the vector of {word!r} has a value that is not a finite number and can't be saved")
