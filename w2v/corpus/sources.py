"""Where text comes from: files, folders, standard input or sentences in memory, read as blocks cut between tokens.

Blocks depend on the text alone, not on how a pipe delivers it or a file is compressed. Small files share a block, with
a newline between them.
"""

from __future__ import annotations

import bisect
import contextlib
import io
import itertools
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

import numpy as np

from w2v.compression import decompressed, is_damage
from w2v.corpus.arrays import PADDING, Bytes
from w2v.errors import CorpusError
from w2v.files import MODEL, PICTURE, VECTORS, held_otherwise

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

TEXT_BYTES = 1 << 20  # of a block: small enough for a CPU's second cache level, large enough to make hand-overs rare
STANDARD_INPUT = "-"

_ASCII_WHITE = b" \n\t\r\v\f\x1c\x1d\x1e\x1f"
_NEWLINE = 0x0A
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_HEAD = 8000  # bytes looked at to tell text from other data, as git does
_READ_AHEAD = 1 << 16


class Sentences:
    """Sentences in memory, or made as they are needed: each a sequence of tokens. Read once, so a generator will do."""

    def __init__(self, sentences: Iterable[Sequence[str]]) -> None:
        """Wrap an iterable of sentences."""
        self.sentences = sentences


Path_ = str | os.PathLike[str]
Sources = Path_ | Sentences | Sequence[Path_]


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


def _newlines(text: Bytes, start: int, stop: int) -> int:
    return int(np.count_nonzero(text[start:stop] == _NEWLINE))


@dataclass(frozen=True)
class _File:
    """A file, or standard input where `path` is None.

    Attributes:
        name: for messages.
        path: where it is.
        size: in bytes, where that is known.
        is_named: whether the user named it, rather than a folder that it is in.
    """

    name: str
    path: Path | None
    size: int | None
    is_named: bool = True

    @contextlib.contextmanager
    def open(self) -> Iterator[_Text]:
        try:
            if self.path is None:
                yield _Text(self.name, sys.stdin.buffer)
            else:
                with self.path.open("rb", buffering=0) as raw:
                    yield _Text(self.name, raw)
        except OSError as error:
            raise CorpusError(f"{self.name}: can't be read ({error.strerror or error})") from error


@dataclass(frozen=True)
class _Memory:
    """Sentences, as a source."""

    sentences: Iterable[Sequence[str]]
    name: str = "the sentences"
    size: None = None
    is_named: bool = True

    @contextlib.contextmanager
    def open(self) -> Iterator[_Text]:
        yield _Text("sentence", _SentenceBytes(self.sentences))


class Reader:
    """The text of all sources, as blocks. Can be iterated over once.

    Attributes:
        total_bytes: bytes of all sources, before decompression; None where that is not known.
        left_out: files of folders that were not read since they hold what w2v writes, each with what it holds;
            complete when the last block has been read.
    """

    def __init__(self, sources: Sources, block_bytes: int = TEXT_BYTES) -> None:
        """Find all files, before any is read.

        Raises:
            CorpusError: there is no such file, or a folder has none.
        """
        self._sources = list(_resolve(sources))
        self._block_bytes = block_bytes
        sizes = [source.size for source in self._sources]
        self.left_out: list[tuple[str, str]] = []
        self.total_bytes = None if None in sizes else sum(size for size in sizes if size is not None)

    @property
    def name(self) -> str:
        """The sources in a few words, for messages."""
        first, *others = (source.name for source in self._sources)
        return f"{first} and {len(others)} more" if others else first

    def __iter__(self) -> Iterator[TextBlock]:
        """Read the text.

        Raises:
            CorpusError: a source can't be read, is damaged, or is not text.
            MissingExtraError: a file is compressed with zstd and this Python can't read that.
        """
        block = _Filling(self._block_bytes)
        bytes_before = 0
        for source in self._sources:
            with source.open() as text:
                if text.holds_otherwise and not source.is_named:
                    self.left_out.append((source.name, text.holds_otherwise))
                    bytes_before += source.size or 0
                    continue
                if text.holds_otherwise in (VECTORS, MODEL, PICTURE):
                    raise CorpusError(f"{source.name}: holds {text.holds_otherwise}, not text; name text files only")
                block.begin(text.name)
                while block.fill(text):
                    while block.is_full:
                        yield from block.cut(bytes_before + text.bytes_read)
                bytes_before += text.bytes_read
        yield from block.rest(bytes_before)


class _Filling:
    """The block being filled."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._data = bytearray(size + PADDING)
        self._end = 0
        self._segments: list[Segment] = []
        self._continues = False

    @property
    def is_full(self) -> bool:
        return self._end >= len(self._data) - PADDING

    def begin(self, name: str) -> None:
        """Let a source start here, on a line of its own."""
        if self._end == 0:
            self._continues = False
        elif self._data[self._end - 1] != _NEWLINE:
            self._data[self._end] = _NEWLINE  # there is always room: the padding
            self._end += 1
        self._segments.append(Segment(name, self._end, 1))

    def fill(self, text: _Text) -> bool:
        """Read until the block is full; return whether it is, rather than the source at its end."""
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


class _Text:
    """The decompressed bytes of one source, without a byte order mark.

    Attributes:
        name: of the source, for messages.
        holds_otherwise: what the source seems to hold in place of text, or None.
    """

    def __init__(self, name: str, raw: IO[bytes] | io.RawIOBase) -> None:
        self.name = name
        self._raw = _Counted(raw)
        self._stream = decompressed(io.BufferedReader(self._raw, _READ_AHEAD))
        head = self._read_head()
        self.holds_otherwise = held_otherwise(head)
        self._head = head if self.holds_otherwise else self._check(head)

    @property
    def bytes_read(self) -> int:
        """Bytes taken from the source, before decompression."""
        return self._raw.count

    def read_into(self, view: memoryview) -> int:
        """Read some bytes; return how many, 0 at the end."""
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


def _resolve(sources: Sources) -> Iterator[_File | _Memory]:
    if isinstance(sources, Sentences):
        yield _Memory(sources.sentences)
        return
    named = [sources] if isinstance(sources, str | os.PathLike) else sources
    if not named:
        raise CorpusError("no text is given; name a file, a folder, or - for standard input")
    for source in named:
        if os.fspath(source) == STANDARD_INPUT:
            yield _File("standard input", None, None)
        else:
            yield from _files(Path(source))


def _files(path: Path) -> Iterator[_File]:
    try:
        status = path.stat()
        below = _below(path) if stat.S_ISDIR(status.st_mode) else None
    except OSError as error:
        advice = "; check the name" if isinstance(error, FileNotFoundError) else ""
        raise CorpusError(f"{error.filename or path}: can't be read ({error.strerror}){advice}") from error
    if below is None:
        yield _File(str(path), path, status.st_size if stat.S_ISREG(status.st_mode) else None)
        return
    if not below:
        raise CorpusError(f"{path}: this folder has no files, or hidden ones only; name a file or a folder with text")
    for file in below:
        yield _File(str(file), file, file.stat().st_size, is_named=False)


def _below(folder: Path) -> list[Path]:
    """Return every file in a folder and the folders in it, in order, without hidden ones and what hidden folders hold.

    Raises:
        OSError: a folder can't be read.
    """

    def refuse(error: OSError) -> NoReturn:
        raise error

    files = []
    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += [Path(parent, name) for name in names if not name.startswith(".")]
    return sorted(file for file in files if file.is_file())
