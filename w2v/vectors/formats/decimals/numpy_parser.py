"""Lines of plain decimal numbers to float32, a whole block at a time (NumPy).

Up to 180 MB of text, importing Numba and loading compiled code takes longer than it saves, and each query starts a new
process. So whole-array operations, which release the GIL, parse the text: first they find the marks (spaces, points,
ends of lines), then three multiplications turn all digits between two marks into one number, eight digits at once. The
arrays of a block of some 512 KB stay in a core's cache.

Only the usual form is parsed so, -0.0123 with a point and at most 16 digits after it, and the few numbers with an
exponent one by one. Lines with anything else (a whole number, a word with a space in it, an error) are left to the
caller.
"""

from __future__ import annotations

import re
from itertools import repeat
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.vectors.formats.decimals.exact import EXACT, TENS

BEYOND = (2 - 2.0**-24) * 2.0**127  # what rounds to infinity as a float32
_NEWLINE, _RETURN, _SPACE, _MINUS, _POINT, _ZERO, _NINE, _SMALL_E = b"\n\r -.09e"
_TO_LOWER = 0x20  # the bit by which small letters differ from capitals
_PAD = 16  # bytes before the text, so that the 16 bytes before any mark can be loaded
_MOST_WHOLE, _MOST_FRACTION = 8, 16  # digits before and after the point
# Of 16 digits, as two numbers of 8 bytes, what to keep for a fraction of 0, 1, ... 16 digits
_KEPT = np.left_shift(
    np.uint64(0x0F0F0F0F0F0F0F0F),
    8 * np.clip(np.array([16, 8]) - np.arange(_MOST_FRACTION + 1)[:, None], 0, 8).astype(np.uint64),
)
# No two parts of it fit the same digits, so that matching takes no longer than a number is
_EXPONENT = re.compile(rb"-?[0-9]+(?:\.[0-9]*)?[eE][+-]?[0-9]+(?=[ \r\n])")
_LONGEST_EXPONENT = 64  # bytes of a number with an exponent that is read here, up to its exponent

Offsets = npt.NDArray[np.intp]


class Exponents(NamedTuple):
    """The k numbers of some lines that are written with an exponent.

    Attributes:
        lines: (k,), which line each stands in.
        columns: (k,), which of its values it is.
        values: (k,) float32.
    """

    lines: Offsets
    columns: Offsets
    values: npt.NDArray[np.float32]


class PlainLines(NamedTuple):
    """What could be read of n lines.

    Attributes:
        starts: (n,), where a line starts.
        word_ends: (n,), where its word ends; only those of plain lines mean anything.
        ends: (n,), where its newline is.
        plain: (n,), whether a line was read here.
        values: (k, d) float32, of the k plain lines.
    """

    starts: Offsets
    word_ends: Offsets
    ends: Offsets
    plain: npt.NDArray[np.bool_]
    values: npt.NDArray[np.float32]


def parse(text: bytes, dim: int) -> PlainLines:
    r"""Read the lines of `text` that are a word, and d decimal numbers with one space before each.

    A space or a carriage return before the newline is fine. Each value is what float32(float(digits)) gives.

    Args:
        text: whole lines, the last of them with its newline too.
        dim: d, values in each line.

    Example:
        >>> lines = parse(b"king 0.5 -1.25\nnew york 0.5 0.5\n", 2)
        >>> lines.plain.tolist(), lines.values.tolist()  # two words are not plain
        ([True, False], [[0.5, -1.25]])
    """
    buffer = np.empty(_PAD + len(text), dtype=np.uint8)
    buffer[:_PAD] = _ZERO
    buffer[_PAD:] = np.frombuffer(text, dtype=np.uint8)
    ends = np.flatnonzero(buffer == _NEWLINE)
    starts = np.concatenate(([_PAD], ends[:-1] + 1))
    spaces = _blank_words(buffer, text, starts, ends)

    letters = np.flatnonzero(buffer > _NINE)
    line_of = np.searchsorted(ends, letters)
    exponents = _take_exponents(buffer, text, letters, line_of, spaces)
    marks, counts = _marks(buffer, ends)
    plain = counts == 2 * dim + 1
    plain[line_of[buffer[letters] > _NINE]] = False
    marks = marks[np.repeat(plain, counts)].reshape(-1, 2 * dim + 1)
    for row in np.flatnonzero(~plain):
        buffer[starts[row] : ends[row]] = _ZERO
    values, good = _numbers(buffer, marks)
    if not good.all():
        plain[plain] = good
        values = values[good]
    if len(exponents.lines):
        known = plain[exponents.lines]
        rows = (np.cumsum(plain) - 1)[exponents.lines[known]]
        values[rows, exponents.columns[known]] = exponents.values[known]
    return PlainLines(starts - _PAD, spaces - _PAD, ends - _PAD, plain, values)


