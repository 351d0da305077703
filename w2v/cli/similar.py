"""`w2v similar`: the nearest neighbours of a word, or of several words with signs."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from w2v.cli.commands import Command
from w2v.cli.query_commands import (
    QueryKind,
    SignedWords,
    answer,
    json_option,
    labelled,
    search_options,
    vectors_options,
    words_argument,
)
from w2v.cli.tables import aligned
from w2v.errors import UsageError

if TYPE_CHECKING:
    from w2v.vectors import Neighbour, Vectors


def signed_query(tokens: Sequence[str], known: Container[str]) -> SignedWords:
    """Parse words with signs, such as `king - man + woman` or `king -man +woman`; no sign means plus.

    The token after a sign that stands alone is a word, whatever it begins with. So is a single known token.

    Raises:
        UsageError: no word follows the last sign.
    """
    if len(tokens) == 1 and tokens[0] in known:
        return SignedWords(tuple(tokens))
    words: dict[str, list[str]] = {"+": [], "-": []}
    sign = ""
    for token in tokens:
        if sign:
            words[sign].append(token)
            sign = ""
        elif token in words:
            sign = token
        elif token[0] in words:
            words[token[0]].append(token[1:])
        else:
            words["+"].append(token)
    if sign:
        raise UsageError(f"no word follows the last {sign}; write for example: king - man + woman")
    return SignedWords(tuple(words["+"]), tuple(words["-"]))


def neighbour_query(
    parse: Callable[[Sequence[str], Vectors], SignedWords], *, count: int, method: str, restrict_vocab: int | None
) -> QueryKind[list[Neighbour]]:
    """Return the kind of query that lists neighbours, with the values of `search_options`."""

    def ask(vectors: Vectors, queries: Sequence[SignedWords]) -> list[list[Neighbour]]:
        from w2v.vectors import Query

        return vectors.similar_batch(
            [Query(*query) for query in queries], count, method=method, restrict_vocab=restrict_vocab
        )

    return QueryKind(parse, ask, _lines, plain=lambda found: [neighbour._asdict() for neighbour in found])


def _lines(found: list[Neighbour], query: str | None) -> Iterable[str]:
    """Return a table for a person, or lines of a query, a word and its similarity with tabs between."""
    if query is None:
        return aligned([(word, f"{similarity:7.4f}") for word, similarity in found])
    return [labelled(query, f"{word}\t{similarity:.4f}") for word, similarity in found]


class SignedWordsCommand(Command):
    """A command some of whose words may follow a minus sign; without a space, they look like options."""

    dash_advice = "to subtract a word, put a space after the dash: king - man + woman"


@click.command("similar", cls=SignedWordsCommand)
@words_argument
@search_options
@json_option
@vectors_options
def similar_command(words: tuple[str, ...], path: Path, as_json: bool, no_cache: bool, **search: Any) -> None:
    """List the nearest neighbours of WORD, by the cosine of their vectors.

    With several words, the query is the mean of their directions; a minus sign subtracts the word after it. Without
    words, each line of standard input is a query.

    Examples:
      w2v similar king
      w2v similar king queen -n 5 --json
      w2v similar king - man + woman
      w2v similar < queries.txt > answers.tsv

    Signs without spaces, and a word that begins with a dash, go after --, as in: w2v similar -- king -man +woman
    """
    answer(neighbour_query(signed_query, **search), words, path, as_json=as_json, no_cache=no_cache)
