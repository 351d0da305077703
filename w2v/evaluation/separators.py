"""Lines of files as people have them, split into fields: by tabs, semicolons, commas, bars or white space."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Collection, Sequence
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from w2v.errors import EvaluationError
from w2v.options.encoding import EncodingOptions
from w2v.text_file import in_utf8_or
from w2v.word_list import STANDARD_INPUT, read_list_text
from w2v.wording import quoted

MARKS = ("\t", ";", ",", "|")
_LOOKED_AT = 2000  # lines that choose the separator
_FIELD = re.compile(r'"[^"]*"(?=\s|$)|\S+')  # in a line with quotes, whose fields are separated by white space


class SplitLine(NamedTuple):
    """A line split into fields.

    Attributes:
        line: its number in the file, from 1.
        fields: what it holds.
    """

    line: int
    fields: list[str]


def content_lines(path: str | os.PathLike[str], encoding: EncodingOptions | None) -> list[tuple[int, str]]:
    """Return the number and the text of each line that is neither blank nor a comment (`#`), without byte order marks.

    Files joined by `cat` have such marks amid them. "-" is standard input.

    Args:
        path: the file.
        encoding: that of a file that is not UTF-8.

    Raises:
        EvaluationError: the file can't be read.
    """
    if os.fspath(path) == STANDARD_INPUT:  # which can be read only once
        text = read_list_text(path, EvaluationError, encoding)
    else:
        text = in_utf8_or(encoding, lambda known: read_list_text(path, EvaluationError, known), EvaluationError)
    text = text.replace("\ufeff", "")
    lines = enumerate(StringIO(text, newline=None), start=1)
    return [(number, line.strip("\n")) for number, line in lines if line.strip() and not line.lstrip().startswith("#")]


def separator(lines: Sequence[str], widths: Collection[int]) -> str | None:
    r"""Return the first mark at which half of the lines or more split into as many fields as `widths` has, or None.

    Example:
        >>> separator(["tiger;cat;7,35", "big dog;cat;5"], range(3, 99)), separator(["tiger cat 7,35"], range(3, 99))
        (';', None)
    """
    seen = lines[:_LOOKED_AT]
    for mark in MARKS:
        fitting = sum(mark in line and len(split(line, mark)) in widths for line in seen)
        if 2 * fitting >= len(seen):
            return mark
    return None


def split(line: str, mark: str | None) -> list[str]:
    """Return the fields of a line without white space and double quotes around them; None splits at white space.

    Example:
        >>> split('"new york", "big apple", 9', ","), split('"new york" apple 9', None)
        (['new york', 'big apple', '9'], ['new york', 'apple', '9'])
    """
    if '"' not in line:
        return [field.strip() for field in line.split(mark)] if mark else line.split()
    if mark is None:
        return [_unquoted(field) for field in _FIELD.findall(line)]
    if mark == "\t":
        return [_unquoted(field.strip()) for field in line.split(mark)]
    try:
        (fields,) = csv.reader([line], delimiter=mark, skipinitialspace=True)
    except (csv.Error, ValueError):  # an endless field, or none
        return [field.strip() for field in line.split(mark)]
    return [field.strip() for field in fields]


def usual_width(rows: Sequence[SplitLine]) -> int:
    """Return how many fields most rows have; of equally frequent numbers, that of the earlier row."""
    return Counter(len(row.fields) for row in rows).most_common(1)[0][0]


def shown_fields(fields: Sequence[str]) -> str:
    """Return the fields of a line as a message shows them."""
    return quoted(" ".join(fields), 57)


def name_of(path: str | os.PathLike[str]) -> str:
    """Return what messages call a file."""
    return "standard input" if os.fspath(path) == STANDARD_INPUT else str(Path(path))


def _unquoted(field: str) -> str:
    quoted = len(field) >= 2 and field[0] == field[-1] == '"'
    return field[1:-1].replace('""', '"').strip() if quoted else field
