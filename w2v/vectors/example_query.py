"""A word to try first on new vectors."""

from __future__ import annotations

import numpy as np

from w2v.vectors.vectors import Vectors

_KNOWN_WORDS = 20_000  # the most frequent words, which have the best vectors
_CANDIDATES = 200
_NEIGHBOURS = 5
_MOST_LETTERS = 40  # what fits on a line


def example_query(vectors: Vectors) -> str | None:
    """Return a frequent word with near neighbours, such as a day of the week; None if no word is printable.

    Of the 200 most frequent words that look like content words, returns the one whose 5 nearest neighbours have the
    greatest mean cosine.

    Args:
        vectors: V words, most frequent first.

    Example:
        >>> example_query(Vectors(["monday", "tuesday", "apple"], [[1, 0.1], [1, 0], [0, 1]]))
        'monday'
    """
    frequent = Vectors(vectors.words[:_KNOWN_WORDS], vectors.matrix[:_KNOWN_WORDS])
    candidates = _content_words(frequent.words[:])[:_CANDIDATES]
    if not candidates:
        return None
    answers = frequent.similar_batch(candidates, _NEIGHBOURS)
    closeness = [float(np.mean([near.similarity for near in found])) if found else 0.0 for found in answers]
    return candidates[int(np.argmax(closeness))]


def _content_words(words: list[str]) -> list[str]:
    """Return words that say something, in any language; if there are none, the first printable word."""
    printable = [word for word in words if word.isprintable() and len(word) <= _MOST_LETTERS]
    # The most frequent words are articles and the like, and short ones are often no words at all.
    stop_words = set(words[: min(100, len(words) // 20)])
    content = [word for word in printable if word not in stop_words and word.isalpha()]
    for least in (4, 2, 1):
        if chosen := [word for word in content if len(word) >= least]:
            return chosen
    return printable[:1]
