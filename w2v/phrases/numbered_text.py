"""A text as word ids on disk, all numbered by one table of words, in blocks that phrases may cross."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import NamedTuple

import numpy as np

from w2v.corpus import Sources
from w2v.corpus.block_reader import BlockReader
from w2v.corpus.id_file import IdFile
from w2v.corpus.parallel_scan import Scan, ScannedPart, require_tokens, scan
from w2v.corpus.prose import PROSE_WORDS, looks_like_prose
from w2v.corpus.text_blocks import TEXT_BYTES
from w2v.options import CorpusOptions
from w2v.parallel import map_in_order
from w2v.phrases.pair_table import LONGEST_GAP, Connectors, IdStretch
from w2v.progress import Progress, Silent
from w2v.tokens.arrays import Int64s, TokenIds
from w2v.tokens.scanner import SENTENCE_END, WordTable
from w2v.vocabulary import Vocabulary


class IdBlock(NamedTuple):
    """A part of the text.

    Attributes:
        place: where its ids start in the file, counted in ids.
        n_ids: number of ids, sentence ends included; at least 1.
        is_open: whether its last sentence continues in the next block.
    """

    place: int
    n_ids: int
    is_open: bool


class NumberedText:
    """All tokens of a text as ids in a temporary file. A context manager: closing it frees the disk space.

    Attributes:
        file: the ids.
        table: the words and how often each occurs in the text now.
        connectors: the connector words, which are the first words of the table.
        tokens: tokens of the text now.
        joins: how often phrases were joined in it.
        joined_phrases: how many phrases were joined at least once.
        longest_sentence: tokens of the longest sentence.
        blocks: the blocks in the order of the text.
        threads: threads to work with.
    """

    def __init__(self, file: IdFile, found: Scan, connector_words: Iterable[str], threads: int) -> None:
        """Number the words of a scan by one table; `connector_words` may stand inside a phrase, but not at its ends."""
        self.file = file
        self.table = WordTable()
        self.connectors = Connectors.first(len(self.table.number(sorted(set(connector_words)))))
        self.tokens = found.tokens
        self.joins = self.joined_phrases = 0
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
    ) -> NumberedText:
        """Read a text once.

        Args:
            sources: files, folders, "-", Sentences or other sources; see w2v.corpus.encode.
            options: how text becomes tokens, where the temporary file goes, and the number of threads.
            connector_words: words that may stand inside a phrase, but not at its ends.
            progress: receives progress in bytes of the sources.
            text_bytes: bytes of text scanned at once.

        Raises:
            CorpusError: the text can't be read or has no tokens, or the disk is too small.
            MissingExtraError: a file is compressed with zstd and this Python can't read that.
        """
        file = IdFile(options.work_dir, progress)
        try:
            reader = BlockReader(sources, text_bytes, options)
            found = scan(reader, options, file, progress or Silent())
            require_tokens(found, reader, options)
            return cls(file, found, connector_words, options.threads)
        except BaseException:
            file.close()
            raise

    def __enter__(self) -> NumberedText:
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

    def spell(self, ids: Int64s) -> dict[int, str]:
        """Return the words with these ids."""
        return self.table.spelled(ids)

    def new_buffer(self) -> TokenIds:
        """Return room for what `read` reads."""
        return np.empty(max(block.n_ids for block in self.blocks) + LONGEST_GAP + 2, np.int32)

    def read(self, number: int, buffer: TokenIds) -> IdStretch:
        """Read a block, and of its last sentence what follows as far as a phrase may reach.

        Several threads may do so at once, each with a buffer of its own.
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
        return IdStretch(buffer[: n + 1], n_own)

    def chains(self) -> Iterator[range]:
        """Yield the numbers of the blocks, in groups that no sentence crosses."""
        start = 0
        for number, block in enumerate(self.blocks, 1):
            if not block.is_open or number == len(self.blocks):
                yield range(start, number)
                start = number

    def as_scan(self) -> Scan:
        """Return what a scan of the text as it is now would have found."""
        parts = [ScannedPart(0, place, n) for place, n, _ in self.blocks]
        return Scan([self.table], self.tokens, self.longest_sentence, parts)

    def _renumbered(self, found: Scan) -> list[IdBlock]:
        """Replace the provisional ids in the file."""
        mappings = [np.append(self.table.merge(other), np.int32(SENTENCE_END)) for other in found.tables]

        def renumber(part: ScannedPart) -> IdBlock:
            ids = np.empty(part.n_ids, np.int32)
            self.file.read(part.place, ids)
            ids = mappings[part.table][ids]  # a sentence end, -1, finds the last entry, which is -1 too
            self.file.write(part.place, ids)
            return IdBlock(part.place, part.n_ids, bool(ids[-1] != SENTENCE_END))

        filled = (part for part in found.parts if part.n_ids > 0)
        return list(map_in_order(renumber, filled, self.threads))
