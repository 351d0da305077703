"""A text in shares that several processes read, with the blocks that one process would make of it.

A source that begins a block of its own, and all small ones behind it, are a *volume*, whose blocks depend on nothing
else. Volumes go to different readers. If there are fewer volumes than readers, several read the same volume, and each
scans every n-th text block of it: reading is much faster than scanning.

    a.txt  b.txt  c.txt (large)  d.txt          volumes  [a.txt, b.txt]  [c.txt, d.txt]
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from w2v.corpus.block_reader import BlockReader
from w2v.corpus.encoded import EncodedCorpus, TrainingBlock, training_blocks
from w2v.corpus.id_file import IdFile
from w2v.corpus.parallel_scan import scan
from w2v.corpus.sources import Source
from w2v.corpus.text_blocks import TEXT_BYTES, BlockFiller, TextBlock
from w2v.corpus.word_ids import choose_words
from w2v.options import CorpusOptions
from w2v.progress import Progress
from w2v.tokens.arrays import TokenIds
from w2v.tokens.scanner import WordTable
from w2v.vocabulary import Vocabulary

WordCounts = tuple[list[str], npt.NDArray[np.int64]]  # words, and how often each occurs


@dataclass(frozen=True)
class Share:
    """What one process reads.

    Attributes:
        sources: a volume.
        first: number of the first text block to scan.
        step: distance between the text blocks to scan.
        is_followed: whether another volume comes next; if so, the last sentence ends there.
    """

    sources: tuple[Source, ...]
    first: int
    step: int
    is_followed: bool


def shares_of(reader: BlockReader, readers: int) -> list[Share]:
    """Return the shares of a text, in the order of the text, for so many readers; there may be more or fewer."""
    volumes: list[list[Source]] = []
    for source in reader.sources:
        if not volumes or reader.begins_block(source):
            volumes.append([])
        volumes[-1].append(source)
    sizes = [sum(source.size or 0 for source in volume) for volume in volumes]
    total = sum(sizes)
    return [
        Share(tuple(volume), first, step, is_followed=number < len(volumes))
        for number, (volume, size) in enumerate(zip(volumes, sizes, strict=True), 1)
        for step in [max(1, round(readers * size / total)) if total else -(-readers // len(volumes))]
        for first in range(step)
    ]


class _ShareReader(BlockReader):
    """The text blocks of a share."""

    def __init__(self, share: Share, options: CorpusOptions, text_bytes: int) -> None:
        super().__init__(share.sources, text_bytes, options, apart=True)
        self._share = share

    def __iter__(self) -> Iterator[TextBlock]:
        return islice(super().__iter__(), self._share.first, None, self._share.step)

    def _rest(self, filler: BlockFiller, bytes_read: int) -> Iterator[TextBlock]:
        return filler.cut_apart(bytes_read) if self._share.is_followed else super()._rest(filler, bytes_read)


class ScannedShare:
    """A share whose tokens are counted and kept as ids on disk.

    Args:
        share: what to read.
        options: how text becomes tokens.
        progress: receives progress in bytes of the sources, and notes.
        text_bytes: bytes of text scanned at once.

    Attributes:
        tokens: tokens of the share.
        longest_sentence: tokens of its longest line.
        block_tokens: tokens with an id in each block, for each text block of the share; `number` sets it.
        max_block_ids: as that of an EncodedCorpus; `number` sets it.
    """

    def __init__(self, share: Share, options: CorpusOptions, progress: Progress, text_bytes: int = TEXT_BYTES) -> None:
        self._options = options
        self._file = IdFile(options.work_dir, progress)
        weakref.finalize(self, self._file.close)  # a worker drops the share when the run is gone
        try:
            self._found = scan(_ShareReader(share, options, text_bytes), options, self._file, progress)
        except BaseException:
            self._file.close()
            raise
        self.tokens, self.longest_sentence = self._found.tokens, self._found.longest_sentence
        self.block_tokens: list[list[int]] = []
        self.max_block_ids = 0
        self._corpus: EncodedCorpus | None = None
        self._is_numbered = False

    def counts(self) -> WordCounts:
        """Return all words and how often each occurs, (W,)."""
        table = WordTable()
        for other in self._found.tables:
            table.merge(other)
        counts = table.counts.copy()
        return table.words(counts > 0), counts[counts > 0]

    def number(self, vocabulary: Vocabulary, block_ids: int) -> None:
        """Give each word its id in a vocabulary, and make the blocks to train on, of at most `block_ids` ids; once."""
        if self._is_numbered:
            return
        self._is_numbered = True
        final_ids = choose_words(self._found, vocabulary).final_ids
        parts = training_blocks(self._file, self._found, final_ids, self._options, block_ids)
        blocks: list[TrainingBlock] = [block for part in parts for block in part]
        self.block_tokens = [[block.tokens for block in part] for part in parts]
        if blocks:
            self._corpus = EncodedCorpus(self._file, self._found, vocabulary, self._options, blocks, block_ids)
            self.max_block_ids = self._corpus.max_block_ids

    def read(self, block: int) -> TokenIds:
        """Return the ids of a block, by its number in the share."""
        assert self._corpus is not None
        return self._corpus.read(block, np.empty(self.max_block_ids, np.int32))

    def close(self) -> None:
        """Remove the temporary file."""
        self._file.close()


def merged_counts(some: Iterable[WordCounts]) -> WordTable:
    """Add up counts of words.

    Example:
        >>> table = merged_counts([(["a", "is"], np.array([2, 1])), (["rose", "a"], np.array([1, 3]))])
        >>> table.words(table.counts > 0), table.counts.tolist()
        (['a', 'is', 'rose'], [5, 1, 1])
    """
    table = WordTable()
    for words, counts in some:
        numbers = table.number(words)
        table.counts[numbers] += counts
    return table


def in_text_order(shares: Sequence[Share], parts: Sequence[int]) -> list[tuple[int, int]]:
    """Return the text blocks in the order of the text, as pairs of share and number in the share.

    Args:
        shares: all of them.
        parts: how many text blocks each has.
    """
    order = []
    start = 0
    while start < len(shares):
        step = shares[start].step
        order += [
            (start + first, number)
            for number in range(max(parts[start : start + step]))
            for first in range(step)
            if number < parts[start + first]
        ]
        start += step
    return order
