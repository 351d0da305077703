"""The bytes of one source of text: decompressed, checked to be text, and without a byte order mark."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING, Any

from w2v.compression import decompressed, is_damage
from w2v.errors import CorpusError
from w2v.file_kinds import kind_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from w2v.corpus.sources import BinaryStream

_NEWLINE = b"\n"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD = 8000  # bytes that tell text from other data, as in git
_READ_AHEAD = 1 << 16


class TextStream:
    """The decompressed bytes of one source, without a byte order mark.

    Attributes:
        name: of the source, for messages.
        holds_otherwise: the kind of file that the source seems to be in place of text, such as vectors, or None.
    """

    def __init__(self, name: str, raw: BinaryStream) -> None:
        """Read the start of a source.

        Raises:
            CorpusError: the source is damaged, or not text.
            MissingExtraError: the source is compressed with zstd and this Python can't read that.
        """
        self.name = name
        self._raw = _CountedBytes(raw)
        self._stream = decompressed(io.BufferedReader(self._raw, _READ_AHEAD))
        head = self._read_head()
        self.holds_otherwise = kind_of(head)
        self._head = head if self.holds_otherwise else self._check(head)

    @property
    def bytes_read(self) -> int:
        """Bytes taken from the source, before decompression."""
        return self._raw.count

    def read_into(self, view: memoryview) -> int:
        """Fill some of `view` and return the number of bytes, 0 at the end.

        Raises:
            CorpusError: the source is damaged.
        """
        if self._head:
            n = min(len(self._head), len(view))
            view[:n], self._head = self._head[:n], self._head[n:]
            return n
        try:
            return self._stream.readinto(view)  # type: ignore[attr-defined, no-any-return]
        except Exception as error:
            if is_damage(error):
                text = f"{self.name}: the compressed data is damaged or cut short; get the file again"
                raise CorpusError(text) from error
            raise

    def _read_head(self) -> bytes:
        head = bytearray(_HEAD)
        self._head = b""
        end = 0
        with memoryview(head) as view:
            while end < _HEAD and (n := self.read_into(view[end:])):
                end += n
        return bytes(head[:end])

    def _check(self, head: bytes) -> bytes:
        if head.startswith(_UTF16):
            raise CorpusError(f"{self.name}: is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8")
        if (zero := head.find(0)) >= 0:
            line = head.count(_NEWLINE, 0, zero) + 1
            raise CorpusError(f"{self.name}:{line}: holds a zero byte, so it is not text; name text files only")
        return head.removeprefix(codecs.BOM_UTF8)


class _CountedBytes(io.RawIOBase):
    """Counts the bytes read from a stream; the first ones arrive together, however slowly the stream delivers them."""

    _TOGETHER = 16  # enough to recognise any compression

    def __init__(self, raw: BinaryStream) -> None:
        self._read: Any = getattr(raw, "readinto1", None) or raw.readinto
        self._at_end = False
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        with memoryview(buffer) as view:
            n = self._read_some(view)
            while n and self.count < min(self._TOGETHER, len(view)) and (more := self._read_some(view[self.count :])):
                n += more
        return n

    def _read_some(self, view: memoryview) -> int:
        if self._at_end:  # reading on in a terminal would need a second Ctrl-D
            return 0
        n = int(self._read(view))
        self._at_end = n == 0 and len(view) > 0
        self.count += n
        return n
