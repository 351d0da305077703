r"""Text as blocks cut between tokens.

Blocks depend on the text alone, not on how a pipe delivers it or a file is compressed. Small files share a block, with
a newline between them:

    a.txt  "a rose"  b.txt  "is a\nrose"        blocks of 12 bytes:   "a rose\nis a\n"   "rose"
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from w2v.corpus.arrays import PADDING, TextBytes
from w2v.corpus.text_stream import TextStream

TEXT_BYTES = 1 << 20  # of a block: small enough for a CPU's second-level cache, large enough to make hand-overs rare

_ASCII_WHITE = b" \n\t\r\v\f\x1c\x1d\x1e\x1f"
_NEWLINE = 0x0A


@dataclass(frozen=True)
class BlockSegment:
    """A part of a block that comes from one source.

    Attributes:
        name: of the source, for messages.
        start: position in the block, in bytes.
        line: number of the line it starts in, from 1.
    """

    name: str
    start: int
    line: int


@dataclass(frozen=True)
class TextBlock:
    """A part of the text that no token crosses.

    Attributes:
        text: (length + PADDING,) uint8, `length` bytes of text and PADDING spaces.
        length: bytes of text.
        segments: its parts by source, in order.
        continues: whether it starts inside a line that began in the block before.
        bytes_read: bytes taken from the sources up to its end, before decompression.
    """

    text: TextBytes
    length: int
    segments: tuple[BlockSegment, ...]
    continues: bool
    bytes_read: int

    def locate(self, position: int) -> str:
        """Return the source and line of a byte of the block, as `name:line`."""
        segment = self.segments[bisect.bisect_right(self.segments, position, key=lambda s: s.start) - 1]
        return f"{segment.name}:{segment.line + _newlines(self.text, segment.start, position)}"


class BlockFiller:
    """Collects the bytes of sources and cuts them into blocks."""

    def __init__(self, size: int) -> None:
        """Start with no bytes.

        Args:
            size: of a block, in bytes; a longer token makes a longer block.
        """
        self._size = size
        self._data = bytearray(size + PADDING)
        self._end = 0
        self._segments: list[BlockSegment] = []
        self._continues = False

    @property
    def is_full(self) -> bool:
        """Whether it must be cut before it can be filled on."""
        return self._end >= len(self._data) - PADDING

    def begin(self, name: str) -> None:
        """Start a source here, on a line of its own."""
        if self._end == 0:
            self._continues = False
        elif self._data[self._end - 1] != _NEWLINE:
            self._data[self._end] = _NEWLINE  # the padding leaves room
            self._end += 1
        self._segments.append(BlockSegment(name, self._end, 1))

    def fill(self, text: TextStream) -> bool:
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
        """Cut behind the last newline of the second half, else behind the last white space, and yield the block.

        Without any white space yield nothing and make room: the token is longer than the block.
        """
        place = self._data.rfind(_NEWLINE, self._end // 2, self._end)
        if place < 0:
            place = max(self._data.rfind(byte, 0, self._end) for byte in _ASCII_WHITE)
        tail = bytes(memoryview(self._data)[place + 1 : self._end])
        data, segments, continues, cut = self._data, self._segments, self._continues, place + 1
        new_size = self._size if len(tail) < self._size else 2 * len(tail)
        self._data = bytearray(new_size + PADDING)
        self._data[: len(tail)] = tail
        self._end = len(tail)
        if cut == 0:
            return
        inside = [s for s in segments if s.start < cut]
        last = inside[-1]
        block = _finished(data, cut, inside, continues, bytes_read)
        resumed = BlockSegment(last.name, 0, last.line + _newlines(block.text, last.start, cut))
        self._segments = [resumed, *(BlockSegment(s.name, s.start - cut, s.line) for s in segments[len(inside) :])]
        self._continues = data[place] != _NEWLINE
        yield block

    def rest(self, bytes_read: int) -> Iterator[TextBlock]:
        """Yield what is left at the end of the text, if anything."""
        if self._end:
            yield _finished(self._data, self._end, self._segments, self._continues, bytes_read)


def _finished(
    data: bytearray, length: int, segments: list[BlockSegment], continues: bool, bytes_read: int
) -> TextBlock:
    data[length : length + PADDING] = b" " * PADDING
    return TextBlock(np.frombuffer(data, np.uint8), length, tuple(segments), continues, bytes_read)


def _newlines(text: TextBytes, start: int, stop: int) -> int:
    return int(np.count_nonzero(text[start:stop] == _NEWLINE))
