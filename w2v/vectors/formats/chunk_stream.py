"""Chunks of bytes as a stream, for readers of other formats."""

from __future__ import annotations

import io
from collections.abc import Iterator


class ChunkStream(io.RawIOBase):
    r"""Chunks of bytes as a stream.

    Example:
        >>> io.BufferedReader(ChunkStream(iter([b"a 1\n", b"", b"b 2\n"]))).readlines()
        [b'a 1\n', b'b 2\n']
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest, self._start = chunks, b"", 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as the chunks go, or until it is full."""
        filled = 0
        while filled < len(buffer):
            if self._start == len(self._rest):
                chunk = next(self._chunks, None)
                if chunk is None:
                    break
                self._rest, self._start = chunk, 0
                continue
            part = self._rest[self._start : self._start + len(buffer) - filled]
            buffer[filled : filled + len(part)] = part
            filled += len(part)
            self._start += len(part)
        return filled
