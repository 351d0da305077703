"""Lengths of rows, and cosines between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

_BLOCK_VALUES = 1 << 20  # values of the matrix squared at once for norms: 4 MB
_NORMALIZED_AT_ONCE = 1 << 22  # values: 32 MB in float64
_SCORES_AT_ONCE = 1 << 22  # scores of one block: 16 MB
_PAIRS_VALUES = 1 << 20  # values of pairs of rows multiplied at once
_LEAST_LENGTH = 1e-30  # of a row whose products are normal float32; below, they lose digits

Array: TypeAlias = npt.NDArray[np.float32]
Rows: TypeAlias = npt.NDArray[np.intp]


def row_norms(matrix: Array) -> Array:
    """Return the Euclidean length of each row, shape (V,), of a matrix (V, d), summed in float64.

    Example:
        >>> row_norms(np.array([[3, 4], [0, 0]], dtype=np.float32)).tolist()
        [5.0, 0.0]
    """
    norms = np.empty(len(matrix), dtype=np.float32)
    step = max(1, _BLOCK_VALUES // max(1, matrix.shape[1]))
    with np.errstate(over="ignore"):  # a row from a file may be longer than a float32 can hold
        for start in range(0, len(matrix), step):
            block = matrix[start : start + step]
            norms[start : start + step] = np.sqrt(np.einsum("vd,vd->v", block, block, dtype=np.float64))
    return norms


def unit(vectors: Array) -> Array:
    """Return vectors, shape (k, d), divided by their length; a vector of zeros stays as it is."""
    lengths = row_norms(vectors)
    if len(lengths) and not _LEAST_LENGTH <= lengths.min() <= lengths.max() < np.inf:
        return unit_matrix(vectors)
    return vectors / lengths[:, None]


def unit_matrix(matrix: Array) -> Array:
    """Return a copy of a whole matrix, (V, d), with rows divided by their length in float64, block by block.

    Rows of zeros stay as they are.
    """
    units = np.empty_like(matrix)
    step = max(1, _NORMALIZED_AT_ONCE // max(1, matrix.shape[1]))
    for start in range(0, len(matrix), step):
        block = matrix[start : start + step].astype(np.float64)
        lengths = np.linalg.norm(block, axis=1, keepdims=True)
        np.divide(block, lengths, out=block, where=lengths > 0)
        units[start : start + step] = block
    return units


def cosines(matrix: Array, firsts: npt.ArrayLike, seconds: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the cosines of pairs of rows, from -1 to 1, in float64, shape (pairs,); 0 where a row has length zero.

    Args:
        matrix: (V, d).
        firsts: (pairs,), the first row of each pair.
        seconds: (pairs,), the second row of each pair.

    Example:
        >>> cosines(np.array([[2, 0], [1, 1], [0, 3]], dtype=np.float32), [0, 0], [1, 2]).round(4).tolist()
        [0.7071, 0.0]
    """
    firsts, seconds = np.asarray(firsts, dtype=np.intp), np.asarray(seconds, dtype=np.intp)
    found = np.zeros(len(firsts))
    step = max(1, _PAIRS_VALUES // max(1, matrix.shape[1]))
    for start in range(0, len(firsts), step):
        one, other = (matrix[rows[start : start + step]].astype(np.float64) for rows in (firsts, seconds))
        products, squares, other_squares = (
            np.einsum("kd,kd->k", left, right) for left, right in ((one, other), (one, one), (other, other))
        )
        lengths = np.sqrt(squares) * np.sqrt(other_squares)
        np.divide(products, lengths, out=found[start : start + step], where=lengths > 0)
    return np.clip(found, -1, 1, out=found)  # rounding may lead beyond


def cosine_blocks(matrix: Array, norms: Array, terms: Array, n_scores: int) -> Iterator[tuple[int, Array]]:
    """Yield the cosines of all rows with some vectors: the first row of a block, and cosines of shape (T, rows).

    Args:
        matrix: (V, d).
        norms: (V,), the length of each row; a row of length zero has cosine 0 with everything.
        terms: (T, d), vectors of length 1 or 0.
        n_scores: how many scores the caller makes for each row; it limits the size of a block.
    """
    step = max(1, min(len(matrix), _SCORES_AT_ONCE // max(1, len(terms), n_scores)))
    # All blocks use the same memory: fresh memory of this size takes more time than the product that fills it.
    products = np.empty(len(terms) * step, dtype=np.float32)
    for start in range(0, len(matrix), step):
        block, lengths = matrix[start : start + step], norms[start : start + step]
        found = products[: len(terms) * len(block)].reshape(len(terms), len(block))
        with np.errstate(over="ignore", invalid="ignore"):  # of rows that are replaced below
            np.matmul(terms, block.T, out=found)
            found /= np.where(lengths > 0, lengths, 1)
        if not _LEAST_LENGTH <= lengths.min() <= lengths.max() < np.inf:
            extreme = np.flatnonzero((lengths > 0) & (lengths < _LEAST_LENGTH) | np.isinf(lengths))
            found[:, extreme] = terms @ unit_matrix(block[extreme]).T
        yield start, found