def _blank_words(buffer: npt.NDArray[np.uint8], text: bytes, starts: Offsets, ends: Offsets) -> Offsets:
    """Put zeros over the words, so that only values are left; return the first space of each line, or else its end."""
    found = map(text.find, repeat(b" "), (starts - _PAD).tolist(), (ends - _PAD).tolist())  # faster than a generator
    spaces = np.fromiter(found, np.intp, len(starts)) + _PAD
    spaces = np.where(spaces > starts, spaces, ends)
    buffer[within(starts, spaces)] = _ZERO
    return spaces


def within(starts: Offsets, ends: Offsets) -> Offsets:
    """Return all offsets from each start up to its end, one range after the other.

    Example:
        >>> within(np.array([2, 10]), np.array([5, 12])).tolist()
        [2, 3, 4, 10, 11]
    """
    sizes = ends - starts
    before = np.cumsum(sizes) - sizes
    return np.repeat(starts - before, sizes) + np.arange(sizes.sum())


def _take_exponents(
    buffer: npt.NDArray[np.uint8], text: bytes, letters: Offsets, line_of: Offsets, spaces: Offsets
) -> Exponents:
    """Return the numbers with an exponent, and put 0.0 in their place.

    Args:
        buffer: the text with a pad before it, changed.
        text: the lines.
        letters: (k,), the offsets of all bytes above the digits.
        line_of: (k,), which line each stands in.
        spaces: where the word of each line ends.
    """
    lines, columns, values = [], [], []
    odd = line_of[(buffer[letters] | _TO_LOWER) != _SMALL_E]  # lines with other letters are not plain anyway
    able = np.isin(line_of, odd, invert=True) if len(odd) else slice(None)
    counted_line, counted_to, column = -1, 0, 0
    for letter, line in zip((letters[able] - _PAD).tolist(), line_of[able].tolist(), strict=True):
        space = int(spaces[line]) - _PAD
        start = text.rfind(b" ", max(space, letter - _LONGEST_EXPONENT), letter) + 1
        found = _EXPONENT.match(text, start, start + 2 * _LONGEST_EXPONENT) if start else None
        if found and abs(value := float(found[0])) < BEYOND:
            buffer[_PAD + start : _PAD + found.end()] = _ZERO
            buffer[_PAD + start + 1] = _POINT
            if line != counted_line:
                counted_line, counted_to, column = line, space, -1
            column += text.count(b" ", counted_to, start)
            counted_to = start
            lines.append(line)
            columns.append(column)
            values.append(value)
    return Exponents(np.array(lines, np.intp), np.array(columns, np.intp), np.array(values, np.float32))


def _marks(buffer: npt.NDArray[np.uint8], ends: Offsets) -> tuple[Offsets, Offsets]:
    """Return the offsets of all bytes below the digits, except minus signs, and how many each line has."""
    is_mark = (buffer < _ZERO) & (buffer != _MINUS)
    last = buffer[ends - 1]
    is_mark[ends[(last == _SPACE) | (last == _RETURN)]] = False  # then that one ends the line
    marks = np.flatnonzero(is_mark)
    counts = np.diff(np.searchsorted(marks, ends, side="right"), prepend=0)
    return marks, counts


