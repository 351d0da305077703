"""Texts as rows of words, with the tokens that training would see."""

from __future__ import annotations

import itertools
import queue
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt

from w2v.errors import UsageError
from w2v.networks import Bags
from w2v.options import CorpusOptions
from w2v.tokens.arrays import TextBytes, TokenIds, padded
from w2v.tokens.cleaning import word_cleaner
from w2v.tokens.pattern_rewriter import MatchError
from w2v.tokens.scanner import SENTENCE_END, WordTable
from w2v.tokens.token_rules import rule_of
from w2v.tokens.utf8 import ASCII_WHITE, NEWLINE, blank_wide_spaces

_MOST_UNKNOWN = 1 << 20  # different unknown words that are remembered, before they are forgotten all at once
_TEXTS_AT_ONCE = 4096
_SOLID = np.array([byte > 63 or not ASCII_WHITE >> byte & 1 for byte in range(256)])


class TokenRows:
    r"""Cuts texts into tokens by a token rule, and numbers the words.

    Threads may share it, unless it keeps new words: each uses a table of its own, which the next one takes over.

    Args:
        options: how text becomes tokens.
        words: words that have a row already, in the order of their rows; others get the rows behind them.
        keeps_new: whether every new word keeps its row for good.

    Example:
        >>> rows = TokenRows(CorpusOptions(tokens="words"), ["the", "king"])
        >>> bags = rows.bags(b"The king!\n\nthe queen\n")
        >>> bags.rows.tolist(), bags.bounds.tolist()
        ([0, 1, 0, 2], [0, 2, 2, 4])
    """

    def __init__(self, options: CorpusOptions, words: Sequence[str] = (), *, keeps_new: bool = False) -> None:
        self.known = len(words)
        self._options, self._keeps_new = options, keeps_new
        self._words, self._rows = _single_tokens(words)
        self._idle: queue.SimpleQueue[_Cutter] = queue.SimpleQueue()
        if keeps_new:
            self._cutter = _Cutter(options, words)

    @property
    def words(self) -> list[str]:
        """All words that have a row, in the order of their rows, where new words keep theirs."""
        table = self._cutter.table
        return table.words(np.ones(len(table), np.bool_))

    def bags(self, lines: bytes) -> Bags:
        """Return for each line the rows of its tokens, in order; unknown words have rows from `known` on.

        Args:
            lines: texts as `joined_lines` makes them.
        """
        count = lines.count(b"\n")
        with self._own_cutter() as cutter:
            text, ids = cutter.cut(lines)
        ends = np.flatnonzero(ids == SENTENCE_END)
        rows = ids[ids != SENTENCE_END]
        if self._rows is not None:
            rows = np.append(self._rows, np.int32(self.known))[np.minimum(rows, len(self._rows))]
        sizes = np.zeros(count, np.int64)
        sizes[_lines_with_tokens(text)] = np.diff(ends, prepend=-1) - 1
        bounds = np.zeros(count + 1, np.int64)
        np.cumsum(sizes, out=bounds[1:])
        return Bags(rows, bounds)

    @contextmanager
    def _own_cutter(self) -> Iterator[_Cutter]:
        """Lend a cutter that no other thread uses."""
        if self._keeps_new:
            yield self._cutter
            return
        try:
            cutter = self._idle.get_nowait()
        except queue.Empty:
            cutter = _Cutter(self._options, self._words)
        yield cutter
        if len(cutter.table) <= self.known + _MOST_UNKNOWN:
            self._idle.put(cutter)


def _single_tokens(words: Sequence[str]) -> tuple[Sequence[str], TokenIds | None]:
    """Return the words that a text can hold as one token, each once, and their rows; None if all words are such.

    Files may have words with spaces, empty ones, bytes in no encoding, or a word twice, of which the first counts.
    """
    joined = " ".join(words)
    if len(set(words)) == len(words) and joined.split() == list(words) and _is_unicode(joined):
        return words, None
    rows: dict[str, int] = {}
    for row, word in enumerate(words):
        if word.split() == [word] and _is_unicode(word):
            rows.setdefault(word, row)
    return list(rows), np.array(list(rows.values()), np.int32)


def _is_unicode(text: str) -> bool:
    """Say whether UTF-8 can hold a text; it can't hold half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class _Cutter:
    """What one thread needs to cut texts: a table of words, and what the token rule keeps from text to text."""

    def __init__(self, options: CorpusOptions, words: Sequence[str]) -> None:
        rule = rule_of(options)
        self.table = WordTable()
        self.table.number(words)
        self._rewriter = rule.rewriter(options) or rule.pattern_rewriter(options)
        self._finish = rule.finisher(options)
        self._cleans = word_cleaner(options) is not None

    def cut(self, lines: bytes) -> tuple[TextBytes, TokenIds]:
        """Return lines as the rule rewrites them, and the ids of their tokens with ends of sentences between."""
        text, length = padded(lines), len(lines)
        blank_wide_spaces(text, length)
        if self._rewriter is not None:
            try:
                text, length = self._rewriter.rewrite(text, length)
            except MatchError as error:
                raise UsageError(f"`tokens`: the pattern matches {error} in a text") from error
        words = text[:length].tobytes() if self._finish is not None else b""
        if self._finish is not None and (self._cleans or not words.isascii()):
            content = words.decode()
            if self._cleans:  # which looks at each word between spaces
                content = "\n".join(self._finish(" ".join(line.split())) for line in content.split("\n"))
            else:
                content = self._finish(content)
            finished = content.encode()
            text, length = padded(finished), len(finished)
        ids = np.empty(length + 1, np.int32)
        return text[:length], ids[: self.table.scan(text, length, ids)]


def joined_lines(texts: Iterable[str]) -> bytes:
    r"""Return texts as lines of valid UTF-8; line ends within a text become spaces.

    Example:
        >>> joined_lines(["two\nlines", "", "café"]).decode().split("\n")
        ['two lines', '', 'café', '']
    """
    return "".join(f"{' '.join(text.split())}\n" for text in texts).replace("\0", "").encode(errors="replace")


def line_blocks(texts: Iterable[str]) -> Iterator[bytes]:
    """Yield texts as lines, some thousand at a time."""
    remaining = iter(texts)
    while batch := list(itertools.islice(remaining, _TEXTS_AT_ONCE)):
        yield joined_lines(batch)


def _lines_with_tokens(text: TextBytes) -> npt.NDArray[np.int64]:
    """Return the numbers of the lines that hold more than white space."""
    ends = np.flatnonzero(text == NEWLINE)
    solid = np.concatenate([[0], np.cumsum(_SOLID[text])])
    starts = np.concatenate([[0], ends[:-1] + 1])
    return np.flatnonzero(solid[ends] > solid[starts])
