"""Checks that vectors are finite float32, when files of other programs are read and before vectors are saved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from w2v.errors import VectorsError
from w2v.vectors.formats.tokens import shown_word
from w2v.vectors.packed_words import PackedWords

Matrix = npt.NDArray[np.float32]

_ROWS_AT_ONCE = 1 << 12


def finite_float32(matrix: npt.NDArray[np.floating], path: Path) -> Matrix:
    """Return a matrix of shape (V, d) as float32; the same one if it is that already.

    Raises:
        VectorsError: a value is not finite as float32; the text names the file.
    """
    with np.errstate(over="ignore"):
        single = np.ascontiguousarray(matrix, dtype=np.float32)
    row = _first_not_finite(single)
    if row is not None:
        raise VectorsError(f"{path}: vector {row + 1} has a value that is not a finite float32")
    return single


def check_finite(words: PackedWords, matrix: Matrix) -> None:
    """Check vectors, shape (V, d), before they are saved.

    Raises:
        VectorsError: a value is not finite; the text names the word.
    """
    row = _first_not_finite(matrix)
    if row is not None:
        word = shown_word(words.encoded(row))
        raise VectorsError(f"the vector of {word} has a value that is not a finite number and can't be saved")


def _first_not_finite(matrix: Matrix) -> int | None:
    """Return the first row with a value that is not finite, or None if there is none."""
    for start in range(0, len(matrix), _ROWS_AT_ONCE):
        finite = np.isfinite(matrix[start : start + _ROWS_AT_ONCE]).all(axis=1)
        if not finite.all():
            return start + int(np.argmin(finite))
    return None
