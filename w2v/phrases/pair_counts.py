"""How often each pair of neighbouring words occurs: counted exactly, in parallel, and in bounded memory.

The first bits of a pair's hash say which part it belongs to. Each part has a table and reads all ids for its own pairs,
so no pair is in two tables and nothing has to be merged. When a table has used its share of the memory, its part is
halved: the pairs of the other half are dropped, and counted in a later round over the ids.

    2 threads      round 1   part 0.. | part 1..           part 1.. fills up and becomes 10..
                   round 2   part 11..

Counts never depend on memory or threads; they would with pruning, which word2phrase and gensim use.
"""

from __future__ import annotations

from collections import deque
from operator import methodcaller
from typing import NamedTuple

import numpy as np

from w2v.parallel import map_in_order
from w2v.phrases.numbered_text import NumberedText
from w2v.phrases.pair_table import LARGEST_VALUE, HashPart, PairSlots, count_pairs, move_pairs
from w2v.progress import Progress
from w2v.tokens.arrays import Int64s

_FIRST_SLOTS = 1 << 16
_SLOT_BYTES = 16
_BLOCKS_AT_ONCE = 16  # of a thread, between two reports of progress


class PairCounts(NamedTuple):
    """Pairs of words in no order: arrays of shape (pairs,), int64.

    Attributes:
        first: ids of the first words.
        second: ids of the second words.
        gap: the connector words between, as w2v.phrases.pair_table numbers them.
        counts: how often each pair occurs; 2**32 - 1 stands for anything larger too.
    """

    first: Int64s
    second: Int64s
    gap: Int64s
    counts: Int64s


class _PartCounter:
    """Counts the pairs of one part."""

    def __init__(self, text: NumberedText, part: HashPart, most_slots: int) -> None:
        self.n_used = 0
        self.split_off: list[HashPart] = []  # the parts that were dropped
        self._text = text
        self._part = part
        self._most_slots = most_slots
        self._slots: PairSlots = np.zeros((min(_FIRST_SLOTS, most_slots), 2), np.uint64)
        self._buffer = text.new_buffer()

    def count(self, blocks: range) -> None:
        for number in blocks:
            stretch = self._text.read(number, self._buffer)
            position = 0
            while position < stretch.n_own:
                position, self.n_used = count_pairs(
                    stretch, position, self._text.connectors, self._slots, self.n_used, self._part
                )
                if position < stretch.n_own:
                    self._make_room()

    def at_least(self, min_count: int) -> PairCounts:
        """Return the pairs that occur at least as often."""
        counts = self._slots[:, 1] & np.uint64(LARGEST_VALUE)
        chosen = self._slots[counts >= max(1, min_count)]
        halves = [half.astype(np.int64) for column in chosen.T for half in (column >> np.uint64(32), column)]
        return PairCounts(halves[0], halves[1] & LARGEST_VALUE, halves[2], halves[3] & LARGEST_VALUE)

    def _make_room(self) -> None:
        n = len(self._slots)
        if n < self._most_slots:
            n *= 2
        else:
            bits, prefix = self._part.bits + 1, 2 * self._part.prefix
            self._part = HashPart(bits, prefix)
            self.split_off.append(HashPart(bits, prefix + 1))
        slots = np.zeros((n, 2), np.uint64)
        self.n_used = move_pairs(self._slots, slots, self._part)
        self._slots = slots


def count_all(text: NumberedText, min_count: int, memory: int, progress: Progress) -> tuple[PairCounts, int]:
    """Count all pairs of neighbouring words that no sentence end divides.

    Args:
        text: the text.
        min_count: return the pairs that occur at least as often.
        memory: most bytes for the tables, in which every different pair takes 16 to 64.
        progress: receives progress in ids.

    Returns:
        The pairs, and the number of different pairs, the rarer ones included.
    """
    bits = (text.threads - 1).bit_length()
    waiting = deque(HashPart(bits, prefix) for prefix in range(1 << bits))
    at_once = len(waiting)
    # While a table is moved into another one, there are both.
    most_slots = 1 << max(10, (memory // (2 * at_once * _SLOT_BYTES)).bit_length() - 1)
    found: list[PairCounts] = []
    n_pairs = 0
    rounds = 0
    while waiting:
        rounds += 1
        counters = [_PartCounter(text, waiting.popleft(), most_slots) for _ in range(min(at_once, len(waiting)))]
        _count_round(text, counters, "counting pairs" if rounds == 1 else f"counting pairs, round {rounds}", progress)
        for counter in counters:
            n_pairs += counter.n_used
            waiting += counter.split_off
            found.append(counter.at_least(min_count))
    return PairCounts(*(np.concatenate(columns) for columns in zip(*found, strict=True))), n_pairs


def _count_round(text: NumberedText, counters: list[_PartCounter], task: str, progress: Progress) -> None:
    step = _BLOCKS_AT_ONCE * len(counters)
    done = 0
    progress.start(task, text.n_ids, "words")
    try:
        for start in range(0, len(text.blocks), step):
            blocks = range(start, min(start + step, len(text.blocks)))
            deque(map_in_order(methodcaller("count", blocks), counters, text.threads), maxlen=0)
            done += sum(text.blocks[number].n_ids for number in blocks)
            progress.update(done)
    finally:
        progress.finish()
