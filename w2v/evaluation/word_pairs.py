"""Word pairs: how well cosines agree with scores that people gave."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from w2v.evaluation.case_folding import folding, rows_by_form
from w2v.evaluation.checks import check_arguments
from w2v.evaluation.question_files import read_pairs
from w2v.evaluation.significance import correlation_p_value
from w2v.vectors import Vectors
from w2v.vectors.cosines import cosines

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from w2v.options.keywords import ForeignEvaluationNames


@dataclass(frozen=True)
class PairsScore:
    """How well cosine similarities agree with people's scores.

    Attributes:
        spearman: rank correlation rho, tied ranks averaged; nan if fewer than two pairs are used, or all scores or all
            cosines are equal.
        pearson: linear correlation r; nan in the same cases.
        used: number of pairs that count.
        skipped: number of pairs left out because of an unknown word.
        unknown: number of pairs with an unknown word, left out or not.
    """

    spearman: float
    pearson: float
    used: int
    skipped: int
    unknown: int

    @property
    def spearman_p(self) -> float:
        """The probability of a rho at least this far from 0 by chance; see `w2v.evaluation.significance`."""
        return correlation_p_value(self.spearman, self.used)

    @property
    def pearson_p(self) -> float:
        """The probability of an r at least this far from 0 by chance."""
        return correlation_p_value(self.pearson, self.used)

    @property
    def pairs(self) -> int:
        """Number of pairs in the file."""
        return self.used + self.skipped

    @property
    def coverage(self) -> float:
        """The share of pairs whose words are both known, 0 to 1."""
        return 1 - self.unknown / self.pairs


def evaluate_pairs(
    vectors: Vectors,
    path: str | os.PathLike[str],
    *,
    restrict_vocab: int | None = None,
    casefold: bool = True,
    skip_unknown: bool = True,
    **foreign: Unpack[ForeignEvaluationNames],
) -> PairsScore:
    r"""Correlate the cosine similarity of word pairs with the scores that people gave them.

    Args:
        vectors: V words, most frequent first, and their (V, d) matrix.
        path: file of pairs with scores, such as WordSim-353 and SimLex-999; see `read_pairs`.
        restrict_vocab: use only this many of the most frequent words; None uses all.
        casefold: ignore case; of several spellings, the first in `vectors` is used.
        skip_unknown: leave out pairs with an unknown word. False scores their similarity as 0.
        foreign: gensim's names work too: `case_insensitive`, and `dummy4unknown`, which is the opposite of
            `skip_unknown`.

    Raises:
        EvaluationError: the file can't be read, holds no pairs, or a line is malformed.
        UsageError: an argument has another type or is out of range.

    Example:
        >>> import tempfile, w2v
        >>> vectors = w2v.Vectors(["king", "queen", "apple"], [[1, 0.1], [1, 0.2], [0, 1]])
        >>> with tempfile.NamedTemporaryFile("w+") as file:
        ...     _ = file.write("king queen 9\nking apple 1\nqueen apple 2\n")
        ...     file.flush()
        ...     score = w2v.evaluate_pairs(vectors, file.name)
        >>> round(score.spearman, 4), score.used
        (1.0, 3)
    """
    path, restrict_vocab, casefold, skip_unknown = check_arguments(
        vectors, path, foreign=dict(foreign), restrict_vocab=restrict_vocab, casefold=casefold,
        skip_unknown=skip_unknown,
    )  # fmt: skip
    fold = folding(casefold=casefold)
    pairs = [(fold(first), fold(second), score) for first, second, score in read_pairs(path)]
    rows = rows_by_form(vectors.words[:restrict_vocab], {form for pair in pairs for form in pair[:2]}, fold)
    known = np.array([first in rows and second in rows for first, second, _ in pairs])
    found = [(rows[first][0], rows[second][0]) for first, second, _ in pairs if first in rows and second in rows]
    similarities = np.zeros(len(pairs))
    similarities[known] = cosines(vectors.matrix, *np.array(found, dtype=np.intp).reshape(-1, 2).T)
    people = np.array([score for _, _, score in pairs])
    if skip_unknown:
        similarities, people = similarities[known], people[known]
    return PairsScore(
        # Rounded, so that the cosine of a word with itself is the same for all words.
        spearman=_correlation(_average_ranks(people), _average_ranks(similarities.round(12))),
        pearson=_correlation(people, similarities),
        used=len(people),
        skipped=len(pairs) - len(people),
        unknown=len(pairs) - len(found),
    )


def _average_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rank of each value, from 1; equal values share the mean of their ranks."""
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(sizes) - (sizes - 1) / 2)[group]


def _correlation(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Return Pearson's r, or nan if it is not defined."""
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return math.nan
    x, y = x - x.mean(), y - y.mean()
    return float(x @ y / (np.linalg.norm(x) * np.linalg.norm(y)))
