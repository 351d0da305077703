"""Word-pair and analogy files -> scores with coverage.

Both measures follow the conventions of gensim's `evaluate_word_pairs` and `evaluate_word_analogies`: case is folded on
both sides unless told otherwise, the most frequent spelling stands for all, and a line with an unknown word is skipped
and counted. Comment lines (`#`) and blank lines are ignored.
"""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from w2v.errors import EvaluationError, UsageError
from w2v.options import DEFAULT_RESTRICT_VOCAB
from w2v.vectors import Vectors

Pair: TypeAlias = tuple[str, str, float]
Question: TypeAlias = tuple[str, str, str, str]

_SCORES_AT_ONCE = 1 << 22  # analogies are answered in batches of this many similarities: 16 MB


@dataclass(frozen=True)
class PairsScore:
    """How well cosine similarities agree with people's scores.

    Attributes:
        spearman: rank correlation rho, tied ranks averaged; nan if fewer than two pairs are used or a side is constant.
        pearson: linear correlation r; nan likewise.
        used: pairs with both words known.
        skipped: pairs with an unknown word.
    """

    spearman: float
    pearson: float
    used: int
    skipped: int


@dataclass(frozen=True)
class SectionScore:
    """Analogies of one kind: how many were answered right.

    Attributes:
        name: the section's name.
        correct: questions answered right.
        used: questions with all four words known.
        skipped: questions with an unknown word.
    """

    name: str
    correct: int
    used: int
    skipped: int

    @property
    def accuracy(self) -> float:
        """The share of right answers among the questions used, 0 to 1; nan when none was used."""
        return self.correct / self.used if self.used else math.nan

    @property
    def is_syntactic(self) -> bool:
        """Whether the questions are about grammar: by custom, the name of such a section begins with "gram"."""
        return self.name.startswith("gram")


@dataclass(frozen=True)
class AnalogiesScore:
    """Analogies answered right, by section and in all."""

    sections: tuple[SectionScore, ...]

    @property
    def semantic(self) -> SectionScore:
        """All sections whose name does not begin with "gram"."""
        return _together("semantic", [section for section in self.sections if not section.is_syntactic])

    @property
    def syntactic(self) -> SectionScore:
        """All sections whose name begins with "gram"."""
        return _together("syntactic", [section for section in self.sections if section.is_syntactic])

    @property
    def total(self) -> SectionScore:
        """All questions."""
        return _together("total", self.sections)


def evaluate_pairs(vectors: Vectors, path: str | os.PathLike[str], *, casefold: bool = True) -> PairsScore:
    """Correlate the cosine similarity of word pairs with the scores that people gave them.

    Args:
        vectors: V words, most frequent first, and their (V, d) matrix.
        path: pairs with scores, as WordSim-353 and SimLex-999 have them; see `read_pairs`.
        casefold: compare words without regard to case; of several spellings, the first in `vectors` is taken.

    Raises:
        EvaluationError: the file can't be read, holds no pairs, or a line is malformed.
    """
    fold = str.casefold if casefold else str
    pairs = [(fold(first), fold(second), score) for first, second, score in read_pairs(path)]
    rows = _rows_by_form(vectors.words, {form for pair in pairs for form in pair[:2]}, fold)
    known = [pair for pair in pairs if pair[0] in rows and pair[1] in rows]
    people = np.array([score for _, _, score in known])
    firsts, seconds = (
        _unit_rows(vectors.matrix[[rows[word][0] for word in words]].astype(np.float64))
        for words in ([first for first, _, _ in known], [second for _, second, _ in known])
    )
    cosines = (firsts * seconds).sum(axis=1)
    return PairsScore(
        # Rounding, so that a word is as close to itself as any other is to itself.
        spearman=_correlation(_average_ranks(people), _average_ranks(cosines.round(12))),
        pearson=_correlation(people, cosines),
        used=len(known),
        skipped=len(pairs) - len(known),
    )


def evaluate_analogies(
    vectors: Vectors,
    path: str | os.PathLike[str],
    *,
    restrict_vocab: int | None = DEFAULT_RESTRICT_VOCAB,
    casefold: bool = True,
) -> AnalogiesScore:
    """Answer questions "a is to b as c is to ?" by 3CosAdd and count the right answers.

    The answer is the word whose vector has the largest cosine with b - a + c (of unit length each), the three question
    words excluded in all their spellings (Mikolov et al., "Linguistic Regularities in Continuous Space Word
    Representations", 2013).

    Args:
        vectors: V words, most frequent first, and their (V, d) matrix.
        path: questions, as Google's questions-words.txt has them; see `read_analogies`.
        restrict_vocab: questions and answers keep to this many most frequent words; None takes all.
        casefold: compare words without regard to case; of several spellings, the first in `vectors` is taken.

    Raises:
        EvaluationError: the file can't be read, holds no questions, or a line is malformed.
        UsageError: `restrict_vocab` is below 1.
    """
    if restrict_vocab is not None and restrict_vocab < 1:
        raise UsageError(f"--restrict-vocab must be at least 1, not {restrict_vocab}")
    fold = str.casefold if casefold else str
    sections = [
        (name, [tuple(fold(word) for word in question) for question in questions])
        for name, questions in read_analogies(path)
    ]
    wanted = {form for _, questions in sections for question in questions for form in question}
    rows = _rows_by_form(vectors.words[:restrict_vocab], wanted, fold)
    units = _unit_rows(vectors.matrix[:restrict_vocab])
    scores = []
    for name, questions in sections:
        known = [question for question in questions if all(form in rows for form in question)]
        correct = _count_correct(units, rows, known)
        scores.append(SectionScore(name, correct, used=len(known), skipped=len(questions) - len(known)))
    return AnalogiesScore(tuple(scores))


