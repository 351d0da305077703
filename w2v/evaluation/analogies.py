"""Analogies such as "Athens is to Greece as Paris is to France", answered from vectors."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.cosines import Array, Rows, row_norms
from w2v.evaluation.answers import RULES, Rule, best_rows
from w2v.evaluation.case_folding import Spellings, folding, rows_by_form
from w2v.evaluation.checks import Conventions, check_arguments
from w2v.evaluation.coverage import nothing_known, unknown_note
from w2v.evaluation.question_files import Analogy, read_analogies
from w2v.options.checks import require_choice
from w2v.options.defaults import DEFAULT_METHOD, DEFAULT_RESTRICT_VOCAB, METHODS
from w2v.progress import Progress
from w2v.vectors import Vectors

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
        """Whether the questions are about grammar: the name begins with "gram", or is of BATS's I01 to D10."""
        return self.name.startswith("gram") or re.match(r"[ID]\d\d\b", self.name) is not None


@dataclass(frozen=True)
class AnalogiesScore:
    """The scores of all sections of analogies.

    Attributes:
        sections: in the order of the file.
    """

    sections: tuple[SectionScore, ...]

    @property
    def semantic(self) -> SectionScore:
        """All sections that are not about grammar, together."""
        return _together("semantic", [section for section in self.sections if not section.is_syntactic])

    @property
    def syntactic(self) -> SectionScore:
        """All sections about grammar, together."""
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
    encoding: str | None = None,
    encoding_errors: str | None = None,
    progress: Progress | bool | None = None,
    **foreign: Unpack[ForeignEvaluationNames],
) -> AnalogiesScore:
    """Answer questions "a is to b as c is to ?" and count the correct answers.

    With 3CosAdd, the answer is the word whose vector has the largest cosine with b - a + c (unit vectors), without the
    three words of the question in all their spellings (Mikolov et al., "Linguistic Regularities in Continuous Space
    Word Representations", 2013).

    Args:
        vectors: V words, most frequent first, and their (V, d) matrix.
        path: file of questions, in the format of Google's questions-words.txt, or the folder of BATS; see
            `read_analogies`. Of several right answers, any counts.
        restrict_vocab: use only this many of the most frequent words; None uses all.
        casefold: ignore case; of several spellings, the first in `vectors` is used.
        skip_unknown: leave out questions with an unknown word. False counts them as wrong.
        method: `add` is 3CosAdd, `mul` 3CosMul (Levy and Goldberg, "Linguistic Regularities in Sparse and Explicit
            Word Representations", 2014).
        encoding: the encoding of a file that is not UTF-8, such as "latin-1".
        encoding_errors: what to do with bytes that are wrong in it: "strict" stops, the default; "replace" inserts
            U+FFFD; "ignore" drops them; "surrogateescape" keeps them as they are.
        progress: True for a bar, or a w2v.progress.Progress; receives the number of questions answered, and notes.
        foreign: gensim's names work too: `case_insensitive`, `similarity_function`, and `dummy4unknown`, which is the
            opposite of `skip_unknown`.

    Raises:
        EvaluationError: the file can't be read, holds no questions, a line is malformed, or no question has four known
            words.
        UsageError: an argument has another type or is out of range.

    Example:
        >>> import w2v
        >>> vectors = w2v.train("corpora/english.txt", threads=1)
        >>> score = w2v.evaluate_analogies(vectors, "corpora/english-questions.txt")
        >>> score.total.accuracy > 0.5, score.total.questions == score.total.used
        (True, True)
    """
    conventions, others, shown_to = check_arguments(
        vectors, path, foreign=dict(foreign), others={"method": method}, progress=progress,
        restrict_vocab=restrict_vocab, casefold=casefold, skip_unknown=skip_unknown, encoding=encoding,
        encoding_errors=encoding_errors,
    )  # fmt: skip
    method = others["method"]
    require_choice("method", method, METHODS)
    skip_unknown = conventions.skip_unknown
    sections = read_analogies(conventions.path, encoding=conventions.encoding, note=shown_to.note)
    questions = _numbered(vectors, conventions, [question for _, found in sections for question in found])
    known = questions.known
    if not known.any() and (skip_unknown or not questions.has_words):
        words = list(chain.from_iterable(chain.from_iterable(found for _, found in sections)))
        raise nothing_known(vectors, conventions, "question", words)
    if not known.all():
        left_out = int(np.count_nonzero(~known))
        shown_to.note(unknown_note(conventions, "question", len(known), left_out, questions.unknown))
    right = np.zeros(len(known), dtype=np.bool_)
    matrix = vectors.matrix[: conventions.restrict_vocab]
    right[known] = _are_right(questions, matrix, RULES[method], shown_to)
    scores = []
    end = 0
    for name, found in sections:
        start, end = end, end + len(found)
        correct, unknown = (int(np.count_nonzero(flags[start:end])) for flags in (right, ~known))
        skipped = unknown if skip_unknown else 0
        scores.append(SectionScore(name, correct, used=len(found) - skipped, skipped=skipped, unknown=unknown))
    return AnalogiesScore(tuple(scores))


