"""A file of vectors while it is read: its start, by which the format is recognised, and the rest of it."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

from w2v.compression import without_compression
from w2v.errors import VectorsError
from w2v.options.encoding import EncodingOptions
from w2v.wording import counted

if TYPE_CHECKING:
    from w2v.vectors.packed_words import PackedWords

_HEAD = 1 << 18  # bytes read at least, to recognise the format
_LONGEST_HEAD = 1 << 26  # a first line longer than this is no vector
_UNKNOWN_SIZE = 1 << 26  # bytes to make room for where compression hides how many there are
_COMPRESSION = 2.5  # how much longer vectors are than the same compressed
_MOST_DIGITS = 15  # of V and of d


@dataclass(frozen=True)
class Header:
    """What the first line of word2vec's formats says.

    Attributes:
        count: V, the number of words, at least 1.
        dim: d, the length of each vector, at least 1.
        size: bytes of the line with its end.
    """

    count: int
    dim: int
    size: int


@dataclass(frozen=True)
class FileStart:
    """The start of a file, decompressed and without a byte order mark.

    Attributes:
        path: the file.
        head: its first bytes: two lines or more, if it has them.
        is_whole: whether that is all of the file.
    """

    path: Path
    head: bytes
    is_whole: bool

    @cached_property
    def header(self) -> Header | None:
        """The header `V d`, if the first line is one.

        Raises:
            VectorsError: the first line holds two whole numbers, but no V and d that can be.
        """
        line, newline, _ = self.head.partition(b"\n")
        pieces = line.split()
        if len(pieces) != 2 or not all(piece.isdigit() for piece in pieces):
            return None
        if max(map(len, pieces)) > _MOST_DIGITS:
            raise VectorsError(f"{self.path}:1: the header's numbers are too large; not a vectors file")
        count, dim = map(int, pieces)
        if not count or not dim:
            raise VectorsError(
                f"{self.path}:1: the header says {counted(count, 'word')} and {counted(dim, 'value')};"
                " both must be at least 1"
            )
        return Header(count, dim, len(line) + len(newline))

    @cached_property
    def body(self) -> bytes:
        """The head after the header, or all of it."""
        return self.head if self.header is None else self.head[self.header.size :]

    @property
    def is_row(self) -> bool:
        """Whether the first line that is not blank is one word and two numbers or more, or may become that.

        The line may be longer than the head, or have a word with spaces in it.
        """
        from w2v.vectors.formats.line_values import values_in

        line = self.head.lstrip().partition(b"\n")[0]
        return values_in(line) >= 2 or (values_in(line) == 1 and len(line.split()) == 2)

    def has_ending(self, ending: str) -> bool:
        """Say whether the file's name ends so, whatever the case and however it is compressed."""
        return without_compression(self.path.name.lower())[0].endswith(ending)


@dataclass(frozen=True)
class VectorsStream:
    """A file of vectors whose start was read.

    Attributes:
        start: what was read of it.
        rest: the stream that has all after that, decompressed.
        size: bytes in all, or None where compression hides that.
        stored: bytes that it takes where it is stored, perhaps compressed.
        encoding: how the bytes of words become text.
        top: how many words are wanted, the first ones; None is all. A format may read more.
    """

    start: FileStart
    rest: IO[bytes]
    size: int | None
    stored: int
    encoding: EncodingOptions = field(default_factory=EncodingOptions)
    top: int | None = None

    @classmethod
    def opened(
        cls, path: Path, stream: IO[bytes], size: int | None, stored: int, encoding: EncodingOptions | None = None
    ) -> VectorsStream:
        """Read the start of a stream.

        Args:
            path: the file that it comes from.
            stream: its bytes, decompressed, from the first on.
            size: bytes in all, or None where compression hides that.
            stored: bytes that it takes where it is stored.
            encoding: how the bytes of words become text; None is UTF-8.
        """
        parts: list[bytes] = []
        length = lines = 0
        is_whole = False
        while not is_whole and length < _LONGEST_HEAD and (length < _HEAD or lines < 2):
            more = stream.read(_HEAD)
            parts.append(more)
            length, lines, is_whole = length + len(more), lines + more.count(b"\n"), not more
        start = FileStart(path, b"".join(parts).removeprefix(codecs.BOM_UTF8), is_whole)
        return cls(start, stream, length if is_whole else size, stored, encoding or EncodingOptions())

    @property
    def path(self) -> Path:
        """The file, for messages and for formats that need more than a stream."""
        return self.start.path

    @property
    def header(self) -> Header | None:
        """What the first line says, or None without a header."""
        return self.start.header

    def decoded(self, words: PackedWords, *, in_utf8: bool = False) -> PackedWords:
        """Return words as `decoding.decoded_words` does, for formats whose words are all read at once.

        Args:
            words: the words as they are in the file.
            in_utf8: whether the format knows no other encoding; what to do with bytes that are wrong still counts.

        Raises:
            VectorsError: a word is empty, or wrong in this encoding; the text says which.
        """
        from w2v.vectors.formats.decoding import BadWordError, decoded_words

        encoding = EncodingOptions(encoding_errors=self.encoding.encoding_errors) if in_utf8 else self.encoding
        try:
            return decoded_words(words, encoding, can_name=not in_utf8)
        except BadWordError as error:
            raise VectorsError(f"{self.path}: word {error.row + 1:,} {error}") from None

    def require_room(self, least: int) -> None:
        """Make sure that a file whose header asks for it can hold `least` bytes after the header, before reading it.

        Raises:
            VectorsError: it is smaller.
        """
        if self.header and self.size is not None and least > self.size - self.header.size:
            raise VectorsError(
                f"{self.path}: is cut short, or no vectors file: {counted(self.size, 'byte')}, and the header says"
                f" {counted(self.header.count, 'word')} x {self.header.dim}"
            )

    def read_all(self) -> bytes:
        """Return all of the file, decompressed."""
        return self.start.head + self.rest.read()

    @property
    def length(self) -> int:
        """Bytes in all, estimated where compression hides how many there are."""
        return int(_COMPRESSION * self.stored) if self.size is None else self.size

    def estimated_shape(self) -> tuple[int, int]:
        """Return V and d of vectors as text: as the header says, or estimated from the first lines and the size."""
        if self.header is not None:
            count, dim = self.header.count, self.header.dim
            return count if self.size is None else min(count, self.size // (2 * dim)), dim  # two bytes a value or more
        lines = self.start.head.strip().split(b"\n")
        dim = max(1, len(re.findall(rb"[^ \t,;]+", lines[0])) - 1)
        return len(lines) * self.length // max(1, len(self.start.head)), dim

    def rows_expected(self, row_size: int) -> int:
        """Return how many rows of `row_size` bytes to make room for: as the header says, or fewer in a short file."""
        rows = (_UNKNOWN_SIZE if self.size is None else self.size) // row_size
        rows = min(rows, self.header.count) if self.header else rows
        return rows if self.top is None else min(rows, self.top)
