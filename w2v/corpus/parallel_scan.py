"""One pass over the text, in parallel: every token counted and given a provisional id."""

from __future__ import annotations

import queue
from dataclasses import dataclass, field

import numpy as np

from w2v.corpus.arrays import Bytes, Ids, padded
from w2v.corpus.id_file import IdFile
from w2v.corpus.rewriting import rewriter_for
from w2v.corpus.scanner import SENTENCE_END, WordTable
from w2v.corpus.sources import Reader
from w2v.corpus.text_blocks import TextBlock
from w2v.corpus.utf8 import blank_wide_spaces
from w2v.errors import CorpusError
from w2v.options import CorpusOptions
from w2v.parallel import map_in_order
from w2v.progress import Progress


@dataclass(frozen=True)
class ScannedBlock:
    """What one block of text became.

    Attributes:
        table: which table numbered its words.
        place: where its provisional ids lie in the file.
        n_ids: how many there are, sentence ends included.
        tokens: how many of them are tokens.
        first_sentence: tokens before the first sentence end, or all without one.
        last_sentence: tokens behind the last sentence end, or all without one.
        longest_sentence: tokens of the longest sentence between two ends.
        is_one_sentence: whether there is no sentence end.
    """

    table: int
    place: int
    n_ids: int
    tokens: int
    first_sentence: int
    last_sentence: int
    longest_sentence: int
    is_one_sentence: bool


@dataclass
class Scan:
    """What a pass over the text found.

    Attributes:
        tables: the words, one table for each thread.
        tokens: how many tokens the text has.
        longest_sentence: tokens of the longest line.
        blocks: for each block its table, place and n_ids, in the order of the text.
    """

    tables: list[WordTable]
    tokens: int = 0
    longest_sentence: int = 0
    blocks: list[tuple[int, int, int]] = field(default_factory=list)


class _Scanner:
    """What one thread needs to scan blocks."""

    def __init__(self, number: int, options: CorpusOptions, file: IdFile | None) -> None:
        self.table = WordTable(composed=options.tokens == "words")
        self._number = number
        self._encoding_errors = options.encoding_errors
        self._rewriter = rewriter_for(options.tokens, options.lowercase)
        self._file = file
        self._ids = np.empty(0, np.int32)

    def scan(self, block: TextBlock) -> ScannedBlock:
        text, length = self._checked(block)
        if self._rewriter is not None:
            text, length = self._rewriter.rewrite(text, length)
        if len(self._ids) < length + 1:
            self._ids = np.empty(length + 1, np.int32)
        ids = self._ids[: self.table.scan(text, length, self._ids, block.continues)]
        place = self._file.append(ids) if self._file is not None else 0
        return self._described(ids, place)

    def _checked(self, block: TextBlock) -> tuple[Bytes, int]:
        """Return the block's text as UTF-8 whose white space is ASCII."""
        wrong = blank_wide_spaces(block.text, block.length)
        if wrong == block.length:
            return block.text, block.length
        if self._encoding_errors == "strict":
            raise CorpusError(
                f"{block.locate(wrong)}: not UTF-8 (byte 0x{block.text[wrong]:02x}); convert the text,"
                " or use --encoding-errors replace or ignore"
            )
        data = block.text[: block.length].tobytes().decode(errors=self._encoding_errors).encode()
        text = padded(data)
        blank_wide_spaces(text, len(data))
        return text, len(data)

    def _described(self, ids: Ids, place: int) -> ScannedBlock:
        ends = np.flatnonzero(ids == SENTENCE_END)
        n = len(ids)
        return ScannedBlock(
            table=self._number,
            place=place,
            n_ids=n,
            tokens=n - len(ends),
            first_sentence=int(ends[0]) if len(ends) else n,
            last_sentence=n - 1 - int(ends[-1]) if len(ends) else n,
            longest_sentence=int(np.diff(ends).max()) - 1 if len(ends) > 1 else 0,
            is_one_sentence=not len(ends),
        )


def scan(reader: Reader, options: CorpusOptions, file: IdFile | None, progress: Progress) -> Scan:
    """Count all tokens and, with a file, keep their provisional ids there.

    Raises:
        CorpusError: the text can't be read, or has no tokens, or the disk is too small.
    """
    scanners = [_Scanner(i, options, file) for i in range(options.threads)]
    idle: queue.SimpleQueue[_Scanner] = queue.SimpleQueue()
    for scanner in scanners:
        idle.put(scanner)

    def scan_block(block: TextBlock) -> tuple[ScannedBlock, bool, int]:
        scanner = idle.get()
        try:
            return scanner.scan(block), block.continues, block.bytes_read
        finally:
            idle.put(scanner)

    scanners[0].scan(TextBlock(padded(b" "), 1, (), False, 0))  # compiles, or loads what was compiled before
    found = Scan([scanner.table for scanner in scanners])
    n_ids = open_sentence = 0
    progress.start("reading", reader.total_bytes, "B")
    try:
        for number, (block, continues, bytes_read) in enumerate(map_in_order(scan_block, reader, options.threads), 1):
            n_ids += block.n_ids
            if file is not None and reader.total_bytes and number & (number - 1) == 0:  # after 1, 2, 4, 8, ... blocks
                file.check_room(n_ids * max(1.0, reader.total_bytes / bytes_read))
            found.tokens += block.tokens
            found.blocks.append((block.table, block.place, block.n_ids))
            first = block.first_sentence + (open_sentence if continues else 0)
            open_sentence = first if block.is_one_sentence else block.last_sentence
            found.longest_sentence = max(found.longest_sentence, first, block.longest_sentence, block.last_sentence)
            progress.update(bytes_read)
    finally:
        progress.finish()
    for name, held in reader.left_out:
        progress.note(f"left out {name}, which holds {held}, not text")
    if not found.tokens:
        raise CorpusError(f"the text is empty: no token was found in {reader.name}; name a file that has some")
    return found
