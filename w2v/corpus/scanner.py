"""Bytes to tokens to ids: a hash table of the words met so far, filled by a Numba byte scanner.

A token of at most eight bytes is its own key: its bytes as one integer. A longer one has a hash for a key, and where
keys are equal the bytes are compared, so two words are never taken for one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.corpus.arrays import PADDING, Bytes, Counts, Ids, helper, kernel
from w2v.corpus.bits import load_uint64, store_uint64, trailing_zeros
from w2v.corpus.utf8 import ASCII_WHITE, NEWLINE, SPACE

SENTENCE_END = -1

Word = Any  # np.uint64, whose operators have no better type for mypy
Slots = npt.NDArray[np.uint64]  # (n, 2): the key; the length in the upper half, 1 + the id in the lower

_FIRST_SLOTS = 1 << 16
_BELOW = np.uint64(0x21 * 0x0101010101010101)
_HIGHS = np.uint64(0x8080808080808080)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_TOP = np.uint64(1 << 63)
_WHITE = np.uint64(ASCII_WHITE)
_MIX, _MIX_SIZE = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)  # odd, with bits well spread
_HALF, _LOWER_HALF, _BYTE = np.uint64(32), np.uint64(0xFFFFFFFF), np.uint64(0xFF)
_ONE, _THREE, _EIGHT = np.uint64(1), np.uint64(3), np.uint64(8)  # with an int64, a uint64 would make a float64
_SPACE, _NEWLINE = np.uint64(SPACE), np.uint64(NEWLINE)


@helper
def _is_white(byte: Word) -> bool:
    return bool(byte <= _SPACE and (_WHITE >> byte) & _ONE != 0)


@helper
def _low_bytes(chunk: Word) -> Word:
    """Return a word whose lowest bit set, if any, is the highest of the first byte below 0x21."""
    return (chunk - _BELOW) & ~chunk & _HIGHS


@helper
def _token_end(text: Bytes, position: int) -> int:
    """Return the next white space from `position` on; the padding makes certain that there is some."""
    while True:
        chunk = load_uint64(text, position)
        low = _low_bytes(chunk)
        if low == 0:
            position += 8
            continue
        bits = trailing_zeros(low) - 7
        position += bits >> 3
        if _is_white(chunk >> np.uint64(bits) & _BYTE):
            return position
        position += 1  # a control character that isn't white space


@helper
def _key(text: Bytes, start: int, size: int) -> Word:
    """Return what stands for a token in the table: the token itself, or a hash of more than eight bytes."""
    key = load_uint64(text, start)
    if size <= 8:
        return key & (_ALL >> np.uint64(64 - 8 * size))
    key = (key ^ (key >> _HALF)) * _MIX ^ load_uint64(text, start + size - 8)
    return key if size <= 16 else _longer_key(key, text, start + 8, start + size - 8)


@helper
def _longer_key(key: Word, text: Bytes, start: int, stop: int) -> Word:
    """Mix the bytes between the first eight and the last eight into a key."""
    for position in range(start, stop, 8):
        key = (key ^ (key >> _HALF)) * _MIX ^ load_uint64(text, position)
    return key


@helper
def _first_slot(key: Word, size: Word, shift: Word) -> Word:
    mixed = (key ^ size * _MIX_SIZE) * _MIX
    return ((mixed ^ (mixed >> _HALF)) * _MIX) >> shift


@helper
def _same(text: Bytes, start: int, spelling: Bytes, place: int, size: int) -> bool:
    """Compare `size` > 8 bytes, eight at a time."""
    for i in range(0, size - 8, 8):
        if load_uint64(text, start + i) != load_uint64(spelling, place + i):
            return False
    return bool(load_uint64(text, start + size - 8) == load_uint64(spelling, place + size - 8))


@helper
def _copy(text: Bytes, start: int, size: int, spelling: Bytes, place: int) -> None:
    """Copy a token and put a space behind it; up to seven bytes more are written."""
    for i in range(0, size, 8):
        store_uint64(spelling, place + i, load_uint64(text, start + i))
    spelling[place + size] = SPACE


@kernel
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
    shift = np.uint64(64 - trailing_zeros(np.uint64(slots.shape[0])))
    last_slot = np.uint64(slots.shape[0] - 1)
    while position < length:
        # Most tokens end within eight bytes: then one load has the token, and the white space behind it.
        chunk = load_uint64(text, position)
        low = _low_bytes(chunk)
        bits = np.uint64(trailing_zeros(low | _TOP) - 7)
        byte = chunk >> bits & _BYTE
        if low != 0 and _is_white(byte):
            if bits == 0:
                if byte == _NEWLINE and in_sentence:
                    ids[n_ids] = SENTENCE_END
                    n_ids += 1
                    in_sentence = False
                position += 1
                continue
            end = position + np.int64(bits >> _THREE)
            after = end + np.int64(byte == _SPACE)
            key = chunk & ((_ONE << bits) - _ONE)
        else:
            end = after = _token_end(text, position)
            key = _key(text, position, end - position)
        size = np.uint64(end - position)
        slot = _first_slot(key, size, shift)
        while True:
            owner = slots[slot, 1]
            if owner == 0:
                if n_words == counts.shape[0]:
                    return position, in_sentence, n_words, n_ids
                word = np.uint64(n_words)
                n_words += 1
                slots[slot, 0], slots[slot, 1] = key, size << _HALF | np.uint64(n_words)
                place = starts[word]
                _copy(text, position, end - position, spelling, place)
                starts[n_words] = place + end - position + 1
                break
            if slots[slot, 0] == key and owner >> _HALF == size:
                word = (owner & _LOWER_HALF) - _ONE
                if size <= _EIGHT or _same(text, position, spelling, starts[word], end - position):
                    break
            slot = (slot + _ONE) & last_slot
        counts[word] += 1
        ids[n_ids] = word
        n_ids += 1
        in_sentence = True
        position = after
    return position, in_sentence, n_words, n_ids


@kernel
def _rehash(old: Slots, new: Slots) -> None:
    shift = np.uint64(64 - trailing_zeros(np.uint64(new.shape[0])))
    last_slot = np.uint64(new.shape[0] - 1)
    for i in range(old.shape[0]):
        if old[i, 1] != 0:
            slot = _first_slot(old[i, 0], old[i, 1] >> _HALF, shift)
            while new[slot, 1] != 0:
                slot = (slot + _ONE) & last_slot
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
