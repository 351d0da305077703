"""Which rows of a matrix are closest to a vector, without a second copy of the matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_BLOCK_VALUES = 1 << 20  # values of the matrix squared at once for norms: 4 MB

Array = npt.NDArray[np.float32]


class Neighbour(NamedTuple):
    """A word and the cosine of the angle between its vector and the query's."""

    word: str
    similarity: float


def row_norms(matrix: Array) -> Array:
    """Return the Euclidean length of each row: shape (V,) of a matrix (V, d), summed in float64."""
    norms = np.empty(len(matrix), dtype=np.float32)
    step = max(1, _BLOCK_VALUES // max(1, matrix.shape[1]))
    for start in range(0, len(matrix), step):
        block = matrix[start : start + step]
        norms[start : start + step] = np.sqrt(np.einsum("vd,vd->v", block, block, dtype=np.float64))
    return norms


def cosines(matrix: Array, norms: Array, query: Array) -> Array:
    """Return the cosine of each row with `query`: shape (V,). A row or a query of length zero has cosine 0.

    Args:
        matrix: (V, d).
        norms: (V,), the length of each row.
        query: (d,).
    """
    lengths = norms * np.linalg.norm(query)
    products = matrix @ query
    similarity: Array = np.zeros_like(norms)
    np.divide(products, lengths, out=similarity, where=lengths > 0)
    return similarity


def nearest(matrix: Array, norms: Array, query: Array, n: int, left_out: Sequence[int]) -> list[tuple[int, float]]:
    """Return the rows with the n greatest cosines and those cosines, best first; equal ones in order of rows.

    Args:
        matrix: (V, d).
        norms: (V,), the length of each row.
        query: (d,).
        n: how many rows, at least 1; fewer come back when there are not as many.
        left_out: rows not to return.
    """
    similarity = cosines(matrix, norms, query)
    similarity[list(left_out)] = -np.inf
    n = min(n, len(matrix) - len(set(left_out)))
    candidates = np.arange(len(matrix)) if n == len(matrix) else np.argpartition(-similarity, n)[:n]
    # argpartition picks any of the rows that tie with the last one; prefer the first of them
    if n:
        least = similarity[candidates].min()
        candidates = np.flatnonzero(similarity >= least)
    best = candidates[np.lexsort((candidates, -similarity[candidates]))][:n]
    return [(int(row), float(similarity[row])) for row in best]
