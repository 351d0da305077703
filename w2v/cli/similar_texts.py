"""`w2v similar --texts`: the texts that are closest to a query of several words."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from w2v.cli.console_progress import ConsoleProgress
from w2v.cli.messages import one_line, tell
from w2v.cli.output_text import json_text
from w2v.cli.query_commands import labelled, query_encoding, query_text
from w2v.errors import UsageError, VectorsError, W2VError
from w2v.options.checks import require_count
from w2v.word_list import STANDARD_INPUT
from w2v.wording import counted

if TYPE_CHECKING:
    from w2v.documents import DocumentEncoder, FoundText


def answer_with_texts(
    encoder: DocumentEncoder,
    words: Sequence[str],
    files: Sequence[str],
    *,
    count: int,
    field: tuple[str, ...],
    form: str | None,
    as_json: bool,
) -> None:
    """Print the texts in files that are closest to the query in `words`, or to each line of standard input.

    Raises:
        W2VError: the texts can't be read, or a query has no known word.
    """
    require_count("n", count)
    if not words and STANDARD_INPUT in files:
        raise UsageError("standard input can't hold both the texts and the queries; give the query as an argument")
    queries = [" ".join(words)] if words else [_line(line) for line in sys.stdin.buffer]
    from w2v.documents import closest_texts
    from w2v.documents.record_files import read_text_blocks

    def blocks() -> Iterator[bytes]:
        return read_text_blocks(files, field, query_encoding(), form)

    with ConsoleProgress() as progress:
        if encoder.needs_texts:
            if STANDARD_INPUT in files:
                raise UsageError(
                    f"`weighting={encoder.options.weighting}` reads the texts twice; name a file, not standard input"
                )
            encoder.learn(blocks)
        progress.start("reading", None, "texts")
        found = closest_texts(encoder, blocks(), queries, count)
        progress.finish()
    if words:
        (answer,) = found
        if answer is None:
            raise VectorsError(f"the vectors know no word of {queries[0]!r}; ask with other words")
        if not answer:
            raise VectorsError(f"{', '.join(files)}: no text has a word that the vectors know; see --tokens")
        _show(answer, None, as_json)
        return
    failed = 0
    for number, (query, texts) in enumerate(zip(queries, found, strict=True), 1):
        if texts is None:
            failed += 1
            tell(f"line {number}: the vectors know no word of {query!r}")
        else:
            _show(texts, query, as_json)
    if failed:
        raise W2VError(f"{failed:,} of {counted(len(queries), 'query')} could not be answered")


def _line(line: bytes) -> str:
    return query_text(line, query_encoding()).strip()


def _show(found: Sequence[FoundText], query: str | None, as_json: bool) -> None:
    """Print an answer; `query` goes before it if it is one of many."""
    plain = [text._asdict() for text in found]
    if as_json:
        click.echo(json_text(plain, indent=2) if query is None else json_text({"question": query, "answer": plain}))
        return
    for text in found:
        click.echo(labelled(query, f"{text.similarity:.4f}\t{one_line(' '.join(text.text.split()))}"))
