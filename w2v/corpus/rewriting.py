"""Text rewritten before it is scanned: case folded and cut into words (`--tokens words`), or only lower-cased.

A word is a letter or digit (`str.isalnum`), and what follows of letters, digits, combining marks and joiners (ZWJ and
ZWNJ, which some scripts need); an apostrophe, ' or ’, belongs to it before a letter or digit. Case is folded as
`str.casefold` does it: ß becomes ss. Accents are composed later, in the table of words.
"""

from __future__ import annotations

import functools
import sys
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.compiling import kernel
from w2v.corpus.arrays import PADDING, Bytes, padded
from w2v.corpus.utf8 import NEWLINE, SPACE, decode

LARGEST_GROWTH = 3  # bytes written for a byte read, at most: U+0390 has two bytes, its folded form six

_SEPARATOR, _LETTER, _MARK, _APOSTROPHE = range(4)
_KIND_BITS, _SIZE_BITS = 2, 4
_JOINERS = "\u200c\u200d"
_APOSTROPHES = "'\u2019"
_SIGMA = "Σ".encode()


class Rewriting(NamedTuple):
    """What becomes of each character.

    Attributes:
        actions: uint32, for each code point its kind, and the size and place in `replacements` of what is written
            instead; size 0 writes the character itself.
        replacements: uint8, UTF-8.
    """

    actions: npt.NDArray[np.uint32]
    replacements: Bytes


@kernel
def _rewrite(text: Bytes, length: int, actions: npt.NDArray[np.uint32], replacements: Bytes, out: Bytes) -> int:
    """Write the words of `text`, which is UTF-8, to `out`, with spaces between; return how many bytes were written."""
    position = n = np.int64(0)  # a literal 0 would have `decode` compiled for it alone
    in_word = False
    while position < length:
        code, width = decode(text, position)
        action = actions[code]
        kind = action & np.uint32(3)
        after = position + width
        if kind == _APOSTROPHE and in_word and actions[decode(text, after)[0]] & np.uint32(3) == _LETTER:
            out[n] = 0x27
            n += 1
        elif kind == _LETTER or (kind == _MARK and in_word):
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
            if code == NEWLINE:
                out[n] = NEWLINE
                n += 1
            elif in_word:
                out[n] = SPACE
                n += 1
            in_word = False
        position = after
    return int(n)


class Rewriter:
    """Rewrites one text after the other. Not to be used by two threads at once."""

    def __init__(self, rewriting: Rewriting, final_sigma: bool) -> None:
        """Keep the table; `final_sigma` says that Σ depends on where it stands, as it does for `str.lower`."""
        self._rewriting = rewriting
        self._final_sigma = final_sigma
        self._out = np.empty(0, np.uint8)

    def rewrite(self, text: Bytes, length: int) -> tuple[Bytes, int]:
        """Return the new text, padded, and its length; it is overwritten by the next.

        Args:
            text: UTF-8, whose white space is ASCII, and PADDING spaces.
            length: bytes of text.
        """
        if self._final_sigma and _SIGMA in (data := text[:length].tobytes()):
            lowered = data.decode().lower().encode()
            return padded(lowered), len(lowered)
        room = LARGEST_GROWTH * length + PADDING
        if len(self._out) < room:
            self._out = np.empty(room, np.uint8)
        n = _rewrite(text, length, self._rewriting.actions, self._rewriting.replacements, self._out)
        self._out[n : n + PADDING] = SPACE
        return self._out, n


def rewriter_for(tokens: str, lowercase: bool) -> Rewriter | None:
    """Return what rewrites text under these options (see CorpusOptions), or None where it stays as it is."""
    if tokens == "words":
        return Rewriter(_words_table(), final_sigma=False)
    return Rewriter(_lowercase_table(), final_sigma=True) if lowercase else None


@functools.cache
def _words_table() -> Rewriting:
    characters = _characters()
    kinds = np.frombuffer(bytes(map(str.isalnum, characters)), np.uint8).astype(np.uint32)
    for character in characters:
        if unicodedata.category(character)[0] == "M":
            kinds[ord(character)] = _MARK
    for character in _JOINERS:
        kinds[ord(character)] = _MARK
    for character in _APOSTROPHES:
        kinds[ord(character)] = _APOSTROPHE
    return _table(characters, kinds, str.casefold)


@functools.cache
def _lowercase_table() -> Rewriting:
    characters = _characters()
    spaces = np.frombuffer(bytes(map(str.isspace, characters)), np.uint8)
    return _table(characters, np.where(spaces, _SEPARATOR, _LETTER).astype(np.uint32), str.lower)


def _characters() -> list[str]:
    return [chr(code) for code in range(sys.maxunicode + 1)]


def _table(characters: list[str], kinds: npt.NDArray[np.uint32], fold: Callable[[str], str]) -> Rewriting:
    replacements = bytearray()
    for code, folded in enumerate(map(fold, characters)):
        if folded != characters[code]:
            utf8 = folded.encode()
            kinds[code] |= np.uint32(len(utf8) << _KIND_BITS | len(replacements) << _KIND_BITS + _SIZE_BITS)
            replacements += utf8
    return Rewriting(kinds, np.frombuffer(replacements, np.uint8))
