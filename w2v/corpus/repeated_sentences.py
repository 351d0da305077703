"""Sentences that came before, taken out of a text: a set of 64-bit hashes of all sentences so far."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.compiling import helper, kernel
from w2v.hashing import GOLDEN, GOLDEN_SECOND
from w2v.tokens.arrays import TextBytes
from w2v.tokens.eight_bytes import load_uint64
from w2v.tokens.utf8 import ASCII_WHITE, FIRST_LINE_END, LAST_LINE_END, SPACE
from w2v.wording import counted

_FIRST_SLOTS = 1 << 16
_MOST_SLOTS = 1 << 27  # of eight bytes each
_MIX, _MIX_SIZE = np.uint64(GOLDEN), np.uint64(GOLDEN_SECOND)
_HALF, _ZERO, _ONE, _EIGHT = np.uint64(32), np.uint64(0), np.uint64(1), np.uint64(8)


class _State(NamedTuple):
    """How far a search has come: bytes read, hashes in the set, sentences taken out."""

    position: int
    n_seen: int
    n_repeated: int


class RepeatedSentences:
    r"""The sentences so far, by their hashes. Two of a billion different sentences hardly have the same.

    Attributes:
        count: how many sentences were taken out.

    Example:
        >>> from w2v.tokens.arrays import padded
        >>> text = padded(b"a rose\nis\na rose \nit is\n")
        >>> repeated = RepeatedSentences()
        >>> repeated.blank(text, 24)
        >>> text[:24].tobytes(), repeated.count
        (b'a rose\nis\n       \nit is\n', 1)
    """

    def __init__(self, most_slots: int = _MOST_SLOTS) -> None:
        """Start with no sentences; the set has at most `most_slots` slots, a power of two, and half as many hashes."""
        self._seen = np.zeros(min(_FIRST_SLOTS, most_slots), np.uint64)
        self._most_slots = most_slots
        self._n_seen = 0
        self.count = 0

    @property
    def is_full(self) -> bool:
        """Whether later sentences are no longer added, since the set has reached its size."""
        return len(self._seen) == self._most_slots and self._n_seen >= len(self._seen) // 2

    def note(self) -> str | None:
        """Return a note on the sentences taken out; None if there were none."""
        full = f"; those behind the first {self._n_seen:,} were compared with these only" if self.is_full else ""
        return f"left out {counted(self.count, 'repeated sentence')}{full}" if self.count else None

    def blank(self, text: TextBytes, length: int, *, starts_inside: bool = False, ends_inside: bool = False) -> None:
        """Replace sentences that came before by spaces, without their ends.

        Args:
            text: UTF-8 whose white space is ASCII, a sentence on each line, `length` bytes and PADDING; changed.
            length: bytes of text.
            starts_inside: whether it starts inside a sentence, which is then left alone.
            ends_inside: whether it ends inside a sentence, which is then left alone.
        """
        position = 0
        if starts_inside or ends_inside:
            ends = np.flatnonzero((text[:length] >= FIRST_LINE_END) & (text[:length] <= LAST_LINE_END))
            if not len(ends):
                return
            position = int(ends[0]) if starts_inside else 0
            length = int(ends[-1]) + 1 if ends_inside else length
        state = _State(position, self._n_seen, 0)
        while state.position < length:
            state = _blank(text, length, self._seen, self._most_slots, state)
            if state.position < length:
                self._grow()
        self._n_seen = state.n_seen
        self.count += state.n_repeated

    def _grow(self) -> None:
        larger = np.zeros(2 * len(self._seen), np.uint64)
        _insert_all(self._seen, larger)
        self._seen = larger


@helper
def _line_end(text: TextBytes, position: int, length: int) -> int:
    while position < length and not FIRST_LINE_END <= text[position] <= LAST_LINE_END:
        position += 1
    return position


@helper
def _is_white(byte: int) -> bool:
    return byte <= SPACE and ASCII_WHITE >> byte & 1 != 0


@helper
def _hash(text: TextBytes, start: int, stop: int) -> Any:
    """Return a hash of some bytes, a uint64 other than 0. Bytes behind them are read, but do not count."""
    size = np.uint64(stop - start)
    key = size * _MIX_SIZE
    i = start
    while i + 8 <= stop:
        key = (key ^ load_uint64(text, i)) * _MIX
        key ^= key >> _HALF
        i += 8
    rest = load_uint64(text, i) & ((_ONE << _EIGHT * np.uint64(stop - i)) - _ONE)
    key = (key ^ rest) * _MIX_SIZE
    key = (key ^ key >> _HALF) * _MIX
    return key ^ key >> _HALF | _ONE


@helper
def _slot_of(key: np.uint64, seen: npt.NDArray[np.uint64]) -> Any:
    """Return the slot of a hash, or the empty one where it belongs."""
    last = np.uint64(seen.shape[0] - 1)
    slot = key >> _ONE & last
    while seen[slot] not in (_ZERO, key):
        slot = (slot + _ONE) & last
    return slot


@kernel
def _insert_all(old: npt.NDArray[np.uint64], new: npt.NDArray[np.uint64]) -> None:
    """Put all hashes of one set into another. Twin: `distinct` in tests/test_cleaning.py."""
    for key in old:
        if key != _ZERO:
            new[_slot_of(key, new)] = key


@kernel
def _blank(
    text: TextBytes, length: int, seen: npt.NDArray[np.uint64], most_slots: int, state: _State
) -> _State:  # fmt: skip
    """Blank repeated sentences until the end of the text, or until the set is half full and may grow.

    Twin: `distinct` in tests/test_cleaning.py.
    """
    position, n_seen, n_repeated = state.position, state.n_seen, state.n_repeated
    while position < length:
        end = _line_end(text, position, length)
        start, stop = position, end
        while start < stop and _is_white(text[start]):
            start += 1
        while stop > start and _is_white(text[stop - 1]):
            stop -= 1
        if start < stop:
            key = _hash(text, start, stop)
            slot = _slot_of(key, seen)
            if seen[slot] == key:
                for i in range(start, stop):
                    text[i] = SPACE
                n_repeated += 1
            elif 2 * n_seen < seen.shape[0]:
                seen[slot] = key
                n_seen += 1
            elif seen.shape[0] < most_slots:
                return _State(position, n_seen, n_repeated)
        position = end + 1
    return _State(position, n_seen, n_repeated)
