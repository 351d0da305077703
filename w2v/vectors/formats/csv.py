"""Vectors as a table for spreadsheets: a line `word,d1,d2,...` with names, then a line for each word and its values.

Words are quoted where they must be (RFC 4180), so that a file can hold any. A byte order mark comes first if a word has
letters beyond ASCII: without it, Excel takes UTF-8 for another encoding. `read` takes tables of other programs, too:
with semicolons or tabs between columns, other names or none, and decimal commas.
"""

from __future__ import annotations

import codecs
import io
import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from w2v.errors import VectorsError
from w2v.vectors.formats.format import Format
from w2v.vectors.formats.line_values import is_number
from w2v.vectors.vectors_size import printing

if TYPE_CHECKING:
    from w2v.progress import Progress
    from w2v.vectors.formats.finite import Matrix
    from w2v.vectors.formats.vectors_stream import FileStart, VectorsStream
    from w2v.vectors.packed_words import PackedWords
    from w2v.vectors.provenance import Provenance

_OUR_NAMES = re.compile(rb"word(?:,d[0-9]+)+\r?\n")
_WORD_COLUMNS = (b"word", b"words", b"token", b"label", b"name")
_DELIMITERS = (b";", b"\t", b",")  # of equally frequent ones, the first is meant: the others stand in words and numbers
_NEEDS_QUOTES = re.compile(rb'[",\r\n]')
_CHUNK = 1 << 20


class _Layout(NamedTuple):
    """How a table is written.

    Attributes:
        delimiter: what is between columns.
        column: which column has the words, from 0; values are in those after it.
        has_names: whether the first line has the names of the columns.
    """

    delimiter: bytes
    column: int
    has_names: bool


def recognises(start: FileStart) -> bool:
    """Say whether there are our names of columns, or the name ends in .csv and there are columns."""
    if holds_our_table(start):
        return True
    line = start.head.partition(b"\n")[0]
    return start.has_ending(".csv") and b"\0" not in line and any(delimiter in line for delimiter in _DELIMITERS)


def holds_our_table(start: FileStart) -> bool:
    """Say whether the first line has our names of columns."""
    return bool(_OUR_NAMES.match(start.head.removeprefix(codecs.BOM_UTF8)))


def read(file: VectorsStream, progress: Progress) -> tuple[PackedWords, Matrix]:
    """Return the words and vectors of a table, shape (V, d).

    The words are in the column of that name, or else in the first one, and the values in all columns after it.

    Raises:
        VectorsError: a line is malformed, or there are none.
    """
    from w2v.vectors.formats.text_lines import dim_of_lines, read_lines
    from w2v.vectors.formats.vectors_stream import VectorsStream
    from w2v.vectors.packed_words import PackedWords

    words: list[bytes] = []
    lines = VectorsStream.opened(file.path, _chunked(_value_lines(file, words)), file.size, file.stored, file.encoding)
    _, matrix = read_lines(lines, dim_of_lines(lines.start), progress)
    return file.decoded(PackedWords.joined(words)), matrix


def write(stream: BinaryIO, words: PackedWords, matrix: Matrix, _: Provenance) -> None:
    """Write the names of the columns, then a line for each word.

    Raises:
        VectorsError: a value is not finite.
    """
    from w2v.vectors.formats.text_rows import formatted_rows

    encoded = [_quoted(word) for word in words.all_encoded()]
    if not all(map(bytes.isascii, encoded)):
        stream.write(codecs.BOM_UTF8)
    stream.write(b",".join([b"word", *(b"d%d" % number for number in range(1, matrix.shape[1] + 1))]) + b"\n")
    start = 0
    for rows in formatted_rows([b""] * len(words), matrix, words.encoded):
        values = bytes(rows).replace(b" ", b",").split(b"\n")[:-1]
        stream.write(b"".join(map(b"%s%s\n".__mod__, zip(encoded[start : start + len(values)], values, strict=True))))
        start += len(values)


def _quoted(word: bytes) -> bytes:
    return b'"%s"' % word.replace(b'"', b'""') if _NEEDS_QUOTES.search(word) else word


