"""Text as blocks cut between tokens.

Blocks depend on the text alone, not on how a pipe delivers it or a file is compressed. Small files share a block, with
a newline between them.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from w2v.corpus.arrays import PADDING, Bytes
from w2v.corpus.streams import TextStream

TEXT_BYTES = 1 << 20  # of a block: small enough for a CPU's second cache level, large enough to make hand-overs rare

_ASCII_WHITE = b" \n\t\r\v\f\x1c\x1d\x1e\x1f"
_NEWLINE = 0x0A


@dataclass(frozen=True)
class Segment:
    """A stretch of a block that comes from one source.

    Attributes:
        name: of the source, for messages.
        start: where it starts in the block.
        line: number of the line it starts in, from 1.
    """

    name: str
    start: int
    line: int


@dataclass(frozen=True)
class TextBlock:
    """A stretch of text that no token crosses.

    Attributes:
        text: uint8, `length` bytes of text and PADDING spaces.
        length: bytes of text.
        segments: what it is made of, in order.
        continues: whether it starts inside a line, whose first part the block before holds.
        bytes_read: bytes taken from the sources up to its end, before decompression.
    """

    text: Bytes
    length: int
    segments: tuple[Segment, ...]
    continues: bool
    bytes_read: int

    def locate(self, position: int) -> str:
        """Return the source and line of a byte of the block, as `name:line`."""
        segment = self.segments[bisect.bisect_right(self.segments, position, key=lambda s: s.start) - 1]
        return f"{segment.name}:{segment.line + _newlines(self.text, segment.start, position)}"


class Filling:
    """The block being filled."""

    def __init__(self, size: int) -> None:
        """Start an empty one.

        Args:
            size: of a block, in bytes; larger only where a token is.
        """
        self._size = size
        self._data = bytearray(size + PADDING)
        self._end = 0
        self._segments: list[Segment] = []
        self._continues = False

    @property
    def is_full(self) -> bool:
        """Whether it must be cut before more is read."""
        return self._end >= len(self._data) - PADDING

    def begin(self, name: str) -> None:
        """Let a source start here, on a line of its own."""
        if self._end == 0:
            self._continues = False
        elif self._data[self._end - 1] != _NEWLINE:
            self._data[self._end] = _NEWLINE  # there is always room: the padding
            self._end += 1
        self._segments.append(Segment(name, self._end, 1))

    def fill(self, text: TextStream) -> bool:
        """Read until the block is full; return whether it is, rather than the source at its end.

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
        """Yield what stands before the best place for a cut; without any, make room for more."""
        place = self._data.rfind(_NEWLINE, self._end // 2, self._end)
        if place < 0:
            place = max(self._data.rfind(byte, 0, self._end) for byte in _ASCII_WHITE)
        tail = bytes(memoryview(self._data)[place + 1 : self._end])
        data, segments, continues, cut = self._data, self._segments, self._continues, place + 1
        wanted = self._size if len(tail) < self._size else 2 * len(tail)
        self._data = bytearray(wanted + PADDING)
        self._data[: len(tail)] = tail
        self._end = len(tail)
        if cut == 0:
            return
        inside = [s for s in segments if s.start < cut]
        last = inside[-1]
        block = _finished(data, cut, inside, continues, bytes_read)
        resumed = Segment(last.name, 0, last.line + _newlines(block.text, last.start, cut))
        self._segments = [resumed, *(Segment(s.name, s.start - cut, s.line) for s in segments[len(inside) :])]
        self._continues = data[place] != _NEWLINE
        yield block

    def rest(self, bytes_read: int) -> Iterator[TextBlock]:
        """Yield the end of the text."""
        if self._end:
            yield _finished(self._data, self._end, self._segments, self._continues, bytes_read)


def _finished(data: bytearray, length: int, segments: list[Segment], continues: bool, bytes_read: int) -> TextBlock:
    data[length : length + PADDING] = b" " * PADDING
    return TextBlock(np.frombuffer(data, np.uint8), length, tuple(segments), continues, bytes_read)


def _newlines(text: Bytes, start: int, stop: int) -> int:
    return int(np.count_nonzero(text[start:stop] == _NEWLINE))
