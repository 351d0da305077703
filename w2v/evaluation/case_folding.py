"""Words that differ only in case taken for one: the rows of a word of a test set in all its spellings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np

from w2v.cosines import Rows


def folding(*, casefold: bool) -> Callable[[str], str]:
    """Return a function that maps all spellings of a word to one form."""
    return str.casefold if casefold else str


def rows_by_form(words: Sequence[str], wanted: set[str], fold: Callable[[str], str]) -> dict[str, list[int]]:
    """Return, for each form of `wanted` that occurs in `words`, the rows of all its spellings, ascending."""
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
        """Keep the rows of the spellings of each word: at least one, and no row for two words."""
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
        """Return for each of `count` rows the number of the word that it spells, or -1."""
        words = np.full(count, -1, dtype=np.intp)
        words[self._rows] = np.repeat(np.arange(len(self._sizes)), self._sizes)
        return words