def read_pairs(path: str | os.PathLike[str]) -> list[Pair]:
    """Read lines of two words and a score, separated by tabs, commas (CSV) or white space.

    The first line says what separates, and may be a header. The score is the first column of numbers after the words,
    so that further columns, such as a part of speech or single people's scores, do no harm.

    Raises:
        EvaluationError: the file can't be read, holds no pairs, or a line has no score.
    """
    lines = list(_content_lines(path))
    separator = next((mark for mark in "\t," if lines and mark in lines[0][1]), None)
    rows = [(number, _split(line, separator)) for number, line in lines]
    if rows and _score_column(rows[0][1]) is None and len(rows[0][1]) >= 3:
        del rows[0]
    if not rows:
        raise EvaluationError(f"{Path(path)}: holds no word pairs; expected lines such as: tiger cat 7.35")
    column = _score_column(rows[0][1])
    pairs = []
    for number, fields in rows:
        score = _number(fields[column]) if column is not None and column < len(fields) else None
        if score is None:
            raise EvaluationError(f"{Path(path)}:{number}: expected two words and a score, got {_shown(fields)}")
        pairs.append((fields[0], fields[1], score))
    return pairs


def read_analogies(path: str | os.PathLike[str]) -> list[tuple[str, list[Question]]]:
    """Read sections of questions: lines of four words, under lines such as `: family`.

    Questions before the first section line make a section named after the file.

    Raises:
        EvaluationError: the file can't be read, holds no questions, or a line does not have four words.
    """
    sections: list[tuple[str, list[Question]]] = []
    for number, line in _content_lines(path):
        if line.startswith(":"):
            sections.append((line.lstrip(":").strip(), []))
            continue
        if not sections:
            sections.append((Path(path).stem, []))
        words = line.split()
        if len(words) != 4:
            raise EvaluationError(f"{Path(path)}:{number}: expected four words, got {_shown(words)}")
        sections[-1][1].append((words[0], words[1], words[2], words[3]))
    if not any(questions for _, questions in sections):
        raise EvaluationError(f"{Path(path)}: holds no analogies; expected lines such as: king queen man woman")
    return sections


def _content_lines(path: str | os.PathLike[str]) -> Iterator[tuple[int, str]]:
    """Yield (line number, stripped text) of every line that is neither blank nor a comment."""
    try:
        lines = Path(path).read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()
    except OSError as error:
        raise EvaluationError(f"{Path(path)}: can't be read ({error.strerror})") from error
    for number, line in enumerate(lines, start=1):
        try:
            text = line.decode().strip()
        except UnicodeDecodeError as error:
            raise EvaluationError(f"{Path(path)}:{number}: is not UTF-8; convert the file") from error
        if text and not text.startswith("#"):
            yield number, text


def _split(line: str, separator: str | None) -> list[str]:
    if separator == ",":
        return [field.strip() for field in next(csv.reader([line], skipinitialspace=True))]
    return [field.strip() for field in line.split(separator)]


def _score_column(fields: Sequence[str]) -> int | None:
    return next((column for column, field in enumerate(fields) if column >= 2 and _number(field) is not None), None)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _shown(fields: Sequence[str]) -> str:
    text = " ".join(fields)
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _rows_by_form(words: Sequence[str], wanted: set[str], fold: Callable[[str], str]) -> dict[str, list[int]]:
    """Return the rows of all spellings of each wanted form that occurs in `words`, in order."""
    rows: dict[str, list[int]] = {}
    for row, word in enumerate(words):
        form = fold(word)
        if form in wanted:
            rows.setdefault(form, []).append(row)
    return rows


def _unit_rows(matrix: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return a copy with rows of length 1; a row of zeros stays zero."""
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    norms[norms == 0] = 1
    units: NDArray[np.floating] = matrix / norms
    return units


def _average_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank values from 1; equal values share the mean of their ranks."""
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(sizes) - (sizes - 1) / 2)[group]


def _correlation(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Return Pearson's r, or nan where it is not defined."""
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return math.nan
    x, y = x - x.mean(), y - y.mean()
    return float(x @ y / (np.linalg.norm(x) * np.linalg.norm(y)))


def _count_correct(
    units: NDArray[np.floating], rows: dict[str, list[int]], questions: Sequence[tuple[str, ...]]
) -> int:
    correct = 0
    batch = 1 + _SCORES_AT_ONCE // max(1, len(units))
    for start in range(0, len(questions), batch):
        asked = questions[start : start + batch]
        a, b, c = np.array([[rows[form][0] for form in question[:3]] for question in asked]).T
        similarities = (units[b] - units[a] + units[c]) @ units.T
        for similarity, question in zip(similarities, asked, strict=True):
            similarity[[row for form in question[:3] for row in rows[form]]] = -np.inf
        answers = similarities.argmax(axis=1)
        correct += sum(
            question[3] not in question[:3] and answer in rows[question[3]]
            for answer, question in zip(answers.tolist(), asked, strict=True)
        )
    return correct


def _together(name: str, sections: Sequence[SectionScore]) -> SectionScore:
    return SectionScore(
        name,
        correct=sum(section.correct for section in sections),
        used=sum(section.used for section in sections),
        skipped=sum(section.skipped for section in sections),
    )
