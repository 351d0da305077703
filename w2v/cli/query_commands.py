"""What the query commands share: one query as arguments, or one query per line of standard input.

Queries from standard input are answered in batches, which takes a fraction of the time of one at a time.
"""

from __future__ import annotations

import codecs
import functools
import os
import sys
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Generic, NamedTuple, TypeVar

import click

from w2v.cli.commands import Command
from w2v.cli.messages import tell, with_dashes
from w2v.cli.output_text import json_text
from w2v.cli.query_words import KnownWords, SignedWords, argument_words, line_words, spaced_words
from w2v.cli.shared_options import (
    FILE_NAME,
    build,
    dry_run_option,
    encoding_options,
    no_cache_option,
    option,
    stacked,
)
from w2v.cli.vectors_file import (
    NAME_BY_OPTION,
    NeedOf,
    load_vectors,
    require_loading,
    require_vectors,
    show_loading,
    size_to_load,
)
from w2v.errors import UnknownWordError, UsageError, VectorsError, W2VError
from w2v.options.defaults import DEFAULT_METHOD, DEFAULT_NEIGHBOURS, DEFAULT_VECTORS, METHODS
from w2v.options.encoding import EncodingOptions
from w2v.word_list import left_out
from w2v.wording import counted

if TYPE_CHECKING:
    from w2v.vectors import Vectors

_BATCH = 1024  # lines
_MOST_TOLD = 10  # errors that get a message each, with suggestions, which take long; more are only counted

AnswerT = TypeVar("AnswerT")


class QueryCommand(Command):
    """A command whose arguments are words, which may begin with a dash and then look like options."""

    dash_advice = "a word that begins with a dash goes after --"


words_argument = click.argument("words", metavar="[WORD]...", nargs=-1)

_LOADING = ("path", "no_cache", "encoding", "encoding_errors", "dry_run")  # what says how vectors are loaded
_ENCODING, _DRY_RUN = "w2v.encoding", "w2v.dry_run"  # where the context of a query command keeps what says so


