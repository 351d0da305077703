"""One pass over the text, in parallel: every token counted and given a provisional id."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from w2v.corpus.arrays import TextBytes, TokenIds, padded
from w2v.corpus.block_reader import BlockReader
from w2v.corpus.dropped_text import dropped_note
from w2v.corpus.id_file import IdFile
from w2v.corpus.scanner import SENTENCE_END, WordTable
from w2v.corpus.text_blocks import TextBlock
from w2v.corpus.token_rules import rule_of
from w2v.corpus.utf8 import blank_wide_spaces
from w2v.errors import CorpusError
from w2v.options import CorpusOptions
from w2v.options.tokens import pattern_of
from w2v.parallel import map_in_order
from w2v.progress import Progress


class ScannedPart(NamedTuple):
    """Where the provisional ids of one text block are.

    Attributes:
        table: number of the table that its words are in.
        place: where its ids start in the file, counted in ids.
        n_ids: number of ids, sentence ends included.
    """

    table: int
    place: int
    n_ids: int


@dataclass
class Scan:
    """What a pass over the text found.

    Attributes:
        tables: the words, one table for each thread.
        tokens: tokens of the text.
        longest_sentence: tokens of the longest line.
        parts: where the ids are, in the order of the text.
    """

    tables: list[WordTable]
    tokens: int = 0
    longest_sentence: int = 0
    parts: list[ScannedPart] = field(default_factory=list)


class _Sentences(NamedTuple):
    """What the ids of one block say of its sentences, the first and last of which may be cut.

        ids     4 2 -1 7 1 5 -1 3        tokens 6, first 2, last 1, longest_inside 3

    Attributes:
        tokens: tokens of the block.
        first: tokens before the first sentence end, or all without one.
        last: tokens behind the last sentence end, or all without one.
        longest_inside: tokens of the longest sentence between two ends.
        has_end: whether there is a sentence end.
    """

    tokens: int
    first: int
    last: int
    longest_inside: int
    has_end: bool

    @classmethod
    def of(cls, ids: TokenIds) -> _Sentences:
        ends = np.flatnonzero(ids == SENTENCE_END)
        n = len(ids)
        return cls(
            tokens=n - len(ends),
            first=int(ends[0]) if len(ends) else n,
            last=n - 1 - int(ends[-1]) if len(ends) else n,
            longest_inside=int(np.diff(ends).max()) - 1 if len(ends) > 1 else 0,
            has_end=len(ends) > 0,
        )


class _BlockScanner:
    """What one thread needs to scan blocks."""

    def __init__(self, number: int, options: CorpusOptions, file: IdFile | None) -> None:
        rule = rule_of(options)
        self.table = WordTable(finish=rule.finisher(options))
        self._number = number
        self._encoding_errors = options.encoding_errors
        self.rewriter = rule.rewriter(options)
        self._file = file
        self._ids = np.empty(0, np.int32)

    def scan(self, block: TextBlock) -> tuple[ScannedPart, _Sentences]:
        text, length = _checked(block, self._encoding_errors)
        if self.rewriter is not None:
            text, length = self.rewriter.rewrite(text, length)
        if len(self._ids) < length + 1:
            self._ids = np.empty(length + 1, np.int32)
        ids = self._ids[: self.table.scan(text, length, self._ids, block.continues)]
        place = self._file.append(ids) if self._file is not None else 0
        return ScannedPart(self._number, place, len(ids)), _Sentences.of(ids)


def _checked(block: TextBlock, encoding_errors: str) -> tuple[TextBytes, int]:
    """Return the block's text, as UTF-8 whose white space is ASCII, and its length."""
    wrong = blank_wide_spaces(block.text, block.length)
    if wrong == block.length:
        return block.text, block.length
    if encoding_errors == "strict":
        raise CorpusError(
            f"{block.locate(wrong)}: not UTF-8 (byte 0x{block.text[wrong]:02x}); convert the text,"
            " or use `encoding_errors=replace` or `encoding_errors=ignore`"
        )
    data = block.text[: block.length].tobytes().decode(errors=encoding_errors).encode()
    text = padded(data)
    blank_wide_spaces(text, len(data))
    return text, len(data)


def _blocks(reader: BlockReader, options: CorpusOptions) -> Iterator[TextBlock]:
    """Return the blocks of the text, in which white space separates tokens if a pattern finds them."""
    rewriter = rule_of(options).pattern_rewriter(options)
    for block in reader:
        if rewriter is None:
            yield block
        else:
            yield rewriter.rewrite(block, *_checked(block, options.encoding_errors))


def scan(reader: BlockReader, options: CorpusOptions, file: IdFile | None, progress: Progress) -> Scan:
    """Count all tokens and, with a file, keep their provisional ids there.

    Each thread has a table of its own, so the id of a word depends on the thread that met it.

    Raises:
        CorpusError: the text can't be read, or has no tokens, or the disk is too small.
    """
    scanners = [_BlockScanner(i, options, file) for i in range(options.threads)]
    idle: queue.SimpleQueue[_BlockScanner] = queue.SimpleQueue()
    for scanner in scanners:
        idle.put(scanner)

    def scan_block(block: TextBlock) -> tuple[TextBlock, ScannedPart, _Sentences]:
        scanner = idle.get()
        try:
            return block, *scanner.scan(block)
        finally:
            idle.put(scanner)

    scanners[0].scan(TextBlock(padded(b" "), 1, (), False, 0))  # compiles, or loads what was compiled before
    found = Scan([scanner.table for scanner in scanners])
    n_ids = open_sentence = 0
    progress.start("reading", reader.total_bytes, "B")
    try:
        results = map_in_order(scan_block, _blocks(reader, options), options.threads)
        for number, (block, part, sentences) in enumerate(results, 1):
            n_ids += part.n_ids
            if file is not None and reader.total_bytes and number & (number - 1) == 0:  # after 1, 2, 4, 8, ... blocks
                file.check_room(n_ids * max(1.0, reader.total_bytes / block.bytes_read))
            found.tokens += sentences.tokens
            found.parts.append(part)
            first = sentences.first + (open_sentence if block.continues else 0)
            open_sentence = sentences.last if sentences.has_end else first
            found.longest_sentence = max(found.longest_sentence, first, sentences.longest_inside, sentences.last)
            progress.update(block.bytes_read)
    finally:
        progress.finish()
    for name, held in reader.left_out:
        progress.note(f"left out {name}, which holds {held}, not text")
    rewriters = [scanner.rewriter for scanner in scanners if scanner.rewriter is not None]
    if (note := dropped_note(rewriter.dropped for rewriter in rewriters)) is not None:
        progress.note(note)
    if not found.tokens:
        if pattern_of(options.tokens) is not None:
            raise CorpusError(f"`tokens`: the pattern matches nothing in {reader.name}")
        raise CorpusError(f"the text is empty: no token was found in {reader.name}")
    return found
