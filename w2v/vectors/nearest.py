"""Which rows of a matrix answer which question: many at once, a block of rows after the other, without a second matrix.

A block of the matrix times all questions is one product of BLAS, and of its scores only the best are kept. So the
memory needed beside the matrix is that of one block of scores, however large the matrix is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

_BLOCK_VALUES = 1 << 20  # values of the matrix squared at once for norms: 4 MB
_SCORES_AT_ONCE = 1 << 22  # scores of one block: 16 MB
_CROWD = 8  # times as many candidates as are wanted: from here on it pays to find the last good score before sorting
MUL_EPSILON = np.float32(1e-6)

Array: TypeAlias = npt.NDArray[np.float32]
Rows: TypeAlias = npt.NDArray[np.intp]
Combine: TypeAlias = Callable[[Array, Array], None]


class Neighbour(NamedTuple):
    """A word and how well it answers: the cosine of the angle between its vector and the query's.

    With method `mul`, `similarity` is the score of 3CosMul instead.
    """

    word: str
    similarity: float


class Nearest(NamedTuple):
    """The best rows for one question.

    Attributes:
        rows: best first, shape (n,).
        scores: shape (n,).
    """

    rows: Rows
    scores: Array


def row_norms(matrix: Array) -> Array:
    """Return the Euclidean length of each row: shape (V,) of a matrix (V, d), summed in float64."""
    norms = np.empty(len(matrix), dtype=np.float32)
    step = max(1, _BLOCK_VALUES // max(1, matrix.shape[1]))
    for start in range(0, len(matrix), step):
        block = matrix[start : start + step]
        norms[start : start + step] = np.sqrt(np.einsum("vd,vd->v", block, block, dtype=np.float64))
    return norms


def unit(vectors: Array) -> Array:
    """Return vectors, shape (k, d), divided by their length; one of length zero stays zero."""
    lengths = row_norms(vectors)
    lengths[lengths == 0] = 1
    return vectors / lengths[:, None]


def nearest(
    matrix: Array,
    norms: Array,
    terms: Array,
    n: int,
    left_out: Sequence[Sequence[int]],
    combine: Combine | None = None,
) -> list[Nearest]:
    """Return, for each of Q questions, the n rows with the greatest scores; of equal ones, those that come first.

    Args:
        matrix: (V, d).
        norms: (V,), the length of each row; a row of length zero has cosine 0 with everything.
        terms: (T, d), of length 1 or 0: the vectors that rows are compared with.
        n: how many rows, at least 1; fewer come back when there are not as many.
        left_out: for each question, rows not to return.
        combine: makes scores of cosines. It gets the cosines of some rows with the terms, shape (T, rows), which it
            may overwrite, and where to put the scores, shape (Q, rows). None when each term is a question, and the
            cosine its score.
    """
    best = _Best(len(left_out), n)
    barred = np.array(sorted((row, place) for place, rows in enumerate(left_out) for row in rows), dtype=np.intp)
    barred_rows, barred_places = barred.reshape(-1, 2).T
    step = max(1, min(len(matrix), _SCORES_AT_ONCE // max(1, len(terms), len(left_out))))
    # The same memory for every block: a fresh piece of this size costs more time than the product that fills it.
    products = np.empty(len(terms) * step, dtype=np.float32)
    combined = products if combine is None else np.empty(len(left_out) * step, dtype=np.float32)
    for start in range(0, len(matrix), step):
        block = matrix[start : start + step]
        lengths = norms[start : start + step]
        cosines = products[: len(terms) * len(block)].reshape(len(terms), len(block))
        scores = combined[: len(left_out) * len(block)].reshape(len(left_out), len(block))
        np.matmul(terms, block.T, out=cosines)
        cosines /= np.where(lengths > 0, lengths, 1)
        if combine is not None:
            combine(cosines, scores)
        here = slice(*np.searchsorted(barred_rows, (start, start + len(block))))
        scores[barred_places[here], barred_rows[here] - start] = -np.inf
        best.add(scores, start)
    return best.found()


def multiplied(questions: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Combine:
    """Return what scores by 3CosMul: the product of similarities to what is wanted, over that to what is not.

    Similarities are cosines moved to 0..1, and 1e-6 is added to the divisor (Levy and Goldberg, "Linguistic
    Regularities in Sparse and Explicit Word Representations", 2014).

    Args:
        questions: for each, the terms wanted and the terms unwanted.
    """

    def combine(cosines: Array, scores: Array) -> None:
        cosines += 1
        cosines /= 2
        for place, (wanted, unwanted) in enumerate(questions):
            divisor = cosines[list(unwanted)].prod(axis=0) + MUL_EPSILON
            np.divide(cosines[list(wanted)].prod(axis=0), divisor, out=scores[place])

    return combine


class _Best:
    """The n best scores seen so far of each of Q questions.

    Attributes:
        scores: (Q, n), descending; -inf where there are not as many yet.
        rows: (Q, n), where they stand in the matrix.
    """

    def __init__(self, questions: int, n: int) -> None:
        self.scores: Array = np.full((questions, n), -np.inf, dtype=np.float32)
        self.rows: Rows = np.zeros((questions, n), dtype=np.intp)

    def add(self, scores: Array, start: int) -> None:
        """Take in the scores of the rows from `start` on, shape (Q, rows)."""
        n = self.scores.shape[1]
        hits = scores > self.scores[:, -1:]  # rows that come later lose against equal ones
        if n < scores.shape[1] and self._are_crowded(hits):
            least = _nth_best(scores, n)[:, None]
            hits &= scores >= least
            if self._are_crowded(hits):  # by equal scores, as those of equal rows; the first n will do
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

    def found(self) -> list[Nearest]:
        """Return what there is, without what was left out."""
        sizes = np.isfinite(self.scores).sum(axis=1).tolist()
        return [Nearest(self.rows[place, :size], self.scores[place, :size]) for place, size in enumerate(sizes)]


def _nth_best(scores: Array, n: int) -> Array:
    """Return the n-th greatest score of each row."""
    best: Array = scores.max(axis=1) if n == 1 else np.partition(scores, -n, axis=1)[:, -n]
    return best
