"""`w2v odd`: the word that does not fit the others."""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from w2v.cli.messages import one_line
from w2v.cli.query_commands import (
    QueryCommand,
    QueryKind,
    answer,
    json_option,
    labelled,
    vectors_options,
    words_argument,
)
from w2v.cli.query_words import SignedWords
from w2v.errors import UsageError

if TYPE_CHECKING:
    from w2v.vectors import Neighbour, Vectors


def odd_query(words: Sequence[str], _: Container[str]) -> SignedWords:
    """Return the query for three words or more.

    Raises:
        UsageError: there are fewer.
    """
    if len(words) < 3:
        raise UsageError(f"finding the odd one out takes three words or more, not {len(words)}")
    return SignedWords(tuple(words))


def _ask(vectors: Vectors, queries: Sequence[SignedWords]) -> list[list[Neighbour]]:
    return [vectors.centrality(query.positive) for query in queries]


def _plain(found: list[Neighbour]) -> object:
    return {"odd": found[-1].word, "words": [neighbour._asdict() for neighbour in found]}


_KIND = QueryKind(odd_query, _ask, lines=lambda found, query: [labelled(query, one_line(found[-1].word))], plain=_plain)


@click.command("odd", cls=QueryCommand)
@words_argument
@json_option
@vectors_options
def odd_command(words: tuple[str, ...], path: Path, as_json: bool, no_cache: bool) -> None:
    """Find the WORD that does not fit the others: the one farthest from the mean of their directions.

    Without words, each line of standard input is a query. The command is also called odd-one-out.

    Examples:
      w2v odd lunch dinner supper car
      w2v odd lunch dinner supper car --json
    """
    answer(_KIND, words, path, as_json=as_json, no_cache=no_cache)
