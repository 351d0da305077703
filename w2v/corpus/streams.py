"""The bytes of one source of text: decompressed, checked to be text, and without a byte order mark."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING, Any

from w2v.compression import decompressed, is_damage
from w2v.errors import CorpusError
from w2v.file_kinds import kind_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_NEWLINE = b"\n"
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_HEAD = 8000  # bytes looked at to tell text from other data, as git does
_READ_AHEAD = 1 << 16


class TextStream:
    """The decompressed bytes of one source, without a byte order mark.

    Attributes:
        name: of the source, for messages.
        holds_otherwise: what the source seems to hold in place of text, or None.
    """

    def __init__(self, name: str, raw: IO[bytes] | io.RawIOBase) -> None:
        """Read the start of a source.

        Raises:
            CorpusError: it is damaged, or not text.
            MissingExtraError: it is compressed with zstd and this Python can't read that.
        """
        self.name = name
        self._raw = _Counted(raw)
        self._stream = decompressed(io.BufferedReader(self._raw, _READ_AHEAD))
        head = self._read_head()
        self.holds_otherwise = kind_of(head)
        self._head = head if self.holds_otherwise else self._check(head)

    @property
    def bytes_read(self) -> int:
        """Bytes taken from the source, before decompression."""
        return self._raw.count

    def read_into(self, view: memoryview) -> int:
        """Read some bytes; return how many, 0 at the end.

        Raises:
            CorpusError: the source is damaged, or a sentence is no list of tokens.
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
        return head.removeprefix(_BOM)


def sentence_stream(sentences: Iterable[Sequence[str]]) -> TextStream:
    """Return sentences as a stream: a line each, spaces between tokens.

    Raises:
        CorpusError: a sentence among the first is no list of tokens.
    """
    return TextStream("sentence", _SentenceBytes(sentences))


class _Counted(io.RawIOBase):
    """A binary stream that counts what is read from it; its first bytes come together, however slowly they arrive."""

    _TOGETHER = 16  # enough to tell any compression

    def __init__(self, raw: IO[bytes] | io.RawIOBase) -> None:
        self._read: Any = getattr(raw, "readinto1", None) or raw.readinto  # type: ignore[union-attr]
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
        if self._at_end:  # a terminal, asked again, would want another Ctrl-D
            return 0
        n = int(self._read(view))
        self._at_end = n == 0 and len(view) > 0
        self.count += n
        return n


class _SentenceBytes(io.RawIOBase):
    """Sentences as bytes: a line each, spaces between tokens."""

    _AT_ONCE = 1 << 12

    def __init__(self, sentences: Iterable[Sequence[str]]) -> None:
        self._lines = map(_line, sentences, itertools.count(1))
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        if not self._ready:
            self._ready = memoryview("".join(itertools.islice(self._lines, self._AT_ONCE)).encode())
        with memoryview(buffer) as view:
            n = min(len(view), len(self._ready))
            view[:n], self._ready = self._ready[:n], self._ready[n:]
        return n


def _line(sentence: Sequence[str], number: int) -> str:
    if isinstance(sentence, str):
        raise CorpusError(f"sentence {number}: is a text, not a list of tokens; split it first")
    try:
        tokens = list(sentence)
        line = " ".join(tokens)
        line.encode()
    except (TypeError, UnicodeEncodeError) as error:
        raise CorpusError(f"sentence {number}: a token is not a text that UTF-8 can hold ({error})") from error
    if line.split() != tokens:
        bad = next(token for token in tokens if token.split() != [token])
        raise CorpusError(f"sentence {number}: the token {bad!r} is empty or has white space in it; split or drop it")
    return line + "\n"
