"""Text rewritten character by character before it is scanned, as a table of all characters says."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.compiling import kernel
from w2v.tokens.arrays import PADDING, TextBytes, padded
from w2v.tokens.dropped_text import DroppedText
from w2v.tokens.eight_bytes import load_uint64, store_uint64, trailing_zeros
from w2v.tokens.utf8 import FIRST_LINE_END, LAST_LINE_END, NEWLINE, SPACE, decode
from w2v.tokens.word_breaks import FATE_BITS, LETTERS_END, After, Fate, Kind, moves

LARGEST_GROWTH = 3  # bytes written for each byte read, at most: U+0390 has two bytes, its folded form six

_KIND_BITS, _SIZE_BITS = 4, 4
_KIND, _SIZE, _PLACE = np.uint32(15), np.uint32(_KIND_BITS), np.uint32(_KIND_BITS + _SIZE_BITS)
_OUTSIDE, _LETTER = int(After.OUTSIDE), int(After.LETTER)
_HOLD, _SKIP, _BREAK, _START = int(Fate.HOLD), int(Fate.SKIP), int(Fate.BREAK), int(Fate.START)
_FATE = (1 << FATE_BITS) - 1

_LOW_BITS, _HIGH_BIT = np.uint64(0x7F * 0x0101010101010101), np.uint64(0x80 * 0x0101010101010101)
_FROM_A, _BEYOND_Z = (np.uint64((0x80 - code) * 0x0101010101010101) for code in (0x61, 0x7B))
_ZERO, _BYTE, _SMALL_A, _ALPHABET = np.uint64(0), np.uint64(0xFF), np.uint64(0x61), np.uint64(26)
_SEPARATOR = np.uint32(Kind.SEPARATOR)
_PLAIN_LETTER, _PLAIN_MARK = np.uint32(Kind.LETTER), np.uint32(Kind.MARK)  # actions without a replacement
_SIGMA = "Σ".encode()


class CharacterTable(NamedTuple):
    """What becomes of each character. The letters a to z stay as they are.

    An action is 32 bits; a size of 0 keeps the character:

        | place in replacements (24) | size in bytes (4) | kind (4) |

    Attributes:
        actions: (0x110000,) uint32, one for each code point.
        replacements: UTF-8, uint8.
        moves: (states, kinds) uint8, from `word_breaks.moves`.
    """

    actions: npt.NDArray[np.uint32]
    replacements: TextBytes
    moves: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, kinds: npt.NDArray[np.uint8], fold: Callable[[str], str]) -> CharacterTable:
        """Return the table for characters of these kinds, (0x110000,), each replaced by `fold(character)`."""
        actions = kinds.astype(np.uint32)
        replacements = bytearray()
        for code in range(LETTERS_END):
            if (folded := fold(chr(code))) != chr(code):
                utf8 = folded.encode()
                actions[code] |= np.uint32(len(utf8) << _KIND_BITS | len(replacements) << _KIND_BITS + _SIZE_BITS)
                replacements += utf8
        return cls(actions, np.frombuffer(replacements, np.uint8), moves())


class _Rewritten(NamedTuple):
    """Bytes written; characters read that are not white space, and how many of these belong to no word."""

    size: int
    characters: int
    dropped: int


@kernel
def _rewrite(text: TextBytes, length: int, table: CharacterTable, out: TextBytes) -> _Rewritten:  # noqa: C901
    """Write the words of `text` to `out` with separators between them.

        text    “Don't,” she said—twice.↵        ' is written, and stays since a letter follows; so is the last full
        out     don't she said twice↵            stop, which is taken back at the end of the line

    A run of separators becomes one space, and each line end a newline. What is written but not yet certain to belong to
    the word lies behind `kept`. Most text takes one of two short ways: a run of a to z is copied eight bytes at a time,
    and so is a letter that stays as it is.

    Args:
        text: UTF-8 whose white space is ASCII, `length` bytes and PADDING.
        length: bytes of text.
        table: what becomes of each character.
        out: room for LARGEST_GROWTH * length + 8 bytes.

    Twin: `words_of` in tests/test_token_rules.py. Split into functions, this takes longer to compile.
    """
    actions, replacements, moves = table.actions, table.replacements, table.moves
    position = n = kept = np.int64(0)  # with a literal 0, Numba would compile `decode` once more
    characters = dropped = np.int64(0)
    state = np.int64(_OUTSIDE)
    while position < length:
        chunk = load_uint64(text, position)
        if state <= _LETTER and (chunk & _BYTE) - _SMALL_A < _ALPHABET:
            low = chunk & _LOW_BITS
            # The highest bit of each byte that is none of a to z; adding carries into it from a on, and beyond z.
            others = ~((low + _FROM_A) & ~(low + _BEYOND_Z) & ~chunk) & _HIGH_BIT
            store_uint64(out, n, chunk)
            run = np.int64(8) if others == _ZERO else trailing_zeros(others) >> 3
            position += run
            characters += run
            n += run
            kept = n
            state = np.int64(_LETTER)
            if others == _ZERO or position >= length:
                continue
        code, width = decode(text, position)
        action = actions[code]
        if (action == _PLAIN_LETTER and state <= _LETTER) or (action == _PLAIN_MARK and state == _LETTER):
            store_uint64(out, n, load_uint64(text, position))  # up to seven bytes too many, which others replace
            position += width
            characters += 1
            n += width
            kept = n
            state = np.int64(_LETTER)
            continue
        move = np.int64(moves[state, action & _KIND]) if action != _SEPARATOR else np.int64(_BREAK)
        fate = move & _FATE
        characters += np.int64(code > SPACE)
        if fate == _BREAK:
            dropped += np.int64(code > SPACE) + n - kept
            n = kept
            ends_line = FIRST_LINE_END <= code <= LAST_LINE_END
            if ends_line or state != _OUTSIDE:
                out[n] = NEWLINE if ends_line else SPACE
                n += 1
                kept = n
        elif fate != _SKIP:
            if fate == _START:
                dropped += n - kept
                n = kept
                out[n] = SPACE
                n += 1
            size = np.int64(action >> _SIZE) & 15
            place = np.int64(action >> _PLACE)
            for i in range(size):
                out[n + i] = replacements[place + i]
            if size == 0:
                for i in range(width):
                    out[n + i] = text[position + i]
                size = width
            n += size
            if fate != _HOLD:
                kept = n
        state = move >> FATE_BITS
        position += width
    return _Rewritten(kept, characters, dropped + n - kept)


class Rewriter:
    """Rewrites one text after another. Each thread needs its own.

    Attributes:
        dropped: how much of all texts belongs to no word.
    """

    def __init__(self, table: CharacterTable, with_sigma: Callable[[str], str] | None = None) -> None:
        """Keep the table; `with_sigma` rewrites texts with Σ, where its place in the word matters."""
        self._table = table
        self._with_sigma = with_sigma
        self.dropped = DroppedText()
        self._out = np.empty(0, np.uint8)

    def rewrite(self, text: TextBytes, length: int) -> tuple[TextBytes, int]:
        """Return the new text, padded, and its length in bytes. The next call overwrites it.

        Args:
            text: UTF-8 whose white space is ASCII, `length` bytes and PADDING spaces.
            length: bytes of text.
        """
        if self._with_sigma is not None and _SIGMA in (data := text[:length].tobytes()):
            data = self._with_sigma(data.decode()).encode()
            return padded(data), len(data)
        room = LARGEST_GROWTH * length + PADDING
        if len(self._out) < room:
            self._out = np.empty(room, np.uint8)
        n, characters, dropped = _rewrite(text, length, self._table, self._out)
        if self.dropped.add(characters, dropped):
            self.dropped.show(text[:length].tobytes().decode(), self._separates)
        self._out[n : n + PADDING] = SPACE
        return self._out, n

    def _separates(self, character: str) -> bool:
        return not character.isspace() and self._table.actions[ord(character)] & _KIND == Kind.SEPARATOR
