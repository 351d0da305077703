"""The bytes of one source of text: decompressed, as UTF-8, and checked to be text."""

from __future__ import annotations

import codecs
import contextlib
import io
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from w2v.compression import decompressed, is_damage
from w2v.errors import CorpusError
from w2v.file_kinds import MODEL, PICTURE, VECTORS, kind_of
from w2v.foreign_files import foreign_kind, utf_of
from w2v.options.text_formats import ANY_FORMAT, FORMATS
from w2v.readers.recognition import format_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from w2v.corpus.sources import BinaryStream
    from w2v.options import CorpusOptions

_FORMATS_OF_OURS = [FORMATS[name] for name in ("html", "xml", "json", "csv", "tsv")]  # which files of w2v can have
_NEWLINE = b"\n"
_HEAD = 8000  # bytes that tell text from other data, as in git
READ_AHEAD = 1 << 16
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_DOCUMENTS = (b"%PDF-", b"%!PS", b"{\\rtf", b"version https://git-lfs")  # in printable characters, and no text
_CONTROLS = bytes({*range(32), 127} - {*b"\t\n\v\f\r\x1b\x1c\x1d\x1e\x1f"})  # ESC is part of some encodings
_FEW_BYTES, _VERY_FEW_BYTES = 64, 8  # of which a few zeros say little, and any
_MOST_CONTROLS = 0.02  # of the bytes of a text


class Content(NamedTuple):
    """What a source seems to hold in place of text.

    Attributes:
        holds: ends a note that begins with "left out NAME, which", such as "holds vectors, not text".
        complaint: the error where the user named the source; None if it may be read as text all the same.
    """

    holds: str
    complaint: str | None


