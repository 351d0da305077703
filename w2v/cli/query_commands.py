"""What the query commands share: one query as arguments, or one query per line of standard input.

Queries from standard input are answered in batches, which takes a fraction of the time of one at a time.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Generic, NamedTuple, TypeVar

import click

from w2v.cli.messages import tell, with_dashes
from w2v.cli.output_text import json_text
from w2v.cli.shared_options import FILE_NAME, build, encoding_options, no_cache_option, option, stacked
from w2v.cli.vectors_file import NAME_BY_OPTION, load_vectors
from w2v.errors import UnknownWordError, UsageError, W2VError
from w2v.options.defaults import DEFAULT_METHOD, DEFAULT_NEIGHBOURS, DEFAULT_VECTORS, METHODS
from w2v.options.encoding import EncodingOptions
from w2v.wording import counted

if TYPE_CHECKING:
    from w2v.vectors import Vectors

_BATCH = 1024  # lines
_MOST_SUGGESTIONS = 10  # unknown words that get any; comparing spellings takes long

AnswerT = TypeVar("AnswerT")

words_argument = click.argument("words", metavar="[WORD]...", nargs=-1)

_ENCODING = "w2v.encoding"  # where the context of a query command keeps its EncodingOptions


def _with_encoding(command: Callable[..., Any]) -> Callable[..., Any]:
    """Keep the options of `encoding_options` for `answer`, so that no query command needs to pass them on."""

    @functools.wraps(command)
    def run(**parameters: Any) -> Any:
        encoding = {name: parameters.pop(name) for name in ("encoding", "encoding_errors")}
        click.get_current_context().meta[_ENCODING] = build(EncodingOptions, encoding)
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
    _with_encoding,
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
)


def _same(answer: AnswerT) -> object:
    return answer


class SignedWords(NamedTuple):
    """The words of a query: those to be close to, and those to be far from."""

    positive: tuple[str, ...]
    negative: tuple[str, ...] = ()


@dataclass(frozen=True)
class QueryKind(Generic[AnswerT]):
    """One kind of query: how to parse it, answer it, and print the answer.

    Attributes:
        parse: returns the query in some tokens; raises UsageError if there are too few or too many.
        ask: answers several queries at once; raises W2VError for an unknown word or a wrong option.
        lines: returns the lines to print for an answer. The second argument is the text of the query if it is one of
            many, and goes before a tab in each line; it is None for a single query.
        plain: returns the answer as JSON can hold it.
    """

    parse: Callable[[Sequence[str], Vectors], SignedWords]
    ask: Callable[[Vectors, Sequence[SignedWords]], Sequence[AnswerT]]
    lines: Callable[[AnswerT, str | None], Iterable[str]]
    plain: Callable[[AnswerT], object] = _same


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
    shared: Vectors | None = click.get_current_context().obj  # the vectors that `w2v shell` has loaded
    tokens = [token for word in words for token in _split(word.encode(errors="surrogateescape"))]
    if not tokens and (words or shared is not None):
        raise UsageError("no words given; name at least one")
    vectors = load_named_vectors(path, no_cache=no_cache) if shared is None else shared
    if not tokens:
        _answer_lines(kind, vectors, sys.stdin.buffer, as_json=as_json)
        return
    (found,) = kind.ask(vectors, [kind.parse(tokens, vectors)])
    if as_json:
        click.echo(json_text(kind.plain(found), indent=2))
        return
    for line in kind.lines(found, None):
        click.echo(line)


def load_named_vectors(path: Path, *, no_cache: bool) -> Vectors:
    """Load the vectors that the options of a query command name.

    Raises:
        W2VError: they can't be read.
    """
    encoding = click.get_current_context().meta[_ENCODING]
    return load_vectors(path, cache=not no_cache, advice=NAME_BY_OPTION, encoding=encoding)


class _Line(NamedTuple):
    """A line of standard input that is not blank."""

    number: int
    text: bytes

    @property
    def query(self) -> str:
        """The query, as its answer repeats it."""
        return " ".join(_split(self.text))


def _answer_lines(kind: QueryKind[Any], vectors: Vectors, stream: BinaryIO, *, as_json: bool) -> None:
    interactive = stream.isatty()
    if interactive:
        tell("note: reading queries from the terminal, one per line; end with Ctrl-D")
    lines = (_Line(number, line) for number, line in enumerate(stream, 1) if line.strip())
    asked = failed = suggested = 0
    while batch := list(islice(lines, 1 if interactive else _BATCH)):
        parsed = [_parse(kind, line, vectors, suggest=suggested < _MOST_SUGGESTIONS) for line in batch]
        queries = [query for query in parsed if not isinstance(query, W2VError)]
        answers = iter(kind.ask(vectors, queries) if queries else ())
        for line, query in zip(batch, parsed, strict=True):
            if isinstance(query, W2VError):
                error = with_dashes(query.message)
                tell(f"line {line.number}: {error}")
                if as_json:
                    click.echo(json_text({"question": line.query, "error": error}))
                continue
            found = next(answers)
            if as_json:
                click.echo(json_text({"question": line.query, "answer": kind.plain(found)}))
            else:
                click.echo("\n".join(kind.lines(found, line.query)))
        sys.stdout.flush()
        asked += len(batch)
        failed += len(batch) - len(queries)
        suggested += sum(isinstance(query, UnknownWordError) for query in parsed)
    if failed:
        raise W2VError(f"{failed:,} of {counted(asked, 'query')} could not be answered")


def _parse(kind: QueryKind[Any], line: _Line, vectors: Vectors, *, suggest: bool) -> SignedWords | W2VError:
    """Return the query in a line, or its error; an unknown word gets suggestions if `suggest` allows it."""
    try:
        line.text.decode()
        query = kind.parse(_split(line.text), vectors)
        for word in (*query.positive, *query.negative):
            if word not in vectors:
                if not suggest:
                    return UnknownWordError(word, [])
                vectors.index(word)
    except UnicodeDecodeError:
        return W2VError("is not UTF-8")
    except W2VError as error:
        return error
    return query


def _split(text: bytes) -> list[str]:
    """Return tokens between ASCII white space; other white space, such as a no-break space, can be part of a word."""
    return [token.decode(errors="surrogateescape") for token in text.split()]
