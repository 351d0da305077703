"""`w2v vector`: the vector of a word, value by value."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from w2v.cli.messages import one_line
from w2v.cli.query_commands import QueryCommand, QueryKind, answer, json_option, vectors_options, words_argument
from w2v.cli.query_words import SignedWords

if TYPE_CHECKING:
    from w2v.vectors import Vectors

_WORTH_COMPILING = 1 << 16  # values; writing fewer takes less time than importing Numba


def vector_query(words: Sequence[str], _: Container[str]) -> SignedWords:
    """Return the query for any number of words."""
    return SignedWords(tuple(words))


def _ask(vectors: Vectors, queries: Sequence[SignedWords]) -> list[list[tuple[str, str]]]:
    """Return each word with its values, in the fewest digits that read back as the same float32."""
    values = _written(vectors, [word for query in queries for word in query.positive])
    return [[(word, next(values)) for word in query.positive] for query in queries]


def _lines(found: list[tuple[str, str]], _query: str | None) -> Iterable[str]:
    return [f"{one_line(word)} {values}" for word, values in found]


def _plain(found: list[tuple[str, str]]) -> object:
    return {word: [float(value) for value in values.split()] for word, values in found}


def _written(vectors: Vectors, words: Sequence[str]) -> Iterator[str]:
    """Yield the values of each word as text."""
    from w2v.vectors.formats.decimals.numpy_printer import format_value
    from w2v.vectors.formats.text_rows import formatted_rows

    rows = vectors.matrix[[vectors.index(word) for word in words]]
    if rows.size < _WORTH_COMPILING:
        for row in rows:
            yield " ".join(map(format_value, row))
        return
    for block in formatted_rows([b""] * len(rows), rows):
        yield from bytes(block).decode().replace("\n ", "\n")[1:].splitlines()


_KIND = QueryKind(vector_query, _ask, _lines, _plain, takes_one=True, is_list=True)


@click.command("vector", cls=QueryCommand)
@words_argument
@json_option
@vectors_options
def vector_command(words: tuple[str, ...], path: Path, as_json: bool, no_cache: bool) -> None:
    """Print the vector of each WORD: a line with the word and its values, as in a vectors file.

    Without words, each line of standard input is a query. For thousands of words, 'w2v convert --words' is faster.

    Examples:
      w2v vector king
      w2v vector king queen --json
      w2v vector < words.txt > vectors-of-words.txt
    """
    answer(_KIND, words, path, as_json=as_json, no_cache=no_cache)
