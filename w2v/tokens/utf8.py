"""UTF-8 in Numba: decode one character, and check a whole text while its white space becomes ASCII.

Lines end where Unicode says that a line break is mandatory (UAX #14): at LF, VT, FF, CR, CR LF, U+0085 (NEL), U+2028
and U+2029. In ASCII these are the bytes from FIRST_LINE_END to LAST_LINE_END.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from w2v.compiling import helper, kernel
from w2v.tokens.arrays import TextBytes
from w2v.tokens.eight_bytes import load_uint64, trailing_zeros

SPACE, NEWLINE = 0x20, 0x0A
FIRST_LINE_END, LAST_LINE_END = 0x0A, 0x0D
CARRIAGE_RETURN = 0x0D
ASCII_WHITE = sum(1 << byte for byte in range(0x21) if chr(byte).isspace())  # bit b is set where byte b is white space

_KEPT, _SPACE, _LINE_END, _PARAGRAPH_END = range(4)  # what becomes of a character
_VERTICAL_TAB = 0x0B  # ends a line, but is none of the bytes by which messages count lines
_BYTE_ORDER_MARK = 0xFEFF
_NOT_ASCII, _ONES = np.uint64(0x8080808080808080), np.uint64(0x0101010101010101)


def _actions() -> npt.NDArray[np.uint8]:
    """Return what becomes of each character up to U+3000, the last white space of Unicode."""
    actions = np.array([_SPACE if chr(code).isspace() else _KEPT for code in range(0x3001)], np.uint8)
    actions[[0x85, 0x2028]] = _LINE_END
    actions[0x2029] = _PARAGRAPH_END
    return actions


_ACTIONS = _actions()


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
    r"""Replace white space above ASCII by ASCII white space, byte for byte, and check that the text is UTF-8.

    U+3000, the ideographic space, takes three bytes, so three spaces replace it: no byte moves. Line ends become bytes
    that end lines; U+2029 ends a paragraph, so it becomes two of them. A byte order mark, U+FEFF, becomes spaces: files
    joined by `cat` have one at any place. Unicode has given up its other use, to forbid a line break.

    Args:
        text: changed in place; `length` bytes and at least 8 of padding, which is ASCII.
        length: bytes of text.

    Returns:
        The position of the first zero byte, or of the first bytes that are not UTF-8; `length` where there are none.

    Twin: `bytes.decode` and `str.isspace`, in tests/test_scanner.py.

    Example:
        >>> from w2v.tokens.arrays import padded
        >>> text = padded("東\u3000京".encode())
        >>> blank_wide_spaces(text, 9), text[:9].tobytes().decode()
        (9, '東   京')
    """
    position = np.int64(0)  # with a literal 0, Numba would compile `decode` once more
    while position < length:
        chunk = load_uint64(text, position)
        zeros = (chunk - _ONES) & ~chunk & _NOT_ASCII  # its lowest bit set is of the first zero byte
        if zeros != 0:
            length = min(length, position + (trailing_zeros(zeros) >> 3))
        high = chunk & _NOT_ASCII
        if high == 0:
            position += 8
            continue
        position += trailing_zeros(high) >> 3
        code, width = decode(text, position)
        if width == 0:
            break
        if code < _ACTIONS.shape[0]:
            action = _ACTIONS[code]
            if action != _KEPT:
                text[position] = _VERTICAL_TAB if action >= _LINE_END else SPACE
                text[position + 1] = _VERTICAL_TAB if action == _PARAGRAPH_END else SPACE
                text[position + width - 1] = SPACE if width == 3 else text[position + 1]  # none takes four bytes
        elif code == _BYTE_ORDER_MARK:
            text[position] = text[position + 1] = text[position + 2] = SPACE
        position += width
    wrong: int = min(position, length)
    return wrong
