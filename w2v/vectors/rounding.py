"""Vectors with fewer decimal places, which text files hold in less room."""

from __future__ import annotations

import numpy as np

from w2v.options.checks import require_between
from w2v.vectors.vectors import Vectors

_BLOCK_VALUES = 1 << 22  # values rounded at once: 32 MB in float64
MOST_DECIMALS = 9  # more than a float32 near 1 has


def rounded(vectors: Vectors, precision: int) -> Vectors:
    """Return vectors whose values are rounded to some decimal places, from 0 to MOST_DECIMALS.

    Raises:
        UsageError: `precision` is out of range.

    Example:
        >>> rounded(Vectors(["king"], [[0.123, -4.567]]), 1).matrix
        array([[ 0.1, -4.6]], dtype=float32)
    """
    require_between("precision", precision, 0, MOST_DECIMALS)
    matrix = np.empty_like(vectors.matrix)
    step = max(1, _BLOCK_VALUES // vectors.dim)
    for start in range(0, len(matrix), step):
        matrix[start : start + step] = np.round(vectors.matrix[start : start + step].astype(np.float64), precision)
    return Vectors(vectors.words, matrix, counts=vectors.counts, metadata=vectors.metadata)