def _value_lines(file: VectorsStream, words: list[bytes]) -> Iterator[bytes]:
    """Yield a line of text with a word and its values for each record, and blank lines so that line numbers agree.

    Args:
        file: the table.
        words: receives the words, which the lines have only where they are plain.
    """
    stream = _chunked(itertools.chain([file.start.head], iter(lambda: file.rest.read(_CHUNK), b"")))
    number = 1
    layout = None
    for record, lines in _records(stream, file):
        if layout is None:
            layout = _layout(record)
            if layout.has_names:
                yield b"\n" * lines
                number += lines
                continue
        if record.strip():
            word, values = _split(record, layout, file, number)
            if not word:
                raise VectorsError(f"{file.path}:{number}: has no word")
            words.append(word)
            yield b"%s %s" % (word if _is_plain(word) else _checked(word, file, number), values)
        yield b"\n" * lines
        number += lines


def _records(stream: io.BufferedReader, file: VectorsStream) -> Iterator[tuple[bytes, int]]:
    """Yield each record without its end, and in how many lines it is: a quoted word may have line ends in it."""
    number = 1
    for first in stream:
        lines = [first]
        if first.startswith(b'"'):
            is_open = first.count(b'"') % 2 == 1
            while is_open:
                line = stream.readline()
                if not line:
                    raise VectorsError(f"{file.path}:{number}: a quote has no end")
                lines.append(line)
                is_open ^= line.count(b'"') % 2 == 1
        yield b"".join(lines).removesuffix(b"\n").removesuffix(b"\r"), len(lines)
        number += len(lines)


def _layout(record: bytes) -> _Layout:
    """Return the layout of the table whose first record is given."""
    delimiter = max(_DELIMITERS, key=record.count)
    fields, end = [], 0
    while end <= len(record):
        field, end = _field(record, end, delimiter)
        fields.append(field)
        end += 1
    counters = [[b"%d" % number for number in range(least, least + len(fields) - 1)] for least in (0, 1)]
    has_names = fields[1:] in counters or not all(is_number(field.replace(b",", b".")) for field in fields[1:])
    names = [field.strip().lower() for field in fields] if has_names else []
    return _Layout(delimiter, next((names.index(name) for name in _WORD_COLUMNS if name in names), 0), has_names)


def _split(record: bytes, layout: _Layout, file: VectorsStream, number: int) -> tuple[bytes, bytes]:
    """Return the word of a record, and its values with spaces between."""
    end = -1
    word = b""
    for _ in range(layout.column + 1):
        word, end = _field(record, end + 1, layout.delimiter)
    values = record[end + 1 :]
    if end < len(record) and record[end : end + 1] != layout.delimiter:
        raise VectorsError(f"{file.path}:{number}: has text after a quoted word; quotes in it must be doubled")
    if layout.delimiter != b",":
        values = values.replace(b",", b".")
    return word, values.replace(b'"', b"").replace(layout.delimiter, b" ")


def _field(record: bytes, start: int, delimiter: bytes) -> tuple[bytes, int]:
    """Return the field that starts at a place, without quotes, and where it ends."""
    if record[start : start + 1] != b'"':
        end = record.find(delimiter, start)
        end = len(record) if end < 0 else end
        return record[start:end], end
    end = start + 1
    while True:
        end = record.find(b'"', end)
        if end < 0:
            return record[start + 1 :], len(record)
        if record[end + 1 : end + 2] != b'"':
            return record[start + 1 : end].replace(b'""', b'"'), end + 1
        end += 2


def _is_plain(word: bytes) -> bool:
    """Say whether a line of text can start with a word and be read well."""
    return word.split() == [word] and not word.isdigit() and not word.startswith(b"\xef")


def _checked(word: bytes, file: VectorsStream, number: int) -> bytes:
    """Return another word for a line of text, where this one can't start it."""
    try:
        file.encoding.decode(word)
    except UnicodeDecodeError as error:
        raise VectorsError(f"{file.path}:{number}: {file.encoding.complaint(word, error.start)}") from None
    return b"_"


def _chunked(chunks: Iterator[bytes]) -> io.BufferedReader:
    from w2v.vectors.formats.chunk_stream import ChunkStream

    return io.BufferedReader(ChunkStream(chunks), _CHUNK)


FORMAT = Format(
    name="csv",
    description="a table for spreadsheets, with names of columns",
    endings=(".csv",),
    recognises=recognises,
    may_replace=holds_our_table,
    read=read,
    write=write,
    writing=printing,
    reads_compressed=True,
)
