"""Phrases joined in a text: each becomes one word, from left to right."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.corpus.arrays import Counts, Ids
from w2v.parallel import map_in_order
from w2v.phrases.numbered_text import Block, Text
from w2v.phrases.pair_table import Slots, gap_digits, join_pairs, number_pairs
from w2v.progress import Progress


class PhraseIds(NamedTuple):
    """Pairs to be joined: arrays of shape (phrases,).

    Attributes:
        first: the ids of their first words, int64.
        second: the ids of their second words, int64.
        gap: the connector words between, as w2v.phrases.pair_table numbers them, int64.
        token: the id that each becomes, int32.
    """

    first: Counts
    second: Counts
    gap: Counts
    token: Ids


class _Joiner:
    """What is the same for all blocks."""

    def __init__(self, text: Text, phrases: PhraseIds) -> None:
        self._text = text
        self._phrases = phrases
        self._starts: npt.NDArray[np.bool_] = np.zeros(len(text.table), np.bool_)
        self._starts[phrases.first] = True
        self._slots: Slots = np.zeros((1 << (2 * len(phrases.first) + 1).bit_length(), 2), np.uint64)
        number_pairs(phrases.first, phrases.second, phrases.gap, self._slots)

    def join(self, chain: range) -> tuple[list[Block], Counts, int]:
        """Join in blocks that share sentences; return what they are now, joins by phrase, and the longest sentence."""
        text, blocks = self._text, []
        buffer = text.new_buffer()
        joined = np.zeros(len(self._phrases.first), np.int64)
        run = longest = skipped = 0
        for number in chain:
            ids, n_own = text.read(number, buffer)
            position, n, run, longest_here = join_pairs(
                ids, skipped, n_own, text.n_connectors, text.most_gap,
                self._starts, self._slots, self._phrases.token, joined, run,
            )  # fmt: skip
            skipped = position - n_own
            longest = max(longest, longest_here)
            place, _, is_open = text.blocks[number]
            if n:
                text.file.write(place, ids[:n])
                blocks.append(Block(place, n, is_open))
        return blocks, joined, longest


def join_all(text: Text, phrases: PhraseIds, progress: Progress) -> int:
    """Join phrases in the text's ids, and bring its counts up to date.

    Args:
        text: the text; changed.
        phrases: what to join.
        progress: is told how many ids have been gone through.

    Returns:
        How many phrases were joined.
    """
    joiner = _Joiner(text, phrases)
    joined = np.zeros(len(phrases.first), np.int64)
    blocks: list[Block] = []
    longest = done = 0
    progress.start("joining", text.n_ids, "words")
    try:
        for chain, (new, times, longest_here) in zip(
            text.chains(), map_in_order(joiner.join, text.chains(), text.threads), strict=True
        ):
            blocks += new
            joined += times
            longest = max(longest, longest_here)
            done += sum(text.blocks[number].n_ids for number in chain)
            progress.update(done)
    finally:
        progress.finish()
    text.blocks, text.longest_sentence = blocks, longest
    _recount(text, phrases, joined)
    return int(joined.sum())


def _recount(text: Text, phrases: PhraseIds, joined: Counts) -> None:
    counts = text.table.counts
    np.add.at(counts, phrases.token, joined)  # several pairs may become the same token
    np.subtract.at(counts, phrases.first, joined)
    np.subtract.at(counts, phrases.second, joined)
    text.tokens -= int(joined.sum())
    for connectors in gap_digits(phrases.gap, text.n_connectors):
        inside = connectors >= 0
        np.subtract.at(counts, connectors[inside], joined[inside])
        text.tokens -= int(joined[inside].sum())
