"""One pass over the text, in parallel: every token counted and given a provisional id."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

import numpy as np

from w2v.corpus.block_reader import BlockReader
from w2v.corpus.id_file import IdFile
from w2v.corpus.repeated_sentences import RepeatedSentences
from w2v.corpus.sentence_ends import keep_sentence_ends
from w2v.corpus.text_blocks import TextBlock
from w2v.corpus.text_kinds import notes_on
from w2v.corpus.text_samples import TextSamples
from w2v.corpus.word_dropper import WordDropper
from w2v.errors import CorpusError, UsageError
from w2v.options import CorpusOptions, EncodingOptions
from w2v.options.tokens import pattern_of
from w2v.parallel import map_in_order
from w2v.progress import Progress
from w2v.tokens.arrays import TextBytes, TokenIds, padded
from w2v.tokens.cleaning import left_out_note, word_filter
from w2v.tokens.dropped_text import dropped_note
from w2v.tokens.pattern_rewriter import MatchError
from w2v.tokens.scanner import SENTENCE_END, WordTable
from w2v.tokens.token_rules import rule_of
from w2v.tokens.utf8 import blank_wide_spaces

_FEW_OUTPUTS = 5
_OF_THEIR_OWN = ("holds", "has no", "is encrypted", "is damaged")  # how reasons start that say something of one file
_LINE_ENDS_AS_SPACES = bytes.maketrans(b"\r\v\f", b"   ")


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

    def __init__(
        self, number: int, options: CorpusOptions, file: IdFile | None, is_left_out: Callable[[str], bool] | None
    ) -> None:
        rule = rule_of(options)
        finish = rule.finisher(options)
        self.table = WordTable(finish=finish)
        self.dropper = None if is_left_out is None else WordDropper(self.table, is_left_out, finish)
        self._number = number
        self.rewriter = rule.rewriter(options)
        self._file = file
        self._ids = np.empty(0, np.int32)

    def scan(self, text: TextBytes, length: int, *, continues: bool) -> tuple[ScannedPart, _Sentences]:
        if self.rewriter is not None:
            text, length = self.rewriter.rewrite(text, length)
        if len(self._ids) < length + 1:
            self._ids = np.empty(length + 1, np.int32)
        ids = self._ids[: self.table.scan(text, length, self._ids, continues)]
        if self.dropper is not None:
            ids = self.dropper.without_dropped(ids, continues=continues)
        place = self._file.append(ids) if self._file is not None else 0
        return ScannedPart(self._number, place, len(ids)), _Sentences.of(ids)


class Arrival(NamedTuple):
    """A block ready to be scanned.

    Attributes:
        block: the block, whose text may have changed.
        samples: of its text as it came.
        text: UTF-8 whose white space is ASCII and whose line ends end sentences, `length` bytes and padding.
        length: bytes of text.
    """

    block: TextBlock
    samples: list[bytes]
    text: TextBytes
    length: int

    @classmethod
    def of(cls, block: TextBlock, options: CorpusOptions) -> Arrival:
        """Check a block, and make its white space ASCII.

        Raises:
            CorpusError: it is not text.
        """
        samples = TextSamples.of(block)
        text, length, starts = _checked(block, options)
        keep_sentence_ends(text, length, starts, options.sentence_unit, on_blank_line=block.on_blank_line)
        return cls(block, samples, text, length)


def arrivals(
    reader: BlockReader, options: CorpusOptions, repeated: RepeatedSentences | None = None
) -> Iterator[TextBlock | Arrival]:
    """Yield the blocks of the text; ready if they are changed in this thread, by a pattern or since sentences repeat.

    Raises:
        CorpusError: the text can't be read.
        UsageError: a match of the pattern can't be a token.
    """
    rewriter = rule_of(options).pattern_rewriter(options)
    if rewriter is None and repeated is None:
        yield from reader
        return
    for block, following in pairwise(chain(reader, [None])):
        assert block is not None
        arrival = Arrival.of(block, options)
        if repeated is not None:
            ends_inside = following is not None and following.continues
            repeated.blank(arrival.text, arrival.length, starts_inside=block.continues, ends_inside=ends_inside)
        if rewriter is None:
            yield arrival
            continue
        try:
            text, length = rewriter.rewrite(arrival.text, arrival.length)
        except MatchError as error:
            # With other sentences, the line ends that count lines are gone.
            locate = block.locate if options.sentence_unit == "line" else block.source_at
            place = locate(error.position)
            raise UsageError(f"`tokens`: the pattern matches {error} in {place}") from error
        yield arrival._replace(text=text, length=length)


def _checked(block: TextBlock, options: CorpusOptions) -> tuple[TextBytes, int, list[int]]:
    """Return the block's text, as UTF-8 whose white space is ASCII, its length, and where its sources start."""
    wrong = blank_wide_spaces(block.text, block.length)
    starts = [segment.start for segment in block.segments]
    if wrong == block.length:
        return block.text, block.length, starts
    if options.encoding_errors == "strict":
        raise CorpusError(f"{block.locate(wrong)}: {_complaint(block, wrong)}")
    parts = [
        _decoded(block.text[start:stop].tobytes(), options.encoding_errors)
        for start, stop in pairwise([0, *starts, block.length])
    ]
    data = b"".join(parts)
    text = padded(data)
    blank_wide_spaces(text, len(data))
    return text, len(data), list(accumulate(map(len, parts)))[: len(starts)]


