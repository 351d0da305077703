"""UTF-8 in Numba: decode one character, and check a whole text while its white space becomes ASCII."""

from __future__ import annotations

import numpy as np

from w2v.compiling import helper, kernel
from w2v.corpus.arrays import TextBytes
from w2v.corpus.eight_bytes import load_uint64, trailing_zeros

SPACE, NEWLINE = 0x20, 0x0A
ASCII_WHITE = sum(1 << byte for byte in range(0x21) if chr(byte).isspace())  # bit b is set where byte b is white space

_WHITE = np.array([chr(code).isspace() for code in range(0x3001)])  # there is none above
_NOT_ASCII = np.uint64(0x8080808080808080)


@helper
def decode(text: TextBytes, position: int) -> tuple[int, int]:
    """Return the code point at `position` and its size in bytes; the size is 0 where the bytes are not UTF-8.

    Valid is what table 3-7 of the Unicode standard lists: nothing overlong, no surrogates, nothing above U+10FFFF.

        U+0080..U+07FF      110aaaaa 10bbbbbb                      -> aaaaabbbbbb
        U+0800..U+FFFF      1110aaaa 10bbbbbb 10cccccc             -> aaaabbbbbbcccccc
        U+10000..U+10FFFF   11110aaa 10bbbbbb 10cccccc 10dddddd    -> aaabbbbbbccccccdddddd

    Twin: `bytes.decode`, in tests/test_scanner.py.
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
def blank_wide_spaces(text: TextBytes, length: int) -> int:
    r"""Replace white space above ASCII by ASCII spaces, byte for byte, and check that the text is UTF-8.

    U+3000, the ideographic space, takes three bytes, so three spaces replace it: no byte moves.

    Args:
        text: changed in place; `length` bytes and at least 8 of padding, which is ASCII.
        length: bytes of text.

    Returns:
        The position of the first bytes that are not UTF-8; `length` where all are.

    Twin: `bytes.decode` and `str.isspace`, in tests/test_scanner.py.

    Example:
        >>> from w2v.corpus.arrays import padded
        >>> text = padded("東\u3000京".encode())
        >>> blank_wide_spaces(text, 9), text[:9].tobytes().decode()
        (9, '東   京')
    """
    position = np.int64(0)  # with a literal 0, Numba would compile `decode` once more
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
