"""float32 to decimal text, compiled (Numba): the fewest significant digits that read back equal."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

MAX_VALUE_BYTES = 16  # the longest value, such as -0.000123456789, and the space before it

# Powers of ten that a double holds exactly. A quotient or a product of a whole number below 2**53 and one of them is
# rounded once, so it equals what a correct reader makes of the text (Clinger 1990, "How to read floating point numbers
# accurately").
_TENS = 10.0 ** np.arange(23)

_LEAST_EXPONENT, _GREATEST_EXPONENT = 127 - 40, 127 + 60  # biased; for these, nine digits need no power above 10**22


# Only write_rows calls these: an entry for Python and a cache of their own would take longer to compile than they do.
_options: Any = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_inner = njit(nogil=True, **_options)


@_inner
def _shortest(value: float, decimal_exponent: int, any_length: bool) -> tuple[int, int]:
    """Return (m, k) with m / 10**k == value as float32 and m of the fewest digits.

    Args:
        value: positive float64 that a float32 holds.
        decimal_exponent: floor(log10(value)).
        any_length: try all lengths; needed for powers of two only, where the numbers that round to the value reach
            less far down than up, and a longer number can miss them where a shorter one does not.
    """
    least = 0.0
    shift = 8 - decimal_exponent
    for digits in range(9, 0, -1):
        k = digits - 1 - decimal_exponent
        if k >= 0:
            m = np.rint(value * _TENS[k])
            back = m / _TENS[k]
        else:
            m = np.rint(value / _TENS[-k])
            back = m * _TENS[-k]
        if np.float64(np.float32(back)) == value:
            least = m
            shift = k
        elif not any_length:
            break
    return np.int64(least), shift


@_inner
def _write_value(out: np.ndarray, at: int, value: float, biased_exponent: int, any_length: bool) -> int:
    """Write `value`, a positive float64, at out[at:] and return where it ends."""
    # 1233 / 4096 is log10(2); the estimate is right or one too low
    exponent = ((biased_exponent - 127) * 1233) >> 12
    if exponent >= -1:
        exponent += value >= _TENS[exponent + 1]
    else:
        exponent += value * _TENS[-exponent - 1] >= 1.0
    m, k = _shortest(value, exponent, any_length)
    while m % 10 == 0:
        m //= 10
        k -= 1
    count = 1
    while count < 9 and m >= _TENS[count]:
        count += 1
    point = count - k  # digits before the point
    plain = -3 <= point <= 9
    if plain and point <= 0:
        out[at] = 48
        out[at + 1] = 46
        at += 2
        for _ in range(-point):
            out[at] = 48
            at += 1
        point = count
    if not plain:
        exponent = point - 1
        point = 1
    for place in range(count - 1, -1, -1):
        out[at + place + (place >= point)] = 48 + m % 10
        m //= 10
    if point < count:
        out[at + point] = 46
        at += 1
    at += count
    for _ in range(point - count):
        out[at] = 48
        at += 1
    if not plain:
        out[at] = 101
        out[at + 1] = 43 if exponent >= 0 else 45
        exponent = abs(exponent)
        out[at + 2] = 48 + exponent // 10
        out[at + 3] = 48 + exponent % 10
        at += 4
    return at


@njit(cache=True, nogil=True)
def write_rows(
    matrix: np.ndarray, bits: np.ndarray, words: np.ndarray, ends: np.ndarray, row: int, out: np.ndarray
) -> tuple[int, int]:
    """Write lines of a word and its values, from `row` on, up to a row with a value too small or too large for this.

    Args:
        matrix: (n, d) float32, finite.
        bits: the same as uint32.
        words: UTF-8 of the n words, one after the other.
        ends: (n,), where in `words` each one ends.
        row: the first row to write.
        out: room for the text: MAX_VALUE_BYTES for each value, and each word, and one byte for each line.

    Returns:
        The first row that was not written, n if all were; and the number of bytes written.
    """
    at = 0
    while row < matrix.shape[0]:
        line = at
        for place in range(ends[row - 1] if row else 0, ends[row]):
            out[at] = words[place]
            at += 1
        for column in range(matrix.shape[1]):
            value = matrix[row, column]
            pattern = np.int64(bits[row, column])
            out[at] = 32
            at += 1
            if pattern >> 31:
                out[at] = 45
                at += 1
            biased_exponent = (pattern >> 23) & 255
            if value == 0:
                out[at] = 48
                at += 1
            elif _LEAST_EXPONENT <= biased_exponent <= _GREATEST_EXPONENT:
                any_length = (pattern & 0x7FFFFF) == 0
                at = _write_value(out, at, np.float64(abs(value)), biased_exponent, any_length)
            else:
                return row, line
        out[at] = 10
        at += 1
        row += 1
    return row, at
