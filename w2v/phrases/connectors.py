"""Connector words: those that may stand inside a phrase, as in `bank_of_america`, but not at its ends."""

from __future__ import annotations

from pathlib import Path

from w2v.errors import PhraseError
from w2v.word_list import read_word_list

# Articles, prepositions and conjunctions: the list that gensim offers for English.
ENGLISH_CONNECTOR_WORDS = frozenset(
    ["a", "an", "the", "for", "of", "with", "without", "at", "from", "to", "in", "on", "by", "and", "or"]
)


def load_connector_words(name: str | None) -> frozenset[str]:
    """Return the connector words that a user names: those in a file, separated by white space.

    Args:
        name: of the file; "english" is the built-in list, None no words.

    Raises:
        PhraseError: the file can't be read, or holds no words.

    Example:
        >>> len(load_connector_words("english"))
        15
    """
    if name is None:
        return frozenset()
    if name == "english":
        return ENGLISH_CONNECTOR_WORDS
    if not Path(name).exists():
        raise PhraseError(
            f"{name}: can't be read (no such file); name a file of words, or write english for the built-in list"
        )
    return frozenset(read_word_list(name, PhraseError, str.split))
