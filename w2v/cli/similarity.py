"""`w2v similarity`: the cosine of two words."""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

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
    from w2v.vectors import Vectors


def pair_query(words: Sequence[str], _: Container[str]) -> SignedWords:
    """Return the query for two words.

    Raises:
        UsageError: there are not two words.
    """
    if len(words) != 2:
        raise UsageError(f"a similarity takes two words, not {len(words)}, such as: king queen")
    return SignedWords(tuple(words))


def _ask(vectors: Vectors, queries: Sequence[SignedWords]) -> list[float]:
    pairs = [(first, second) for (first, second), _ in queries]
    cosines: list[float] = vectors.similarity_batch(pairs).tolist()
    return cosines


_KIND = QueryKind(pair_query, _ask, lines=lambda cosine, query: [labelled(query, f"{cosine:.4f}")])


@click.command("similarity", cls=QueryCommand)
@words_argument
@json_option
@vectors_options
def similarity_command(words: tuple[str, ...], path: Path, as_json: bool, no_cache: bool) -> None:
    """Print the similarity of two WORDs: the cosine of their vectors, from -1 to 1.

    Without words, each line of standard input has two.

    Examples:
      w2v similarity king queen
      w2v similarity < pairs.txt > pairs.tsv
    """
    answer(_KIND, words, path, as_json=as_json, no_cache=no_cache)
