"""Ids written as text again: a sentence a line, spaces between tokens."""

from __future__ import annotations

import numpy as np

from w2v.compiling import kernel
from w2v.tokens.arrays import PADDING, Int64s, TextBytes, TokenIds
from w2v.tokens.eight_bytes import load_uint64, store_uint64
from w2v.tokens.scanner import WordTable
from w2v.tokens.utf8 import NEWLINE, SPACE


@kernel
def _spell(ids: TokenIds, in_line: bool, spelling: TextBytes, starts: Int64s, out: TextBytes) -> int:
    """Write the words of `ids` and return the number of bytes.

        ids   0 1 -1 2        spelling   "a new_york is "        out   a new_york↵is

    Args:
        ids: words, and -1 at the end of each line.
        in_line: whether the line has words before these.
        spelling: all words, a space behind each, with PADDING at the end.
        starts: where each word starts, and where the last one ends.
        out: room for the bytes and seven more.

    Twin: `joined` in tests/test_phrases.py, whose sentences the lines are compared with.
    """
    n = 0
    for word in ids:
        if word < 0:
            if in_line:
                out[n] = NEWLINE
                n += 1
            in_line = False
            continue
        if in_line:
            out[n] = SPACE
            n += 1
        start, stop = starts[word], starts[word + 1] - 1
        for i in range(0, stop - start, 8):
            store_uint64(out, n + i, load_uint64(spelling, start + i))
        n += stop - start
        in_line = True
    return n


class SpelledWords:
    r"""The spelling of all words of a table, to write ids as text; several threads may do so at once.

    Example:
        >>> table = WordTable()
        >>> ids = table.number(["a", "new_york"])
        >>> SpelledWords(table).lines(np.array([0, 1, -1, 1], np.int32)).tobytes()
        b'a new_york\nnew_york'
    """

    def __init__(self, table: WordTable) -> None:
        """Take the words that the table has now."""
        words = table.spelling()
        self._starts = np.concatenate([[0], np.flatnonzero(words == SPACE) + 1])
        self._sizes = np.append(np.diff(self._starts), 1)  # of a word with a space, and at -1, of a newline
        self._spelling = np.concatenate([words, np.full(PADDING, SPACE, np.uint8)])

    def lines(self, ids: TokenIds, *, in_line: bool = False) -> memoryview:
        """Return ids as UTF-8: a line for each sentence, without lines of none.

        Args:
            ids: numbers of words, -1 behind each sentence.
            in_line: whether the line has words before these.
        """
        out = np.empty(int(self._sizes[ids].sum()) + PADDING, np.uint8)
        return out.data[: _spell(ids, in_line, self._spelling, self._starts, out)]
