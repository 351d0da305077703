"""Telling a line of a word and its values from prose, before the line is read."""

from __future__ import annotations

import re

# No two parts of it fit the same digits, so that matching takes no longer than a number is
DECIMAL = re.compile(rb"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NOT_FINITE = re.compile(rb"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r"))


def is_number(piece: bytes) -> bool:
    """Say whether `piece` is a decimal number, or what programs write for one that is not finite.

    Example:
        >>> [piece for piece in (b"-0.5", b".5", b"1e-3", b"nan", b"1_000", b"x") if is_number(piece)]
        [b'-0.5', b'.5', b'1e-3', b'nan']
    """
    return bool(DECIMAL.fullmatch(piece) or _NOT_FINITE.fullmatch(piece))


def starts_with_row(text: bytes, dim: int) -> bool:
    r"""Say whether the first line that is not blank is a word and d numbers.

    Example:
        >>> starts_with_row(b"new york 0.5 -1\n", 2), starts_with_row(b"king 0.5\n", 2)
        (True, False)
    """
    line = text.lstrip().partition(b"\n")[0]
    pieces = line.rsplit(None, dim)
    return len(pieces) == dim + 1 and all(map(is_number, pieces[1:]))


def values_in(line: bytes) -> int:
    """Return how many numbers a line ends in, not counting the word, which may look like one.

    Example:
        >>> values_in(b"route 66 0.5 -1"), values_in(b"1984 0.5 -1"), values_in(b"in 1984 it was")
        (3, 2, 0)
    """
    pieces = line.split()[1:]
    for number, piece in enumerate(reversed(pieces)):
        if not is_number(piece):
            return number
    return len(pieces)


def is_row(line: bytes) -> bool:
    """Say whether a line is one word and two numbers or more, and nothing else.

    Example:
        >>> is_row(b"king 0.5 -1"), is_row(b"king 5"), is_row(b"route 66 0.5")
        (True, False, True)
    """
    return values_in(line) == len(line.split()) - 1 >= 2


def has_control_characters(text: bytes) -> bool:
    """Say whether there are bytes that text doesn't have: those below 32 that are no white space."""
    return len(text) != len(text.translate(None, _CONTROL))
