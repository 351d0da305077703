"""Text rewritten character by character before it is scanned, as a table of all characters says."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.compiling import kernel
from w2v.corpus.arrays import PADDING, TextBytes, padded
from w2v.corpus.utf8 import FIRST_LINE_END, LAST_LINE_END, NEWLINE, SPACE, decode

SEPARATOR, LETTER, MARK, APOSTROPHE = range(4)  # the kinds of characters
LARGEST_GROWTH = 3  # bytes written for each byte read, at most: U+0390 has two bytes, its folded form six

_KIND_BITS, _SIZE_BITS = 2, 4
_SIGMA = "Σ".encode()


def all_characters() -> list[str]:
    """Return every character by its code point, surrogates included, shape (0x110000,)."""
    return [chr(code) for code in range(sys.maxunicode + 1)]


class CharacterTable(NamedTuple):
    """What becomes of each character.

    An action is 32 bits; a size of 0 keeps the character:

        | place in replacements (26) | size in bytes (4) | kind (2) |

    Attributes:
        actions: (0x110000,) uint32, one for each code point.
        replacements: UTF-8, uint8.
    """

    actions: npt.NDArray[np.uint32]
    replacements: TextBytes

    @classmethod
    def of(cls, kinds: npt.NDArray[np.uint32], fold: Callable[[str], str]) -> CharacterTable:
        """Return the table for characters of these kinds, (0x110000,), each replaced by `fold(character)`."""
        actions = kinds.copy()
        replacements = bytearray()
        for code, character in enumerate(all_characters()):
            if (folded := fold(character)) != character:
                utf8 = folded.encode()
                actions[code] |= np.uint32(len(utf8) << _KIND_BITS | len(replacements) << _KIND_BITS + _SIZE_BITS)
                replacements += utf8
        return cls(actions, np.frombuffer(replacements, np.uint8))


@kernel
def _rewrite(text: TextBytes, length: int, table: CharacterTable, out: TextBytes) -> int:
    """Write the words of `text` to `out` with separators between them; return how many bytes were written.

        text   “Don't,” she said—twice.↵        kinds   “ ”  , — .  separators, ' an apostrophe, others letters
        out    don't she said twice ↵

    A run of separators becomes one space, and each line end a newline. An apostrophe, ' or ’, is written as ' where a
    letter follows, a mark where its word goes on; elsewhere they separate.

    Args:
        text: UTF-8, `length` bytes and PADDING.
        length: bytes of text.
        table: what becomes of each character.
        out: room for LARGEST_GROWTH * length bytes.

    Twin: `words_of` in tests/test_scanner.py.
    """
    actions, replacements = table.actions, table.replacements
    position = n = np.int64(0)  # with a literal 0, Numba would compile `decode` once more
    in_word = False
    while position < length:
        code, width = decode(text, position)
        action = actions[code]
        kind = action & np.uint32(3)
        after = position + width
        if kind == APOSTROPHE and in_word and actions[decode(text, after)[0]] & np.uint32(3) == LETTER:
            out[n] = 0x27
            n += 1
        elif kind == LETTER or (kind == MARK and in_word):
            size = np.int64(action >> np.uint32(2)) & 15
            place = np.int64(action >> np.uint32(6))
            for i in range(size):
                out[n + i] = replacements[place + i]
            if size == 0:
                for i in range(width):
                    out[n + i] = text[position + i]
                size = width
            n += size
            in_word = True
        else:
            if FIRST_LINE_END <= code <= LAST_LINE_END:
                out[n] = NEWLINE
                n += 1
            elif in_word:
                out[n] = SPACE
                n += 1
            in_word = False
        position = after
    return int(n)


class Rewriter:
    """Rewrites one text after another. Each thread needs its own."""

    def __init__(self, table: CharacterTable, *, final_sigma: bool) -> None:
        """Keep the table; with `final_sigma`, Σ becomes ς or σ by its place in the word, as in `str.lower`."""
        self._table = table
        self._final_sigma = final_sigma
        self._out = np.empty(0, np.uint8)

    def rewrite(self, text: TextBytes, length: int) -> tuple[TextBytes, int]:
        """Return the new text, padded, and its length in bytes. The next call overwrites it.

        Args:
            text: UTF-8 whose white space is ASCII, `length` bytes and PADDING spaces.
            length: bytes of text.
        """
        if self._final_sigma and _SIGMA in (data := text[:length].tobytes()):
            lowered = data.decode().lower().encode()
            return padded(lowered), len(lowered)
        room = LARGEST_GROWTH * length + PADDING
        if len(self._out) < room:
            self._out = np.empty(room, np.uint8)
        n = _rewrite(text, length, self._table, self._out)
        self._out[n : n + PADDING] = SPACE
        return self._out, n
