"""Baskets, sessions and other sets of items: the items of a basket in each line, or a table of baskets and items.

An item counts once in a basket, and its place means nothing (Barkan and Koenigstein 2016, "Item2Vec: Neural Item
Embedding for Collaborative Filtering").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from pathlib import Path

from w2v.errors import CorpusError, UsageError
from w2v.file_endings import ending_of
from w2v.options.checks import shown
from w2v.readers.comma_separated import records, rows, separator_of
from w2v.readers.line_ends import PARAGRAPH_END, as_utf8
from w2v.readers.long_tables import columns_of_long_table
from w2v.readers.opened_text import OpenedText
from w2v.wording import in_one_line

_TABLES = (".csv", ".tsv", ".tab")
_MOST_LOOKED_AT = 1000  # rows, to tell what a table holds
_MOST_KNOWN = 1 << 20  # baskets remembered, so that one that comes back is noticed; about 100 MB


def read(source: OpenedText) -> Iterator[bytes]:
    """Yield the baskets, a line each.

    In files whose names promise a table, commas, semicolons or tabs are between the items, elsewhere white space. Two
    fields name the columns of a table with a row for each item, in which the rows of a basket follow each other.

    Raises:
        UsageError: the options name other than two fields.
        CorpusError: a row is malformed, or the rows of a basket don't follow each other; the text names the line.
    """
    if len(source.options.field) not in (0, 2):
        raise UsageError("`field` must name two columns with `text_format=baskets`: that of the basket and of the item")
    for items in _from_table(source) if source.options.field else _from_lines(source):
        if found := dict.fromkeys(filter(None, items)):
            yield as_utf8(" ".join(found) + PARAGRAPH_END)


def _from_lines(source: OpenedText) -> Iterator[Iterable[str]]:
    first: list[list[str]] = []  # rows
    if ending_of(Path(source.name)) in _TABLES:
        for row in rows(source):
            if len(first) < _MOST_LOOKED_AT and row.cells:
                first.append(row.cells)
            yield map(_token, row.cells)
    else:
        separator = None
        for number, data in enumerate(source.lines(), 1):
            line = source.decoded(data, f"{source.name}:{number}")
            if line is None:
                continue
            if len(first) < _MOST_LOOKED_AT and line.strip():
                separator = separator or separator_of(line)
                first.append(line.rstrip("\r\n").split(separator))
            yield line.split()
    if not source.problems.remarks and (found := columns_of_long_table(first)) is not None:  # of the first file only
        basket, item = map(in_one_line, found)
        source.problems.remarks.append(
            f"{source.name} looks like a table with a row for each item of a basket; if it is one, name the columns of"
            f" both, as with `field={basket}` `field={item}`"
        )


def _from_table(source: OpenedText) -> Iterator[Iterable[str]]:
    basket, item = source.options.field
    known: set[int] = set()  # hashes, which take less memory than long names
    for name, together in groupby(records(source), lambda record: record.values[basket]):
        first = next(together)
        if (mark := hash(name)) in known:
            column = f"column {basket}" if basket.isdecimal() else basket
            raise CorpusError(
                f"{first.place}: basket {shown(name)} comes back after others; sort the table by {column}"
            )
        if len(known) < _MOST_KNOWN:
            known.add(mark)
        yield (_token(record.values[item]) for record in chain([first], together))


def _token(name: str) -> str:
    """Return the name of an item as a token, with `_` for white space."""
    return "_".join(name.split())
