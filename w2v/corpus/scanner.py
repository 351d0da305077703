"""Bytes to tokens to ids: a hash table of the words met so far, filled by a Numba byte scanner.

A token's key is a hash of its bytes. Among tokens of one size that is at most eight bytes, no two have the same key; of
longer ones with equal keys the bytes are compared, so two words are never taken for one.
"""

from __future__ import annotations

import unicodedata

import numpy as np
import numpy.typing as npt

from w2v.compiling import kernel
from w2v.corpus.arrays import PADDING, Bytes, Counts, Ids, padded
from w2v.corpus.bits import load_uint64, store_uint64, trailing_zeros
from w2v.corpus.utf8 import ASCII_WHITE, NEWLINE, SPACE
from w2v.hashing import GOLDEN, GOLDEN_SECOND

SENTENCE_END = -1

Slots = npt.NDArray[np.uint64]  # (n, 2): the key; the length in the upper half, 1 + the id in the lower

_FIRST_SLOTS = 1 << 16
_BELOW = np.uint64(0x21 * 0x0101010101010101)
_HIGHS = np.uint64(0x8080808080808080)
_WHITE = np.uint64(ASCII_WHITE)
_MIX, _MIX_SIZE = np.uint64(GOLDEN), np.uint64(GOLDEN_SECOND)
_HALF, _LOWER_HALF, _BYTE = np.uint64(32), np.uint64(0xFFFFFFFF), np.uint64(0xFF)
# With an int64, a uint64 would make a float64.
_ZERO, _ONE, _THREE, _SEVEN = np.uint64(0), np.uint64(1), np.uint64(3), np.uint64(7)
_SPACE, _NEWLINE = np.uint64(SPACE), np.uint64(NEWLINE)


@kernel
def _scan(  # noqa: C901 - as several functions, this takes twice as long to compile
    text: Bytes,
    position: int,
    length: int,
    in_sentence: bool,
    slots: Slots,
    spelling: Bytes,
    starts: Counts,
    counts: Counts,
    n_words: int,
    ids: Ids,
    n_ids: int,
) -> tuple[int, bool, int, int]:
    """Scan `text` from `position` on, until its end or until there is no room for another word.

    Returns:
        position, in_sentence, n_words and n_ids as they are then.
    """
    shift = np.uint64(64 - trailing_zeros(np.uint64(slots.shape[0])))
    last_slot = np.uint64(slots.shape[0] - 1)
    while position < length:
        # Eight bytes at a time go into the key, up to the next white space; the padding makes certain that there is
        # some. Most tokens end within eight bytes: then one load has the token, and the white space behind it.
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
            if byte == _NEWLINE and in_sentence:
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
                    return start, in_sentence, n_words, n_ids
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
    return position, in_sentence, n_words, n_ids


class WordTable:
    """The distinct words of what it has scanned, numbered in the order in which they came, with their counts.

    Not to be used by two threads at once.

    Args:
        composed: other tables that merge this one take its words in Unicode's normal form C, so that é is one word
            whether it was written as one character or as e and an accent. Composing each different word once, rather
            than the text, costs next to nothing.
    """

    def __init__(self, *, composed: bool = False) -> None:
        self._composed = composed
        self._slots: Slots = np.zeros((_FIRST_SLOTS, 2), np.uint64)
        self._counts: Counts = np.zeros(_FIRST_SLOTS // 2, np.int64)
        self._starts: Counts = np.zeros(_FIRST_SLOTS // 2 + 1, np.int64)  # of each word in _spelling, and where all end
        self._spelling: Bytes = np.empty(0, np.uint8)  # a space behind each word
        self._n_words = 0

    def __len__(self) -> int:
        return self._n_words

    @property
    def counts(self) -> Counts:
        """How often each word came, shape (words,)."""
        return self._counts[: self._n_words]

    def spelling(self) -> Bytes:
        """Return all words in order, as UTF-8 with a space behind each."""
        return self._spelling[: self._starts[self._n_words]]

    def words(self, chosen: npt.NDArray[np.bool_]) -> list[str]:
        """Return the words for which `chosen`, shape (words,), is true, in order."""
        sizes = np.diff(self._starts[: self._n_words + 1])
        return self.spelling()[np.repeat(chosen, sizes)].tobytes().decode().split(" ")[:-1]

    def scan(self, text: Bytes, length: int, ids: Ids, in_sentence: bool = False) -> int:
        """Count the tokens of a text and number them.

        Args:
            text: `length` bytes of UTF-8 whose white space is ASCII, and PADDING spaces.
            length: bytes of text.
            ids: where the ids go, SENTENCE_END behind each line that has tokens; at least length + 1 long.
            in_sentence: whether the text goes on with a sentence that has tokens, so that the end of the first line is
                one even if no token comes before it.

        Returns:
            How many entries of `ids` were written. A sentence cut off by the end of the text has no SENTENCE_END.
        """
        self._reserve_spelling(length + PADDING)
        position = n_ids = 0
        while position < length:
            position, in_sentence, self._n_words, n_ids = _scan(
                text, position, length, in_sentence,
                self._slots, self._spelling, self._starts, self._counts, self._n_words, ids, n_ids,
            )  # fmt: skip
            if position < length:
                self._grow()
        return n_ids

    def is_composed(self) -> bool:
        """Say whether a table that merges this one takes its words as they are."""
        return not self._composed or unicodedata.is_normalized("NFC", self.spelling().tobytes().decode())

    def merge(self, other: WordTable) -> Ids:
        """Add the words and counts of `other`, and return which of the words here each of its words is."""
        text = other.spelling().tobytes()
        if not other.is_composed():
            text = unicodedata.normalize("NFC", text.decode()).encode()
        ids = np.empty(len(text) + 1, np.int32)
        n_ids = self.scan(padded(text), len(text), ids)
        mapping: Ids = ids[:n_ids].copy()
        np.add.at(self._counts, mapping, other.counts - 1)  # the scan counted each word once
        return mapping

    def _reserve_spelling(self, extra: int) -> None:
        used = int(self._starts[self._n_words])
        if used + extra > len(self._spelling):
            new = np.empty(max(2 * len(self._spelling), used + extra), np.uint8)
            new[:used] = self._spelling[:used]
            self._spelling = new

    def _grow(self) -> None:
        """Double the table, and scan the words once more into it."""
        n, n_words, counts = len(self._slots), self._n_words, self.counts
        text = np.concatenate([self.spelling(), np.full(PADDING, SPACE, np.uint8)])
        self._slots = np.zeros((2 * n, 2), np.uint64)
        self._counts = np.zeros(n, np.int64)
        self._starts = np.concatenate([self._starts, np.zeros(n // 2, np.int64)])
        self._n_words = 0
        self.scan(text, len(text) - PADDING, np.empty(n_words, np.int32))
        self._counts[:n_words] = counts
