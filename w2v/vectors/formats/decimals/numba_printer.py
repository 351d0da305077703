"""float32 to decimal text, compiled (Numba): the fewest significant digits that read back equal."""

from __future__ import annotations

import numpy as np

from w2v.compiling import helper, kernel
from w2v.vectors.formats.decimals.exact import TENS

MAX_VALUE_BYTES = 16  # the longest value, such as -0.000123456789, and the space before it

_LEAST_EXPONENT, _GREATEST_EXPONENT = 127 - 40, 127 + 60  # biased; for these, ten digits need no power above 10**22


@helper
def _shortest(value: float, biased_exponent: int, any_length: bool) -> tuple[int, int]:
    """Return (m, k) with m / 10**k == value as float32 and m of the fewest digits.

    Example: 0.1 as float32 is 0.100000001490116...; (1, 1) reads back the same, so that is its shortest form.

    Args:
        value: positive float64 that a float32 holds.
        biased_exponent: of the float32, floor(log2(value)) + 127.
        any_length: try all lengths; needed for powers of two only, where the numbers that round to the value reach
            less far down than up, and a longer number can miss them where a shorter one does not.
    """
    # 1233 / 4096 is log10(2): k is what makes nine digits, or ten, of which no float32 needs more than nine.
    k = 8 - (((biased_exponent - 127) * 1233) >> 12)
    least = m = 1.0
    shift = 0
    while m > 0.0:
        if k >= 0:
            m = np.rint(value * TENS[k])
            back = m / TENS[k]
        else:
            m = np.rint(value / TENS[-k])
            back = m * TENS[-k]
        if np.float64(np.float32(back)) == value:
            least = m
            shift = k
        elif not any_length:
            break
        k -= 1
    if least == 10.0:
        return 1, shift - 1
    return np.int64(least), shift


@helper
def _write_value(out: np.ndarray, at: int, m: int, k: int) -> int:
    """Write m / 10**k, m of nine digits at most, at out[at:] and return where it ends.

    Example: (33333334, 8) is "0.33333334", (15, 1) is "1.5", (15, 6) is "1.5e-05".
    """
    count = 1
    while m >= TENS[count]:
        count += 1
    point = count - k  # digits before the point
    plain = -3 <= point <= 9
    if not plain:
        k = count - 1
    elif k < 0:
        m *= np.int64(TENS[-k])
        count -= k
        k = 0
    place = end = at + (count if count > k else k + 1) + (k > 0)
    dot = end - 1 - k if k > 0 else -1
    while place > at:
        place -= 1
        if place == dot:
            out[place] = 46
        else:
            rest = m // 10
            out[place] = 48 + (m - 10 * rest)
            m = rest
    if plain:
        return end
    exponent = point - 1
    out[end] = 101
    out[end + 1] = 43 if exponent >= 0 else 45
    exponent = abs(exponent)
    out[end + 2] = 48 + exponent // 10
    out[end + 3] = 48 + exponent % 10
    return end + 4


@kernel
def write_rows(values: np.ndarray, bits: np.ndarray, dim: int, words: np.ndarray, out: np.ndarray) -> tuple[int, int]:
    """Write lines of a word and its values, up to a row with a value that these powers of ten don't reach.

    Args:
        values: (n * dim,) float32, finite.
        bits: the same as uint32.
        dim: how many values a row has.
        words: UTF-8 of the n words, each with a newline.
        out: room for the text: MAX_VALUE_BYTES for each value, and the words with their newlines.

    Returns:
        How many rows were written, n if all were; and the number of bytes written.

    Twin: `format_value` in w2v/vectors/formats/decimals/numpy_printer.py.
    """
    at = line = place = column = rows = 0
    for i in range(values.shape[0]):
        if column == 0:
            line = at
            while words[place] != 10:
                out[at] = words[place]
                at += 1
                place += 1
            place += 1
        pattern = np.int64(bits[i])
        biased_exponent = pattern >> 23 & 255
        out[at] = 32
        at += 1
        if pattern >> 31:
            out[at] = 45
            at += 1
        if pattern & 0x7FFFFFFF == 0:
            out[at] = 48
            at += 1
        elif _LEAST_EXPONENT <= biased_exponent <= _GREATEST_EXPONENT:
            m, k = _shortest(np.float64(abs(values[i])), biased_exponent, pattern & 0x7FFFFF == 0)
            at = _write_value(out, at, m, k)
        else:
            return rows, line
        column += 1
        if column == dim:
            out[at] = 10
            at += 1
            rows += 1
            column = 0
    return rows, at
