"""Connector words: those that may stand inside a phrase, as in `bank_of_america`, but not at its ends."""

from __future__ import annotations

from pathlib import Path

from w2v.errors import PhraseError

# Articles, prepositions and conjunctions: the list that gensim offers for English.
ENGLISH_CONNECTOR_WORDS = frozenset(
    ["a", "an", "the", "for", "of", "with", "without", "at", "from", "to", "in", "on", "by", "and", "or"]
)


def load_connector_words(name: str | None) -> frozenset[str]:
    """Return the words of a file, separated by white space, those for English where `name` is "english", or none.

    Raises:
        PhraseError: the file can't be read.
    """
    if name is None:
        return frozenset()
    if name == "english":
        return ENGLISH_CONNECTOR_WORDS
    try:
        return frozenset(Path(name).read_text(encoding="utf-8-sig").split())
    except OSError as error:
        text = f"{name}: can't be read ({error.strerror}); name a file of words, or write english for the built-in list"
        raise PhraseError(text) from error
    except UnicodeDecodeError as error:
        raise PhraseError(f"{name}: not UTF-8; convert the file first") from error
