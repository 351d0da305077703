"""Pairs of neighbouring words as keys of a hash table with open addressing, which counts them or numbers phrases.

A pair is two words and the connector words between them, if any. The ids of the two words make one integer, the key;
the connectors make another, the gap, as the digits of a number in base "connector words + 1":

    text   bank of the america            ids   9 0 1 7, of which 0 and 1 are connector words, so the base is 3
    key    9 << 32 | 7
    gap    (0 + 1) * 3 + (1 + 1) = 5

So different connectors have different gaps. A gap has 32 bits: four of 255 connector words can stand in a row, or seven
of 21. Where more stand in a row, there is no pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.compiling import helper, kernel
from w2v.hashing import GOLDEN, GOLDEN_SECOND
from w2v.tokens.arrays import Int64s, TokenIds
from w2v.tokens.eight_bytes import trailing_zeros

# (n, 2), n a power of two: first word and second word; gap and value. 32 bits each; the value 0 is an empty slot.
PairSlots = npt.NDArray[np.uint64]
UInt64 = Any  # np.uint64, whose operators mypy can't type

GAP_LIMIT = 1 << 32
LONGEST_GAP = 32  # connectors in the largest gap, in base 2
LARGEST_VALUE = (1 << 32) - 1

_HALF, _LOWER_HALF, _ONE = np.uint64(32), np.uint64(0xFFFFFFFF), np.uint64(1)
_MIX, _MIX_GAP = np.uint64(GOLDEN), np.uint64(GOLDEN_SECOND)


class IdStretch(NamedTuple):
    """A block of ids, and what follows of its last sentence as far as a pair may reach.

        ids     new york -1 in new | york is -1        n_own = 5

    Attributes:
        ids: int32, words and sentence ends; the last id is a sentence end.
        n_own: ids of the block itself; pairs start only there.
    """

    ids: TokenIds
    n_own: int


class Connectors(NamedTuple):
    """The connector words, which are the first words of the table.

    Attributes:
        n: their number; ids below it are connector words.
        most_gap: the largest gap to which another connector can be added.
    """

    n: int
    most_gap: int

    @classmethod
    def first(cls, n: int) -> Connectors:
        """Return the first n words as connector words."""
        return cls(n, (GAP_LIMIT - 1 - n) // (n + 1))


class HashPart(NamedTuple):
    """The pairs whose hash starts with these bits: `prefix`, of `bits` bits."""

    bits: int
    prefix: int


class PhraseTable(NamedTuple):
    """What join_pairs looks up.

    Attributes:
        starts: (words,), whether a phrase starts with the word.
        slots: a table of pairs, with 1 + the number of the phrase as value.
        new_ids: (phrases,) int32, what each phrase becomes.
    """

    starts: npt.NDArray[np.bool_]
    slots: PairSlots
    new_ids: TokenIds


def gap_digits(gaps: Int64s, n_connectors: int) -> Iterator[Int64s]:
    """Yield the connectors of each gap, the last ones first, shape of `gaps`; -1 where there are no more.

    Example:
        >>> [digits.tolist() for digits in gap_digits(np.array([5, 1, 0]), 2)]
        [[1, 0, -1], [0, -1, -1]]
    """
    while gaps.any():
        yield gaps % (n_connectors + 1) - 1
        gaps = gaps // (n_connectors + 1)


def gap_of(connectors: Sequence[int], n_connectors: int) -> int:
    """Return the gap of connectors, given by their ids; GAP_LIMIT or more where there are too many.

    Example:
        >>> gap_of([0, 1], 2)
        5
    """
    gap = 0
    for connector in connectors:
        gap = gap * (n_connectors + 1) + connector + 1
    return gap


@helper
def hashed(key: UInt64, gap: UInt64) -> UInt64:
    """Return 64 bits, the upper ones well mixed."""
    mixed = (key ^ gap * _MIX_GAP) * _MIX
    return (mixed ^ (mixed >> _HALF)) * _MIX


@helper
def slot_of(slots: PairSlots, key: UInt64, gap: UInt64, place: UInt64) -> UInt64:
    """Return the slot of a pair, or the empty one where it belongs; the upper bits of `place` say where to look."""
    slot = place >> np.uint64(64 - trailing_zeros(np.uint64(slots.shape[0])))
    last_slot = np.uint64(slots.shape[0] - 1)
    while True:
        rest = slots[slot, 1]
        if rest == 0 or (slots[slot, 0] == key and rest >> _HALF == gap):
            return slot
        slot = (slot + _ONE) & last_slot


@helper
def pair_from(ids: TokenIds, position: int, connectors: Connectors) -> tuple[int, UInt64, UInt64]:
    """Return the position of the second word, the key and the gap of the pair whose first word is at `position`.

    The position is 0 where there is no pair: the sentence ends, or too many connectors stand in a row.

    Twin: `pairs_in` in tests/test_phrases.py.
    """
    gap = np.int64(0)
    place = position + 1
    word = np.int64(ids[place])
    while 0 <= word < connectors.n:
        if gap > connectors.most_gap:
            return 0, np.uint64(0), np.uint64(0)
        gap = gap * (connectors.n + 1) + word + 1
        place += 1
        word = np.int64(ids[place])
    if word < 0:
        return 0, np.uint64(0), np.uint64(0)
    return place, np.uint64(ids[position]) << _HALF | np.uint64(word), np.uint64(gap)


@kernel
def count_pairs(
    stretch: IdStretch, position: int, connectors: Connectors, slots: PairSlots, n_used: int, part: HashPart
) -> tuple[int, int]:
    """Count the pairs of one part from `position` on, until the stretch ends or three quarters of the slots are used.

        ids    new york is new york        pairs   (new, york) 2   (york, is) 1   (is, new) 1

    Args:
        stretch: the ids.
        position: where to start.
        connectors: the connector words.
        slots: the table; changed.
        n_used: slots in use.
        part: which pairs to count.

    Returns:
        The position and n_used at the end.

    Twin: `scores_of` in tests/test_phrases.py.
    """
    ids = stretch.ids
    most_used = 3 * slots.shape[0] // 4
    shift, prefix = np.uint64(part.bits), np.uint64(part.prefix)
    while position < stretch.n_own:
        if ids[position] >= connectors.n:
            second, key, gap = pair_from(ids, position, connectors)
            if second > 0:
                mixed = hashed(key, gap)
                if part.bits == 0 or mixed >> np.uint64(64 - part.bits) == prefix:
                    slot = slot_of(slots, key, gap, mixed << shift)
                    rest = slots[slot, 1]
                    if rest == 0:
                        if n_used == most_used:
                            return position, n_used
                        n_used += 1
                        slots[slot, 0], slots[slot, 1] = key, gap << _HALF | _ONE
                    elif rest & _LOWER_HALF != _LOWER_HALF:
                        slots[slot, 1] = rest + _ONE
        position += 1
    return position, n_used


@kernel
def move_pairs(old: PairSlots, new: PairSlots, part: HashPart) -> int:
    """Put the pairs of one part into an empty table, and return their number.

    Twin: `scores_of` in tests/test_phrases.py, whatever the memory.
    """
    n = 0
    for i in range(old.shape[0]):
        rest = old[i, 1]
        if rest != 0:
            mixed = hashed(old[i, 0], rest >> _HALF)
            if part.bits == 0 or mixed >> np.uint64(64 - part.bits) == np.uint64(part.prefix):
                slot = slot_of(new, old[i, 0], rest >> _HALF, mixed << np.uint64(part.bits))
                new[slot, 0], new[slot, 1] = old[i, 0], rest
                n += 1
    return n


@kernel
def number_pairs(first: Int64s, second: Int64s, gap: Int64s, slots: PairSlots) -> None:
    """Put different pairs, arrays of shape (pairs,), into an empty table, with 1 + their number as value.

    Twin: `joined` in tests/test_phrases.py, which finds phrases in a dict.
    """
    for i in range(first.shape[0]):
        key, between = np.uint64(first[i]) << _HALF | np.uint64(second[i]), np.uint64(gap[i])
        slot = slot_of(slots, key, between, hashed(key, between))
        slots[slot, 0], slots[slot, 1] = key, between << _HALF | np.uint64(i + 1)


@kernel
def join_pairs(
    stretch: IdStretch, position: int, connectors: Connectors, phrases: PhraseTable, joined: Int64s, run: int
) -> tuple[int, int, int, int]:
    """Join phrases from left to right, in place: a word that ends a phrase doesn't begin another.

        ids          new york is new york city        phrases   new_york, york_city
        afterwards   new_york is new_york city

    Args:
        stretch: the ids; what is left stands at the start of its array afterwards.
        position: where to start; what stands before went into a phrase of the block before.
        connectors: the connector words.
        phrases: what to join.
        joined: (phrases,), counts the joins of each phrase; changed.
        run: tokens of the first sentence before this stretch.

    Returns:
        The position behind all that was read, the number of ids left, the tokens of the last sentence so far, and those
        of the longest.

    Twin: `joined` in tests/test_phrases.py.
    """
    ids = stretch.ids
    n = 0
    longest = run
    while position < stretch.n_own:
        word = ids[position]
        after = position + 1
        if word < 0:
            run = 0
        else:
            run += 1
            longest = max(longest, run)
            if word >= connectors.n and phrases.starts[word]:
                second, key, gap = pair_from(ids, position, connectors)
                if second > 0:
                    number = phrases.slots[slot_of(phrases.slots, key, gap, hashed(key, gap)), 1] & _LOWER_HALF
                    if number != 0:
                        phrase = np.int64(number) - 1
                        joined[phrase] += 1
                        word = phrases.new_ids[phrase]
                        after = second + 1
        ids[n] = word
        n += 1
        position = after
    return position, n, run, longest
