r"""Text as blocks cut between tokens.

Blocks depend on the text alone, not on how a pipe delivers it or a file is compressed. Small files share a block, with
a line end between them:

    a.txt  "a rose"  b.txt  "is a\nrose"        blocks of 12 bytes:   "a rose\nis a\n"   "rose"
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from w2v.corpus.text_stream import TextStream
from w2v.readers.extracted_text import ExtractedText
from w2v.tokens.arrays import PADDING, TextBytes
from w2v.tokens.utf8 import CARRIAGE_RETURN, NEWLINE

TEXT_BYTES = 1 << 20  # of a block: small enough for a CPU's second-level cache, large enough to make hand-overs rare

_ASCII_WHITE = b" \n\t\r\v\f\x1c\x1d\x1e\x1f"
_LINE_ENDS = b"\n\r\v\f"
_PARAGRAPH_ENDS = (b"\n\n", b"\r\n\r\n", b"\r\r")
_WIDE_LINE_ENDS = re.compile("[\x85\u2028\u2029]")


@dataclass(frozen=True)
class BlockSegment:
    """A part of a block that comes from one source.

    Attributes:
        name: of the source, for messages.
        start: position in the block, in bytes.
        line: number of the line it starts in, from 1; None if the text was extracted from lines of another format.
        leave_out: how to leave the source out, for messages; empty if it is the only one.
    """

    name: str
    start: int
    line: int | None
    leave_out: str = ""


@dataclass(frozen=True)
class TextBlock:
    """A part of the text that no token crosses.

    Attributes:
        text: (length + PADDING,) uint8, `length` bytes of text and PADDING spaces.
        length: bytes of text.
        segments: its parts by source, in order.
        continues: whether it starts inside a sentence that began in the block before.
        bytes_read: bytes taken from the sources up to its end, before decompression.
        on_blank_line: whether the line that it starts in has nothing but white space before it.
    """

    text: TextBytes
    length: int
    segments: tuple[BlockSegment, ...]
    continues: bool
    bytes_read: int
    on_blank_line: bool = True

    def locate(self, position: int) -> str:
        """Return the source and line of a byte of the block, as `name:line`, or only the source."""
        segment = self.segment_at(position)
        if segment.line is None:
            return segment.name
        return f"{segment.name}:{segment.line + lines_ended(self.text, segment.start, position)}"

    def source_at(self, position: int) -> str:
        """Return the name of the source of a byte of the block."""
        return self.segment_at(position).name

    def segment_at(self, position: int) -> BlockSegment:
        """Return the segment of a byte of the block."""
        return self.segments[bisect.bisect_right(self.segments, position, key=lambda s: s.start) - 1]


class BlockFiller:
    """Collects the bytes of sources and cuts them into blocks."""

    def __init__(self, size: int, sentence_unit: str) -> None:
        """Start with no bytes.

        Args:
            size: of a block, in bytes; a longer token makes a longer block.
            sentence_unit: what a sentence is, as in CorpusOptions.
        """
        self._size = size
        self._unit = sentence_unit
        self._data = bytearray(size + PADDING)
        self._end = 0
        self._segments: list[BlockSegment] = []
        self._continues = False
        self._on_blank_line = True

    @property
    def is_full(self) -> bool:
        """Whether it must be cut before it can be filled on."""
        return self._end >= len(self._data) - PADDING

    def begin(self, name: str, *, has_lines: bool = True, leave_out: str = "") -> None:
        """Start a source here, on a line of its own.

        Args:
            name: of the source.
            has_lines: whether its lines are those of its file.
            leave_out: as in BlockSegment.
        """
        if self._end == 0:
            self._on_blank_line = True
            is_open = self._continues
        else:
            is_open = self._data[self._end - 1] not in _LINE_ENDS
        if is_open:
            self._data[self._end] = NEWLINE  # the padding leaves room
            self._end += 1
        self._segments.append(BlockSegment(name, self._end, 1 if has_lines else None, leave_out))

    def fill(self, text: TextStream | ExtractedText) -> bool:
        """Read until the block is full, which gives True, or the source is at its end.

        Raises:
            CorpusError: the source is damaged.
        """
        with memoryview(self._data) as view:
            while not self.is_full:
                n = text.read_into(view[self._end : len(view) - PADDING])
                if n == 0:
                    return False
                self._end += n
        return True

    def cut(self, bytes_read: int) -> Iterator[TextBlock]:
        """Cut behind the last sentence or line of the second half, else behind the last white space; yield the block.

        Without any white space yield nothing and make room: the token is longer than the block.
        """
        cut = self._cut()
        tail = bytes(memoryview(self._data)[cut : self._end])
        data, segments, continues, on_blank_line = self._data, self._segments, self._continues, self._on_blank_line
        new_size = self._size if len(tail) < self._size else 2 * len(tail)
        self._data = bytearray(new_size + PADDING)
        self._data[: len(tail)] = tail
        self._end = len(tail)
        if cut == 0:
            return
        inside = [s for s in segments if s.start < cut]
        last = inside[-1]
        self._on_blank_line, self._continues = self._state_at(data, cut, last.start)
        block = _finished(data, cut, inside, continues, bytes_read, on_blank_line)
        line = None if last.line is None else last.line + lines_ended(block.text, last.start, cut)
        resumed = replace(last, start=0, line=line)
        self._segments = [resumed, *(replace(s, start=s.start - cut) for s in segments[len(inside) :])]
        yield block

    def cut_apart(self, bytes_read: int) -> Iterator[TextBlock]:
        """Yield what is left, as text that ends here, and begin again as with no bytes."""
        if self._end or self._continues:
            self.begin("")  # as the next source does: the last sentence ends
            yield from self.rest(bytes_read)
        self._data = bytearray(self._size + PADDING)
        self._end = 0
        self._segments = []
        self._continues = False
        self._on_blank_line = True

    def rest(self, bytes_read: int) -> Iterator[TextBlock]:
        """Yield what is left at the end of the text, if anything."""
        if self._end:
            yield _finished(self._data, self._end, self._segments, self._continues, bytes_read, self._on_blank_line)

    def _cut(self) -> int:
        """Return where to cut; 0 where that can't be."""
        cut = self._best_cut()
        if cut and self._unit != "line" and cut in (segment.start for segment in self._segments):
            return cut - 1  # the line end before a source, which ends a sentence, stays with it
        return cut

    def _best_cut(self) -> int:
        data, end, half = self._data, self._end, self._end // 2
        if data[end - 1] == CARRIAGE_RETURN:  # which may be half of a line end
            end -= 1
        if self._unit == "document" and (starts := [s.start for s in self._segments if s.start > half]):
            return starts[-1]
        if self._unit == "paragraph":
            found = [(data.rfind(ending, half, end), len(ending)) for ending in _PARAGRAPH_ENDS]
            if (last := max(found))[0] >= 0:
                return sum(last)
        place = -1
        for byte in _LINE_ENDS:  # newlines first: with one near the end, little is left to search
            place = max(place, data.rfind(byte, max(half, place), end))
        if place < 0:
            place = max(data.rfind(byte, 0, end) for byte in _ASCII_WHITE)
        return place + 1

    def _state_at(self, data: bytearray, cut: int, source_start: int) -> tuple[bool, bool]:
        """Return whether the line at `cut` is blank so far, and whether the sentence goes on there."""
        ends_line = data[cut - 1] in _LINE_ENDS
        if self._unit != "paragraph":
            return ends_line, self._unit == "document" or not ends_line
        stop = cut - (2 if data[max(0, cut - 2) : cut] == b"\r\n" else 1) if ends_line else cut
        start = max(source_start, *(data.rfind(byte, 0, stop) + 1 for byte in _LINE_ENDS))
        *ended, line = _WIDE_LINE_ENDS.split(data[start:stop].decode(errors="replace"))
        is_blank = not line.replace("\ufeff", " ").strip() and (bool(ended) or start > 0 or self._on_blank_line)
        return ends_line or is_blank, not (ends_line and is_blank)


def lines_ended(text: TextBytes, start: int, stop: int) -> int:
    """Return how many lines end in a part of a text: at LF, CR or both, by which editors count, too."""
    part = text[start:stop]
    newlines = np.count_nonzero(part == NEWLINE)
    returns = part == CARRIAGE_RETURN
    if not returns.any():
        return int(newlines)
    return int(newlines + np.count_nonzero(returns) - np.count_nonzero(returns[:-1] & (part[1:] == NEWLINE)))


def _finished(
    data: bytearray, length: int, segments: list[BlockSegment], continues: bool, bytes_read: int, on_blank_line: bool
) -> TextBlock:
    data[length : length + PADDING] = b" " * PADDING
    return TextBlock(np.frombuffer(data, np.uint8), length, tuple(segments), continues, bytes_read, on_blank_line)
