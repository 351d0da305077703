"""The fields of edge lists in Numba: weights are read, and everything but the names of nodes becomes white space.

What is left is text of two tokens in each line, whose words the scanner of tokens numbers.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from w2v.compiling import helper, kernel
from w2v.tokens.arrays import TextBytes
from w2v.tokens.utf8 import ASCII_WHITE, FIRST_LINE_END, LAST_LINE_END, SPACE

WHITE, TABS, COMMAS, SEMICOLONS = range(4)  # what separates fields; with the last two, fields may have quotes
COMMENTS = b"#%"  # bytes that start lines of comments
FINE, ONE_NAME, NO_NAME, TOO_MANY, NO_WEIGHT, BAD_WEIGHT, OPEN_QUOTE = range(7)  # what is wrong with a line

_TAB, _COMMA, _SEMICOLON, _QUOTE, _UNDERSCORE = b'\t,;"_'
_HASH, _PERCENT = COMMENTS
_PLUS, _POINT, _MINUS, _ZERO, _BIG_E, _SMALL_E = b"+.-0Ee"
_MOST_DIGITS = 18  # what an int64 holds, whatever the digits
_EXACT = 1 << 53  # whole numbers up to this are float64
_TENS = 10.0 ** np.arange(23)  # all of them exact


@helper
def _is_line_end(byte: int) -> bool:
    return FIRST_LINE_END <= byte <= LAST_LINE_END


@helper
def _is_blank(byte: int, separator: int) -> bool:
    """Say whether a byte is white space that neither ends a line nor separates fields on its own."""
    is_white = byte <= SPACE and (ASCII_WHITE >> byte) & 1 != 0 and not _is_line_end(byte)
    return is_white and not (separator == TABS and byte == _TAB)


@helper
def _ends_field(byte: int, separator: int) -> bool:
    if separator == WHITE:
        return byte <= SPACE and (ASCII_WHITE >> byte) & 1 != 0
    return byte == (_TAB if separator == TABS else _COMMA if separator == COMMAS else _SEMICOLON) or _is_line_end(byte)


@helper
def _number(text: TextBytes, at: int) -> tuple[float, int]:
    """Return the decimal number at a place, NaN if there is none, and where it ends.

    Numbers of up to 15 digits and small powers of ten are exact, others to about 16 digits.
    """
    at += text[at] == _PLUS
    number, power, digits, n_digits = 0, 0, 0, 0
    after_point = False
    while True:
        digit = np.int64(text[at]) - _ZERO
        if 0 <= digit <= 9:
            n_digits += 1
            if digits < _MOST_DIGITS:
                number = 10 * number + digit
                digits += number > 0
                power -= after_point
            else:
                power += not after_point
        elif text[at] == _POINT and not after_point:
            after_point = True
        else:
            break
        at += 1
    if n_digits == 0:
        return np.nan, at
    if text[at] == _SMALL_E or text[at] == _BIG_E:
        at += 1
        negative = text[at] == _MINUS
        at += text[at] == _MINUS or text[at] == _PLUS
        exponent, start = 0, at
        while 0 <= np.int64(text[at]) - _ZERO <= 9:
            exponent = min(10 * exponent + np.int64(text[at]) - _ZERO, 1000)
            at += 1
        if at == start:
            return np.nan, at
        power += -exponent if negative else exponent
    if number <= _EXACT and -22 <= power <= 22:
        return (number / _TENS[-power] if power < 0 else number * _TENS[power]), at
    return number * 10.0**power, at


@helper
def _join(text: TextBytes, start: int, end: int) -> int:
    """Turn the white space inside a name into single `_`, in place; return how many there are."""
    n_joined = 0
    place = start
    after_white = False
    for i in range(start, end):
        byte = text[i]
        is_white = byte <= SPACE and (ASCII_WHITE >> byte) & 1 != 0
        if not (is_white and after_white):
            text[place] = _UNDERSCORE if is_white else byte
            place += 1
            n_joined += is_white
        after_white = is_white
    text[place:end] = SPACE
    return n_joined


@kernel
def take_fields(  # noqa: C901 - one automaton
    text: TextBytes,
    length: int,
    separator: int,
    has_weights: bool,
    ignores_rest: bool,
    weights: npt.NDArray[np.float64],
) -> tuple[int, int, int, int]:
    r"""Take the weights out of the lines of an edge list, and everything else but names, in place.

        # a comment\na\tNew York\t0.5\n     ->     ···········\na·New_York····\n      with weights [0.5]

    A blank inside a name becomes `_`, since names are to be tokens. Fields with commas or semicolons between them may
    have quotes.

    Args:
        text: UTF-8 whose white space is ASCII, `length` bytes, a line end, and padding; changed.
        length: bytes of text.
        separator: WHITE, TABS, COMMAS or SEMICOLONS.
        has_weights: whether each line has a weight behind its two names.
        ignores_rest: whether what stands behind two names is ignored.
        weights: room for the weights of all lines.

    Returns:
        The number of edges, the number of blanks in names that were changed, and of the first line that is wrong what
        is wrong and where it starts, or where its weight starts if that is wrong; otherwise FINE and 0.

    Twin: `edges_of` in tests/test_edge_lists.py.
    """
    at = n_edges = n_joined = 0
    while at < length:
        line = at
        n_fields = 0
        weight = 1.0
        while _is_blank(text[at], separator):
            at += 1
        if text[at] == _HASH or text[at] == _PERCENT:
            while not _is_line_end(text[at]):
                text[at] = SPACE
                at += 1
        while True:
            while _is_blank(text[at], separator):
                at += 1
            if _is_line_end(text[at]):
                break
            if n_fields >= 2 and ignores_rest:
                while not _is_line_end(text[at]):
                    text[at] = SPACE
                    at += 1
                break
            start = at
            is_quoted = separator >= COMMAS and text[at] == _QUOTE
            if n_fields == 2 and has_weights:
                weight, at = _number(text, at + is_quoted)
                if is_quoted and text[at] != _QUOTE:
                    return n_edges, n_joined, BAD_WEIGHT, start
                at += is_quoted
                if not _ends_field(text[at], separator) and not _is_blank(text[at], separator):
                    return n_edges, n_joined, BAD_WEIGHT, start
                if not 0.0 < weight < np.inf:
                    return n_edges, n_joined, BAD_WEIGHT, start
                text[start:at] = SPACE
            elif n_fields >= 2:
                return n_edges, n_joined, TOO_MANY, line
            else:
                if is_quoted:
                    text[at] = SPACE
                    at += 1
                    while not _is_line_end(text[at]) and text[at] != _QUOTE:
                        at += 1
                    if text[at] != _QUOTE:
                        return n_edges, n_joined, OPEN_QUOTE, line
                    text[at] = SPACE
                else:
                    while not _ends_field(text[at], separator):
                        at += 1
                end = at
                at += is_quoted
                while start < end and _is_blank(text[start], separator):
                    start += 1
                while start < end and _is_blank(text[end - 1], separator):
                    end -= 1
                if start == end:
                    return n_edges, n_joined, NO_NAME, line
                if separator != WHITE:
                    n_joined += _join(text, start, end)
            n_fields += 1
            while _is_blank(text[at], separator):
                at += 1
            if not _is_line_end(text[at]) and separator != WHITE:
                if not _ends_field(text[at], separator):
                    return n_edges, n_joined, OPEN_QUOTE, line
                text[at] = SPACE
                at += 1
        if n_fields == 1:
            return n_edges, n_joined, ONE_NAME, line
        if n_fields == 2 and has_weights:
            return n_edges, n_joined, NO_WEIGHT, line
        if n_fields >= 2:
            weights[n_edges] = weight
            n_edges += 1
        at += 1
    return n_edges, n_joined, FINE, 0
