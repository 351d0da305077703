"""Phrases joined in a text: each becomes one word, from left to right."""

from __future__ import annotations

from contextlib import closing
from typing import NamedTuple

import numpy as np

from w2v.parallel import map_in_order
from w2v.phrases.numbered_text import IdBlock, NumberedText
from w2v.phrases.pair_table import PairSlots, PhraseTable, gap_digits, join_pairs, number_pairs
from w2v.progress import Progress
from w2v.tokens.arrays import Int64s, TokenIds


class PhraseIds(NamedTuple):
    """Pairs to join: arrays of shape (phrases,).

    Attributes:
        first: ids of the first words, int64.
        second: ids of the second words, int64.
        gap: the connector words between, as w2v.phrases.pair_table numbers them, int64.
        token: the id that each phrase becomes, int32.
    """

    first: Int64s
    second: Int64s
    gap: Int64s
    token: TokenIds

    def table(self, n_words: int) -> PhraseTable:
        """Return the phrases, ready to look up, of a text with `n_words` different words."""
        starts = np.zeros(n_words, np.bool_)
        starts[self.first] = True
        slots: PairSlots = np.zeros((1 << (2 * len(self.first) + 1).bit_length(), 2), np.uint64)
        number_pairs(self.first, self.second, self.gap, slots)
        return PhraseTable(starts, slots, self.token)


def join_all(text: NumberedText, phrases: PhraseIds, progress: Progress) -> Int64s:
    """Join phrases in the ids of a text, and update its counts.

    Args:
        text: the text; changed.
        phrases: what to join.
        progress: receives progress in ids.

    Returns:
        The number of joins of each phrase.
    """
    table = phrases.table(len(text.table))

    def join(chain: range) -> tuple[list[IdBlock], Int64s, int]:
        return _join_chain(text, table, chain)

    joined = np.zeros(len(phrases.first), np.int64)
    blocks: list[IdBlock] = []
    longest = done = 0
    progress.start("joining", text.n_ids, "words")
    try:
        with closing(map_in_order(join, text.chains(), text.threads)) as results:
            for chain, (new, times, longest_here) in zip(text.chains(), results, strict=True):
                blocks += new
                joined += times
                longest = max(longest, longest_here)
                done += sum(text.blocks[number].n_ids for number in chain)
                progress.update(done)
    finally:
        progress.finish()
    text.blocks, text.longest_sentence = blocks, longest
    _recount(text, phrases, joined)
    text.joins += int(joined.sum())
    text.joined_phrases += int(np.count_nonzero(joined))
    return joined


def _join_chain(text: NumberedText, phrases: PhraseTable, chain: range) -> tuple[list[IdBlock], Int64s, int]:
    """Join in blocks that share sentences; return them as they are now, joins by phrase, and the longest sentence."""
    blocks = []
    buffer = text.new_buffer()
    joined = np.zeros(len(phrases.new_ids), np.int64)
    run = longest = skipped = 0
    for number in chain:
        stretch = text.read(number, buffer)
        position, n, run, longest_here = join_pairs(stretch, skipped, text.connectors, phrases, joined, run)
        skipped = position - stretch.n_own
        longest = max(longest, longest_here)
        place, _, is_open = text.blocks[number]
        if n:
            text.file.write(place, stretch.ids[:n])
            blocks.append(IdBlock(place, n, is_open))
    return blocks, joined, longest


def _recount(text: NumberedText, phrases: PhraseIds, joined: Int64s) -> None:
    counts = text.table.counts
    np.add.at(counts, phrases.token, joined)  # several pairs may become the same token
    np.subtract.at(counts, phrases.first, joined)
    np.subtract.at(counts, phrases.second, joined)
    text.tokens -= int(joined.sum())
    for connectors in gap_digits(phrases.gap, text.connectors.n):
        inside = connectors >= 0
        np.subtract.at(counts, connectors[inside], joined[inside])
        text.tokens -= int(joined[inside].sum())
