"""Word pairs: how well cosines agree with scores that people gave."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from w2v.cosines import cosines
from w2v.evaluation.case_folding import folding, rows_by_form
from w2v.evaluation.checks import Conventions, check_arguments
from w2v.evaluation.coverage import nothing_known, unknown_note, untagged
from w2v.evaluation.question_files import Pair, read_pairs
from w2v.evaluation.separators import name_of
from w2v.evaluation.significance import correlation_p_value
from w2v.progress import Progress
from w2v.vectors import Vectors

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
    columns: str | Sequence[int | str] | None = None,
    encoding: str | None = None,
    encoding_errors: str | None = None,
    progress: Progress | bool | None = None,
    **foreign: Unpack[ForeignEvaluationNames],
) -> PairsScore:
    r"""Correlate the cosine similarity of word pairs with the scores that people gave them.

    Args:
        vectors: V words, most frequent first, and their (V, d) matrix.
        path: file of pairs with scores, such as WordSim-353 and SimLex-999; see `read_pairs`.
        restrict_vocab: use only this many of the most frequent words; None uses all.
        casefold: ignore case; of several spellings, the first in `vectors` is used.
        skip_unknown: leave out pairs with an unknown word. False scores their similarity as 0.
        columns: the columns of the first word, the second word and the score, by number from 1 or by name, such as
            "2,3,5" or "word1,word2,mean"; None recognises them.
        encoding: the encoding of a file that is not UTF-8, such as "latin-1".
        encoding_errors: what to do with bytes that are wrong in it: "strict" stops, the default; "replace" inserts
            U+FFFD; "ignore" drops them; "surrogateescape" keeps them as they are.
        progress: True, or a w2v.progress.Progress; receives notes: which columns are used, and which words are unknown.
        foreign: gensim's names work too: `case_insensitive`, and `dummy4unknown`, which is the opposite of
            `skip_unknown`.

    Raises:
        EvaluationError: the file can't be read, holds no pairs, a line is malformed, or no pair has two known words.
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
    conventions, others, shown_to = check_arguments(
        vectors, path, foreign=dict(foreign), others={"columns": columns}, progress=progress,
        restrict_vocab=restrict_vocab, casefold=casefold, skip_unknown=skip_unknown, encoding=encoding,
        encoding_errors=encoding_errors,
    )  # fmt: skip
    skip_unknown = conventions.skip_unknown
    read = read_pairs(conventions.path, columns=others["columns"], encoding=conventions.encoding, note=shown_to.note)
    pairs, rows = _found(vectors, conventions, read, shown_to)
    known = np.array([first in rows and second in rows for first, second, _ in pairs])
    found = [(rows[first][0], rows[second][0]) for first, second, _ in pairs if first in rows and second in rows]
    words = [word for pair in read for word in pair[:2]]
    if not found and (skip_unknown or not rows):
        raise nothing_known(vectors, conventions, "pair", words)
    if len(found) < len(pairs):
        forms = [form for pair in pairs for form in pair[:2]]
        unknown = [word for word, form in zip(words, forms, strict=True) if form not in rows]
        left_out = len(pairs) - len(found)
        shown_to.note(unknown_note(conventions, "pair", len(pairs), left_out, list(dict.fromkeys(unknown))))
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


def _found(
    vectors: Vectors, conventions: Conventions, read: Sequence[Pair], progress: Progress
) -> tuple[list[Pair], dict[str, list[int]]]:
    """Return pairs by the forms of their words, and the rows of known forms; tags that hide words are left out."""
    fold = folding(casefold=conventions.casefold)
    words = [fold(word) for pair in read for word in pair[:2]]
    known = vectors.words[: conventions.restrict_vocab]
    rows = rows_by_form(known, set(words), fold)
    bare = None if rows else untagged([word for pair in read for word in pair[:2]])
    if bare is not None:
        words = [fold(word) for word in bare]
        rows = rows_by_form(known, set(words), fold)
        progress.note(f"{name_of(conventions.path)}: words without their tags: {bare[0]} for {read[0][0]}")
    firsts, seconds = words[::2], words[1::2]
    return [(a, b, score) for a, b, (_, _, score) in zip(firsts, seconds, read, strict=True)], rows


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
