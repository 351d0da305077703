"""The rules by which text becomes tokens: the values of the option `tokens`, in one registry."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from w2v.corpus.rewriting import APOSTROPHE, LETTER, MARK, SEPARATOR, CharacterTable, Rewriter, all_characters

_JOINERS = "\u200c\u200d"  # ZWNJ and ZWJ, which some scripts need inside words
_APOSTROPHES = "'\u2019"


@dataclass(frozen=True)
class TokenRule:
    """How text becomes tokens. Whatever the rule, white space separates them after rewriting.

    Attributes:
        rewriter: makes, from the option `lowercase`, what rewrites the text before it is scanned; None leaves the text
            as it is.
        composes: whether words are brought into Unicode's normal form C, so that é is one word whether it was written
            as one character or as e and an accent.
        keeps_punctuation: whether tokens can have punctuation attached.
    """

    rewriter: Callable[[bool], Rewriter | None]
    composes: bool
    keeps_punctuation: bool


def _between_white_space(lowercase: bool) -> Rewriter | None:
    """Return what lower-cases text as `str.lower` does; None without `lowercase`."""
    return Rewriter(_lowercase_table(), final_sigma=True) if lowercase else None


def _words_of_prose(_lowercase: bool) -> Rewriter:
    """Return what keeps the words of raw text, case folded as `str.casefold` does: ß becomes ss.

    A word is a letter or digit (`str.isalnum`) and the letters, digits, combining marks and joiners that follow it; an
    apostrophe, ' or ’, belongs to it where a letter or digit follows.

    Example:
        >>> from w2v.corpus.arrays import padded
        >>> text, n = _words_of_prose(False).rewrite(padded(b"The CAT's <dog>"), 15)
        >>> text[:n].tobytes().split()
        [b'the', b"cat's", b'dog']
    """
    return Rewriter(_words_table(), final_sigma=False)


RULES = {
    "whitespace": TokenRule(_between_white_space, composes=False, keeps_punctuation=True),
    "words": TokenRule(_words_of_prose, composes=True, keeps_punctuation=False),
}


@functools.cache
def _words_table() -> CharacterTable:
    characters = all_characters()
    kinds = np.frombuffer(bytes(map(str.isalnum, characters)), np.uint8).astype(np.uint32)
    for character in characters:
        if unicodedata.category(character)[0] == "M":
            kinds[ord(character)] = MARK
    for character in _JOINERS:
        kinds[ord(character)] = MARK
    for character in _APOSTROPHES:
        kinds[ord(character)] = APOSTROPHE
    return CharacterTable.of(kinds, str.casefold)


@functools.cache
def _lowercase_table() -> CharacterTable:
    spaces = np.frombuffer(bytes(map(str.isspace, all_characters())), np.uint8)
    return CharacterTable.of(np.where(spaces, SEPARATOR, LETTER).astype(np.uint32), str.lower)
