"""Texts in files: one a line, or in a column of a table. Read as a stream, plain or compressed.

Unless it is said, a file is what its name says, such as `.tsv`, `.csv` and `.json` with named columns, or else what its
content shows: JSON, or lines. Files of other formats, such as PDF, do not say where a text ends, and are refused.
"""

from __future__ import annotations

import codecs
import importlib
import io
import os
import shlex
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from w2v.compression import ENDINGS, decompressed, is_damage
from w2v.documents.token_rows import line_blocks
from w2v.errors import CorpusError, UsageError
from w2v.foreign_files import HEAD, foreign_kind
from w2v.options import CorpusOptions, EncodingOptions
from w2v.options.checks import require_choice
from w2v.options.documents import RECORD_FORMATS
from w2v.options.text_formats import ANY_FORMAT, FORMATS, TextFormat
from w2v.readers.opened_text import OpenedText, Problems
from w2v.readers.recognition import format_of
from w2v.readers.records import USUAL_FIELD, Record, only_text
from w2v.word_list import STANDARD_INPUT

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BYTES_AT_ONCE = 1 << 20
_LINE_ENDS = "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"  # what str.splitlines ends lines at, but for the newline
_AS_SPACES = dict.fromkeys(map(ord, _LINE_ENDS), " ")


def read_records(
    names: Sequence[str],
    encoding: EncodingOptions | None = None,
    form: str | None = None,
    problems: Problems | None = None,
) -> Iterator[Record]:
    """Yield the records of files, in order.

    Args:
        names: the files; "-" is standard input.
        encoding: how bytes become text.
        form: what the files are, one of RECORD_FORMATS; None goes by their names, and by their content.
        problems: where bad records are reported, and whether they are skipped; None makes them errors.

    Raises:
        CorpusError: a file can't be read, is damaged, or is malformed; the text names the line. Or it is of a format
            that does not say where a text ends, such as PDF.
        MissingExtraError: a file is compressed with zstd and this Python can't read that.
    """
    encoding = encoding or EncodingOptions()
    for name in names:
        shown_name = name_in_messages(name)
        with _reported(shown_name), _opened(name) as raw:
            table = _table_of(name, form)
            if table is None:
                for number, line in enumerate(_lines(raw, shown_name, encoding), 1):
                    yield Record(shown_name, number, {USUAL_FIELD: line.rstrip("\r\n")})
            else:
                records = importlib.import_module(table.place).records
                yield from records(_opened_text(raw, shown_name, encoding, problems or Problems(can_skip=False)))


def is_table(name: str, form: str | None = None) -> bool:
    """Say whether a file holds named columns, as its form says, or else its name or content.

    Raises:
        CorpusError: it holds neither columns nor lines.
    """
    return _table_of(name, form) is not None


def _table_of(name: str, form: str | None) -> TextFormat | None:
    """Return the format of a file with named columns; None if it has lines.

    Raises:
        CorpusError: it has neither.
    """
    if form is not None:
        require_choice("format", form, RECORD_FORMATS)
        return FORMATS.get(form)
    plain = name.lower()
    for ending in ENDINGS:
        plain = plain.removesuffix(ending)
    tables = [FORMATS[known] for known in RECORD_FORMATS if known in FORMATS]
    if (named := next((table for table in tables if plain.endswith(table.endings)), None)) is not None:
        return named
    head = _head(name)
    found = format_of(ANY_FORMAT, name, head)
    if found is None or found in tables:
        if (kind := foreign_kind(head)) is not None and not (kind.is_text or _is_utf8(head)):
            raise CorpusError(kind.without_text(name_in_messages(name)))
        return found
    (known,) = (known for known in FORMATS if FORMATS[known] is found)
    as_lines = "" if found.is_binary else ", or use `format=plain` for its lines as they are"
    raise CorpusError(
        f"{name_in_messages(name)}: is in the format {known}, which only training reads; give a text in each line, or a"
        f" table{as_lines}; this prints its text: w2v vocab {shlex.quote(name)} -q `show_text=1000`"
    )


def _head(name: str) -> bytes:
    """Return the start of a file, decompressed; of a pipe, what can be seen without taking it. Errors come later."""
    with suppress(Exception):
        if name == STANDARD_INPUT:
            start = cast(io.BufferedReader, sys.stdin.buffer).peek(HEAD)
            return cast(io.BufferedReader, decompressed(io.BufferedReader(io.BytesIO(start)))).read1(HEAD)
        with Path(name).open("rb") as raw:
            return decompressed(raw).read(HEAD) if is_regular(raw) else b""
    return b""


def _is_utf8(head: bytes) -> bool:
    """Say whether bytes are text, perhaps cut amid a character."""
    with suppress(UnicodeDecodeError):
        return b"\0" not in codecs.getincrementaldecoder("utf-8")().decode(head).encode()
    return False


def _opened_text(raw: IO[bytes], name: str, encoding: EncodingOptions, problems: Problems) -> OpenedText:
    if encoding.is_utf8:
        stream = _buffered(decompressed(_buffered(raw)))
        if stream.peek(len(codecs.BOM_UTF8)).startswith(codecs.BOM_UTF8):
            stream.read(len(codecs.BOM_UTF8))
    else:
        stream = io.BufferedReader(_Pieces(line.encode() for line in _lines(raw, name, encoding)))
    options = CorpusOptions(encoding_errors=encoding.encoding_errors)
    return OpenedText(name, stream, raw, options, problems)


