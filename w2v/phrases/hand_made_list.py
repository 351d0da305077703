"""Lists of phrases as people make them: tables of spreadsheets, with quotes and commas, or a phrase on each line."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

REQUIRED = frozenset({"phrase", "words"})
_MOST_WORDS = 8  # of a phrase in a list without columns; longer lines are no phrases
_DELIMITER = "_"


class PhraseRow(NamedTuple):
    """A phrase as a list has it.

    Attributes:
        line: its number, from 1.
        text: the line.
        cells: its cells by the names of their columns, of which "phrase" and "words" are two.
    """

    line: int
    text: str
    cells: dict[str, str]


def phrase_rows(text: str, note: Callable[[str], None]) -> list[PhraseRow] | None:
    r"""Return the phrases of a list, or None if it is none.

    A list is a table whose first line names its columns, with tabs, commas or semicolons between; or a phrase a line,
    its words separated by spaces or by underscores. Double quotes around a cell are no part of it, unless w2v wrote
    them: there, both the phrase and its words have them, as tokens of the text.

    Args:
        text: what the file holds.
        note: receives a line where the list is read in another way than as w2v writes it.

    Example:
        >>> [row.cells for row in phrase_rows('"new york"\nbig apple\t12\n', print)]
        the list has no names of columns; each line is read as a phrase
        [{'phrase': 'new_york', 'words': 'new york'}, {'phrase': 'big_apple', 'words': 'big apple'}]
    """
    every = text.split("\n") if "\n" in text else text.split("\r")
    lines = [(number, line.removesuffix("\r")) for number, line in enumerate(every, 1) if line.strip()]
    if not lines:
        return None
    for mark in "\t,;":
        header = _cells(lines[0][1], mark)
        names = [name.strip().lower() for name in header]
        if set(names) >= REQUIRED:
            quoted = mark != "\t" or '"' in lines[0][1]
            return [PhraseRow(*line, _row(line[1], mark, names, quoted)) for line in lines[1:]]
    rows = list(_plain(lines))
    if len(rows) < len(lines):
        return None
    note("the list has no names of columns; each line is read as a phrase")
    return rows


def _row(line: str, mark: str, names: Sequence[str], quoted: bool) -> dict[str, str]:
    cells = dict(zip(names, _cells(line, mark) if quoted else line.split(mark), strict=False))
    phrase, words = cells.get("phrase", ""), cells.get("words", "")
    if not quoted and _is_quoted(words) and '"' not in phrase.strip('"'):
        by_hand = not any(cells.get(name) for name in ("score", "count", "pass"))
        if by_hand or not _is_quoted(phrase):
            cells |= {"phrase": phrase.strip().strip('"'), "words": words.strip().strip('"')}
    phrase = cells.get("phrase", "")
    if quoted and len(phrase.split()) > 1:  # the phrase with its spaces, as in a spreadsheet
        cells["phrase"] = _DELIMITER.join(phrase.split())
    return cells


def _plain(lines: Sequence[tuple[int, str]]) -> Iterator[PhraseRow]:
    """Yield the phrases of lines without columns, and nothing for a line that is none."""
    for number, line in lines:
        mark = next((mark for mark in "\t,;" if mark in line), "\t")
        first = _cells(line, mark)[0].strip()
        words = first.split() if len(first.split()) > 1 else [word for word in first.split(_DELIMITER) if word]
        if 2 <= len(words) <= _MOST_WORDS:
            yield PhraseRow(number, line, {"phrase": _DELIMITER.join(words), "words": " ".join(words)})


def _cells(line: str, mark: str) -> list[str]:
    """Return the cells of a line without quotes around them."""
    if '"' not in line:
        return line.split(mark)
    try:
        (cells,) = csv.reader([line], delimiter=mark, skipinitialspace=True)
    except (csv.Error, ValueError):  # a cell of endless length
        return line.split(mark)
    return cells


def _is_quoted(cell: str) -> bool:
    text = cell.strip()
    return len(text) > 2 and text[0] == text[-1] == '"'
