"""How often each pair of neighbouring words occurs: counted exactly, in parallel, and in bounded memory.

The hashes of pairs are shared out by their first bits: each part has a table of its own, and goes over all ids for the
pairs that are its. So no pair is in two tables, and nothing has to be merged. When a table has reached its share of the
memory, its part is halved: the pairs of the other half are forgotten, and counted in a later round over the ids. Counts
never depend on the memory or on the threads; pruning, which word2phrase and gensim use, would make them.
"""

from __future__ import annotations

from collections import deque
from operator import methodcaller
from typing import NamedTuple

import numpy as np

from w2v.corpus.arrays import Counts
from w2v.parallel import map_in_order
from w2v.phrases.numbered_text import Text
from w2v.phrases.pair_table import LARGEST_VALUE, Slots, count_pairs, move_pairs
from w2v.progress import Progress

_FIRST_SLOTS = 1 << 16
_SLOT_BYTES = 16
_BLOCKS_AT_ONCE = 16  # of a thread, between two reports of progress


class Pairs(NamedTuple):
    """Pairs of words, in no order: arrays of shape (pairs,), int64.

    Attributes:
        first: the ids of their first words.
        second: the ids of their second words.
        gap: the connector words between, as w2v.phrases.pair_table numbers them.
        counts: how often each pair occurs; 2**32 - 1 stands for all above, too.
    """

    first: Counts
    second: Counts
    gap: Counts
    counts: Counts


class _Part:
    """The pairs whose hash has one prefix."""

    def __init__(self, text: Text, bits: int, prefix: int, most_slots: int) -> None:
        self.n_used = 0
        self.split_off: list[tuple[int, int]] = []  # the parts that were given up
        self._text = text
        self._bits, self._prefix = bits, prefix
        self._most_slots = most_slots
        self._slots: Slots = np.zeros((min(_FIRST_SLOTS, most_slots), 2), np.uint64)
        self._buffer = text.new_buffer()

    def count(self, blocks: range) -> None:
        for number in blocks:
            ids, n_own = self._text.read(number, self._buffer)
            position = 0
            while position < n_own:
                position, self.n_used = count_pairs(
                    ids, position, n_own, self._text.n_connectors, self._text.most_gap,
                    self._slots, self.n_used, 3 * len(self._slots) // 4, self._bits, self._prefix,
                )  # fmt: skip
                if position < n_own:
                    self._make_room()

    def at_least(self, min_count: int) -> Pairs:
        """Return the pairs that occur as often."""
        counts = self._slots[:, 1] & np.uint64(LARGEST_VALUE)
        chosen = self._slots[counts >= max(1, min_count)]
        halves = [half.astype(np.int64) for column in chosen.T for half in (column >> np.uint64(32), column)]
        return Pairs(halves[0], halves[1] & LARGEST_VALUE, halves[2], halves[3] & LARGEST_VALUE)

    def _make_room(self) -> None:
        n = len(self._slots)
        if n < self._most_slots:
            n *= 2
        else:
            self._bits, self._prefix = self._bits + 1, 2 * self._prefix
            self.split_off.append((self._bits, self._prefix + 1))
        slots = np.zeros((n, 2), np.uint64)
        self.n_used = move_pairs(self._slots, slots, self._bits, self._prefix)
        self._slots = slots


def count_all(text: Text, min_count: int, memory: int, progress: Progress) -> tuple[Pairs, int]:
    """Count all pairs of neighbouring words that no sentence end divides.

    Args:
        text: the text.
        min_count: which pairs to return: those that occur as often.
        memory: most bytes for the tables, in which every different pair takes 16 to 64.
        progress: is told how many ids have been gone through.

    Returns:
        The pairs, and how many different pairs there are, the rarer ones included.
    """
    bits = (text.threads - 1).bit_length()
    waiting = deque((bits, prefix) for prefix in range(1 << bits))
    at_once = len(waiting)
    # While a table is filled into another one, there are both.
    most_slots = 1 << max(10, (memory // (2 * at_once * _SLOT_BYTES)).bit_length() - 1)
    found: list[Pairs] = []
    n_pairs = 0
    rounds = 0
    while waiting:
        rounds += 1
        parts = [_Part(text, *waiting.popleft(), most_slots) for _ in range(min(at_once, len(waiting)))]
        _count_parts(text, parts, "counting pairs" if rounds == 1 else f"counting pairs, round {rounds}", progress)
        for part in parts:
            n_pairs += part.n_used
            waiting += part.split_off
            found.append(part.at_least(min_count))
    return Pairs(*(np.concatenate(columns) for columns in zip(*found, strict=True))), n_pairs


def _count_parts(text: Text, parts: list[_Part], task: str, progress: Progress) -> None:
    step = _BLOCKS_AT_ONCE * len(parts)
    done = 0
    progress.start(task, text.n_ids, "words")
    try:
        for start in range(0, len(text.blocks), step):
            blocks = range(start, min(start + step, len(text.blocks)))
            deque(map_in_order(methodcaller("count", blocks), parts, text.threads), maxlen=0)
            done += sum(text.blocks[number].n_ids for number in blocks)
            progress.update(done)
    finally:
        progress.finish()
