"""Tokens taken out of scanned text: each different word is judged once, and a kernel takes the ids out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from w2v.compiling import kernel
from w2v.tokens.arrays import TokenIds
from w2v.tokens.scanner import SENTENCE_END, WordTable

_AT_FIRST = 1 << 12  # words


class WordDropper:
    """Takes tokens out of the ids that one table gives. Each thread needs its own.

    Example:
        >>> from w2v.tokens.arrays import padded
        >>> table, ids = WordTable(), np.empty(17, np.int32)
        >>> n = table.scan(padded(b"a rose is a rose"), 16, ids)
        >>> dropper = WordDropper(table, lambda word: word == "a")
        >>> dropper.without_dropped(ids[:n]).tolist(), dropper.forget_dropped()
        ([1, 2, 1], 2)
    """

    def __init__(
        self, table: WordTable, is_left_out: Callable[[str], bool], finish: Callable[[str], str] | None = None
    ) -> None:
        """Take tokens out for whose words `is_left_out` is true, after `finish` has changed them."""
        self._table, self._is_left_out, self._finish = table, is_left_out, finish
        self._left_out = np.zeros(_AT_FIRST, np.bool_)
        self._n_judged = 0

    def without_dropped(self, ids: TokenIds, *, continues: bool = False) -> TokenIds:
        """Return the ids that stay, at the start of `ids`, without sentences of which nothing is left.

        Args:
            ids: what the table has given for a text; changed.
            continues: whether the text starts inside a sentence that began before.
        """
        self._judge()
        return ids[: _take_out(ids, self._left_out, continues)]

    def forget_dropped(self) -> int:
        """Set the counts of words that are left out to 0, and return their sum."""
        self._judge()
        counts = self._table.counts
        left_out = self._left_out[: len(counts)]
        total = int(counts[left_out].sum())
        counts[left_out] = 0
        return total

    def _judge(self) -> None:
        """Look at the words that are new in the table."""
        n = len(self._table)
        if n == self._n_judged:
            return
        text = self._table.spelling(self._n_judged).tobytes().decode()
        words = (text if self._finish is None else self._finish(text)).split(" ")[:-1]
        if n > len(self._left_out):
            larger = np.zeros(2 * n, np.bool_)
            larger[: self._n_judged] = self._left_out[: self._n_judged]
            self._left_out = larger
        self._left_out[self._n_judged : n] = [self._is_left_out(word) for word in words]
        self._n_judged = n


@kernel
def _take_out(ids: TokenIds, left_out: npt.NDArray[np.bool_], in_sentence: bool) -> int:
    """Take ids out in place, and sentence ends behind which nothing came; return the number that stays.

        ids     0 1 0 -1 0 -1 2 -1        with word 0 left out:        1 -1 2 -1

    Twin: `tokens_left` in tests/test_cleaning.py.
    """
    n = 0
    for i in range(ids.shape[0]):
        word = ids[i]
        if word == SENTENCE_END:
            if in_sentence:
                ids[n] = word
                n += 1
            in_sentence = False
        elif not left_out[word]:
            ids[n] = word
            n += 1
            in_sentence = True
    return n
