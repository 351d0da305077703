"""UTF-8 read in Numba: decoding one character, and checking a whole text while its white space is made plain."""

from __future__ import annotations

import numpy as np

from w2v.compiling import helper, kernel
from w2v.corpus.arrays import Bytes
from w2v.corpus.bits import load_uint64, trailing_zeros

SPACE, NEWLINE = 0x20, 0x0A
ASCII_WHITE = sum(1 << byte for byte in range(0x21) if chr(byte).isspace())  # bit b is set where byte b is white space

_WHITE = np.array([chr(code).isspace() for code in range(0x3001)])  # there is none beyond
_NOT_ASCII = np.uint64(0x8080808080808080)


@helper
def decode(text: Bytes, position: int) -> tuple[int, int]:
    """Return the code point that starts at `position` and how many bytes it takes: 0 if they aren't UTF-8.

    What counts as UTF-8 is table 3-7 of the Unicode standard: nothing overlong, no surrogates, nothing past U+10FFFF.
    """
    chunk = np.int64(load_uint64(text, position))
    first = chunk & 0xFF
    if first < 0x80:
        return first, 1
    if first < 0xE0:
        code = (chunk & 0x1F) << 6 | chunk >> 8 & 0x3F
        return code, 2 if first >= 0xC2 and chunk & 0xC000 == 0x8000 else 0
    if first < 0xF0:
        code = (chunk & 0x0F) << 12 | chunk >> 2 & 0xFC0 | chunk >> 16 & 0x3F
        plain = code >= 0x800 and code >> 11 != 0xD800 >> 11
        return code, 3 if plain and chunk & 0xC0C000 == 0x808000 else 0
    code = (chunk & 0x07) << 18 | chunk << 4 & 0x3F000 | chunk >> 10 & 0xFC0 | chunk >> 24 & 0x3F
    return code, 4 if 0x10000 <= code < 0x110000 and chunk & 0xC0C0C008 == 0x80808000 else 0


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
        high = load_uint64(text, position) & _NOT_ASCII
        if high == 0:
            position += 8
            continue
        position += trailing_zeros(high) >> 3
        code, width = decode(text, position)
        if width == 0:
            wrong: int = position
            return wrong
        if code < _WHITE.shape[0] and _WHITE[code]:
            text[position] = text[position + 1] = text[position + width - 1] = SPACE  # none takes four bytes
        position += width
    return length
