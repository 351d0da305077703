"""Fewer words, vectors of length 1, or fewer digits: what can be changed of vectors on their way to another file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from w2v.errors import UsageError, VectorsError
from w2v.vectors.formats.finite import Matrix
from w2v.vectors.packed_words import PackedWords
from w2v.vectors.vectors import Vectors

_BLOCK_VALUES = 1 << 22  # values changed at once: 32 MB in float64
MOST_DECIMALS = 9  # more than a float32 near 1 has


def selected(
    vectors: Vectors, *, top: int | None, words: PackedWords | None, normalize: bool, precision: int | None
) -> Vectors:
    """Return vectors of some words, in the order of the matrix.

    Args:
        vectors: V of them; they are not changed.
        top: take only the first words, so many; None takes all.
        words: take only these, as far as they are there; None takes all.
        normalize: divide each vector by its length; one of zeros stays as it is.
        precision: round values to so many decimal places, after that; None does not.

    Raises:
        UsageError: a number is out of range.
        VectorsError: none of the words is there.
    """
    if top is not None and top < 1:
        raise UsageError(f"`top` must be at least 1, not {top}")
    if precision is not None and not 0 <= precision <= MOST_DECIMALS:
        raise UsageError(f"`precision` must be from 0 to {MOST_DECIMALS}, not {precision}")
    kept: slice | np.ndarray = slice(top)
    if words is not None:
        found = {row for word in words if (row := vectors.words.find(word)) is not None}
        kept = np.array(sorted(row for row in found if top is None or row < top), dtype=np.int64)
        if not len(kept):
            raise VectorsError("none of the words asked for is among the vectors; are they in the same case?")
    chosen = PackedWords.of(vectors.words[kept]) if isinstance(kept, slice) else vectors.words.take(kept)
    matrix = vectors.matrix[kept]
    if normalize or precision is not None:
        matrix = np.array(matrix)
        _change(matrix, normalize, precision)
    return Vectors(chosen, matrix)


def read_words(path: Path) -> PackedWords:
    """Return the words of a file, the first thing in each line, as `w2v vocab` and word2vec.c write them.

    Raises:
        VectorsError: the file can't be read, is not UTF-8, or holds no words.
    """
    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError as error:
        raise VectorsError(f"{path}: can't be read ({error.strerror})") from error
    words = [line.split()[0] for line in lines if line.strip()]
    try:
        b"\n".join(words).decode()
    except UnicodeDecodeError:
        raise VectorsError(f"{path}: is not UTF-8; convert it first, as with iconv") from None
    if not words:
        raise VectorsError(f"{path}: holds no words")
    return PackedWords.joined(words)


def _change(matrix: Matrix, normalize: bool, precision: int | None) -> None:
    step = max(1, _BLOCK_VALUES // matrix.shape[1])
    for start in range(0, len(matrix), step):
        block = matrix[start : start + step].astype(np.float64)
        if normalize:
            lengths = np.linalg.norm(block, axis=1, keepdims=True)
            np.divide(block, lengths, out=block, where=lengths > 0)
        matrix[start : start + step] = block if precision is None else np.round(block, precision)
