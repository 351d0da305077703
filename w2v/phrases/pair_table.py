"""Pairs of neighbouring words as keys of a hash table with open addressing, which counts them or numbers phrases.

A pair is two words and the connector words between them, if any. The words' ids make one integer, and the connectors
another, the gap: the digits of a number whose base is the number of connector words plus one. So a gap is told from
any other, and as it takes 32 bits at most, four of 255 connector words can stand in a row, or seven of 21. Where more
stand in a row, there is no pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.compiling import helper, kernel
from w2v.corpus.arrays import Counts, Ids
from w2v.corpus.bits import trailing_zeros
from w2v.hashing import GOLDEN, GOLDEN_SECOND

Slots = npt.NDArray[
    np.uint64
]  # (n, 2): first word, second word; gap, value. 32 bits each; the value 0 is an empty slot
Word = Any  # np.uint64, whose operators have no better type for mypy

GAP_LIMIT = 1 << 32
LONGEST_GAP = 32  # connectors; so many digits has the largest gap in base 2
LARGEST_VALUE = (1 << 32) - 1

_HALF, _LOWER_HALF, _ONE = np.uint64(32), np.uint64(0xFFFFFFFF), np.uint64(1)
_MIX, _MIX_GAP = np.uint64(GOLDEN), np.uint64(GOLDEN_SECOND)


def gap_digits(gaps: Counts, n_connectors: int) -> Iterator[Counts]:
    """Yield, from the last to the first, the connectors of each gap, shape of `gaps`; -1 where there is no more."""
    while gaps.any():
        yield gaps % (n_connectors + 1) - 1
        gaps = gaps // (n_connectors + 1)


def gap_of(connectors: Sequence[int], n_connectors: int) -> int:
    """Return the gap that is made of connectors, by their ids; not less than GAP_LIMIT if there are too many."""
    gap = 0
    for connector in connectors:
        gap = gap * (n_connectors + 1) + connector + 1
    return gap


@helper
def hashed(key: Word, gap: Word) -> Word:
    """Return 64 bits of which the upper ones are well mixed."""
    mixed = (key ^ gap * _MIX_GAP) * _MIX
    return (mixed ^ (mixed >> _HALF)) * _MIX


@helper
def slot_of(slots: Slots, key: Word, gap: Word, place: Word) -> Word:
    """Return the slot where a pair is, or the empty one where it belongs; `place` are the bits that choose a slot."""
    slot = place >> np.uint64(64 - trailing_zeros(np.uint64(slots.shape[0])))
    last_slot = np.uint64(slots.shape[0] - 1)
    while True:
        rest = slots[slot, 1]
        if rest == 0 or (slots[slot, 0] == key and rest >> _HALF == gap):
            return slot
        slot = (slot + _ONE) & last_slot


@helper
def pair_from(ids: Ids, position: int, n_connectors: int, most_gap: int) -> tuple[int, Word, Word]:
    """Return where the second word of the pair stands whose first is at `position`, 0 without one; its key and gap.

    Ids below n_connectors are connector words; the ids end with an id that is none, and neither is a word.
    """
    gap = np.int64(0)
    place = position + 1
    word = np.int64(ids[place])
    while 0 <= word < n_connectors:
        if gap > most_gap:
            return 0, np.uint64(0), np.uint64(0)
        gap = gap * (n_connectors + 1) + word + 1
        place += 1
        word = np.int64(ids[place])
    if word < 0:
        return 0, np.uint64(0), np.uint64(0)
    return place, np.uint64(ids[position]) << _HALF | np.uint64(word), np.uint64(gap)


@kernel
def count_pairs(
    ids: Ids,
    position: int,
    n_own: int,
    n_connectors: int,
    most_gap: int,
    slots: Slots,
    n_used: int,
    most_used: int,
    bits: int,
    prefix: int,
) -> tuple[int, int]:
    """Count the pairs that start from `position` on and whose hash has this prefix, until the table is full.

    Args:
        ids: int32, words and sentence ends; connector words have the ids below n_connectors.
        position: where to start.
        n_own: where to stop; what stands behind it only ends pairs.
        n_connectors: how many connector words there are.
        most_gap: the largest gap to which another connector can be added.
        slots: the table, a power of two long.
        n_used: how many slots are in use.
        most_used: how many may be.
        bits: how many bits the prefix has.
        prefix: the upper bits of a hash for a pair to be counted here.

    Returns:
        The position and n_used as they are then.
    """
    shift, part = np.uint64(bits), np.uint64(prefix)
    while position < n_own:
        if ids[position] >= n_connectors:
            second, key, gap = pair_from(ids, position, n_connectors, most_gap)
            if second > 0:
                mixed = hashed(key, gap)
                if bits == 0 or mixed >> np.uint64(64 - bits) == part:
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
def move_pairs(old: Slots, new: Slots, bits: int, prefix: int) -> int:
    """Put the pairs whose hash has this prefix into an empty table, and return how many there are."""
    n = 0
    for i in range(old.shape[0]):
        rest = old[i, 1]
        if rest != 0:
            mixed = hashed(old[i, 0], rest >> _HALF)
            if bits == 0 or mixed >> np.uint64(64 - bits) == np.uint64(prefix):
                slot = slot_of(new, old[i, 0], rest >> _HALF, mixed << np.uint64(bits))
                new[slot, 0], new[slot, 1] = old[i, 0], rest
                n += 1
    return n


@kernel
def number_pairs(first: Counts, second: Counts, gap: Counts, slots: Slots) -> None:
    """Put pairs, each given once, into an empty table, with 1 + their number as values."""
    for i in range(first.shape[0]):
        key, between = np.uint64(first[i]) << _HALF | np.uint64(second[i]), np.uint64(gap[i])
        slot = slot_of(slots, key, between, hashed(key, between))
        slots[slot, 0], slots[slot, 1] = key, between << _HALF | np.uint64(i + 1)


@kernel
def join_pairs(
    ids: Ids,
    position: int,
    n_own: int,
    n_connectors: int,
    most_gap: int,
    starts: npt.NDArray[np.bool_],
    slots: Slots,
    new_ids: Ids,
    joined: Counts,
    run: int,
) -> tuple[int, int, int, int]:
    """Join phrases from left to right, in place: a word that ends a phrase doesn't begin another.

    Args:
        ids: as for count_pairs; what is left stands at its start afterwards.
        position: where to start; what stands before went into a phrase of the block before.
        n_own: where to stop; a phrase may reach beyond.
        n_connectors: how many connector words there are.
        most_gap: the largest gap to which another connector can be added.
        starts: for each word whether a phrase starts with it.
        slots: the table with 1 + the number of each phrase.
        new_ids: what each phrase becomes.
        joined: counts how often each phrase was joined.
        run: tokens that the first sentence had before these ids.

    Returns:
        The position behind all that was read, how many ids are left, the tokens of the last sentence so far, and those
        of the longest.
    """
    n = 0
    longest = run
    while position < n_own:
        word = ids[position]
        after = position + 1
        if word < 0:
            run = 0
        else:
            run += 1
            longest = max(longest, run)
            if word >= n_connectors and starts[word]:
                second, key, gap = pair_from(ids, position, n_connectors, most_gap)
                if second > 0:
                    number = slots[slot_of(slots, key, gap, hashed(key, gap)), 1] & _LOWER_HALF
                    if number != 0:
                        phrase = np.int64(number) - 1
                        joined[phrase] += 1
                        word = new_ids[phrase]
                        after = second + 1
        ids[n] = word
        n += 1
        position = after
    return position, n, run, longest
