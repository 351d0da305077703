"""Analogies such as "Athens is to Greece as Paris is to France", answered from vectors."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass

from w2v.errors import UsageError
from w2v.evaluation.files import read_analogies
from w2v.evaluation.spellings import check_restrict_vocab, folding, rows_by_form
from w2v.options.evaluation import DEFAULT_RESTRICT_VOCAB
from w2v.options.queries import DEFAULT_METHOD, METHODS
from w2v.progress import Progress, Silent
from w2v.vectors import Vectors
from w2v.vectors.queries import Array, added, multiplied, nearest, row_norms, unit

_QUESTIONS_AT_ONCE = 1024
_COMBINE = {"add": added, "mul": multiplied}


@dataclass(frozen=True)
class SectionScore:
    """Analogies of one kind: how many were answered right.

    Attributes:
        name: the section's name.
        correct: questions answered right.
        used: questions that count.
        skipped: questions with an unknown word that do not count.
        unknown: questions with an unknown word, skipped or not.
    """

    name: str
    correct: int
    used: int
    skipped: int
    unknown: int

    @property
    def accuracy(self) -> float:
        """The share of right answers among the questions used, 0 to 1; nan when none was used."""
        return self.correct / self.used if self.used else math.nan

    @property
    def questions(self) -> int:
        """Questions in the file."""
        return self.used + self.skipped

    @property
    def coverage(self) -> float:
        """The share of questions with all four words known, 0 to 1; nan when there are no questions."""
        return 1 - self.unknown / self.questions if self.questions else math.nan

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


def evaluate_analogies(
    vectors: Vectors,
    path: str | os.PathLike[str],
    *,
    restrict_vocab: int | None = DEFAULT_RESTRICT_VOCAB,
    casefold: bool = True,
    skip_unknown: bool = True,
    method: str = DEFAULT_METHOD,
    progress: Progress | None = None,
) -> AnalogiesScore:
    """Answer questions "a is to b as c is to ?" and count the right answers.

    With 3CosAdd, the answer is the word whose vector has the largest cosine with b - a + c (of unit length each), the
    three question words excluded in all their spellings (Mikolov et al., "Linguistic Regularities in Continuous Space
    Word Representations", 2013).

    Args:
        vectors: V words, most frequent first, and their (V, d) matrix.
        path: questions, as Google's questions-words.txt has them; see `read_analogies`.
        restrict_vocab: questions and answers keep to this many most frequent words; None takes all.
        casefold: compare words without regard to case; of several spellings, the first in `vectors` is taken.
        skip_unknown: leave questions with an unknown word out. False counts them as answered wrong, as gensim's
            `dummy4unknown` does.
        method: `add` is 3CosAdd, `mul` 3CosMul (Levy and Goldberg, "Linguistic Regularities in Sparse and Explicit
            Word Representations", 2014).
        progress: is told how many questions are answered.

    Raises:
        EvaluationError: the file can't be read, holds no questions, or a line is malformed.
        UsageError: `restrict_vocab` is below 1, or there is no such method.
    """
    check_restrict_vocab(restrict_vocab)
    if method not in METHODS:
        raise UsageError(f"--method must be one of {', '.join(METHODS)}, not {method!r}")
    progress = progress or Silent()
    fold = folding(casefold=casefold)
    sections = [
        (name, [tuple(fold(word) for word in question) for question in questions])
        for name, questions in read_analogies(path)
    ]
    wanted = {form for _, questions in sections for question in questions for form in question}
    answering = _Answering(vectors, rows_by_form(vectors.words[:restrict_vocab], wanted, fold), restrict_vocab, method)
    scores = []
    done = 0
    progress.start("answering", sum(len(questions) for _, questions in sections), "questions")
    for name, questions in sections:
        known = [question for question in questions if all(form in answering.rows for form in question)]
        unknown = len(questions) - len(known)
        correct = 0
        for start in range(0, len(known), _QUESTIONS_AT_ONCE):
            correct += answering.count_correct(known[start : start + _QUESTIONS_AT_ONCE])
            progress.update(done + min(start + _QUESTIONS_AT_ONCE, len(known)))
        done += len(questions)
        progress.update(done)
        skipped = unknown if skip_unknown else 0
        scores.append(SectionScore(name, correct, used=len(questions) - skipped, skipped=skipped, unknown=unknown))
    progress.finish()
    return AnalogiesScore(tuple(scores))


class _Answering:
    """Answers questions whose words are all known.

    Attributes:
        rows: of each word, the rows of all its spellings, the most frequent first.
    """

    def __init__(self, vectors: Vectors, rows: dict[str, list[int]], restrict_vocab: int | None, method: str) -> None:
        self.rows = rows
        self._matrix: Array = vectors.matrix[:restrict_vocab]
        self._norms = row_norms(self._matrix)
        self._combine = _COMBINE[method]

    def count_correct(self, questions: Sequence[tuple[str, ...]]) -> int:
        """Return how many of the questions, each a, b, c and the right answer, are answered right."""
        words = sorted({form for question in questions for form in question[:3]})
        terms = unit(self._matrix[[self.rows[word][0] for word in words]])
        place = {word: place for place, word in enumerate(words)}
        parts = [((place[b], place[c]), (place[a],)) for a, b, c, _ in questions]
        left_out = [sorted({row for form in question[:3] for row in self.rows[form]}) for question in questions]
        answers = nearest(self._matrix, self._norms, terms, 1, left_out, self._combine(parts))
        return sum(
            question[3] not in question[:3] and int(answer.rows[0]) in self.rows[question[3]]
            for answer, question in zip(answers, questions, strict=True)
            if len(answer.rows)
        )


def _together(name: str, sections: Sequence[SectionScore]) -> SectionScore:
    return SectionScore(
        name,
        correct=sum(section.correct for section in sections),
        used=sum(section.used for section in sections),
        skipped=sum(section.skipped for section in sections),
        unknown=sum(section.unknown for section in sections),
    )
