"""What the commands that ask have in common: a question on the command line, or one a line on standard input.

The questions of standard input are answered many at a time, which takes a fraction of the time that they take alone.
"""

from __future__ import annotations

import json
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Generic, NamedTuple, TypeVar

import click

from w2v.cli.declaring import FILE_NAME, NAME_BY_OPTION, load_vectors, no_cache_option, option, stacked
from w2v.cli.messages import tell
from w2v.errors import UnknownWordError, UsageError, W2VError
from w2v.options.defaults import DEFAULT_METHOD, DEFAULT_NEIGHBOURS, DEFAULT_VECTORS, METHODS
from w2v.wording import counted

if TYPE_CHECKING:
    from w2v.vectors import Vectors

_LINES_AT_ONCE = 1024
_MOST_SUGGESTIONS = (
    10  # for which words are compared letter by letter; with many unknown words, that would take all day
)

QuestionT = TypeVar("QuestionT")
AnswerT = TypeVar("AnswerT")

words_argument = click.argument("words", metavar="[WORD]...", nargs=-1)

vectors_options = stacked(
    option(
        "--vectors",
        "path",
        metavar="FILE",
        type=FILE_NAME,
        envvar="W2V_VECTORS",
        show_envvar=True,
        default=DEFAULT_VECTORS,
        help="Vectors to ask, in a format that 'w2v convert --help' lists, or a model.",
    ),
    no_cache_option,
)

json_option = option(
    "--json", "as_json", is_flag=True, help="Print JSON; for standard input, a line for each question."
)

count_option = option(
    "-n", "--count", "count", metavar="N", type=int, default=DEFAULT_NEIGHBOURS, help="How many to list."
)

search_options = stacked(
    count_option,
    option(
        "--method",
        type=click.Choice(METHODS),
        default=DEFAULT_METHOD,
        metavar="RULE",
        help="add: the cosine with the sum of what is asked for. mul: 3CosMul, the product of similarities over that"
        " of those taken away.",
    ),
    option(
        "--restrict-vocab",
        type=int,
        metavar="N",
        help="Answer with the first N words only, which are the most frequent.  [default: all]",
    ),
)


@dataclass(frozen=True)
class Search:
    """How the commands that list neighbours look for them.

    Attributes:
        count: how many to list.
        method: one of METHODS.
        restrict_vocab: how many first words to look at, or None for all.
    """

    count: int
    method: str
    restrict_vocab: int | None


class Kind(ABC, Generic[QuestionT, AnswerT]):
    """One kind of question: how it is read from words, answered, and how the answer is shown."""

    @abstractmethod
    def read(self, tokens: Sequence[str], vectors: Vectors) -> QuestionT:
        """Return the question that the words ask.

        Raises:
            UsageError: they are not as many as it takes, or make no sense.
        """

    @abstractmethod
    def words(self, question: QuestionT) -> Sequence[str]:
        """Return the words that must be known."""

    @abstractmethod
    def answer(self, vectors: Vectors, questions: Sequence[QuestionT]) -> Sequence[AnswerT]:
        """Answer the questions, all at once.

        Raises:
            W2VError: a word is unknown, or an option is out of range.
        """

    @abstractmethod
    def lines(self, answer: AnswerT) -> Iterator[str]:
        """Yield the answer to the one question of a command line."""

    def rows(self, tokens: Sequence[str], answer: AnswerT) -> Iterator[str]:
        """Yield the answer to one of many questions: each line begins with the question and a tab."""
        for line in self.lines(answer):
            yield f"{' '.join(tokens)}\t{line}"

    @abstractmethod
    def plain(self, answer: AnswerT) -> object:
        """Return the answer as JSON shows it."""


def ask(kind: Kind[Any, Any], words: Sequence[str], path: Path, *, as_json: bool, no_cache: bool) -> None:
    """Answer the question in `words`, or those on standard input if there are none, and print what comes out.

    Raises:
        W2VError: the vectors can't be read, the question can't be answered, or some on standard input could not.
    """
    inside: Vectors | None = click.get_current_context().obj  # those of the shell that this is a line of
    tokens = [token for word in words for token in _split(word.encode(errors="surrogateescape"))]
    if not tokens and (words or inside is not None):
        raise UsageError("no words given")
    vectors = load_vectors(path, cache=not no_cache, advice=NAME_BY_OPTION) if inside is None else inside
    if not tokens:
        _ask_many(kind, vectors, sys.stdin.buffer, as_json=as_json)
        return
    (answer,) = kind.answer(vectors, [kind.read(tokens, vectors)])
    if as_json:
        click.echo(json.dumps(kind.plain(answer), ensure_ascii=False, indent=2))
        return
    for line in kind.lines(answer):
        click.echo(line)


class _Line(NamedTuple):
    """A line of standard input that is not blank."""

    number: int
    text: bytes

    @property
    def shown(self) -> str:
        """The question, as an answer repeats it."""
        return " ".join(_split(self.text))


def _ask_many(kind: Kind[Any, Any], vectors: Vectors, stream: BinaryIO, *, as_json: bool) -> None:
    interactive = stream.isatty()
    if interactive:
        tell("note: answering what you type, a question a line; end it with Ctrl-D")
    lines = (_Line(number, line) for number, line in enumerate(stream, 1) if line.strip())
    asked = failed = suggested = 0
    while batch := list(islice(lines, 1 if interactive else _LINES_AT_ONCE)):
        read = [_read(kind, line, vectors, suggest=suggested < _MOST_SUGGESTIONS) for line in batch]
        questions = [question for question in read if not isinstance(question, W2VError)]
        suggested += sum(isinstance(question, UnknownWordError) for question in read)
        answers = iter(kind.answer(vectors, questions) if questions else ())
        for line, question in zip(batch, read, strict=True):
            if isinstance(question, W2VError):
                tell(f"line {line.number}: {question}")
            if as_json:
                wrong = isinstance(question, W2VError)
                found = {"error": str(question)} if wrong else {"answer": kind.plain(next(answers))}
                click.echo(json.dumps({"question": line.shown, **found}, ensure_ascii=False))
            elif not isinstance(question, W2VError):
                click.echo("\n".join(kind.rows(_split(line.text), next(answers))))
        sys.stdout.flush()
        asked += len(batch)
        failed += len(read) - len(questions)
    if failed:
        raise W2VError(f"{failed:,} of {counted(asked, 'question')} could not be answered")


def _read(kind: Kind[Any, Any], line: _Line, vectors: Vectors, *, suggest: bool) -> Any:
    """Return the question on a line, or what is wrong with it, as an error.

    Of an unknown word, known ones of close spelling are named if `suggest` says so.
    """
    try:
        line.text.decode()
        question = kind.read(_split(line.text), vectors)
        if unknown := next((word for word in kind.words(question) if word not in vectors), None):
            return vectors.index(unknown) if suggest else UnknownWordError(unknown, [])
    except UnicodeDecodeError:
        return W2VError("is not UTF-8")
    except W2VError as error:
        return error
    return question


def _split(text: bytes) -> list[str]:
    """Return what stands between ASCII white space; other white space, such as a no-break space, can be in a word."""
    return [token.decode(errors="surrogateescape") for token in text.split()]
