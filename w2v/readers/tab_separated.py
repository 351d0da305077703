"""TSV: tables with a tab between cells, and a row in each line. Quotes are characters like all others."""

from __future__ import annotations

from collections.abc import Iterator

from w2v.readers.opened_text import OpenedText
from w2v.readers.records import Record, texts_of
from w2v.readers.table_rows import Row, records_of


def read(source: OpenedText) -> Iterator[bytes]:
    """Yield the text of each row."""
    return texts_of(records(source), source)


def records(source: OpenedText) -> Iterator[Record]:
    """Yield the rows.

    Raises:
        CorpusError: a row is malformed; the text names its line.
    """
    return records_of(_rows(source), source)


def _rows(source: OpenedText) -> Iterator[Row]:
    for number, data in enumerate(source.lines(), 1):
        line = source.decoded(data, f"{source.name}:{number}")
        if line is not None:
            yield Row(number, line.rstrip("\r\n").split("\t"))
