"""CSV: tables with commas, semicolons or tabs between cells, and quotes around cells that need them (RFC 4180).

The parser is that of Python, which reads 160 MB/s. pyarrow's is faster, but does not name the line of a bad row.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

from w2v.readers.opened_text import OpenedText
from w2v.readers.records import Record, texts_of
from w2v.readers.table_rows import Row, records_of

_SEPARATORS = ",;\t|"
_LONGEST_CELL = 1 << 24  # characters; a quote without its partner makes one cell of all that follows


def read(source: OpenedText) -> Iterator[bytes]:
    """Yield the text of each row."""
    return texts_of(records(source), source)


def records(source: OpenedText) -> Iterator[Record]:
    """Yield the rows.

    Raises:
        CorpusError: a row is malformed; the text names its line.
    """
    return records_of(rows(source), source)


def rows(source: OpenedText) -> Iterator[Row]:
    """Yield the rows as lists of cells, the first one too.

    Raises:
        CorpusError: a row is malformed; the text names its line.
    """
    csv.field_size_limit(max(_LONGEST_CELL, csv.field_size_limit()))
    lines = _lines(source)
    first = next(lines, None)
    if first is None:
        return
    if first.startswith("sep="):  # a line for Excel
        separator, start = first[4:5], 2
        parsed = csv.reader(lines, delimiter=separator, strict=True)
    else:
        separator, start = separator_of(first), 1
        parsed = csv.reader(_with_first(first, lines), delimiter=separator, strict=True)
    while True:
        line = parsed.line_num + start
        try:
            cells = next(parsed)
        except StopIteration:
            return
        except csv.Error as error:
            reason = f"a cell of more than {_LONGEST_CELL >> 20} MB" if "field limit" in str(error) else _reason(error)
            source.problems.bad(f"{source.name}:{line}", f"is not CSV ({reason}); a quote may be missing")
            continue
        yield Row(line, cells)


def _reason(error: csv.Error) -> str:
    r"""Return what is wrong, with a tab written as \t."""
    return str(error).replace("\t", r"\t")


def _lines(source: OpenedText) -> Iterator[str]:
    for number, data in enumerate(source.lines(), 1):
        line = source.decoded(data, f"{source.name}:{number}")
        yield "\n" if line is None else line.replace("\0", " ")


def _with_first(first: str, others: Iterator[str]) -> Iterator[str]:
    yield first
    yield from others


def separator_of(header: str) -> str:
    r"""Return what separates the cells of a line: the most frequent separator outside of quotes.

    Example:
        >>> separator_of("id;title, short;text"), separator_of('"a;b;c",d'), separator_of("text")
        (';', ',', ',')
    """
    bare = "".join(header.split('"')[::2])
    return max(_SEPARATORS, key=bare.count)
