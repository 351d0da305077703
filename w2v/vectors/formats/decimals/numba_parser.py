"""Lines of decimal numbers to float32, compiled (Numba): what numpy_parser does, for files so large that it pays."""

from __future__ import annotations

import numpy as np

from w2v.compiling import kernel
from w2v.vectors.formats.decimals import numpy_parser
from w2v.vectors.formats.decimals.exact import EXACT, TENS
from w2v.vectors.formats.decimals.numpy_parser import BEYOND, PlainLines

_MOST_TENS = len(TENS) - 1
_MOST_DIGITS = 18  # what an int64 holds, whatever the digits
_MOST_EXPONENT = 1000
_NEWLINE, _RETURN, _SPACE, _PLUS, _MINUS, _POINT, _ZERO, _BIG_E, _SMALL_E = b"\n\r +-.0Ee"


def parse(text: bytes, dim: int) -> PlainLines:
    r"""Read the lines of `text` that are a word, and d decimal numbers with one space before each.

    A space or a carriage return before the newline is fine. Each value is what float32(float(digits)) gives.

    Args:
        text: whole lines, the last of them with its newline too.
        dim: d, values in each line.

    Example:
        >>> lines = parse(b"king 5 -1.25\nnew york 0.5 0.5\n", 2)
        >>> lines.plain.tolist(), lines.values.tolist()  # two words are not plain
        ([True, False], [[5.0, -1.25]])
    """
    most = len(text) // (2 * dim)  # lines with d values
    if not most:
        return numpy_parser.parse(text, dim)
    count = text.count(b"\n")
    starts, word_ends, ends = np.empty((3, count), dtype=np.int64)
    plain = np.empty(count, dtype=np.bool_)
    values = np.empty((min(count, most) + 1, dim), dtype=np.float32)
    kept = _read_lines(np.frombuffer(text, dtype=np.uint8), starts, word_ends, ends, plain, values)
    return PlainLines(starts, word_ends, ends, plain, values[:kept])


@kernel
def _read_lines(  # noqa: C901 - as several functions, this takes three times as long
    text: np.ndarray,
    starts: np.ndarray,
    word_ends: np.ndarray,
    ends: np.ndarray,
    plain: np.ndarray,
    values: np.ndarray,
) -> int:
    """Read n lines, and return how many of them are plain.

    Args:
        text: uint8, n lines with a newline each.
        starts: (n,) int64, to be filled: where a line starts.
        word_ends: (n,) int64, to be filled: where its word ends.
        ends: (n,) int64, to be filled: where its newline is.
        plain: (n,) bool, to be filled: whether the line could be read.
        values: (k + 1, d) float32, for the values of k plain lines.

    Twin: `parse` in w2v/vectors/formats/decimals/numpy_parser.py.
    """
    at = 0
    kept = 0
    dim = values.shape[1]
    for line in range(len(starts)):
        starts[line] = at
        while text[at] != _SPACE and text[at] != _NEWLINE:
            at += 1
        word_ends[line] = at
        good = at > starts[line]
        column = 0
        while good and column < dim and text[at] == _SPACE:
            at += 1
            negative = text[at] == _MINUS
            if negative or text[at] == _PLUS:
                at += 1
            number = 0
            first = at
            digit = np.int64(text[at]) - _ZERO
            while 0 <= digit <= 9:
                number = number * 10 + digit
                at += 1
                digit = np.int64(text[at]) - _ZERO
            digits = at - first
            shift = 0
            if text[at] == _POINT:
                at += 1
                first = at
                digit = np.int64(text[at]) - _ZERO
                while 0 <= digit <= 9:
                    number = number * 10 + digit
                    at += 1
                    digit = np.int64(text[at]) - _ZERO
                shift = first - at
                digits -= shift
            good = 0 < digits <= _MOST_DIGITS and number < EXACT
            if text[at] == _SMALL_E or text[at] == _BIG_E:
                at += 1
                down = text[at] == _MINUS
                if down or text[at] == _PLUS:
                    at += 1
                first = at
                exponent = 0
                digit = np.int64(text[at]) - _ZERO
                while 0 <= digit <= 9:
                    exponent = min(exponent * 10 + digit, _MOST_EXPONENT)
                    at += 1
                    digit = np.int64(text[at]) - _ZERO
                good &= at > first
                shift += -exponent if down else exponent
            good &= -_MOST_TENS <= shift <= _MOST_TENS
            if good:
                # Exact numerator and denominator: the quotient is rounded once
                value = number / TENS[-shift] if shift < 0 else number * TENS[shift]
                values[kept, column] = -value if negative else value
                good = value < BEYOND
                column += 1
        if text[at] == _SPACE or text[at] == _RETURN:
            at += 1
        plain[line] = good and column == dim and text[at] == _NEWLINE
        kept += plain[line]
        while text[at] != _NEWLINE:
            at += 1
        ends[line] = at
        at += 1
    return kept
