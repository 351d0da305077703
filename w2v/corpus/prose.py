"""Raw prose recognised by the punctuation on its words, so that users learn of the token rule that takes it off."""

from __future__ import annotations

import unicodedata

import numpy as np

from w2v.corpus.text_kinds import ANY_UNSPACED
from w2v.vocabulary import Vocabulary

PROSE_WORDS = 10_000  # the most frequent ones, which make up most of any text
PROSE_NOTE = "many words have punctuation attached, as in raw prose; use `tokens=words` to take it off"

_PROSE_SHARE = 0.04  # raw English has punctuation on about one token in six, tokenised text on one in a thousand
_NOT_PROSE = frozenset("'’-‐‑@#&%*/\\_")  # punctuation that tokenisers leave on words


def looks_like_prose(vocabulary: Vocabulary) -> bool:
    """Say whether many words have punctuation attached, as the words of raw text do.

    Example:
        >>> looks_like_prose(Vocabulary(["the", "late.", '"Well,"'], [7, 2, 1]))
        True
        >>> looks_like_prose(Vocabulary(["the", ".", "don't"], [7, 2, 1]))
        False
        >>> looks_like_prose(Vocabulary(["天气很好，", "我们去公园。"], [2, 1]))  # which another note is about
        False
    """
    words, counts = vocabulary.words[:PROSE_WORDS], vocabulary.counts[:PROSE_WORDS]
    attached = np.fromiter(map(_is_punctuated, words), np.bool_, len(words))
    return int(counts[attached].sum()) > _PROSE_SHARE * int(counts.sum())


def _is_punctuated(word: str) -> bool:
    """Say whether punctuation is attached to the word, as in `"Well,`."""
    if word.isalnum():
        return False
    if not (_is_punctuation(word[0]) or _is_punctuation(word[-1])) or ANY_UNSPACED.search(word):
        return False
    return any(map(str.isalnum, word))


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] == "P" and character not in _NOT_PROSE