class _Pieces(io.RawIOBase):
    """Pieces of bytes as a stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read some bytes."""
        view = memoryview(buffer).cast("B")
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        n = min(len(view), len(self._rest))
        view[:n], self._rest = self._rest[:n], self._rest[n:]
        return n


def name_in_messages(name: str) -> str:
    """Return the name of a file as messages have it."""
    return "standard input" if name == STANDARD_INPUT else name


def _opened(name: str) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdin.buffer) if name == STANDARD_INPUT else Path(name).open("rb")


@contextmanager
def _reported(name: str) -> Iterator[None]:
    """Turn errors of reading a file into one that names it."""
    try:
        yield
    except Exception as error:
        if is_damage(error):
            raise CorpusError(f"{name}: the compressed data is damaged or cut short; get it again") from error
        if isinstance(error, FileNotFoundError):
            raise CorpusError(f"{name}: no such file; check the name") from error
        if isinstance(error, OSError):
            raise CorpusError(f"{name}: can't be read ({error.strerror})") from error
        raise


def is_regular(stream: IO[bytes]) -> bool:
    """Say whether a stream is a file on disk, not a pipe or a terminal, which may pause."""
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except OSError:  # a stream in memory
        return True


def _buffered(raw: IO[bytes]) -> io.BufferedReader:
    return raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(cast("io.RawIOBase", raw))


def _lines(raw: IO[bytes], name: str, encoding: EncodingOptions) -> Iterator[str]:
    stream = decompressed(_buffered(raw))
    for number, line in enumerate(stream, 1):
        try:
            text = encoding.decode(line)
        except UnicodeDecodeError as error:
            raise CorpusError(f"{name}:{number}: {encoding.complaint(line, error.start)}") from error
        yield text.removeprefix(codecs.BOM_UTF8.decode()) if number == 1 else text


def read_text_blocks(
    names: Sequence[str],
    fields: Sequence[str] = (),
    encoding: EncodingOptions | None = None,
    form: str | None = None,
) -> Iterator[bytes]:
    """Yield the texts of files as lines of UTF-8, many at a time: lines, or what is in fields of records.

    Args:
        names: the files, in order; "-" is standard input.
        fields: fields or columns, whose texts are joined; none is "text", or the only one with text.
        encoding: how bytes become text.
        form: as for `read_records`.

    Raises:
        CorpusError: a file can't be read, or has no such column.
        UsageError: a field is named, but a file has none.
    """
    encoding = encoding or EncodingOptions()
    if fields and (plain := next((name for name in names if not is_table(name, form)), None)) is not None:
        raise UsageError(
            f"{name_in_messages(plain)}: has no fields; name a .tsv, .csv or .json file, say what it is with `format`,"
            " or leave out `field`"
        )
    for name in names:
        if not is_table(name, form) and encoding.is_utf8:
            yield from _utf8_lines(name, encoding)
        else:
            yield from line_blocks(_texts([name], fields, encoding, form))


def _texts(names: Sequence[str], fields: Sequence[str], encoding: EncodingOptions, form: str | None) -> Iterator[str]:
    for record in read_records(names, encoding, form):
        fields = fields or only_text(record)
        yield record.text(fields)


def _utf8_lines(name: str, encoding: EncodingOptions) -> Iterator[bytes]:
    """Yield whole lines of a file in UTF-8, without looking at each."""
    shown_name = name_in_messages(name)
    with _reported(shown_name), _opened(name) as raw:
        stream, parts, line = decompressed(_buffered(raw)), list[bytes](), 1
        # What a pipe holds by now, so that answers need not wait for what it will hold.
        read_some = stream.read if is_regular(raw) else getattr(stream, "read1", stream.read)
        while chunk := read_some(BYTES_AT_ONCE):
            block, newline, rest = chunk.rpartition(b"\n")
            if newline:
                lines = b"".join([*parts, block, newline])
                yield _checked_lines(lines, shown_name, line, encoding)
                line += lines.count(b"\n")
                parts = []
            parts.append(rest)
        if any(parts):
            yield _checked_lines(b"".join([*parts, b"\n"]), shown_name, line, encoding)


def _checked_lines(block: bytes, name: str, line: int, encoding: EncodingOptions) -> bytes:
    """Return lines as valid UTF-8 whose only line ends are newlines.

    Raises:
        CorpusError: they are not UTF-8, and must be.
    """
    try:
        text = block.decode()
    except UnicodeDecodeError as error:
        if encoding.encoding_errors == "strict":
            line += block.count(b"\n", 0, error.start)
            raise CorpusError(f"{name}:{line}: {encoding.complaint(block, error.start)}") from error
        text = block.decode(errors="ignore" if encoding.encoding_errors == "ignore" else "replace")
    text = text.removeprefix("\ufeff") if line == 1 else text
    if any(end in text for end in _LINE_ENDS):
        text = text.translate(_AS_SPACES)
    return text.replace("\0", "").encode()