def _decoded(data: bytes, encoding_errors: str) -> bytes:
    """Return bytes without what is no text: dropped, or replaced by U+FFFD."""
    text = data.decode(errors=encoding_errors)
    return text.replace("\0", "\ufffd" if encoding_errors == "replace" else "").encode()


def _complaint(block: TextBlock, position: int) -> str:
    """Return what is wrong with the text of a block from `position` on."""
    if block.text[position] == 0:
        return (
            "holds a zero byte; use `encoding_errors=ignore` to drop it, or `encoding_errors=replace` to put U+FFFD in"
            " its place"
        )
    data = block.text[: block.length].tobytes().translate(_LINE_ENDS_AS_SPACES)
    return EncodingOptions().complaint(data, position, leave_out=block.segment_at(position).leave_out)


def scan(reader: BlockReader, options: CorpusOptions, file: IdFile | None, progress: Progress) -> Scan:
    """Count all tokens and, with a file, keep their provisional ids there.

    Each thread has a table of its own, so the id of a word depends on the thread that met it.

    Raises:
        CorpusError: the text can't be read, or the disk is too small.
    """
    is_left_out = word_filter(options)
    repeated = RepeatedSentences() if options.dedup else None
    scanners = [_BlockScanner(i, options, file, is_left_out) for i in range(options.threads)]
    idle: queue.SimpleQueue[_BlockScanner] = queue.SimpleQueue()
    for scanner in scanners:
        idle.put(scanner)

    def scan_block(arrival: TextBlock | Arrival) -> tuple[TextBlock, list[bytes], ScannedPart, _Sentences]:
        block, pieces, text, length = Arrival.of(arrival, options) if isinstance(arrival, TextBlock) else arrival
        scanner = idle.get()
        try:
            return block, pieces, *scanner.scan(text, length, continues=block.continues)
        finally:
            idle.put(scanner)

    empty = Arrival.of(TextBlock(padded(b" "), 1, (), False, 0), options)
    scanners[0].scan(empty.text, empty.length, continues=False)  # compiles, or loads what was compiled before
    found = Scan([scanner.table for scanner in scanners])
    samples = TextSamples()
    n_ids = open_sentence = 0
    progress.start("reading", reader.total_bytes, "B")
    try:
        # Closed before the file is: a thread that still wrote would write to whatever file is opened next.
        with closing(map_in_order(scan_block, arrivals(reader, options, repeated), options.threads)) as results:
            for number, (block, pieces, part, sentences) in enumerate(results, 1):
                samples.add(pieces)
                n_ids += part.n_ids
                if file is not None and reader.total_bytes and number & (number - 1) == 0:  # after 1, 2, 4, 8, ...
                    file.check_room(n_ids * max(1.0, reader.total_bytes / block.bytes_read))
                found.tokens += sentences.tokens
                found.parts.append(part)
                first = sentences.first + (open_sentence if block.continues else 0)
                open_sentence = sentences.last if sentences.has_end else first
                found.longest_sentence = max(found.longest_sentence, first, sentences.longest_inside, sentences.last)
                progress.update(block.bytes_read)
    finally:
        progress.finish()
    note_problems(reader, progress)
    left_out = sum(scanner.dropper.forget_dropped() for scanner in scanners if scanner.dropper is not None)
    for line in (left_out_note(found.tokens + left_out, left_out), None if repeated is None else repeated.note()):
        if line is not None:
            progress.note(line)
    rewriters = [scanner.rewriter for scanner in scanners if scanner.rewriter is not None]
    if (note := dropped_note(rewriter.dropped for rewriter in rewriters)) is not None:
        progress.note(note)
    if found.tokens:
        for note in notes_on(samples.lines(), options.sentence_unit, is_cut=rule_of(options).cuts_unspaced):
            progress.note(note)
    return found


def require_tokens(found: Scan, reader: BlockReader, options: CorpusOptions) -> None:
    """Refuse a text without tokens.

    Raises:
        CorpusError: it has none.
    """
    if not found.tokens:
        if pattern_of(options.tokens) is not None:
            raise CorpusError(f"`tokens`: the pattern matches nothing in {reader.name}")
        raise CorpusError(f"the text is empty: no token was found in {reader.name}")


def note_problems(reader: BlockReader, progress: Progress) -> None:
    """Note what was not read: files of folders, and bad records."""
    _note_left_out(reader.left_out, progress)
    for line in reader.problems.notes():
        progress.note(line)


def _note_left_out(left_out: list[tuple[str, str]], progress: Progress) -> None:
    """Note the files of folders that were not read: those with a reason of their own one by one, if they are few."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, reason in left_out:
        kind = next((kind for kind in (*_OF_THEIR_OWN, "is UTF-", "can't be read: ") if reason.startswith(kind)), "")
        groups.setdefault(kind, []).append((name, reason))
    for kind, group in groups.items():
        name, reason = group[0]
        if kind in _OF_THEIR_OWN and len(group) <= _FEW_OUTPUTS:
            for name, reason in group:
                progress.note(f"left out {name}, which {reason}")
        else:
            count = "" if len(group) == 1 else f"{len(group):,} files, the first "
            progress.note(f"left out {count}{name}, which {reason}")
