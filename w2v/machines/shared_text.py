"""A text that the workers of a pool have read in shares; to the trainer it looks like one on the own disk."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from w2v.corpus import Sources, WordChoice
from w2v.corpus.block_reader import BlockReader
from w2v.corpus.encoded import BlockSizes, require_blocks
from w2v.corpus.parallel_scan import Scan, require_tokens
from w2v.corpus.prose import looks_like_prose
from w2v.corpus.shares import in_text_order, merged_counts, shares_of
from w2v.corpus.sources import FileSource, Sentences, Source, StandardInput
from w2v.corpus.word_ids import choose_words
from w2v.corpus.zipped import ZipMember
from w2v.errors import TrainingError, UsageError
from w2v.machines.pool import Pool, Ticket, WorkersLateError, WorkersLostError
from w2v.machines.station import NumberedShare, ReadShare
from w2v.options import CorpusOptions
from w2v.progress import Progress
from w2v.tokens.arrays import TokenIds
from w2v.tokens.token_rules import rule_of
from w2v.vocabulary import Vocabulary

_UPDATE_SECONDS = 0.2


class SharedText:
    """A text in shares.

    Args:
        pool: the workers.
        sources: see `encode`.
        options: how text becomes tokens.
        words: which words get an id.
        progress: receives progress in bytes of the sources.
        most_ids: see `encode`.

    Attributes:
        vocabulary: the words.
        total_tokens: tokens of the text.
        longest_sentence: tokens of the longest line.
        n_blocks: number of blocks.
        block_tokens: (n_blocks,) tokens of each.
        max_block_ids: ids of the longest block.
        looks_like_prose: whether many words have punctuation attached.
    """

    def __init__(
        self, pool: Pool, sources: Sources, options: CorpusOptions, words: WordChoice, progress: Progress,
        most_ids: Callable[[int], int],
    ) -> None:  # fmt: skip
        """Let the workers read the text, count its words, and make its blocks."""
        self._pool, self._options = pool, options
        reader = BlockReader(sources, options=options, apart=True)
        for source in reader.sources:
            if isinstance(source, Sentences | StandardInput):
                raise UsageError(f"`cluster`: workers can't read {source.name}; write it to a file that all can read")
        self._shares = [
            replace(share, sources=tuple(map(_from_anywhere, share.sources)))
            for share in shares_of(reader, len(pool.threads()))
        ]
        self._owners: list[str] = [""] * len(self._shares)
        self._lost: set[str] = set()  # workers that ended, or are too slow
        self._found: dict[int, ReadShare] = {}
        self._block_ids = 0  # until the words have ids
        self._progress = progress
        progress.start("reading", reader.total_bytes, "B")
        try:
            self._read()
            progress.update(reader.total_bytes or self._pool.bytes_read())
        finally:
            progress.finish()
        found = [self._found[number] for number in range(len(self._shares))]
        for note in dict.fromkeys(note for share in found for note in share.notes):
            progress.note(note)
        self.total_tokens = sum(share.tokens for share in found)
        self.longest_sentence = max(share.longest_sentence for share in found)
        self.vocabulary = self._words(reader, words, progress)
        self.looks_like_prose = rule_of(options).keeps_punctuation and looks_like_prose(self.vocabulary)
        self._block_ids = min(BlockSizes().block_ids, most_ids(len(self.vocabulary)))
        self._set_blocks(self._number())

    def close(self) -> None:
        """Do nothing: the workers forget the text when they leave the pool."""

    def read(self, block: int, buffer: TokenIds) -> TokenIds:  # noqa: ARG002 - a Corpus has it
        """Return the ids of one block."""
        ids: TokenIds
        (ids,) = self._all(lambda: [self.send(block)])
        return ids

    def send(self, block: int) -> Ticket:
        """Let the worker that has a block return its ids."""
        share, number = self._places[block]
        return self._pool.send(self._owners[share], "block", share, number)

    def owners(self) -> set[str]:
        """Return the addresses of all workers that have a share."""
        return set(self._owners)

    def repair(self, lost: Collection[str]) -> set[str]:
        """Let others read the shares of workers that are lost, and make the same blocks of them.

        Returns:
            All workers that are lost then: others may be meanwhile.
        """
        before = set(self._lost)
        if self.owners() & set(lost):
            self._read(lost)
            if self._block_ids:
                self._number()
        return (self._lost - before) | set(lost)

    def _all(self, send: Callable[[], list[Ticket]]) -> list[Any]:
        """Return what workers return to what `send` sends; it is sent again when some of them are lost."""
        while True:
            try:
                tickets = send()
                self._pool.wait(tickets, (), math.inf)
                return [self._pool.result(ticket) for ticket in tickets]
            except WorkersLostError as error:  # noqa: PERF203 - it is done again
                self.repair(error.addresses)

    def _read(self, lost: Collection[str] = ()) -> None:
        """Let workers read all shares that nobody has, or one that is lost."""
        self._lost |= set(lost)
        while missing := [number for number, owner in enumerate(self._owners) if owner in {"", *self._lost}]:
            workers = sorted(set(self._pool.threads()) - self._lost)
            if not workers:
                raise TrainingError("no worker is left that can read the text; start others, and run the same again")
            for i, number in enumerate(missing):
                self._owners[number] = workers[i % len(workers)]
            tickets = [
                self._pool.send(self._owners[number], "read", number, self._shares[number], self._options)
                for number in missing
            ]
            try:
                self._wait(tickets)
                self._found.update(zip(missing, map(self._pool.result, tickets), strict=True))
            except WorkersLostError as error:
                self._lost |= error.addresses
                for number in missing:  # those of the others are read again, too
                    self._owners[number] = ""

    def _wait(self, tickets: Sequence[Ticket]) -> None:
        while True:
            try:
                self._pool.wait(tickets, (), _UPDATE_SECONDS)
            except WorkersLateError:  # noqa: PERF203 - it is done again
                if not self._block_ids:
                    self._progress.update(self._pool.bytes_read())
            else:
                return

    def _words(self, reader: BlockReader, words: WordChoice, progress: Progress) -> Vocabulary:
        """Return the vocabulary: counted by all workers, and added up here."""

        def send() -> list[Ticket]:
            return [self._pool.send(owner, "counts", n) for n, owner in enumerate(self._owners)]

        found = Scan([merged_counts(self._all(send))], self.total_tokens)
        require_tokens(found, reader, self._options)
        return choose_words(found, words, progress).vocabulary

    def _number(self) -> list[NumberedShare]:
        """Let the workers make the blocks of all shares; those that are made stay as they are."""

        def send() -> list[Ticket]:
            there = self._pool.spread(self.vocabulary, sorted(self.owners()))
            return [self._pool.send(owner, "number", n, there, self._block_ids) for n, owner in enumerate(self._owners)]

        return self._all(send)

    def _set_blocks(self, numbered: Sequence[NumberedShare]) -> None:
        """Put the blocks of all shares in the order of the text."""
        self.max_block_ids = max(share.max_block_ids for share in numbered)
        places, tokens = [], []
        before = [0] * len(self._shares)
        for share, part in in_text_order(self._shares, [len(share.block_tokens) for share in numbered]):
            for count in numbered[share].block_tokens[part]:
                places.append((share, before[share]))
                tokens.append(count)
                before[share] += 1
        require_blocks(len(places))
        self._places = places
        self.n_blocks = len(places)
        self.block_tokens = np.asarray(tokens, np.int64)


def _from_anywhere(source: Source) -> Source:
    """Return the source with absolute paths, since workers run in other folders."""
    if isinstance(source, FileSource):
        folder = None if source.folder is None else source.folder.absolute()
        return replace(source, path=source.path.absolute(), folder=folder)
    if isinstance(source, ZipMember):
        return replace(source, archive=source.archive.absolute())
    return source