def _with_loading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Keep how vectors are loaded for `query_vectors`, so that no query command needs to pass it on."""

    @functools.wraps(command)
    def run(**parameters: Any) -> Any:
        encoding = {name: parameters.pop(name) for name in ("encoding", "encoding_errors")}
        meta = click.get_current_context().meta
        meta[_ENCODING], meta[_DRY_RUN] = build(EncodingOptions, encoding), parameters.pop("dry_run")
        return command(**parameters)

    return run


vectors_options = stacked(
    option(
        "--vectors",
        "path",
        metavar="FILE",
        type=FILE_NAME,
        envvar="W2V_VECTORS",
        show_envvar=True,
        default=DEFAULT_VECTORS,
        help="Vectors file in any format, or a model.",
    ),
    no_cache_option,
    encoding_options,
    dry_run_option,
    _with_loading,
)

json_option = option("--json", "as_json", is_flag=True, help="Print JSON; one line for each line of standard input.")

count_option = option(
    "-n", "--count", "count", metavar="N", type=int, default=DEFAULT_NEIGHBOURS, help="Number of neighbours to list."
)

search_options = stacked(
    count_option,
    option(
        "--method",
        type=click.Choice(METHODS),
        default=DEFAULT_METHOD,
        metavar="RULE",
        help="How to combine words. add: sum of vectors (3CosAdd). mul: product of similarities (3CosMul).",
    ),
    option(
        "--restrict-vocab",
        type=int,
        metavar="N",
        help="List only neighbours among the N most frequent words.  [default: all]",
    ),
    option(
        "--min-count",
        type=int,
        metavar="N",
        help="List only neighbours that occur at least N times.  [default: all]",
    ),
    option("--counts", is_flag=True, help="Show how often each neighbour occurs."),
)


def _same(answer: AnswerT) -> object:
    return answer


@dataclass(frozen=True)
class QueryKind(Generic[AnswerT]):
    """One kind of query: how to parse it, answer it, and print the answer.

    Attributes:
        parse: returns the query of some words; raises UsageError if there are too few or too many.
        ask: answers several queries at once; raises W2VError for an unknown word or a wrong option.
        lines: returns the lines to print for an answer. The second argument is the text of the query if it is one of
            many, and goes before a tab in each line; it is None for a single query.
        plain: returns the answer as JSON can hold it.
        takes_one: whether a query can be a single word, and so an argument or a line that holds spaces.
        is_list: whether the words have nothing to do with each other, so that unknown ones can be left out.
    """

    parse: Callable[[Sequence[str], Container[str]], SignedWords]
    ask: Callable[[Vectors, Sequence[SignedWords]], Sequence[AnswerT]]
    lines: Callable[[AnswerT, str | None], Iterable[str]]
    plain: Callable[[AnswerT], object] = _same
    takes_one: bool = False
    is_list: bool = False


def labelled(query: str | None, text: str) -> str:
    r"""Return a line of an answer, with the query before it if it is one of many.

    Example:
        >>> labelled(None, "0.8165"), labelled("king man", "0.8165")
        ('0.8165', 'king man\t0.8165')
    """
    return text if query is None else f"{query}\t{text}"


def answer(kind: QueryKind[Any], words: Sequence[str], path: Path, *, as_json: bool, no_cache: bool) -> None:
    """Answer the query in `words`, or those on standard input if there are none, and print the answers.

    Raises:
        W2VError: the vectors can't be read, or a query can't be answered.
    """
    if not words and click.get_current_context().obj is not None:
        raise UsageError("no words given; name at least one")
    at_once = 1 if words else _BATCH
    vectors = query_vectors(path, no_cache=no_cache, work=lambda size: size.searching(at_once))
    if not words:
        _answer_lines(kind, vectors, sys.stdin.buffer, as_json=as_json)
        return
    known = KnownWords(vectors)
    listed = argument_words(words, known, whole=kind.takes_one)
    if not listed:
        raise UsageError("no words given; name at least one")
    if kind.is_list:
        listed = _without_unknown(listed, known)
    try:
        (found,) = kind.ask(vectors, [kind.parse(listed, known)])
    except UnknownWordError as error:
        if not error.suggestions and os.path.isfile(error.word):  # noqa: PTH113 - a Path refuses some words
            raise UsageError(f"{error.message}; to query that file, write --vectors {error.word}") from None
        raise
    if as_json:
        click.echo(json_text(kind.plain(found), indent=2))
        return
    for line in kind.lines(found, None):
        click.echo(line)


def _without_unknown(words: list[str], known: KnownWords) -> list[str]:
    """Return the known words, and note the others; all of them if none is known."""
    unknown = [word for word in words if word not in known]
    if not unknown or len(unknown) == len(words):
        return words
    tell(f"note: {left_out(unknown, len(words), 'the vocabulary')}")
    return [word for word in words if word in known]


def query_vectors(path: Path, *, no_cache: bool, work: NeedOf, subject: str | None = None) -> Vectors:
    """Return the vectors of `w2v shell` where a query runs in it, or load those that the options name.

    Args:
        path: the file; it and the following are as for `load_named_vectors`.
        no_cache: use no copy.
        work: what the query takes.
        subject: what needs much more than the vectors.

    Raises:
        UsageError: the shell has vectors, and the options name others.
        W2VError: they can't be read.
    """
    context = click.get_current_context()
    shared: Vectors | None = context.obj
    if shared is None:
        return load_named_vectors(path, no_cache=no_cache, work=work, subject=subject)
    if any(context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE for name in _LOADING):
        raise UsageError("the shell has loaded its vectors; for others, start w2v shell --vectors FILE")
    return shared


def load_named_vectors(path: Path, *, no_cache: bool, work: NeedOf, subject: str | None = None) -> Vectors:
    """Load the vectors that the options of a query command name; --dry-run shows what that takes, and ends the command.

    Args:
        path: the file.
        no_cache: use no copy.
        work: returns what the query takes besides the vectors.
        subject: what needs much more than the vectors, so that it is refused before they are loaded where there is too
            little memory; None refuses only vectors that are too large, which takes no time for a copy.

    Raises:
        W2VError: they can't be read.
    """
    context, encoding = click.get_current_context(), query_encoding()
    if subject is not None or context.meta[_DRY_RUN]:
        require_vectors(path, NAME_BY_OPTION)
        size = size_to_load(path, cache=not no_cache, encoding=encoding)
        if context.meta[_DRY_RUN]:
            show_loading(size, work)
            context.exit()
        require_loading(path, size, work, str(subject))
    return load_vectors(path, cache=not no_cache, advice=NAME_BY_OPTION, encoding=encoding)


def query_encoding() -> EncodingOptions:
    """Return the encoding that the options of this query command name."""
    encoding: EncodingOptions = click.get_current_context().meta[_ENCODING]
    return encoding


def query_text(line: bytes, encoding: EncodingOptions) -> str:
    """Return the text of a line: in UTF-8, or else in that encoding, which the words of the vectors have.

    Raises:
        UnicodeDecodeError: it is in neither.
    """
    try:
        return line.decode()
    except UnicodeDecodeError:
        return encoding.decode(line)


class _Line(NamedTuple):
    """A line of standard input that is not blank; `complaint` says what is wrong with its bytes, if anything is."""

    number: int
    text: str
    complaint: str | None = None

    @property
    def query(self) -> str:
        """The query, as its answer repeats it."""
        return " ".join(spaced_words(self.text))


def _lines(stream: BinaryIO, encoding: EncodingOptions) -> Iterator[_Line]:
    """Yield the lines that are not blank, without line ends, and without byte order marks, which files begin with."""
    for number, line in enumerate(stream, 1):
        data = line.removeprefix(codecs.BOM_UTF8).removesuffix(b"\n").removesuffix(b"\r")
        if not data.strip():
            continue
        try:
            yield _Line(number, query_text(data, encoding))
        except UnicodeDecodeError as error:
            yield _Line(number, data.decode(errors="surrogateescape"), encoding.complaint(data, error.start))


def _answer_lines(kind: QueryKind[Any], vectors: Vectors, stream: BinaryIO, *, as_json: bool) -> None:
    interactive = stream.isatty()
    if interactive:
        tell("note: reading queries from the terminal, one per line; end with Ctrl-D")
    lines = _lines(stream, query_encoding())
    asked = failed = 0
    while batch := list(islice(lines, 1 if interactive else _BATCH)):
        known = KnownWords(vectors)
        parsed = [_parse(kind, line, known) for line in batch]
        answers = iter(_asked(kind, vectors, [query for query in parsed if not isinstance(query, W2VError)]))
        for line, query in zip(batch, parsed, strict=True):
            reply = query if isinstance(query, W2VError) else next(answers)
            if isinstance(reply, W2VError):
                is_told = failed < _MOST_TOLD
                error = with_dashes((_with_suggestions(reply, vectors) if is_told else reply).message)
                if is_told:
                    tell(f"line {line.number}: {error}")
                failed += 1
                if as_json:
                    click.echo(json_text({"question": line.query, "error": error}))
            elif as_json:
                click.echo(json_text({"question": line.query, "answer": kind.plain(reply)}))
            else:
                click.echo("\n".join(kind.lines(reply, line.query)))
        sys.stdout.flush()
        asked += len(batch)
    if failed:
        others = f"; the first {_MOST_TOLD} are named above" if failed > _MOST_TOLD else ""
        raise W2VError(f"{failed:,} of {counted(asked, 'query')} could not be answered{others}")


def _parse(kind: QueryKind[Any], line: _Line, known: KnownWords) -> SignedWords | W2VError:
    """Return the query in a line, or its error; that of an unknown word has no suggestions yet."""
    if line.complaint is not None:
        return W2VError(line.complaint)
    try:
        query = kind.parse(line_words(line.text, known, whole=kind.takes_one), known)
    except W2VError as error:
        return error
    unknown = next((word for word in (*query.positive, *query.negative) if word not in known), None)
    return query if unknown is None else UnknownWordError(unknown, [])


def _asked(kind: QueryKind[Any], vectors: Vectors, queries: Sequence[SignedWords]) -> Sequence[Any]:
    """Return the answers to queries, or the error of each whose words have vectors without a direction."""
    if not queries:
        return ()
    try:
        return kind.ask(vectors, queries)
    except VectorsError as error:
        if len(queries) == 1:
            return [error]
        half = len(queries) // 2
        return [*_asked(kind, vectors, queries[:half]), *_asked(kind, vectors, queries[half:])]


def _with_suggestions(error: W2VError, vectors: Vectors) -> W2VError:
    if isinstance(error, UnknownWordError):
        try:
            vectors.index(error.word)
        except UnknownWordError as complete:
            return complete
    return error
