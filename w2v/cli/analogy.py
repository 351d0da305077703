"""`w2v analogy`: what is to one word as another is to a third."""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path
from typing import Any

import click

from w2v.cli.query_commands import QueryCommand, answer, json_option, search_options, vectors_options, words_argument
from w2v.cli.query_words import SignedWords
from w2v.cli.similar import neighbour_query
from w2v.errors import UsageError


def analogy_query(words: Sequence[str], _: Container[str]) -> SignedWords:
    """Return the query a - b + c for the words a, b and c.

    Raises:
        UsageError: there are not three words.
    """
    if len(words) != 3:
        raise UsageError(f"an analogy takes three words, not {len(words)}; king man woman means king - man + woman")
    a, b, c = words
    return SignedWords((a, c), (b,))


@click.command("analogy", cls=QueryCommand)
@words_argument
@search_options
@json_option
@vectors_options
def analogy_command(words: tuple[str, ...], path: Path, as_json: bool, no_cache: bool, **search: Any) -> None:
    """Solve an analogy: A is to B as which word is to C? Lists the nearest neighbours of A - B + C.

    The three WORDs are A, B and C: king man woman means king - man + woman. Without words, each line of standard input
    has three.

    Examples:
      w2v analogy king man woman
      w2v analogy paris france italy -n 1 --method mul
      w2v analogy < queries.txt > answers.tsv
    """
    answer(neighbour_query(analogy_query, **search), words, path, as_json=as_json, no_cache=no_cache)
