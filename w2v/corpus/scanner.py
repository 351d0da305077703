"""Bytes to tokens to ids: a hash table of the words met so far, filled by a Numba byte scanner.

A token of at most eight bytes is its own key: its bytes as one integer. A longer one has a hash for a key, and where
keys are equal the bytes are compared, so two words are never taken for one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from w2v.corpus.arrays import PADDING, Bytes, Counts, Ids
from w2v.corpus.bits import load_uint64, trailing_zeros
from w2v.corpus.utf8 import ASCII_WHITE, NEWLINE, SPACE

SENTENCE_END = -1

Slots = npt.NDArray[np.uint64]  # (n, 2): the key; the length in the upper half, 1 + the id in the lower

_FIRST_SLOTS = 1 << 16
_ONES = np.uint64(0x0101010101010101)
_HIGHS = np.uint64(0x8080808080808080)
_BELOW = np.uint64(0x21 * 0x0101010101010101)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_LOWER_HALF = np.uint64(0xFFFFFFFF)
_WHITE = np.uint64(ASCII_WHITE)
_MIX, _MIX_LENGTH = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)  # odd, with bits well spread
_HALF, _BYTE = np.uint64(32), np.uint64(8)


@njit(cache=True, nogil=True)
def _is_white(byte: int) -> bool:
    return byte <= SPACE and (_WHITE >> np.uint64(byte)) & np.uint64(1) != 0


@njit(cache=True, nogil=True)
def _token_end(text: Bytes, start: int) -> int:
    """Return where the token at `start` ends, which the padding makes certain."""
    end = start
    while True:
        word = load_uint64(text, end)
        low = (word - _BELOW) & ~word & _HIGHS  # the lowest bit set marks the first byte below 0x21
        if low == 0:
            end += 8
            continue
        end += trailing_zeros(low) >> 3
        if _is_white(text[end]):
            return end
        end += 1  # a control character that isn't white space


@njit(cache=True, nogil=True)
def _key(text: Bytes, start: int, length: int) -> np.uint64:
    if length <= 8:
        short: np.uint64 = load_uint64(text, start) & (_ALL >> (np.uint64(64) - _BYTE * np.uint64(length)))
        return short
    last = start + length - 8
    key = load_uint64(text, last)
    for position in range(start, last, 8):
        key = (key ^ load_uint64(text, position)) * _MIX
        key ^= key >> _HALF
    return key


@njit(cache=True, nogil=True)
def _first_slot(key: np.uint64, length: np.uint64, n_slots: int) -> np.int64:
    mixed = (key ^ length * _MIX_LENGTH) * _MIX
    mixed = (mixed ^ (mixed >> _HALF)) * _MIX
    slot: np.int64 = np.int64(mixed >> (np.uint64(64) - np.uint64(trailing_zeros(np.uint64(n_slots)))))
    return slot


@njit(cache=True, nogil=True)
def _same(text: Bytes, start: int, spelling: Bytes, place: int, length: int) -> bool:
    """Compare `length` > 8 bytes, eight at a time."""
    for i in range(0, length - 8, 8):
        if load_uint64(text, start + i) != load_uint64(spelling, place + i):
            return False
    return bool(load_uint64(text, start + length - 8) == load_uint64(spelling, place + length - 8))


@njit(cache=True, nogil=True)
def _scan(
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
    n_slots, room = slots.shape[0], counts.shape[0]
    while position < length:
        byte = text[position]
        if _is_white(byte):
            if byte == NEWLINE and in_sentence:
                ids[n_ids] = SENTENCE_END
                n_ids += 1
                in_sentence = False
            position += 1
            continue
        end = _token_end(text, position)
        size = end - position
        key, long_size = _key(text, position, size), np.uint64(size)
        slot = _first_slot(key, long_size, n_slots)
        while True:
            owner = slots[slot, 1]
            if owner == 0:
                if n_words == room:
                    return position, in_sentence, n_words, n_ids
                word = n_words
                n_words += 1
                slots[slot, 0], slots[slot, 1] = key, long_size << _HALF | np.uint64(n_words)
                place = starts[word]
                for i in range(size):
                    spelling[place + i] = text[position + i]
                spelling[place + size] = SPACE
                starts[n_words] = place + size + 1
                break
            if slots[slot, 0] == key and owner >> _HALF == long_size:
                word = np.int64(owner & _LOWER_HALF) - 1
                if size <= 8 or _same(text, position, spelling, starts[word], size):
                    break
            slot = (slot + 1) & (n_slots - 1)
        counts[word] += 1
        ids[n_ids] = word
        n_ids += 1
        in_sentence = True
        position = end
    return position, in_sentence, n_words, n_ids


@njit(cache=True, nogil=True)
def _rehash(old: Slots, new: Slots) -> None:
    for i in range(old.shape[0]):
        if old[i, 1] != 0:
            slot = _first_slot(old[i, 0], old[i, 1] >> _HALF, new.shape[0])
            while new[slot, 1] != 0:
                slot = (slot + 1) & (new.shape[0] - 1)
            new[slot, 0], new[slot, 1] = old[i, 0], old[i, 1]


class WordTable:
    """The distinct words of what it has scanned, numbered in the order in which they came, with their counts.

    Not to be used by two threads at once.
    """

    def __init__(self) -> None:
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
        self._reserve_spelling(length + 1)
        position = n_ids = 0
        while position < length:
            position, in_sentence, self._n_words, n_ids = _scan(
                text, position, length, in_sentence,
                self._slots, self._spelling, self._starts, self._counts, self._n_words, ids, n_ids,
            )  # fmt: skip
            if position < length:
                self._grow()
        return n_ids

    def merge(self, other: WordTable) -> Ids:
        """Add the words and counts of `other`, and return which of the words here each of its words is."""
        spelling = other.spelling()
        ids = np.empty(len(spelling) + 1, np.int32)
        n_ids = self.scan(np.concatenate([spelling, np.full(PADDING, SPACE, np.uint8)]), len(spelling), ids)
        mapping: Ids = ids[:n_ids].copy()
        self._counts[mapping] += other.counts - 1  # the scan counted each word once
        return mapping

    def _reserve_spelling(self, extra: int) -> None:
        used = int(self._starts[self._n_words])
        if used + extra > len(self._spelling):
            new = np.empty(max(2 * len(self._spelling), used + extra), np.uint8)
            new[:used] = self._spelling[:used]
            self._spelling = new

    def _grow(self) -> None:
        n = len(self._slots)
        slots = np.zeros((2 * n, 2), np.uint64)
        _rehash(self._slots, slots)
        self._slots = slots
        self._counts = np.concatenate([self._counts, np.zeros(n // 2, np.int64)])
        self._starts = np.concatenate([self._starts, np.zeros(n // 2, np.int64)])
