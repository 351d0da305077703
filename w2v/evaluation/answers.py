"""The best answer to each of many analogies, found in one pass over the matrix.

The questions of a test set share words and pairs of words. Cosines are computed once for each word, and each pair a, b
is combined once for all questions of a group. Then a question costs one sum and the search for its maximum, for a few
questions and a few thousand rows at a time, so that scores stay in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from w2v.cosines import Array, Rows, unit
from w2v.vectors.nearest import MUL_EPSILON

_COSINES_AT_ONCE = 1 << 22  # of all words with one block of rows: 16 MB
_ROWS_AT_ONCE = 4096  # large enough for the threads of BLAS, which wait for each other after each product
_QUESTIONS_AT_ONCE = 32  # scored together; over so many rows, their scores take 512 KB


class Rule(NamedTuple):
    """How to compute the score of a word x from its cosines with a, b and c.

    Attributes:
        similarities: turns cosines into similarities, in place.
        step: combines the similarities to a and to b.
        score: combines a step and the similarities to c.
    """

    similarities: Callable[[Array], None]
    step: Callable[[Array, Array], Array]
    score: np.ufunc


def _as_they_are(cosines: Array) -> None:
    pass


def _moved(cosines: Array) -> None:
    cosines += 1
    cosines /= 2


RULES = {
    # 3CosAdd: cos(x, b) - cos(x, a) + cos(x, c)
    "add": Rule(_as_they_are, lambda a, b: b - a, np.add),
    # 3CosMul: s(x, b) s(x, c) / (s(x, a) + 1e-6) with s = (1 + cos) / 2
    "mul": Rule(_moved, lambda a, b: b / (a + MUL_EPSILON), np.multiply),
}


class _Group(NamedTuple):
    """Questions that are scored together; a word is its number.

    Attributes:
        start: the first question.
        end: the question after the last.
        a: (P,), the first word of each different pair a, b.
        b: (P,), the second word of each pair.
        pair: (end - start,), the pair of each question.
        c: (end - start,), the third word of each question.
    """

    start: int
    end: int
    a: Rows
    b: Rows
    pair: Rows
    c: Rows


def best_rows(
    matrix: Array,
    norms: Array,
    words: Rows,
    questions: Rows,
    left_out: tuple[Rows, Rows],
    rule: Rule,
    report: Callable[[float], None],
) -> Rows:
    """Return the row with the greatest score for each question, shape (Q,); of equal ones the first, -1 for none.

    Args:
        matrix: (V, d).
        norms: (V,), the length of each row; a row of length zero has cosine 0 with everything.
        words: (T,), the rows of the words of the questions.
        questions: (Q, 3), a, b and c of each question as numbers in `words`.
        left_out: questions, and for each a row that can't be its answer, both of shape (N,).
        rule: one of RULES.
        report: receives the share of the work that is done, 0 to 1.
    """
    terms = unit(matrix[words])
    step = max(1, min(_ROWS_AT_ONCE, _COSINES_AT_ONCE // max(1, len(words))))
    groups = list(_groups(questions, len(words)))
    barred = _barred(*left_out, len(matrix), step, [*(group.start for group in groups), len(questions)])
    # All blocks use the same memory: fresh memory of this size takes more time than the work in it.
    products = np.empty(len(words) * step, dtype=np.float32)
    scratch = np.empty((2, _QUESTIONS_AT_ONCE * step), dtype=np.float32)
    best = np.full(len(questions), -np.inf, dtype=np.float32)
    answers = np.full(len(questions), -1, dtype=np.intp)
    tops, columns = np.empty_like(best), np.empty_like(answers)
    for start, barred_here in zip(range(0, len(matrix), step), barred, strict=True):
        block, lengths = matrix[start : start + step], norms[start : start + step]
        similarities = products[: len(words) * len(block)].reshape(len(words), len(block))
        np.matmul(terms, block.T, out=similarities)
        similarities /= np.where(lengths > 0, lengths, 1)
        rule.similarities(similarities)
        for group, (places, rows) in zip(groups, barred_here, strict=True):
            here = slice(group.start, group.end)
            steps, scores = (part[: len(group.c) * len(block)].reshape(len(group.c), len(block)) for part in scratch)
            # "clip" changes nothing, as no number is out of bounds, but spares the copy that `take` makes otherwise
            np.take(rule.step(similarities[group.a], similarities[group.b]), group.pair, 0, out=steps, mode="clip")
            np.take(similarities, group.c, 0, out=scores, mode="clip")
            rule.score(steps, scores, out=scores)
            scores[places - group.start, rows - start] = -np.inf
            scores.argmax(axis=1, out=columns[here])
            tops[here] = scores[np.arange(len(scores)), columns[here]]
        better = tops > best
        best[better], answers[better] = tops[better], columns[better] + start
        report((start + len(block)) / len(matrix))
    return answers


def _groups(questions: Rows, words: int) -> Iterator[_Group]:
    for start in range(0, len(questions), _QUESTIONS_AT_ONCE):
        a, b, c = questions[start : start + _QUESTIONS_AT_ONCE].T
        pairs, pair = np.unique(a * words + b, return_inverse=True)
        yield _Group(start, start + len(c), *np.divmod(pairs, words), pair, c)


def _barred(places: Rows, rows: Rows, count: int, step: int, edges: list[int]) -> Iterator[list[tuple[Rows, Rows]]]:
    """Yield, for each block of `step` of the `count` rows, the places and rows left out for each group of questions."""
    order = np.lexsort((places, rows // step))
    places, rows = places[order], rows[order]
    blocks = np.searchsorted(rows // step, np.arange(-(-count // step) + 1))
    for first, last in pairwise(blocks.tolist()):
        cuts = first + np.searchsorted(places[first:last], edges)
        yield [(places[cut:end], rows[cut:end]) for cut, end in pairwise(cuts.tolist())]