class TextStream:
    """The decompressed bytes of one source, as UTF-8, without a byte order mark at the start.

    Attributes:
        name: of the source, for messages.
        text_format: of the source; None is plain text.
        content: what the source seems to hold in place of text, or None.
    """

    def __init__(
        self, name: str, raw: BinaryStream, options: CorpusOptions, *, is_text: bool = False, is_plain: bool = False
    ) -> None:
        """Read the start of a source.

        Args:
            name: of the source.
            raw: its bytes.
            options: the encoding, and what to do with wrong bytes.
            is_text: whether the source is known to be text, from a look at its start.
            is_plain: whether it is known to be plain text.

        Raises:
            CorpusError: the source is damaged, or wrong in its encoding.
            MissingExtraError: the source is compressed with zstd and this Python can't read that.
        """
        self.name = name
        self._raw = _CountedBytes(raw)
        with self._damage_told():
            self._stream = decompressed(io.BufferedReader(self._raw, READ_AHEAD))
        self._head = b""
        start = self._head = _filled(self._read_stored, _HEAD)
        self._utf8 = None if options.is_utf8 else _Utf8(name, self._read_stored, options)
        self._ready = start if self._utf8 is None else _filled(self._utf8.read_into, _HEAD)
        if self._utf8 is None:
            self._head = b""
        self._ready = self._ready.removeprefix(codecs.BOM_UTF8)
        self.text_format = None if is_plain else format_of(options.text_format, name, self._ready)
        if self.text_format in _FORMATS_OF_OURS and options.text_format == ANY_FORMAT and kind_of(self._ready):
            self.text_format = None
        if is_text or (self.text_format is not None and self.text_format.is_binary):
            self.content = None
        else:
            self.content = _content(name, start, self._ready, options)

    @property
    def bytes_read(self) -> int:
        """Bytes taken from the source, before decompression."""
        return self._raw.count

    def read_into(self, view: memoryview) -> int:
        """Fill some of `view` and return the number of bytes, 0 at the end.

        Raises:
            CorpusError: the source is damaged, or wrong in its encoding.
        """
        if self._ready:
            n = min(len(self._ready), len(view))
            view[:n], self._ready = self._ready[:n], self._ready[n:]
            return n
        return self._read_stored(view) if self._utf8 is None else self._utf8.read_into(view)

    def _read_stored(self, view: memoryview) -> int:
        """Fill some of `view` with decompressed bytes, in the encoding of the source."""
        if self._head:
            n = min(len(self._head), len(view))
            view[:n], self._head = self._head[:n], self._head[n:]
            return n
        with self._damage_told():
            return self._stream.readinto(view)  # type: ignore[attr-defined, no-any-return]

    @contextlib.contextmanager
    def _damage_told(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if is_damage(error):
                text = f"{self.name}: the compressed data is damaged or cut short; get the file again"
                raise CorpusError(text) from error
            raise


def _filled(read_into: Callable[[memoryview], int], size: int) -> bytes:
    """Return the next bytes of a stream, fewer than `size` at its end."""
    data = bytearray(size)
    end = 0
    with memoryview(data) as view:
        while end < size and (n := read_into(view[end:])):
            end += n
    return bytes(data[:end])


def _content(name: str, stored: bytes, text: bytes, options: CorpusOptions) -> Content | None:
    """Return what a source holds in place of text, judged by its start.

    Args:
        name: of the source.
        stored: its first bytes, decompressed.
        text: the same as UTF-8.
        options: say which encoding the user expects, and what to do with zero bytes.
    """
    if (kind := kind_of(text)) is not None:
        is_refused = kind in (VECTORS, MODEL, PICTURE)
        holds = f"holds {kind.name}, not text"
        return Content(holds, f"{name}: {holds}; name text files only" if is_refused else None)
    if options.is_utf8 and (wide := utf_of(stored)) is not None:
        has_mark = stored.startswith(_MARKS)
        is_sure = len(stored) >= (_FEW_BYTES if 3 * stored.count(0) < len(stored) else _VERY_FEW_BYTES)
        if has_mark or (is_sure and options.encoding_errors == "strict"):
            codec = wide.lower() if has_mark else _with_byte_order(wide, stored)
            files = f" {shlex.quote(name)} > utf8.txt" if Path(name).is_file() else ""
            advice = f"use `encoding={codec}`, or convert it: iconv -f {codec.upper()} -t UTF-8{files}"
            return Content(f"is {wide}, not UTF-8; {advice}", f"{name}: is {wide}, not UTF-8; {advice}")
    is_clean = _is_clean(text)
    foreign = foreign_kind(stored)
    is_certain = stored.startswith(_DOCUMENTS) or not (is_clean or utf_of(stored))
    if foreign is not None and is_certain and (not foreign.is_text or stored.startswith(_DOCUMENTS)):
        advice = "" if foreign.for_text else "; name text files only"
        return Content(f"is {foreign.name}, not text", foreign.without_text(name) + advice)
    if is_clean or len(text.translate(None, _CONTROLS)) >= (1 - _MOST_CONTROLS) * len(text):
        return None
    zero = text.find(0)
    if zero < 0 or options.encoding_errors != "strict":
        return Content("is not text", None)
    line = text.count(_NEWLINE, 0, zero) + 1
    return Content("is not text", f"{name}:{line}: holds a zero byte, so it is not text; name text files only")


def _is_clean(text: bytes) -> bool:
    """Say whether bytes, perhaps cut amid a character, are UTF-8 without control characters other than white space."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(text)
    except UnicodeDecodeError:
        return False
    return len(text.translate(None, _CONTROLS)) == len(text)


def _with_byte_order(wide: str, data: bytes) -> str:
    """Return the encoding of bytes without a byte order mark: most zero bytes are the high ones."""
    size = int(wide.removeprefix("UTF-")) // 8
    return f"{wide.lower()}-{'le' if data[::size].count(0) < data[size - 1 :: size].count(0) else 'be'}"


class StreamBytes(io.RawIOBase):
    """A text as a file of Python, for readers of formats."""

    def __init__(self, text: TextStream) -> None:
        self._text = text

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill some of the buffer and return the number of bytes, 0 at the end."""
        with memoryview(buffer) as view:
            return self._text.read_into(view)


class _Utf8:
    """Bytes in another encoding, read as UTF-8."""

    def __init__(self, name: str, read_into: Callable[[memoryview], int], options: CorpusOptions) -> None:
        self._name = name
        self._read_into = read_into
        self._encoding = options.encoding
        self._decoder = codecs.getincrementaldecoder(options.encoding)(options.encoding_errors)
        self._stored = bytearray(READ_AHEAD)
        self._ready = b""
        self._lines = _LineCount()
        self._at_end = False

    def read_into(self, view: memoryview) -> int:
        """Fill some of `view` and return the number of bytes, 0 at the end.

        Raises:
            CorpusError: the bytes are wrong in the encoding, and options are strict.
        """
        while not self._ready and not self._at_end:
            with memoryview(self._stored) as stored:
                n = self._read_into(stored)
            self._at_end = n == 0
            text = self._decoded(bytes(self._stored[:n]))
            self._lines.add(text)
            self._ready = text.encode(errors="replace")  # utf-7, for one, can hold half of a character
        n = min(len(self._ready), len(view))
        view[:n], self._ready = self._ready[:n], self._ready[n:]
        return n

    def _decoded(self, data: bytes) -> str:
        state = self._decoder.getstate()
        try:
            return self._decoder.decode(data, self._at_end)
        except UnicodeError as error:
            wrong = getattr(error, "object", data)[getattr(error, "start", 0) :][:1]
            self._count_before(error, state)
            raise CorpusError(
                f"{self._name}:{self._lines.number}: not {self._encoding}: byte 0x{wrong.hex()}; check `encoding`, or"
                " use `encoding_errors=replace`"
            ) from error

    def _count_before(self, error: UnicodeError, state: Any) -> None:
        """Count the lines of the text before what is wrong, decoded again."""
        if isinstance(error, UnicodeDecodeError):
            self._decoder.setstate((b"", state[1]))
            with contextlib.suppress(UnicodeError):
                self._lines.add(self._decoder.decode(error.object[: error.start]))


class _LineCount:
    """Counts lines that end in LF, CR or both.

    Attributes:
        number: of the line at the end of the text so far, from 1.
    """

    def __init__(self) -> None:
        self.number = 1
        self._after_return = False

    def add(self, text: str) -> None:
        """Count those of some more text."""
        if text:
            self.number += text.count("\n") + text.count("\r") - text.count("\r\n")
            self.number -= self._after_return and text[0] == "\n"
            self._after_return = text[-1] == "\r"


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
