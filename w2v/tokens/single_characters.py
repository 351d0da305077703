"""Characters as tokens: all letters and digits, or those of scripts that write no spaces between words."""

from __future__ import annotations

import sys
import unicodedata

import numpy as np
import numpy.typing as npt

from w2v.compiling import kernel
from w2v.tokens.arrays import PADDING, TextBytes
from w2v.tokens.rewriting import Rewriter
from w2v.tokens.utf8 import SPACE, decode

_IN_WORD, _SINGLE, _MARK, _SEPARATOR = range(4)
_JOINERS = ("\u200c", "\u200d")
_GROWTH = 2  # bytes written for each byte read, at most: a character of one byte, and a space

# Han, kana, bopomofo and Yi; Thai, Lao, Khmer, Burmese and their relatives.
_UNSPACED = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x1950, 0x19DF), (0x1A20, 0x1AAF), (0x2E80, 0x2FDF),
    (0x3005, 0x3007), (0x3021, 0x3029), (0x3031, 0x3035), (0x3038, 0x312F), (0x31A0, 0x31BF), (0x31F0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xA9E0, 0xA9FF), (0xAA60, 0xAADF), (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F), (0x1B000, 0x1B16F), (0x20000, 0x323AF),
)  # fmt: skip


def character_classes(*, all_letters: bool) -> npt.NDArray[np.uint8]:
    """Return what becomes of each character, shape (0x110000,)."""
    classes = np.zeros(sys.maxunicode + 1, np.uint8)
    single = np.zeros(len(classes), np.bool_)
    for first, last in _UNSPACED:
        single[first : last + 1] = True
    for code in range(0x32400):
        character = chr(code)
        if unicodedata.category(character)[0] == "M" or character in _JOINERS:
            classes[code] = _MARK
        elif character.isalnum():
            classes[code] = _SINGLE if all_letters or single[code] else _IN_WORD
        elif all_letters:
            classes[code] = _SEPARATOR
    return classes


class CharacterRewriter:
    """Rewrites texts as another rewriter does, and then sets characters apart. Each thread needs its own.

    Attributes:
        dropped: how much of all texts belongs to no token.
    """

    def __init__(self, words: Rewriter, classes: npt.NDArray[np.uint8]) -> None:
        """Keep what finds words, and what becomes of each character."""
        self._words, self._classes = words, classes
        self.dropped = words.dropped
        self._out = np.empty(0, np.uint8)

    def rewrite(self, text: TextBytes, length: int) -> tuple[TextBytes, int]:
        """Return the new text, padded, and its length in bytes. The next call overwrites it.

        Args:
            text: UTF-8 whose white space is ASCII, `length` bytes and PADDING spaces.
            length: bytes of text.
        """
        text, length = self._words.rewrite(text, length)
        room = _GROWTH * length + PADDING
        if len(self._out) < room:
            self._out = np.empty(room, np.uint8)
        n = _set_apart(text, length, self._classes, self._out)
        self._out[n : n + PADDING] = SPACE
        return self._out, n


@kernel
def _set_apart(text: TextBytes, length: int, classes: npt.NDArray[np.uint8], out: TextBytes) -> int:
    """Write `text` with spaces around single characters and the marks on them; return the bytes written.

        text    iphone手机 が        out    iphone 手 机 が

    Args:
        text: UTF-8 whose white space is ASCII, `length` bytes and PADDING.
        length: bytes of text.
        classes: what becomes of each character.
        out: room for 2 * length bytes.

    Twin: `characters_of` in tests/test_cutters.py.
    """
    n = 0
    position = np.int64(0)  # with a literal 0, Numba would compile `decode` once more
    ends_single = False
    while position < length:
        code, width = decode(text, position)
        if code <= SPACE:
            out[n] = text[position]
            n += 1
            ends_single = False
        else:
            kind = classes[code]
            if kind == _SEPARATOR:
                out[n] = SPACE
                n += 1
                ends_single = False
            else:
                starts = kind == _SINGLE or (ends_single and kind == _IN_WORD)
                if starts and n > 0 and out[n - 1] > SPACE:
                    out[n] = SPACE
                    n += 1
                for i in range(width):
                    out[n + i] = text[position + i]
                n += width
                ends_single = kind == _SINGLE or (ends_single and kind == _MARK)
        position += width
    return n
