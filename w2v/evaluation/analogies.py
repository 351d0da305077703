"""Analogies such as "Athens is to Greece as Paris is to France", answered from vectors."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from w2v.evaluation.answers import RULES, best_rows
from w2v.evaluation.case_folding import Spellings, folding, rows_by_form
from w2v.evaluation.checks import check_arguments
from w2v.evaluation.question_files import read_analogies
from w2v.options.checks import require_choice
from w2v.options.defaults import DEFAULT_METHOD, DEFAULT_RESTRICT_VOCAB, METHODS
from w2v.progress import Progress
from w2v.tqdm_progress import listener
from w2v.vectors import Vectors
from w2v.vectors.cosines import Array, Rows, row_norms

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from w2v.options.keywords import ForeignEvaluationNames

_QUESTIONS_AT_ONCE = 1 << 14  # answered in one pass over the matrix
_UNKNOWN = -1


@dataclass(frozen=True)
class SectionScore:
    """The score of one section of analogies.

    Attributes:
        name: name of the section.
        correct: number of questions answered correctly.
        used: number of questions that count.
        skipped: number of questions left out because of an unknown word.
        unknown: number of questions with an unknown word, left out or not.
    """

    name: str
    correct: int
    used: int
    skipped: int
    unknown: int

    @property
    def accuracy(self) -> float:
        """The share of correct answers among the questions used, 0 to 1; nan if none was used."""
        return self.correct / self.used if self.used else math.nan

    @property
    def questions(self) -> int:
        """Number of questions in the file."""
        return self.used + self.skipped

    @property
    def coverage(self) -> float:
        """The share of questions whose four words are all known, 0 to 1; nan if there are no questions."""
        return 1 - self.unknown / self.questions if self.questions else math.nan

    @property
    def is_syntactic(self) -> bool:
        """Whether the questions are about grammar: by convention, the name of such a section begins with "gram"."""
        return self.name.startswith("gram")


@dataclass(frozen=True)
class AnalogiesScore:
    """The scores of all sections of analogies.

    Attributes:
        sections: in the order of the file.
    """

    sections: tuple[SectionScore, ...]

    @property
    def semantic(self) -> SectionScore:
        """All sections whose name does not begin with "gram", together."""
        return _together("semantic", [section for section in self.sections if not section.is_syntactic])

    @property
    def syntactic(self) -> SectionScore:
        """All sections whose name begins with "gram", together."""
        return _together("syntactic", [section for section in self.sections if section.is_syntactic])

    @property
    def total(self) -> SectionScore:
        """All sections together."""
        return _together("total", self.sections)


def evaluate_analogies(
    vectors: Vectors,
    path: str | os.PathLike[str],
    *,
    restrict_vocab: int | None = DEFAULT_RESTRICT_VOCAB,
    casefold: bool = True,
    skip_unknown: bool = True,
    method: str = DEFAULT_METHOD,
    progress: Progress | bool | None = None,
    **foreign: Unpack[ForeignEvaluationNames],
) -> AnalogiesScore:
    """Answer questions "a is to b as c is to ?" and count the correct answers.

    With 3CosAdd, the answer is the word whose vector has the largest cosine with b - a + c (unit vectors), without the
    three words of the question in all their spellings (Mikolov et al., "Linguistic Regularities in Continuous Space
    Word Representations", 2013).

    Args:
        vectors: V words, most frequent first, and their (V, d) matrix.
        path: file of questions, in the format of Google's questions-words.txt; see `read_analogies`.
        restrict_vocab: use only this many of the most frequent words; None uses all.
        casefold: ignore case; of several spellings, the first in `vectors` is used.
        skip_unknown: leave out questions with an unknown word. False counts them as wrong.
        method: `add` is 3CosAdd, `mul` 3CosMul (Levy and Goldberg, "Linguistic Regularities in Sparse and Explicit
            Word Representations", 2014).
        progress: True for a bar, or a w2v.progress.Progress; receives the number of questions answered.
        foreign: gensim's names work too: `case_insensitive`, and `dummy4unknown`, which is the opposite of
            `skip_unknown`.

    Raises:
        EvaluationError: the file can't be read, holds no questions, or a line is malformed.
        UsageError: an argument has another type or is out of range.

    Example:
        >>> import w2v
        >>> vectors = w2v.train("corpora/english.txt", threads=1)
        >>> score = w2v.evaluate_analogies(vectors, "corpora/english-questions.txt")
        >>> score.total.accuracy > 0.5, score.total.questions == score.total.used
        (True, True)
    """
    path, restrict_vocab, casefold, skip_unknown = check_arguments(
        vectors, path, foreign=dict(foreign), others=("method", "progress"), restrict_vocab=restrict_vocab,
        casefold=casefold, skip_unknown=skip_unknown,
    )  # fmt: skip
    require_choice("method", method, METHODS)
    shown_to = listener(progress)
    fold = folding(casefold=casefold)
    sections = read_analogies(path)
    words = list(chain.from_iterable(chain.from_iterable(questions for _, questions in sections)))
    forms = {word: fold(word) for word in set(words)}
    spellings = rows_by_form(vectors.words[:restrict_vocab], set(forms.values()), fold)
    numbers = {form: number for number, form in enumerate(spellings)}
    number_of = {word: numbers.get(form, _UNKNOWN) for word, form in forms.items()}
    asked = np.array([number_of[word] for word in words], dtype=np.intp).reshape(-1, 4)
    known = (asked != _UNKNOWN).all(axis=1)
    right = np.zeros(len(asked), dtype=np.bool_)
    right[known] = _are_right(
        asked[known], vectors.matrix[:restrict_vocab], Spellings(list(spellings.values())), method, shown_to
    )
    scores = []
    end = 0
    for name, questions in sections:
        start, end = end, end + len(questions)
        correct, unknown = (int(np.count_nonzero(flags[start:end])) for flags in (right, ~known))
        skipped = unknown if skip_unknown else 0
        scores.append(SectionScore(name, correct, used=len(questions) - skipped, skipped=skipped, unknown=unknown))
    return AnalogiesScore(tuple(scores))


def _are_right(
    questions: Rows, matrix: Array, spellings: Spellings, method: str, progress: Progress
) -> npt.NDArray[np.bool_]:
    """Return whether each question is answered correctly, shape (Q,).

    Args:
        questions: (Q, 4), a, b, c and the correct answer, by their numbers in `spellings`.
        matrix: (V, d).
        spellings: the rows of all words of the questions.
        method: a key of RULES.
        progress: receives the number of questions answered.
    """
    norms = row_norms(matrix)
    word_of_row = spellings.by_row(len(matrix))
    right = np.empty(len(questions), dtype=np.bool_)
    progress.start("answering", len(questions), "questions")
    for start in range(0, len(questions), _QUESTIONS_AT_ONCE):
        asked, expected = np.split(questions[start : start + _QUESTIONS_AT_ONCE], [3], axis=1)
        words, places = np.unique(asked, return_inverse=True)
        spelled, left_out = spellings.of(asked.ravel())

        def report(share: float, done: int = start, more: int = len(asked)) -> None:
            progress.update(done + int(share * more))

        answers = best_rows(
            matrix,
            norms,
            spellings.firsts[words],
            places.reshape(-1, 3),
            (spelled // 3, left_out),
            RULES[method],
            report,
        )
        right[start : start + len(asked)] = (answers >= 0) & (word_of_row[answers] == expected[:, 0])
    progress.finish()
    return right


def _together(name: str, sections: Sequence[SectionScore]) -> SectionScore:
    return SectionScore(
        name,
        correct=sum(section.correct for section in sections),
        used=sum(section.used for section in sections),
        skipped=sum(section.skipped for section in sections),
        unknown=sum(section.unknown for section in sections),
    )
