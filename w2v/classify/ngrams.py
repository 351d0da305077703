"""Word n-grams, such as pairs, as features: each is known by a hash of its words, and found in a hash table.

The hash of an n-gram w1 w2 ... goes over its words: h = mix(h) + g (1 + row of the next word), where g is odd and mix
spreads bits. It has 64 bits, so that two of ten million n-grams share one with a probability of 3 in a million.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.compiling import helper, kernel
from w2v.errors import TrainingError
from w2v.hashing import GOLDEN, GOLDEN_SECOND
from w2v.memory_need import MemoryNeed
from w2v.networks import Bags
from w2v.networks.row_sums import Ints

Keys = npt.NDArray[np.uint64]

_FIRST_SLOTS = 1 << 16
_SLOT = 20  # bytes
_BITS = 2**64 - 1
_WORD, _NGRAM = np.uint64(GOLDEN), np.uint64(GOLDEN_SECOND)
_ONE, _SHIFT, _HALF = np.uint64(1), np.uint64(29), np.uint64(32)


def frequent_ngrams(words: Bags, known: int, longest: int, least: int) -> Keys:
    """Return the hashes of the n-grams that are in at least `least` texts, ascending.

    Args:
        words: the rows of the words of texts.
        known: rows from this one on are no words that an n-gram may hold.
        longest: words in an n-gram, at most.
        least: texts.
    """
    table = _Counts(_FIRST_SLOTS)
    bag = place = 0
    while bag < len(words):
        bag, place, size = _count_ngrams(
            words.rows, words.bounds, known, longest, table.keys, table.counts, table.seen, bag, place, table.size
        )
        table.size = size
        if bag < len(words):
            table = table.grown()
    frequent: Keys = np.sort(table.keys[table.counts >= least])
    return frequent


def ngram_hash(words: Sequence[int]) -> int:
    """Return the hash of an n-gram, given by the rows of its words.

    Twin of `_with_word`.
    """
    ngram = (words[0] + 1) * GOLDEN & _BITS
    for word in words[1:]:
        ngram = max(1, (ngram ^ ngram >> 29) * GOLDEN_SECOND + (word + 1) * GOLDEN & _BITS)
    return ngram


class _Counts:
    """A hash table of n-grams: how many texts each is in.

    Attributes:
        keys: (S,) uint64, S a power of two; 0 is an empty slot.
        counts: (S,), texts.
        seen: (S,), 1 + the last text that held the n-gram.
        size: slots in use.
    """

    def __init__(self, slots: int) -> None:
        self.keys = np.zeros(slots, np.uint64)
        self.counts, self.seen = np.zeros(slots, np.int32), np.zeros(slots, np.int64)
        self.size = 0

    def grown(self) -> _Counts:
        """Return a table with four times the slots, and the same n-grams."""
        MemoryNeed.of(table=4 * _SLOT * len(self.keys)).require(
            f"the texts have more than {self.size:,} different n-grams, and their table needs",
            lambda _: "lower `word_ngrams`, or give fewer texts",
            TrainingError,
        )
        larger = _Counts(4 * len(self.keys))
        _move_counts(self.keys, self.counts, self.seen, larger.keys, larger.counts, larger.seen)
        larger.size = self.size
        return larger


class NgramTable:
    """Finds the features of texts: the rows of their words, and of the n-grams that are known.

    Args:
        ngrams: the hashes of the known n-grams; the first one has the row `known`, and so on.
        known: rows from this one on are no known words.
        longest: words in an n-gram, at most.
    """

    def __init__(self, ngrams: Keys, known: int, longest: int) -> None:
        self._ngrams, self._known, self._longest = ngrams, known, longest if len(ngrams) else 1
        self._slots = np.zeros(1 << (2 * len(ngrams)).bit_length(), np.int32)
        _fill_slots(ngrams, self._slots)

    def rows(self, words: Bags) -> Bags:
        """Return the rows of known words and n-grams, in bags; an n-gram follows the word that it begins with."""
        rows = np.empty(len(words.rows) * self._longest, np.int32)
        bounds = np.zeros(len(words) + 1, np.int64)
        size = _find_rows(words.rows, words.bounds, self._known, self._longest, self._ngrams, self._slots, rows, bounds)
        return Bags(rows[:size], bounds)


@helper
def _word_hash(row: Any) -> Any:
    return (np.uint64(row) + _ONE) * _WORD


@helper
def _with_word(ngram: Any, row: Any) -> Any:
    """Return the hash of an n-gram with one word more; never 0."""
    return max(_ONE, (ngram ^ ngram >> _SHIFT) * _NGRAM + _word_hash(row))


@helper
def _slot(keys: Keys, key: Any) -> Any:
    """Return the slot of a key, or the empty one where it belongs."""
    last = np.uint64(len(keys) - 1)
    slot = (key ^ key >> _HALF) & last
    while keys[slot] != 0 and keys[slot] != key:
        slot = slot + _ONE & last
    return slot


@kernel
def _count_ngrams(
    rows: Ints, bounds: Ints, known: int, longest: int, keys: Keys, counts: Ints, seen: Ints,
    bag: int, place: int, size: int,
) -> tuple[int, int, int]:  # fmt: skip
    """Count each n-gram once for each text that holds it, until all are counted or the table is half full.

    Args:
        rows: the words of all texts, one text after the other.
        bounds: (n + 1,), where in `rows` each text starts, and the last one ends.
        known: rows from this one on are no words that an n-gram may hold.
        longest: words in an n-gram, at most.
        keys: (S,), as in _Counts; changed, as are `counts` and `seen`.
        counts: (S,).
        seen: (S,).
        bag: the text to begin with.
        place: where in `rows` to begin, if it is within that text.
        size: slots in use.

    Returns:
        The text and the place to go on with, n at the end, and the slots in use.

    Twin: `plain_features` in tests/test_classify.py.
    """
    while bag < len(bounds) - 1:
        for first in range(max(place, bounds[bag]), bounds[bag + 1]):
            if 2 * (size + longest) > len(keys):
                return bag, first, size
            if rows[first] >= known:
                continue
            ngram = _word_hash(rows[first])
            for following in range(first + 1, min(first + longest, bounds[bag + 1])):
                if rows[following] >= known:
                    break
                ngram = _with_word(ngram, rows[following])
                slot = _slot(keys, ngram)
                if keys[slot] == 0:
                    keys[slot] = ngram
                    size += 1
                if seen[slot] != bag + 1:
                    seen[slot] = bag + 1
                    counts[slot] += 1
        bag += 1
    return bag, place, size


@kernel
def _move_counts(keys: Keys, counts: Ints, seen: Ints, to_keys: Keys, to_counts: Ints, to_seen: Ints) -> None:
    """Copy the n-grams of a table of _Counts to a larger one.

    Twin: `plain_features` in tests/test_classify.py.
    """
    for source in range(len(keys)):
        if keys[source] != 0:
            slot = _slot(to_keys, keys[source])
            to_keys[slot], to_counts[slot], to_seen[slot] = keys[source], counts[source], seen[source]


@kernel
def _fill_slots(ngrams: Keys, slots: Ints) -> None:
    """Write 1 + the place of each n-gram to its slot, or to the next free one.

    Args:
        ngrams: the hashes of n-grams.
        slots: zeros, a power of two of them, more than n-grams.

    Twin: `plain_features` in tests/test_classify.py.
    """
    last = np.uint64(len(slots) - 1)
    for place in range(len(ngrams)):
        slot = (ngrams[place] ^ ngrams[place] >> _HALF) & last
        while slots[slot] != 0:
            slot = slot + _ONE & last
        slots[slot] = place + 1


@kernel
def _find_rows(
    rows: Ints, bounds: Ints, known: int, longest: int, ngrams: Keys, slots: Ints, of_rows: Ints, of_bounds: Ints
) -> int:
    """Write the rows of known words, and of known n-grams, and return how many there are.

    Args:
        rows: the words of all texts, one text after the other.
        bounds: (n + 1,), where in `rows` each text starts, and the last one ends.
        known: rows from this one on are no known words.
        longest: words in an n-gram, at most.
        ngrams: the hashes of known n-grams.
        slots: as `_fill_slots` makes them.
        of_rows: written; room for longest * len(rows).
        of_bounds: (n + 1,), written.

    Twin: `plain_features` in tests/test_classify.py.
    """
    last, size = np.uint64(len(slots) - 1), 0
    for bag in range(len(bounds) - 1):
        for first in range(bounds[bag], bounds[bag + 1]):
            if rows[first] >= known:
                continue
            of_rows[size] = rows[first]
            size += 1
            ngram = _word_hash(rows[first])
            for following in range(first + 1, min(first + longest, bounds[bag + 1])):
                if rows[following] >= known:
                    break
                ngram = _with_word(ngram, rows[following])
                slot = (ngram ^ ngram >> _HALF) & last
                while slots[slot] != 0 and ngrams[slots[slot] - 1] != ngram:
                    slot = slot + _ONE & last
                if slots[slot] != 0:
                    of_rows[size] = known + slots[slot] - 1
                    size += 1
        of_bounds[bag + 1] = size
    return size
