"""Bytes to tokens to ids: a hash table of the words met so far, filled by a Numba byte scanner.

A token's key is a hash of its bytes. Different tokens of one size up to eight bytes have different keys; for longer
ones with equal keys the bytes are compared. So two words are never mistaken for one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.compiling import kernel
from w2v.errors import CorpusError
from w2v.hashing import GOLDEN, GOLDEN_SECOND
from w2v.memory_need import MemoryNeed
from w2v.tokens.arrays import PADDING, Int64s, TextBytes, TokenIds, padded
from w2v.tokens.eight_bytes import load_uint64, store_uint64, trailing_zeros
from w2v.tokens.utf8 import ASCII_WHITE, FIRST_LINE_END, LAST_LINE_END, SPACE

SENTENCE_END = -1

_FIRST_SLOTS = 1 << 16
_GROWN = 54  # bytes, for each slot, of a table with twice as many, and of its words while they move
_LISTED = 130  # bytes of a word in a list, and of its letters while it is made
_BELOW = np.uint64(0x21 * 0x0101010101010101)
_HIGHS = np.uint64(0x8080808080808080)
_WHITE = np.uint64(ASCII_WHITE)
_MIX, _MIX_SIZE = np.uint64(GOLDEN), np.uint64(GOLDEN_SECOND)
_HALF, _LOWER_HALF, _BYTE = np.uint64(32), np.uint64(0xFFFFFFFF), np.uint64(0xFF)
# Numba makes a float64 of a uint64 and an int64.
_ZERO, _ONE, _THREE, _SEVEN = np.uint64(0), np.uint64(1), np.uint64(3), np.uint64(7)
_SPACE, _LINE_END, _OTHERS = np.uint64(SPACE), np.uint64(FIRST_LINE_END), np.uint64(LAST_LINE_END - FIRST_LINE_END)


class _TableArrays(NamedTuple):
    """The arrays of a table with room for W words and with S slots, a power of two.

    Attributes:
        slots: (S, 2) uint64: the key; the size in the upper half, 1 + the id in the lower. 0 is an empty slot.
        spelling: uint8, the words in the order of their ids, a space behind each.
        starts: (W + 1,), where in `spelling` each word starts, and where the last one ends.
        counts: (W,), how often each word occurred.
    """

    slots: npt.NDArray[np.uint64]
    spelling: TextBytes
    starts: Int64s
    counts: Int64s


class _ScanState(NamedTuple):
    """How far a scan has come: bytes read, whether the sentence has tokens, words in the table, ids written."""

    position: int
    in_sentence: bool
    n_words: int
    n_ids: int


@kernel
def _scan(text: TextBytes, length: int, table: _TableArrays, ids: TokenIds, state: _ScanState) -> _ScanState:  # noqa: C901
    """Scan `text` until its end or until there is no room for another word.

        text    a rose is a rose↵
        token   a       rose      is       a       rose      ↵
        key     hash of the token's bytes, eight at a time
        slot    hash of key and size, then the next ones until the token's own or an empty one
        id      0       1         2        0       1         -1

    Args:
        text: UTF-8 whose white space is ASCII, `length` bytes and PADDING spaces.
        length: bytes of text.
        table: the words met so far, with length + PADDING bytes of room in `spelling`; changed.
        ids: where ids go; room for length + 1.
        state: where to start.

    Returns:
        The state at the end.

    Twin: `ids_of` in tests/test_scanner.py. Split into functions, this takes twice as long to compile.
    """
    slots, spelling, starts, counts = table.slots, table.spelling, table.starts, table.counts
    position, in_sentence, n_words, n_ids = state.position, state.in_sentence, state.n_words, state.n_ids
    shift = np.uint64(64 - trailing_zeros(np.uint64(slots.shape[0])))
    last_slot = np.uint64(slots.shape[0] - 1)
    while position < length:
        # Eight bytes at a time go into the key, up to the next white space, of which the padding has some. Most tokens
        # end within eight bytes: one load gets the token and the white space behind it.
        start = position
        key = _ZERO
        while True:
            chunk = load_uint64(text, position)
            low = (chunk - _BELOW) & ~chunk & _HIGHS  # its lowest bit set is the highest of the first byte below 0x21
            bits = byte = _ZERO
            while low != 0:
                bits = np.uint64(trailing_zeros(low)) - _SEVEN
                byte = chunk >> bits & _BYTE
                if _WHITE >> byte & _ONE != 0:
                    break
                low &= low - _ONE  # a control character that isn't white space
            key = (key ^ key >> _HALF) * _MIX
            if low != 0:
                break
            key ^= chunk
            position += 8
        key ^= chunk & ((_ONE << bits) - _ONE)
        end = position + np.int64(bits >> _THREE)
        position = end + np.int64(byte == _SPACE)
        if start == end:
            position = end + 1
            if byte - _LINE_END <= _OTHERS and in_sentence:  # of a smaller byte, the difference is huge
                ids[n_ids] = SENTENCE_END
                n_ids += 1
                in_sentence = False
            continue
        size = end - start
        key_size = np.uint64(size)
        slot = (key ^ key_size * _MIX_SIZE) * _MIX
        slot = ((slot ^ slot >> _HALF) * _MIX) >> shift
        while True:
            owner = slots[slot, 1]
            if owner == 0:
                if n_words == counts.shape[0]:
                    return _ScanState(start, in_sentence, n_words, n_ids)
                word = np.uint64(n_words)
                n_words += 1
                slots[slot, 0] = key
                slots[slot, 1] = key_size << _HALF | np.uint64(n_words)
                place = starts[word]
                i = 0
                while i < size:  # up to seven bytes more are written
                    store_uint64(spelling, place + i, load_uint64(text, start + i))
                    i += 8
                spelling[place + size] = SPACE
                starts[n_words] = place + size + 1
                break
            if slots[slot, 0] == key and owner >> _HALF == key_size:
                word = (owner & _LOWER_HALF) - _ONE
                if size <= 8:
                    break
                place, last, i = starts[word], size - 8, 0
                while i < last and load_uint64(text, start + i) == load_uint64(spelling, place + i):
                    i += 8
                if i >= last and load_uint64(text, start + last) == load_uint64(spelling, place + last):
                    break
            slot = (slot + _ONE) & last_slot
        counts[word] += 1
        ids[n_ids] = word
        n_ids += 1
        in_sentence = True
    return _ScanState(position, in_sentence, n_words, n_ids)


class WordTable:
    """The different words of the text scanned so far, numbered as they came, with their counts.

    It is made to count: adding a token takes nanoseconds, but no word can be looked up without adding it. `Vocabulary`
    holds the words that are kept, in their final order; `w2v.vectors` has a list of words that can be mapped from a
    file. Each thread needs a table of its own.

    Args:
        finish: tables that merge this one take its words as this changes them, given a text with spaces between words;
            it may compose characters, say. Changing each different word once costs next to nothing, unlike changing
            the text.

    Example:
        >>> table, ids = WordTable(), np.empty(17, np.int32)
        >>> n = table.scan(padded(b"a rose is a rose"), 16, ids)
        >>> ids[:n].tolist(), table.words(table.counts > 0), table.counts.tolist()
        ([0, 1, 2, 0, 1], ['a', 'rose', 'is'], [2, 2, 1])
    """

    def __init__(self, *, finish: Callable[[str], str] | None = None) -> None:
        self._finish = finish
        self._arrays = _TableArrays(
            slots=np.zeros((_FIRST_SLOTS, 2), np.uint64),
            spelling=np.empty(0, np.uint8),
            starts=np.zeros(_FIRST_SLOTS // 2 + 1, np.int64),
            counts=np.zeros(_FIRST_SLOTS // 2, np.int64),
        )
        self._n_words = 0

    def __len__(self) -> int:
        return self._n_words

    @property
    def counts(self) -> Int64s:
        """How often each word occurred, shape (words,)."""
        return self._arrays.counts[: self._n_words]

    def spelling(self, first: int = 0) -> TextBytes:
        """Return all words from number `first` on, in order, as UTF-8 with a space behind each."""
        return self._arrays.spelling[self._arrays.starts[first] : self._arrays.starts[self._n_words]]

    def words(self, chosen: npt.NDArray[np.bool_]) -> list[str]:
        """Return the words for which `chosen`, shape (words,), is true, in order."""
        n_chosen = int(np.count_nonzero(chosen))
        MemoryNeed.of(words=_LISTED * n_chosen).require(
            f"{n_chosen:,} different words need", lambda _: "raise `min_count`", CorpusError
        )
        sizes = np.diff(self._arrays.starts[: self._n_words + 1])
        return self.spelling()[np.repeat(chosen, sizes)].tobytes().decode().split(" ")[:-1]

    def spelled(self, ids: TokenIds | Int64s) -> dict[int, str]:
        """Return the words with these ids, shape (n,), as `finish` changes them.

        Example:
            >>> table = WordTable(finish=str.lower)
            >>> table.spelled(table.number(["A", "Rose"])[1:])
            {1: 'rose'}
        """
        chosen = np.zeros(len(self), np.bool_)
        chosen[ids] = True
        words = self.words(chosen)
        if self._finish is not None:
            words = self._finish(" ".join(words)).split()
        return dict(zip(np.flatnonzero(chosen).tolist(), words, strict=True))

    def scan(self, text: TextBytes, length: int, ids: TokenIds, in_sentence: bool = False) -> int:
        """Count the tokens of a text and number them.

        Args:
            text: UTF-8 whose white space is ASCII, `length` bytes and PADDING spaces.
            length: bytes of text.
            ids: where ids go, SENTENCE_END behind each line that has tokens; room for length + 1.
            in_sentence: whether the text continues a sentence that has tokens; then the end of the first line ends it
                even if no token comes before.

        Returns:
            The number of ids written. A sentence cut off by the end of the text has no SENTENCE_END.
        """
        self._reserve_spelling(length + PADDING)
        state = _ScanState(0, in_sentence, self._n_words, 0)
        while state.position < length:
            state = _scan(text, length, self._arrays, ids, state)
            self._n_words = state.n_words
            if state.position < length:
                self._grow()
        return state.n_ids

    def number(self, words: Sequence[str]) -> TokenIds:
        """Return the id of each word, shape (words,), without counting it; an unknown word is added with count 0."""
        known = self.counts.copy()
        ids = self._numbered(" ".join(words).encode())
        self.counts[: len(known)] = known
        self.counts[len(known) :] = 0
        return ids

    def is_finished(self) -> bool:
        """Say whether a table that merges this one takes its words as they are."""
        spelling = self.spelling().tobytes()
        return self._finish is None or self._finish(spelling.decode()).encode() == spelling

    def merge(self, other: WordTable) -> TokenIds:
        """Add the words and counts of `other`; return the id here of each of its words, shape (len(other),)."""
        utf8 = other.spelling().tobytes()
        if other._finish is not None:
            utf8 = other._finish(utf8.decode()).encode()
        mapping = self._numbered(utf8)
        np.add.at(self.counts, mapping, other.counts - 1)  # the scan counted each word once
        return mapping

    def _numbered(self, utf8: bytes) -> TokenIds:
        """Scan words and return their ids."""
        ids = np.empty(len(utf8) + 1, np.int32)
        numbered: TokenIds = ids[: self.scan(padded(utf8), len(utf8), ids)].copy()
        return numbered

    def _reserve_spelling(self, extra: int) -> None:
        spelling = self._arrays.spelling
        used = int(self._arrays.starts[self._n_words])
        if used + extra > len(spelling):
            larger = np.empty(max(2 * len(spelling), used + extra), np.uint8)
            larger[:used] = spelling[:used]
            self._arrays = self._arrays._replace(spelling=larger)

    def _grow(self) -> None:
        """Double the table, and scan its words into it."""
        n, n_words, counts = len(self._arrays.slots), self._n_words, self.counts
        MemoryNeed.of(table=_GROWN * n, words=2 * int(self._arrays.starts[n_words])).require(
            f"the text has more than {n_words:,} different words, and their table needs",
            lambda _: "use less text, or remove what is not words",
            CorpusError,
        )
        text = np.concatenate([self.spelling(), np.full(PADDING, SPACE, np.uint8)])
        self._arrays = _TableArrays(
            slots=np.zeros((2 * n, 2), np.uint64),
            spelling=self._arrays.spelling,
            starts=np.concatenate([self._arrays.starts, np.zeros(n // 2, np.int64)]),
            counts=np.zeros(n, np.int64),
        )
        self._n_words = 0
        self.scan(text, len(text) - PADDING, np.empty(n_words, np.int32))
        self._arrays.counts[:n_words] = counts