def _numbers(buffer: npt.NDArray[np.uint8], marks: Offsets) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """Return the values between the marks, and for each line whether it is well-formed and they are exact.

    Args:
        buffer: digits, minus signs and marks.
        marks: (n, 2 d + 1): the space after the word, then a point and the space or line end after it, d times.
    """
    if not len(marks):
        return np.empty((0, marks.shape[1] // 2), dtype=np.float32), np.empty(0, dtype=np.bool_)
    expected = np.tile(np.array([_SPACE, _POINT], dtype=np.uint8), marks.shape[1] // 2)
    good = (buffer.take(marks)[:, :-1] == expected).all(axis=1)
    first = marks[:, :-1:2] + 1
    points = np.ascontiguousarray(marks[:, 1::2])
    ends = np.ascontiguousarray(marks[:, 2::2])
    negative = buffer[first] == _MINUS
    if np.count_nonzero(buffer == _MINUS) != np.count_nonzero(negative):
        good[:] = False  # a minus sign within a number
    whole_size = points - first - negative
    size = ends - points - 1
    good &= ((whole_size <= _MOST_WHOLE) & (size <= _MOST_FRACTION) & (whole_size + size > 0)).all(axis=1)

    power = np.take(TENS, size, mode="clip")
    mantissa = _whole(buffer, points, whole_size) * power + _fraction(buffer, ends, size)
    good &= (mantissa < EXACT).all(axis=1)
    # Exact numerator and denominator: the quotient is rounded once, as a correct reader rounds
    mantissa /= power
    values = mantissa.astype(np.float32)
    values.view(np.uint32)[...] |= negative.astype(np.uint32) << np.uint32(31)
    return values, good


def _whole(buffer: npt.NDArray[np.uint8], points: Offsets, size: Offsets) -> npt.NDArray[np.float64]:
    """Return the numbers of `size` digits that end before `points`."""
    number = np.zeros(size.shape)
    for place in range(min(_MOST_WHOLE, int(size.max(initial=0)))):
        digit = buffer.take(points - (1 + place)) - _ZERO
        digit *= size > place
        number += digit * TENS[place]
    return number


def _fraction(buffer: npt.NDArray[np.uint8], ends: Offsets, size: Offsets) -> npt.NDArray[np.float64]:
    """Return the numbers of `size` digits, at most 16, that end before `ends`.

    Eight digits are loaded at once, the first in the lowest byte, and neighbours joined: 8 digits to 4 pairs
    (a * 10 + b), those to 2 numbers of 4 digits, those to one of 8.

    Example:
        >>> text = np.frombuffer(b"0" * _PAD + b"0.1234 ", np.uint8)
        >>> _fraction(text, np.array([[22]]), np.array([[4]]))  # four digits before offset 22
        array([[1234.]])
    """
    everywhere = np.ndarray((len(buffer) - 15,), dtype="V16", buffer=buffer, strides=(1,))
    digits = everywhere[ends - 16].view("<u8").reshape(*size.shape, 2)
    digits &= _KEPT.take(size, axis=0, mode="clip")
    digits *= np.uint64(10 * 2**8 + 1)
    digits >>= np.uint64(8)
    digits &= np.uint64(0x00FF00FF00FF00FF)
    digits *= np.uint64(100 * 2**16 + 1)
    digits >>= np.uint64(16)
    digits &= np.uint64(0x0000FFFF0000FFFF)
    digits *= np.uint64(10000 * 2**32 + 1)
    digits >>= np.uint64(32)
    number: npt.NDArray[np.float64] = digits[..., 0] * 1e8 + digits[..., 1]
    return number
