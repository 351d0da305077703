"""`w2v similar`: the nearest neighbours of a word, or of several words with signs."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import click

from w2v.cli.document_options import (
    format_option,
    text_field_option,
    token_options,
    version_note,
    weighting_option,
)
from w2v.cli.messages import one_line, tell
from w2v.cli.query_commands import (
    QueryCommand,
    QueryKind,
    answer,
    json_option,
    labelled,
    query_vectors,
    search_options,
    vectors_options,
    words_argument,
)
from w2v.cli.query_words import SignedWords, signed_query
from w2v.cli.shared_options import option
from w2v.cli.similar_texts import answer_with_texts
from w2v.cli.tables import aligned
from w2v.errors import UsageError
from w2v.options.documents import DocumentOptions

if TYPE_CHECKING:
    from w2v.vectors import Vectors


# A neighbour with its similarity, and how often it occurs if that was asked for.
FoundWord: TypeAlias = tuple[str, float] | tuple[str, float, int]
_FIELDS = ("word", "similarity", "count")
_ABOUT_WORDS = ("restrict_vocab", "min_count", "counts")


def neighbour_query(
    parse: Callable[[Sequence[str], Container[str]], SignedWords],
    *,
    count: int,
    counts: bool,
    takes_one: bool = False,
    **search: Any,
) -> QueryKind[list[FoundWord]]:
    """Return the kind of query that lists neighbours.

    Args:
        parse: as for QueryKind.
        count: how many neighbours to list.
        counts: whether to show how often each occurs.
        takes_one: as for QueryKind.
        search: the other values of `search_options`.
    """

    def ask(vectors: Vectors, queries: Sequence[SignedWords]) -> Sequence[list[FoundWord]]:
        from w2v.vectors import Query

        if counts:
            from w2v.vectors.arguments import known_counts

            known_counts(vectors.counts, "counts")
        answers = vectors.similar_batch([Query(*query) for query in queries], count, **search)
        if not counts:
            return cast("list[list[FoundWord]]", answers)
        return [[(word, score, vectors.count(word)) for word, score in found] for found in answers]

    return QueryKind(parse, ask, _lines, _plain, takes_one=takes_one)


def _lines(found: list[FoundWord], query: str | None) -> Iterable[str]:
    """Return a table for a person, or lines of a query, a word, its similarity and count with tabs between."""
    if query is None:
        return aligned([(one_line(word), f"{score:7.4f}", *(f"{n:,}" for n in count)) for word, score, *count in found])
    lines = [f"{one_line(row[0])}\t{row[1]:.4f}" + (f"\t{row[2]}" if len(row) > 2 else "") for row in found]
    return [labelled(query, line) for line in lines]


def _plain(found: list[FoundWord]) -> object:
    return [dict(zip(_FIELDS, row, strict=False)) for row in found]


class SignedWordsCommand(QueryCommand):
    """A command some of whose words may follow a minus sign; without a space, they look like options."""

    dash_advice = f"to subtract a word, put a space after the dash: king - man + woman; {QueryCommand.dash_advice}"


@click.command("similar", cls=SignedWordsCommand)
@words_argument
@search_options
@json_option
@vectors_options
@option(
    "--texts",
    metavar="FILE",
    multiple=True,
    heading="Texts",
    help="List the closest texts of this file instead of words: one a line, or a column.",
)
@text_field_option
@format_option
@token_options
@weighting_option
def similar_command(
    words: tuple[str, ...],
    path: Path,
    as_json: bool,
    no_cache: bool,
    texts: tuple[str, ...],
    field: tuple[str, ...],
    format: str | None,  # noqa: A002
    tokens: str | None,
    lowercase: bool | None,
    weighting: str,
    **search: Any,
) -> None:
    """List the nearest neighbours of WORD, by the cosine of their vectors.

    With several words, the query is the mean of their directions; a minus sign subtracts the word after it. Put a word
    that holds spaces between quotes. Without words, each line of standard input is a query; it may separate words by
    tabs. With --texts, the query is a text, and the answer the texts whose vectors are closest to its own.

    Examples:
      w2v similar king
      w2v similar king queen -n 5 --json
      w2v similar king - man + woman
      w2v similar < queries.txt > answers.tsv
      w2v similar --texts letters.txt ships in the harbour

    Signs without spaces, and a word that begins with a dash, go after --, as in: w2v similar -- king -man +woman
    """
    given = [option for option in _ABOUT_WORDS if search[option]] if texts else []
    if given:
        raise UsageError(f"`{given[0]}` is about words, and --texts lists texts; leave out one of them")
    if texts:
        from w2v.documents.document_vectors import DocumentEncoder, corpus_options
        from w2v.documents.encoder_need import encoder_need

        document_options = DocumentOptions(weighting)
        vectors = query_vectors(
            path,
            no_cache=no_cache,
            work=lambda size: encoder_need(size.rows, size.dim, document_options.threads, texts),
            subject="comparing texts with its vectors needs about",
        )
        text_options = corpus_options(vectors.metadata, tokens=tokens, lowercase=lowercase)
        if (note := version_note(path, vectors.metadata, text_options)) is not None:
            tell(f"note: {note}")
        encoder = DocumentEncoder(vectors, document_options, text_options)
        answer_with_texts(encoder, words, texts, count=search["count"], field=field, form=format, as_json=as_json)
        return
    answer(neighbour_query(signed_query, takes_one=True, **search), words, path, as_json=as_json, no_cache=no_cache)
