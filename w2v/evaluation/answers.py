"""The best answer to each of many analogies, all of them found in one pass over the matrix.

The questions of a test set share words, and pairs of words: cosines are taken once for each word, and a pair a, b is
put together once for all questions near each other that ask about it. Then a question costs one sum and the search for
its maximum, done for a few questions over a few thousand rows at a time, as many as stay in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from w2v.vectors.nearest import MUL_EPSILON, Array, Rows, unit

_COSINES_AT_ONCE = 1 << 22  # of all words with one block of rows: 16 MB
_ROWS_AT_ONCE = 4096  # large enough for the threads of BLAS, which wait for each other after each product
_QUESTIONS_AT_ONCE = 32  # scored together; over so many rows, their scores take 512 KB


class Rule(NamedTuple):
    """How the score of x is made of its cosines with a, b and c.

    Attributes:
        similarities: turns cosines into what the others take, in place.
        step: what leads from a to b, given the similarities to a and to b.
        score: of a step and the similarities to c.
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
    """Questions that are scored together; words are given by their number.

    Attributes:
        start: the first of them.
        end: the one after the last.
        a: (P,), of each different pair a, b.
        b: (P,).
        pair: (end - start,), which of the pairs each question asks about.
        c: (end - start,).
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
    told: Callable[[float], None],
) -> Rows:
    """Return the row with the greatest score for each question, shape (Q,); of equal ones the first, -1 for none.

    Args:
        matrix: (V, d).
        norms: (V,), the length of each row; a row of length zero has cosine 0 with everything.
        words: (T,), the rows of the words that are asked about.
        questions: (Q, 3), which of the words are a, b and c.
        left_out: questions, and for each a row that does not answer it, both of shape (N,).
        rule: one of RULES.
        told: is told which share of the work is done, 0 to 1.
    """
    terms = unit(matrix[words])
    step = max(1, min(_ROWS_AT_ONCE, _COSINES_AT_ONCE // max(1, len(words))))
    groups = list(_groups(questions, len(words)))
    barred = _barred(*left_out, len(matrix), step, [*(group.start for group in groups), len(questions)])
    # The same memory for every block: a fresh piece of this size costs more time than what is put there.
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
            # "clip" because no number is out of bounds, and without it `take` makes a copy first
            np.take(rule.step(similarities[group.a], similarities[group.b]), group.pair, 0, out=steps, mode="clip")
            np.take(similarities, group.c, 0, out=scores, mode="clip")
            rule.score(steps, scores, out=scores)
            scores[places - group.start, rows - start] = -np.inf
            scores.argmax(axis=1, out=columns[here])
            tops[here] = scores[np.arange(len(scores)), columns[here]]
        better = tops > best
        best[better], answers[better] = tops[better], columns[better] + start
        told((start + len(block)) / len(matrix))
    return answers


def _groups(questions: Rows, words: int) -> Iterator[_Group]:
    for start in range(0, len(questions), _QUESTIONS_AT_ONCE):
        a, b, c = questions[start : start + _QUESTIONS_AT_ONCE].T
        pairs, pair = np.unique(a * words + b, return_inverse=True)
        yield _Group(start, start + len(c), *np.divmod(pairs, words), pair, c)


def _barred(places: Rows, rows: Rows, count: int, step: int, edges: list[int]) -> Iterator[list[tuple[Rows, Rows]]]:
    """Yield for each block of `step` rows, of `count` in all, what is left out there of each group of questions."""
    order = np.lexsort((places, rows // step))
    places, rows = places[order], rows[order]
    blocks = np.searchsorted(rows // step, np.arange(-(-count // step) + 1))
    for first, last in pairwise(blocks.tolist()):
        cuts = first + np.searchsorted(places[first:last], edges)
        yield [(places[cut:end], rows[cut:end]) for cut, end in pairwise(cuts.tolist())]
