"""Every question that can be asked about words and their vectors, one at a time or many at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain
from numbers import Integral
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from w2v.errors import UsageError, VectorsError
from w2v.options.defaults import DEFAULT_METHOD, DEFAULT_NEIGHBOURS, METHODS
from w2v.vectors.nearest import Array, Nearest, Neighbour, multiplied, nearest, row_norms, unit
from w2v.wording import counted

_QUESTIONS_AT_ONCE = 1024  # enough for BLAS to be at its best
_ANSWERS_AT_ONCE = 1 << 20  # rows kept for all questions at once

Term: TypeAlias = str | npt.NDArray[np.floating]
Terms: TypeAlias = Term | Sequence[Term]


class Question(NamedTuple):
    """What to be close to, and what to be far from.

    Attributes:
        positive: words, or vectors of shape (d,).
        negative: words or vectors likewise.
    """

    positive: Terms = ()
    negative: Terms = ()


class _Parsed(NamedTuple):
    """A question's vectors of length 1, shape (k, d), how many of them are wanted, and the rows of those in words."""

    units: Array
    wanted: int
    rows: list[int]


class Queryable(ABC):
    """Words with a matrix of one row for each.

    Attributes:
        words: V words.
        matrix: (V, d), float32.
    """

    words: Sequence[str]
    matrix: Array

    @cached_property
    def norms(self) -> Array:
        """The length of each row, shape (V,), as the first query finds it."""
        return row_norms(self.matrix)

    @abstractmethod
    def row(self, word: str) -> int:
        """Return the row of `word` in the matrix.

        Raises:
            UnknownWordError: there is no such word; it carries the closest spellings.
        """

    def similar(
        self,
        positive: Terms = (),
        n: int = DEFAULT_NEIGHBOURS,
        *,
        negative: Terms = (),
        method: str = DEFAULT_METHOD,
        restrict_vocab: int | None = None,
    ) -> list[Neighbour]:
        """Return the n words that are closest to some and farthest from others, best first, the query words left out.

        Args:
            positive: a word, a vector of shape (d,), or several of these to be close to.
            n: how many words to return; fewer come back when there are not as many.
            negative: words or vectors to be far from.
            method: `add` takes the cosine with the sum of the positive unit vectors minus the negative ones; `mul`
                multiplies and divides similarities (3CosMul, see `w2v.vectors.nearest.multiplied`).
            restrict_vocab: answer with these many first words only; None takes all.

        Raises:
            UnknownWordError: a word is not there; it carries the closest spellings.
            UsageError: n or `restrict_vocab` is less than 1 or no whole number, there is no such method, or what to be
                close to is nothing, or neither words nor vectors.
            VectorsError: a vector does not have d values.

        Example:
            >>> from w2v.vectors import Vectors
            >>> vectors = Vectors(["man", "woman", "king", "queen"], [[0, 1], [0, -1], [1, 1], [1, -1]])
            >>> vectors.similar(["king", "woman"], n=1, negative="man")
            [Neighbour(word='queen', similarity=0.8944271802902222)]
        """
        question = Question(positive, negative)
        (answer,) = self.similar_batch([question], n, method=method, restrict_vocab=restrict_vocab)
        return answer

    def similar_batch(
        self,
        questions: Sequence[str | Sequence[str] | Question],
        n: int = DEFAULT_NEIGHBOURS,
        *,
        method: str = DEFAULT_METHOD,
        restrict_vocab: int | None = None,
    ) -> list[list[Neighbour]]:
        """Answer many questions as `similar` does, each far quicker than alone.

        Args:
            questions: each a word, several words to be close to, or a `Question`.
            n: how many words to return for each.
            method: as for `similar`.
            restrict_vocab: as for `similar`.

        Raises:
            UnknownWordError, UsageError, VectorsError: as for `similar`, of the first question that is amiss.
        """
        _require_several(questions, "questions")
        _require_count(n, "the number of neighbours")
        if method not in METHODS:
            raise UsageError(f"--method must be one of {', '.join(METHODS)}, not {method!r}")
        if restrict_vocab is not None:
            _require_count(restrict_vocab, "--restrict-vocab")
        n = min(n, len(self.words))
        parsed = [self._parsed(question) for question in questions]
        step = min(_QUESTIONS_AT_ONCE, max(1, _ANSWERS_AT_ONCE // max(1, n)))
        answers: list[list[Neighbour]] = []
        for start in range(0, len(parsed), step):
            for found in self._nearest(parsed[start : start + step], n, method, restrict_vocab):
                rows, scores = found.rows.tolist(), found.scores.tolist()
                answers.append([Neighbour(self.words[row], score) for row, score in zip(rows, scores, strict=True)])
        return answers

    def analogy(
        self,
        a: str,
        b: str,
        c: str,
        n: int = DEFAULT_NEIGHBOURS,
        *,
        method: str = DEFAULT_METHOD,
        restrict_vocab: int | None = None,
    ) -> list[Neighbour]:
        """Return what is to c as a is to b, best first: the words closest to a - b + c, these three left out.

        The method `add` is 3CosAdd (Mikolov et al., "Linguistic Regularities in Continuous Space Word
        Representations", 2013), `mul` 3CosMul (Levy and Goldberg 2014). To ask many at once, give `similar_batch`
        questions such as `Question([a, c], [b])`.

        Raises:
            UnknownWordError, UsageError: as for `similar`.

        Example:
            >>> from w2v.vectors import Vectors
            >>> vectors = Vectors(["man", "woman", "king", "queen"], [[0, 1], [0, -1], [1, 1], [1, -1]])
            >>> vectors.analogy("king", "man", "woman", n=1)[0].word
            'queen'
        """
        return self.similar([a, c], n, negative=b, method=method, restrict_vocab=restrict_vocab)

    def similarity(self, a: str, b: str) -> float:
        """Return the cosine of the angle between two words' vectors: 1 in the same direction, -1 in the opposite one.

        Raises:
            UnknownWordError: a word is not there; it carries the closest spellings.
        """
        return float(self.similarity_batch([(a, b)])[0])

    def similarity_batch(self, pairs: Sequence[tuple[str, str]]) -> npt.NDArray[np.float64]:
        """Return the cosine of each pair of words: shape (pairs,). A vector of zeros has cosine 0 with all others.

        Raises:
            UnknownWordError: a word is not there; it carries the closest spellings.
        """
        rows = np.array([(self.row(a), self.row(b)) for a, b in pairs], dtype=np.intp).reshape(-1, 2)
        return cosines(self.matrix, *rows.T)

    def centrality(self, words: Sequence[str]) -> list[Neighbour]:
        """Return the words with the cosine of each to the mean of all their directions, the most central first.

        Raises:
            UnknownWordError: a word is not there; it carries the closest spellings.
            UsageError: there are no words, or a single text is given for them.
        """
        _require_several(words, "words")
        if not len(words):
            raise UsageError("give words to compare")
        units = unit(self.matrix[[self.row(word) for word in words]])
        values = units @ unit(units.sum(axis=0, keepdims=True))[0]
        return [Neighbour(words[place], float(values[place])) for place in np.argsort(-values, kind="stable").tolist()]

    def odd_one_out(self, words: Sequence[str]) -> str:
        """Return the word that fits the others least: the one farthest from the mean of all directions.

        Raises:
            UnknownWordError: a word is not there; it carries the closest spellings.
            UsageError: there are fewer than three words, or a single text is given for them.

        Example:
            >>> from w2v.vectors import Vectors
            >>> vectors = Vectors(["lunch", "dinner", "car"], [[1, 0], [1, 0.1], [0.1, 1]])
            >>> vectors.odd_one_out(["lunch", "car", "dinner"])
            'car'
        """
        _require_several(words, "words")
        if len(words) < 3:
            raise UsageError("give three words or more, to see which one is the odd one out")
        return self.centrality(words)[-1].word

    def _parsed(self, question: str | Sequence[str] | Question) -> _Parsed:
        if not isinstance(question, Question):
            question = Question(question)
        positive, negative = _listed(question.positive), _listed(question.negative)
        if not positive and not negative:
            raise UsageError("give at least one word to find neighbours of")
        rows = [self.row(term) for term in chain(positive, negative) if isinstance(term, str)]
        vectors = [self._vector(term) for term in positive + negative]
        return _Parsed(unit(np.array(vectors, dtype=np.float32)), len(positive), rows)

    def _vector(self, term: Term) -> Array:
        if isinstance(term, str):
            term = self.matrix[self.row(term)]
        if not isinstance(term, np.ndarray):
            raise _not_terms(term)
        if term.shape != self.matrix.shape[1:]:
            raise VectorsError(f"a vector to find neighbours of must have {counted(self.matrix.shape[1], 'value')}")
        return term.astype(np.float32)

    def _nearest(self, questions: Sequence[_Parsed], n: int, method: str, restrict_vocab: int | None) -> list[Nearest]:
        matrix, norms = self.matrix[:restrict_vocab], self.norms[:restrict_vocab]
        left_out = [question.rows for question in questions]
        if method == "add":
            sums = [question.units[: question.wanted].sum(axis=0) - question.units[question.wanted :].sum(axis=0)
                    for question in questions]  # fmt: skip
            return nearest(matrix, norms, unit(np.stack(sums)), n, left_out)
        starts = np.cumsum([0, *(len(question.units) for question in questions)]).tolist()
        parts = [
            (range(start, start + question.wanted), range(start + question.wanted, end))
            for question, start, end in zip(questions, starts, starts[1:], strict=False)
        ]
        terms = np.concatenate([question.units for question in questions])
        return nearest(matrix, norms, terms, n, left_out, multiplied(parts))


def cosines(matrix: Array, firsts: npt.ArrayLike, seconds: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the cosines of rows with rows, in float64: shape (pairs,); 0 where a row has length zero.

    Args:
        matrix: (V, d).
        firsts: (pairs,), rows of the matrix.
        seconds: (pairs,), the row to compare each with.
    """
    firsts, seconds = np.asarray(firsts, dtype=np.intp), np.asarray(seconds, dtype=np.intp)
    found = np.zeros(len(firsts))
    step = max(1, _ANSWERS_AT_ONCE // max(1, matrix.shape[1]))
    for start in range(0, len(firsts), step):
        one, other = (matrix[rows[start : start + step]].astype(np.float64) for rows in (firsts, seconds))
        products, squares, other_squares = (
            np.einsum("kd,kd->k", left, right) for left, right in ((one, other), (one, one), (other, other))
        )
        lengths = np.sqrt(squares) * np.sqrt(other_squares)
        np.divide(products, lengths, out=found[start : start + step], where=lengths > 0)
    return found


def _listed(terms: Terms) -> list[Term]:
    if isinstance(terms, str) or (isinstance(terms, np.ndarray) and terms.ndim < 2):
        return [terms]
    if not isinstance(terms, Iterable):
        raise _not_terms(terms)
    return list(terms)


def _not_terms(given: object) -> UsageError:
    return UsageError(f"neighbours are found of a str or a NumPy array, or several, not {type(given).__name__}")


def _require_several(items: object, name: str) -> None:
    """Refuse a single text, whose letters would be taken for words, and what holds no items at all."""
    if isinstance(items, str) or not isinstance(items, Iterable):
        raise UsageError(f"{name} must be given in a list, not as {type(items).__name__}")


def _require_count(count: object, name: str) -> None:
    if not isinstance(count, Integral):
        raise UsageError(f"{name} must be a whole number, not {count!r}")
    if int(count) < 1:
        raise UsageError(f"{name} must be at least 1, not {count}")
