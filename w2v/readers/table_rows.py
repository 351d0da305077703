"""Tables of text with a row in each line: what tables with commas and with tabs have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from w2v.readers.opened_text import NoTextError, OpenedText
from w2v.readers.records import USUAL_FIELD, Record
from w2v.wording import counted, first_few

_MOST_NAMED = 8  # columns that a message names
_LONGEST_NAME = 60  # characters of the name of a column; a longer one is text


class Row(NamedTuple):
    """A row of a table: the number of its first line, from 1, and its cells."""

    line: int
    cells: list[str]


def records_of(rows: Iterable[Row], source: OpenedText) -> Iterator[Record]:
    """Yield the rows of a table as records. The first row names the columns, unless columns are chosen by number.

    Raises:
        NoTextError: the table has not the chosen columns.
        CorpusError: a row has more or fewer cells than the first.
    """
    columns: list[str] = []
    chosen = source.options.field
    for row in rows:
        if row.cells in ([], [""]):
            continue
        if not columns:
            columns = [name.strip() for name in row.cells]
            is_text = _longest(columns) > _LONGEST_NAME and USUAL_FIELD not in columns
            by_number = bool(chosen) and all(name.isdecimal() and (is_text or name not in columns) for name in chosen)
            if is_text and not chosen:
                number = 1 + max(range(len(columns)), key=lambda place: len(columns[place]))
                advice = (
                    f"; choose among its {counted(len(columns), 'column')} by number with `field`, such as {number}"
                )
                raise NoTextError(source.name, "has text in place of names in its first line", advice)
            if by_number:
                columns = [str(number) for number in range(1, len(columns) + 1)]
            _require(chosen, columns, source.name)
            if not by_number:
                continue
        if len(row.cells) != len(columns):
            first = "names" if columns[0] != "1" else "has"
            complaint = f"has {counted(len(row.cells), 'cell')}, but the first line {first} {len(columns)}"
            source.problems.bad(f"{source.name}:{row.line}", complaint)
            continue
        yield Record(source.name, row.line, dict(zip(columns, row.cells, strict=True)))


def _longest(columns: Iterable[str]) -> int:
    return max(map(len, columns), default=0)


def _require(chosen: Iterable[str], columns: list[str], name: str) -> None:
    missing = next((column for column in chosen if column not in columns), None)
    if missing is not None:
        named = first_few(columns, _MOST_NAMED)
        raise NoTextError(name, f"has no column {missing}; its columns are {named}", "; choose among them with `field`")
