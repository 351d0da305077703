"""A text as word ids on disk, all numbered by one table of words, in blocks that phrases may cross."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import NamedTuple

import numpy as np

from w2v.corpus import Sources
from w2v.corpus.arrays import Counts, Ids, padded
from w2v.corpus.encoded import PROSE_WORDS, looks_like_prose
from w2v.corpus.id_file import IdFile
from w2v.corpus.parallel_scan import Scan, scan
from w2v.corpus.scanner import SENTENCE_END, WordTable
from w2v.corpus.sources import Reader
from w2v.corpus.text_blocks import TEXT_BYTES
from w2v.options import CorpusOptions
from w2v.parallel import map_in_order
from w2v.phrases.pair_table import GAP_LIMIT, LONGEST_GAP
from w2v.progress import Progress, Silent
from w2v.vocabulary import Vocabulary


class Block(NamedTuple):
    """A stretch of the text.

    Attributes:
        place: where its ids lie in the file.
        n_ids: how many there are, sentence ends included; at least 1.
        is_open: whether its last sentence goes on in the next block.
    """

    place: int
    n_ids: int
    is_open: bool


class Text:
    """All tokens of a text as ids in a temporary file. A context manager: closing it gives the disk space back.

    Attributes:
        table: the words and how often each stands in the text now.
        n_connectors: the connector words are the first words of the table.
        most_gap: the largest gap (see w2v.phrases.pair_table) to which another connector can be added.
        tokens: how many tokens the text has now.
        longest_sentence: tokens of the longest sentence.
        blocks: in the order of the text.
        threads: threads to work with.
    """

    def __init__(self, file: IdFile, found: Scan, connector_words: Iterable[str], threads: int) -> None:
        """Number the words of a scan by one table; `connector_words` may stand inside a phrase, but not at its ends."""
        self.file = file
        self.table = WordTable()
        self.n_connectors = len(self.number(sorted(set(connector_words))))
        self.table.counts[:] = 0
        self.most_gap = (GAP_LIMIT - 1 - self.n_connectors) // (self.n_connectors + 1)
        self.tokens = found.tokens
        self.longest_sentence = found.longest_sentence
        self.threads = threads
        self.blocks = self._renumbered(found)

    @classmethod
    def read_from(
        cls,
        sources: Sources,
        options: CorpusOptions,
        connector_words: Iterable[str] = (),
        progress: Progress | None = None,
        *,
        text_bytes: int = TEXT_BYTES,
    ) -> Text:
        """Read a text once.

        Args:
            sources: files, folders and "-", or Sentences; see w2v.corpus.encode.
            options: how text becomes tokens, where the temporary file lies, and how many threads work.
            connector_words: words that may stand inside a phrase, but not at its ends.
            progress: is told how many bytes of the sources have been read.
            text_bytes: size of the blocks in which text is scanned.

        Raises:
            CorpusError: the text can't be read or has no tokens, or the disk is too small.
            MissingExtraError: a file is compressed with zstd and this Python can't read that.
        """
        file = IdFile(options.work_dir)
        try:
            found = scan(Reader(sources, text_bytes), options, file, progress or Silent())
            return cls(file, found, connector_words, options.threads)
        except BaseException:
            file.close()
            raise

    def __enter__(self) -> Text:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.file.close()

    @property
    def looks_like_prose(self) -> bool:
        """Whether many words have punctuation attached, as the words of raw text do."""
        counts = self.table.counts
        spelling = self.spell(np.argsort(-counts, kind="stable")[:PROSE_WORDS])
        return looks_like_prose(Vocabulary.from_counts(list(spelling.values()), counts[list(spelling)]))

    @property
    def n_ids(self) -> int:
        """Ids in all blocks, sentence ends included."""
        return sum(block.n_ids for block in self.blocks)

    def number(self, words: Sequence[str]) -> Ids:
        """Return the id of each word; one that the table doesn't have becomes a word of it with count 0."""
        known = self.table.counts.copy()
        text = " ".join(words).encode()
        ids: Ids = np.empty(len(text) + 1, np.int32)
        ids = ids[: self.table.scan(padded(text), len(text), ids)].copy()
        self.table.counts[: len(known)] = known
        self.table.counts[len(known) :] = 0
        return ids

    def spell(self, ids: Counts) -> dict[int, str]:
        """Return the words with these ids."""
        chosen = np.zeros(len(self.table), np.bool_)
        chosen[ids] = True
        return dict(zip(np.flatnonzero(chosen).tolist(), self.table.words(chosen), strict=True))

    def new_buffer(self) -> Ids:
        """Return room for what `read` reads."""
        return np.empty(max(block.n_ids for block in self.blocks) + LONGEST_GAP + 2, np.int32)

    def read(self, number: int, buffer: Ids) -> tuple[Ids, int]:
        """Read a block, and what follows of its last sentence as far as a phrase may reach; may be called by threads.

        Returns:
            The part of `buffer` that was filled, whose last id is SENTENCE_END, and how many ids are the block's own.
        """
        place, n_own, is_open = self.blocks[number]
        self.file.read(place, buffer[:n_own])
        n, most = n_own, n_own + LONGEST_GAP + 1
        while is_open and n < most and number + 1 < len(self.blocks):
            number += 1
            place, more, is_open = self.blocks[number]
            more = min(more, most - n)
            self.file.read(place, buffer[n : n + more])
            n += more
        buffer[n] = SENTENCE_END
        return buffer[: n + 1], n_own

    def chains(self) -> Iterator[range]:
        """Yield the blocks in groups that no sentence crosses."""
        start = 0
        for number, block in enumerate(self.blocks, 1):
            if not block.is_open or number == len(self.blocks):
                yield range(start, number)
                start = number

    def as_scan(self) -> Scan:
        """Return what a scan of this text would have found."""
        return Scan([self.table], self.tokens, self.longest_sentence, [(0, place, n) for place, n, _ in self.blocks])

    def _renumbered(self, found: Scan) -> list[Block]:
        """Replace the provisional ids in the file."""
        mappings = [np.append(self.table.merge(other), np.int32(SENTENCE_END)) for other in found.tables]

        def renumber(block: tuple[int, int, int]) -> Block:
            table, place, n = block
            ids = np.empty(n, np.int32)
            self.file.read(place, ids)
            ids = mappings[table][ids]  # a sentence end, -1, is the last of a mapping, and stays what it is
            self.file.write(place, ids)
            return Block(place, n, bool(ids[-1] != SENTENCE_END))

        filled = (block for block in found.blocks if block[2] > 0)
        return list(map_in_order(renumber, filled, self.threads))
