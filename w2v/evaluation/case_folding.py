"""Which rows stand for a word of a test set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np

from w2v.errors import UsageError
from w2v.vectors.nearest import Rows


def folding(*, casefold: bool) -> Callable[[str], str]:
    """Return what maps all spellings of a word that are to be taken as one to the same form."""
    return str.casefold if casefold else str


def check_restrict_vocab(restrict_vocab: int | None) -> None:
    """Refuse a limit that leaves no words.

    Raises:
        UsageError: it is below 1.
    """
    if restrict_vocab is not None and restrict_vocab < 1:
        raise UsageError(f"--restrict-vocab must be at least 1, not {restrict_vocab}")


def rows_by_form(words: Sequence[str], wanted: set[str], fold: Callable[[str], str]) -> dict[str, list[int]]:
    """Return the rows of all spellings of each wanted form that occurs in `words`, in order."""
    rows: dict[str, list[int]] = {}
    for row, word in enumerate(words):
        form = fold(word)
        if form in wanted:
            rows.setdefault(form, []).append(row)
    return rows


class Spellings:
    """The rows of the spellings of F words, each word given by its number.

    Attributes:
        firsts: (F,), the row of the first spelling of each word.
    """

    def __init__(self, rows: Sequence[Sequence[int]]) -> None:
        """Take, for each word, the rows of its spellings, at least one, no row of two words."""
        self._sizes = np.array([len(spellings) for spellings in rows], dtype=np.intp)
        self._rows = np.array(list(chain.from_iterable(rows)), dtype=np.intp)
        self._starts = np.cumsum(self._sizes) - self._sizes
        self.firsts: Rows = self._rows[self._starts]

    def of(self, words: Rows) -> tuple[Rows, Rows]:
        """Return all spellings of N words, as their places in `words` and their rows."""
        sizes = self._sizes[words]
        before = self._starts[words] - (np.cumsum(sizes) - sizes)
        return np.repeat(np.arange(len(words)), sizes), self._rows[np.repeat(before, sizes) + np.arange(sizes.sum())]

    def by_row(self, count: int) -> Rows:
        """Return the word that each of `count` rows is a spelling of, or -1."""
        words = np.full(count, -1, dtype=np.intp)
        words[self._rows] = np.repeat(np.arange(len(self._sizes)), self._sizes)
        return words
