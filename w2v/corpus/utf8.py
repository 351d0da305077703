"""UTF-8 read in Numba: decoding one character, and checking a whole text while its white space is made plain."""

from __future__ import annotations

import numpy as np

from w2v.corpus.arrays import Bytes, helper, kernel
from w2v.corpus.bits import load_uint64

SPACE, NEWLINE = 0x20, 0x0A
ASCII_WHITE = sum(1 << byte for byte in range(0x21) if chr(byte).isspace())  # bit b is set where byte b is white space

_NOT_ASCII = np.uint64(0x8080808080808080)


@helper
def decode(text: Bytes, position: int) -> tuple[int, int]:
    """Return the code point that starts at `position` and how many bytes it takes: 0 if they aren't UTF-8.

    What counts as UTF-8 is table 3-7 of the Unicode standard: nothing overlong, no surrogates, nothing past U+10FFFF.
    """
    first = np.int64(text[position])
    if first < 0x80:
        return first, 1
    if first < 0xC2 or first > 0xF4:
        return 0, 0
    second = np.int64(text[position + 1])
    if second & 0xC0 != 0x80:
        return 0, 0
    if first < 0xE0:
        return (first & 0x1F) << 6 | second & 0x3F, 2
    third = np.int64(text[position + 2])
    if third & 0xC0 != 0x80:
        return 0, 0
    if first < 0xF0:
        code = (first & 0x0F) << 12 | (second & 0x3F) << 6 | third & 0x3F
        return code, 0 if code < 0x800 or 0xD800 <= code < 0xE000 else 3
    fourth = np.int64(text[position + 3])
    if fourth & 0xC0 != 0x80:
        return 0, 0
    code = (first & 0x07) << 18 | (second & 0x3F) << 12 | (third & 0x3F) << 6 | fourth & 0x3F
    return code, 4 if 0x10000 <= code < 0x110000 else 0


@helper
def is_wide_space(code: int) -> bool:
    """Say whether a code point past ASCII is white space, as `str.isspace` and `str.split` have it."""
    return (
        code == 0x85
        or code == 0xA0
        or code == 0x1680
        or 0x2000 <= code <= 0x200A
        or code == 0x2028
        or code == 0x2029
        or code == 0x202F
        or code == 0x205F
        or code == 0x3000
    )


@kernel
def blank_wide_spaces(text: Bytes, length: int) -> int:
    """Put ASCII spaces in place of the white space past ASCII, byte for byte, and check that all is UTF-8.

    Args:
        text: changed in place; `length` bytes and at least 8 of padding, which is ASCII.
        length: bytes of text.

    Returns:
        Where the first bytes are that aren't UTF-8; `length` if there are none.
    """
    position = np.int64(0)  # a literal 0 would have `decode` compiled for it alone
    while position < length:
        if load_uint64(text, position) & _NOT_ASCII == 0:
            position += 8
        elif text[position] < 0x80:
            position += 1
        else:
            code, width = decode(text, position)
            if width == 0:
                return int(position)
            if is_wide_space(code):
                for i in range(position, position + width):
                    text[i] = SPACE
            position += width
    return length
