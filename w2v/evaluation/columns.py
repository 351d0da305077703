"""Which columns of a file of word pairs hold the two words, and which holds the score."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from w2v.errors import UsageError
from w2v.options.checks import shown
from w2v.wording import first_few

_MOST_NAMED = 8  # columns that a message names

COLUMNS_RULE = "three numbers or names of columns: first word, second word, score"
_LOOKED_AT = 10_000  # rows that choose the columns
_ORDINAL = re.compile(r"[(\[#]?\d{1,18}[.):\]]?")
_WORD_NAME = re.compile(r"(word|w|term|token|noun|verb|phrase|sentence)[\W_]*([12ab]|i|ii|one|two)")
_MEAN_NAME = re.compile(r"mean|average|\bavg")
_SCORE_NAME = re.compile(r"score|similarity|relatedness|rating|gold|human|simlex")


class Columns(NamedTuple):
    """Numbers of columns, from 0."""

    first: int
    second: int
    score: int


def number(text: str) -> float | None:
    """Return the finite number that a field holds, with a point or a comma before the decimals, or None.

    Example:
        >>> number("7.35"), number("7,35"), number("nan"), number("high")
        (7.35, 7.35, None, None)
    """
    try:
        value = float(text.replace(",", ".", 1))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def usual_columns(rows: Sequence[Sequence[str]], header: Sequence[str] | None) -> Columns | None:
    """Return the columns of the words and of the score, or None if there are no such columns.

    Words are in the first two columns of text. A first column that numbers the lines is none of the three, nor is one
    of labels, such as parts of speech. The score is in the first column of numbers after the words, or else before
    them; of several, the one whose name says that it is a mean or a score.

    Args:
        rows: the fields of lines, all of the same number.
        header: the names of the columns, if the file has them.

    Example:
        >>> usual_columns([["1", "tiger", "cat", "N", "7.35"], ["2", "sun", "moon", "N", "8"]], None)
        Columns(first=1, second=2, score=4)
    """
    seen = rows[:_LOOKED_AT]
    columns = list(zip(*seen, strict=True))
    ordinals = {0} if numbers_lines(columns[0]) else set()
    numeric = {place for place, fields in enumerate(columns) if _mostly_numbers(fields)}
    texts = sorted(set(range(len(columns))) - numeric - ordinals)
    words = _words(texts, columns, header)
    if words is None:  # such as 7 8 9: words that are numbers
        words = (0, 1) if len(columns) == 3 and not texts else None
    if words is None:
        return None
    after = sorted(place for place in numeric if place > max(words))
    before = sorted(numeric - ordinals - set(after) - set(words))
    scores = [place for place in after if place not in ordinals] or before or after
    if not scores:
        return None
    return Columns(*words, _best_named(scores, header))


def chosen_columns(
    wanted: str | Sequence[int | str], header: Sequence[str], refusal: Callable[[str], Exception]
) -> tuple[Columns, bool]:
    """Return the columns that a user names, and whether a name of the header was needed for that.

    Args:
        wanted: numbers from 1, or names, of the two words and the score; in a str, commas separate them.
        header: the fields of the first line.
        refusal: makes the error for a column that is not there.

    Raises:
        UsageError: `wanted` is something else.
    """
    parts = wanted.split(",") if isinstance(wanted, str) else wanted
    if isinstance(parts, bytes) or not isinstance(parts, Sequence) or len(parts) != 3:
        raise UsageError(f"`columns` must be {COLUMNS_RULE}, not {shown(wanted)}")
    places = []
    named = False
    names = [name.casefold() for name in header]
    for part in parts:
        if isinstance(part, bool) or not isinstance(part, int | str):
            raise UsageError(f"`columns` must be {COLUMNS_RULE}, not {shown(wanted)}")
        text = str(part).strip()
        if text.isdecimal() and len(text) < 10:
            place = int(text) - 1
            if not 0 <= place < len(header):
                raise refusal(f"has no column {text}; its first line has {len(header)} columns")
        elif text.casefold() in names:
            place = names.index(text.casefold())
            named = True
        else:
            raise refusal(f"has no column {text!r}; its first line has {first_few(header, _MOST_NAMED)}")
        places.append(place)
    if len(set(places)) < 3:
        raise UsageError(f"`columns` must be three different columns, not {shown(wanted)}")
    return Columns(*places), named


def _words(
    texts: Sequence[int], columns: Sequence[Sequence[str]], header: Sequence[str] | None
) -> tuple[int, int] | None:
    named = [place for place in texts if header and _WORD_NAME.fullmatch(header[place].strip().lower())]
    likely = [place for place in texts if not holds_labels(columns[place])]
    for candidates in (named, likely, texts):
        if len(candidates) >= 2:
            return candidates[0], candidates[1]
    return None


def _best_named(scores: Sequence[int], header: Sequence[str] | None) -> int:
    for pattern in (_MEAN_NAME, _SCORE_NAME):
        for place in scores:
            if header and pattern.search(header[place].lower()):
                return place
    return scores[0]


def holds_labels(fields: Sequence[str]) -> bool:
    """Say whether a column holds no words, but few different labels, such as N and V, or SYNONYMS."""
    different = set(fields)
    short = all(len(field) <= 1 for field in different)
    upper = all(field.isupper() for field in different)
    return (len(fields) > 1 and (short or upper)) or (len(fields) >= 10 and 10 * len(different) <= len(fields))


def numbers_lines(fields: Sequence[str]) -> bool:
    """Say whether a column numbers the lines, from 0 or 1."""
    if len(fields) < 2 or not all(map(_ORDINAL.fullmatch, fields)):
        return False
    numbers = [int(re.sub(r"\D", "", field)) for field in fields]
    return numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _mostly_numbers(fields: Sequence[str]) -> bool:
    return 2 * sum(number(field) is not None for field in fields) >= len(fields)
