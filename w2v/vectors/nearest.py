"""The rows of a matrix that are nearest to each of many queries, without a second matrix.

The matrix is read block by block. One BLAS product gives the cosines of a block with all queries, and only the best
scores are kept, so the search needs the memory of one block of scores, however large the matrix is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from w2v.cosines import Array, Rows, cosine_blocks, unit

_CROWD = 8  # with this many times more candidates than needed, it pays to find the last good score before sorting
MUL_EPSILON = np.float32(1e-6)

Combine: TypeAlias = Callable[[Array, Array], None]


class Neighbour(NamedTuple):
    """A word and the cosine of the angle between its vector and that of the query.

    With method `mul`, `similarity` is the score of 3CosMul instead.
    """

    word: str
    similarity: float


class Candidates(NamedTuple):
    """The rows among which neighbours are searched.

    Attributes:
        matrix: (V, d).
        norms: (V,), the length of each row; a row of length zero has cosine 0 with everything.
        allowed: (V,), False for rows not to return; None allows all.
    """

    matrix: Array
    norms: Array
    allowed: npt.NDArray[np.bool_] | None = None

    def first(self, n: int | None) -> Candidates:
        """Return the first n rows; None means all."""
        return self if n is None else Candidates(*(None if part is None else part[:n] for part in self))  # type: ignore[arg-type]

    def frequent(self, counts: npt.NDArray[np.int64], min_count: int) -> Candidates:
        """Return the rows whose words occur at least `min_count` times; `counts` has the shape (V,)."""
        allowed = counts >= min_count
        last = len(allowed) - int(np.argmax(allowed[::-1])) if allowed.any() else 0
        # Counts usually descend; then all rows before the last are allowed, and the search is shorter.
        return self.first(last)._replace(allowed=None if allowed[:last].all() else allowed[:last])


class Nearest(NamedTuple):
    """The best rows for one query.

    Attributes:
        rows: best first, shape (n,).
        scores: shape (n,).
    """

    rows: Rows
    scores: Array


def nearest(
    candidates: Candidates,
    terms: Array,
    n: int,
    left_out: Sequence[Sequence[int]],
    combine: Combine | None = None,
) -> list[Nearest]:
    """Return, for each of Q queries, the n rows with the greatest scores; of equal scores, those of the first rows.

    Args:
        candidates: the rows to search.
        terms: (T, d), vectors of length 1 or 0 that rows are compared with.
        n: how many rows to return, at least 1; fewer if there are fewer.
        left_out: for each query, rows not to return.
        combine: turns cosines into scores. It receives the cosines of some rows with the terms, shape (T, rows), which
            it may overwrite, and the array to fill with scores, shape (Q, rows). None if each term is a query and the
            cosine its score.
    """
    matrix, norms, allowed = candidates
    best = _Best(len(left_out), n)
    barred = np.array(sorted((row, place) for place, rows in enumerate(left_out) for row in rows), dtype=np.intp)
    barred_rows, barred_places = barred.reshape(-1, 2).T
    combined = np.empty(0, dtype=np.float32)
    for start, found in cosine_blocks(matrix, norms, terms, len(left_out)):
        scores, count = found, found.shape[1]
        if combine is not None:
            if not combined.size:  # the first block is the largest
                combined = np.empty(len(left_out) * count, dtype=np.float32)
            scores = combined[: len(left_out) * count].reshape(len(left_out), count)
            combine(found, scores)
        here = slice(*np.searchsorted(barred_rows, (start, start + count)))
        scores[barred_places[here], barred_rows[here] - start] = -np.inf
        if allowed is not None:
            scores[:, ~allowed[start : start + count]] = -np.inf
        best.add(scores, start)
    return best.found(are_cosines=combine is None)


def rank_of(matrix: Array, norms: Array, row: int, other: int) -> int:
    """Return the place of row `other` among the neighbours of `row`: 1 for the nearest, 0 for the row itself.

    Args:
        matrix: (V, d).
        norms: (V,), the length of each row.
        row: the row whose neighbours count.
        other: the row whose place is asked for.
    """
    if row == other:
        return 0
    scores = np.empty(len(matrix), dtype=np.float32)
    for start, found in cosine_blocks(matrix, norms, unit(matrix[row : row + 1]), 1):
        scores[start : start + found.shape[1]] = found[0]
    score = scores[other]
    scores[row] = -np.inf
    return 1 + int(np.count_nonzero(scores > score)) + int(np.count_nonzero(scores[:other] == score))


def multiplied(queries: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Combine:
    """Return a function that scores by 3CosMul: the product of positive similarities over that of negative ones.

    Similarities are cosines moved to 0..1, and 1e-6 is added to the divisor (Levy and Goldberg, "Linguistic
    Regularities in Sparse and Explicit Word Representations", 2014).

    Args:
        queries: for each query, its positive and its negative terms.
    """

    def combine(cosines: Array, scores: Array) -> None:
        cosines += 1
        cosines /= 2
        for place, (positive, negative) in enumerate(queries):
            divisor = cosines[list(negative)].prod(axis=0) + MUL_EPSILON
            np.divide(cosines[list(positive)].prod(axis=0), divisor, out=scores[place])

    return combine


class _Best:
    """The n best scores of each of Q queries so far.

    Attributes:
        scores: (Q, n), descending; -inf while there are fewer.
        rows: (Q, n), the rows of the matrix that have these scores.
    """

    def __init__(self, queries: int, n: int) -> None:
        self.scores: Array = np.full((queries, n), -np.inf, dtype=np.float32)
        self.rows: Rows = np.zeros((queries, n), dtype=np.intp)

    def add(self, scores: Array, start: int) -> None:
        """Add the scores of the rows from `start` on, shape (Q, rows)."""
        n = self.scores.shape[1]
        hits = scores > self.scores[:, -1:]  # of equal scores, the earlier row stays
        if n < scores.shape[1] and self._are_crowded(hits):
            least = _nth_best(scores, n)[:, None]
            hits &= scores >= least
            if self._are_crowded(hits):  # by equal scores, as of equal rows; the first n are enough
                ties = scores == least
                hits &= ~ties | (np.cumsum(ties, axis=1, dtype=np.int32) <= n)
        places, columns = np.divmod(np.flatnonzero(hits), scores.shape[1])  # np.nonzero takes twenty times as long
        touched = places[np.diff(places, prepend=-1) > 0]  # np.unique would import masked arrays
        if not len(touched):
            return
        place = np.concatenate([np.repeat(touched, n), places])
        score = np.concatenate([self.scores[touched].ravel(), scores[places, columns]])
        row = np.concatenate([self.rows[touched].ravel(), columns + start])
        order = np.lexsort((row, -score, place))
        firsts = np.searchsorted(place[order], touched)
        chosen = order[firsts[:, None] + np.arange(n)]
        self.scores[touched], self.rows[touched] = score[chosen], row[chosen]

    def _are_crowded(self, hits: npt.NDArray[np.bool_]) -> bool:
        return bool(np.count_nonzero(hits) > _CROWD * self.scores.size)

    def found(self, *, are_cosines: bool) -> list[Nearest]:
        """Return the best rows, without those left out; cosines end at -1 and 1, which rounding may lead beyond."""
        sizes = np.isfinite(self.scores).sum(axis=1).tolist()
        scores = np.clip(self.scores, -1, 1) if are_cosines else self.scores
        return [Nearest(self.rows[place, :size], scores[place, :size]) for place, size in enumerate(sizes)]


def _nth_best(scores: Array, n: int) -> Array:
    """Return the n-th greatest score of each row."""
    best: Array = scores.max(axis=1) if n == 1 else np.partition(scores, -n, axis=1)[:, -n]
    return best