class _Questions(NamedTuple):
    """Questions, their words given by their numbers in `spellings`.

    Attributes:
        known: (N,), whether a, b, c and a right answer of each question are known.
        asked: (Q, 3), a, b and c of each known question.
        answers: the known question and the number of each right answer, both of shape (R,).
        spellings: the rows of all words.
        has_words: whether any word is known.
        unknown: the words that keep questions from being known, each once.
    """

    known: npt.NDArray[np.bool_]
    asked: Rows
    answers: tuple[Rows, Rows]
    spellings: Spellings
    has_words: bool
    unknown: list[str]


def _numbered(vectors: Vectors, conventions: Conventions, questions: Sequence[Analogy]) -> _Questions:
    """Return questions as numbers: of several words for b, as in queen/woman, the first that is known."""
    fold = folding(casefold=conventions.casefold)
    choices = {word: _choices(word) for word in {word for question in questions for word in question}}
    forms = {choice: fold(choice) for words in choices.values() for choice in words}
    spellings = rows_by_form(vectors.words[: conventions.restrict_vocab], set(forms.values()), fold)
    numbers = {form: number for number, form in enumerate(spellings)}
    numbers_of = {
        word: list(dict.fromkeys(numbers[forms[choice]] for choice in words if forms[choice] in numbers))
        for word, words in choices.items()
    }
    words = list(chain.from_iterable(questions))
    first_of = {word: found[0] if found else _UNKNOWN for word, found in numbers_of.items()}
    asked = np.array([first_of[word] for word in words], dtype=np.intp).reshape(-1, 4)
    known = (asked != _UNKNOWN).all(axis=1)
    unknown = dict.fromkeys(words[4 * question + place] for question, place in np.argwhere(asked == _UNKNOWN).tolist())
    asked = asked[known]
    places, answers = list(range(len(asked))), asked[:, 3].tolist()
    if any(len(found) > 1 for found in numbers_of.values()):
        for place, question in enumerate(np.flatnonzero(known).tolist()):
            others = numbers_of[words[4 * question + 3]][1:]
            places += [place] * len(others)
            answers += others
    return _Questions(
        known,
        asked[:, :3],
        (np.array(places, dtype=np.intp), np.array(answers, dtype=np.intp)),
        Spellings(list(spellings.values())),
        bool(spellings),
        list(unknown),
    )


def _choices(word: str) -> list[str]:
    """Return the words that "queen/woman" allows; as a whole, it can be a word itself, such as and/or."""
    return list(dict.fromkeys([word, *filter(None, word.split("/"))]))


def _are_right(questions: _Questions, matrix: Array, rule: Rule, progress: Progress) -> npt.NDArray[np.bool_]:
    """Return whether each known question is answered correctly, shape (Q,).

    Args:
        questions: what is asked.
        matrix: (V, d).
        rule: one of RULES.
        progress: receives the number of questions answered.
    """
    norms = row_norms(matrix)
    spellings = questions.spellings
    word_of_row = spellings.by_row(len(matrix))
    count = len(questions.asked)
    given = np.empty(count, dtype=np.intp)
    progress.start("answering", count, "questions")
    for start in range(0, count, _QUESTIONS_AT_ONCE):
        asked = questions.asked[start : start + _QUESTIONS_AT_ONCE]
        words, places = np.unique(asked, return_inverse=True)
        spelled, left_out = spellings.of(asked.ravel())

        def report(share: float, done: int = start, more: int = len(asked)) -> None:
            progress.update(done + int(share * more))

        answers = best_rows(
            matrix, norms, spellings.firsts[words], places.reshape(-1, 3), (spelled // 3, left_out), rule, report
        )
        given[start : start + len(asked)] = np.where(answers >= 0, word_of_row[answers], _UNKNOWN)
    progress.finish()
    right = np.zeros(count, dtype=np.bool_)
    question, answer = questions.answers
    right[question[given[question] == answer]] = True
    return right


def _together(name: str, sections: Sequence[SectionScore]) -> SectionScore:
    return SectionScore(
        name,
        correct=sum(section.correct for section in sections),
        used=sum(section.used for section in sections),
        skipped=sum(section.skipped for section in sections),
        unknown=sum(section.unknown for section in sections),
    )
