"""Texts in files: one a line, or in a column of a table. Read as a stream, plain or compressed.

What a file is follows from its name, unless it is said: `.tsv`, `.csv` and `.jsonl` hold tables with named columns,
anything else lines.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from w2v.compression import ENDINGS, decompressed, is_damage
from w2v.documents.token_rows import line_blocks
from w2v.errors import CorpusError, UsageError
from w2v.options import EncodingOptions
from w2v.options.checks import require_choice, shown
from w2v.options.documents import RECORD_FORMATS
from w2v.word_list import STANDARD_INPUT

_BYTES_AT_ONCE = 1 << 20
_LINE_ENDS = "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"  # what str.splitlines ends lines at, but for the newline
_AS_SPACES = dict.fromkeys(map(ord, _LINE_ENDS), " ")
_LONGEST_FIELD = 1 << 27  # of a CSV file, in characters


class Record(NamedTuple):
    """One line of a file, or one row of a table.

    Attributes:
        file: the name of the file, for messages.
        line: the number of its line, or of the last one if there are several.
        values: values by the name of their column; a plain line is the column "text".
    """

    file: str
    line: int
    values: dict[str, Any]

    @property
    def place(self) -> str:
        """File and line, for messages."""
        return f"{self.file}:{self.line}"

    def text(self, column: str) -> str:
        """Return the text in a column.

        Raises:
            CorpusError: there is no such column, or it holds something else.
        """
        value = self.value(column)
        if not isinstance(value, str):
            raise CorpusError(f"{self.place}: {column} must be a text, not {shown(value)}")
        return value

    def value(self, column: str) -> Any:
        """Return what is in a column.

        Raises:
            CorpusError: there is no such column.
        """
        if column not in self.values:
            known = ", ".join(sorted(self.values)) or "none"
            raise CorpusError(f"{self.place}: has no column {column}; the columns are {known}")
        return self.values[column]


def read_records(
    names: Sequence[str], encoding: EncodingOptions | None = None, form: str | None = None
) -> Iterator[Record]:
    """Yield the records of files, in order.

    Args:
        names: the files; "-" is standard input.
        encoding: how bytes become text.
        form: what the files are, one of RECORD_FORMATS; None goes by their names, and reads standard input as lines.

    Raises:
        CorpusError: a file can't be read, is damaged, or is malformed; the text names the line.
        MissingExtraError: a file is compressed with zstd and this Python can't read that.
    """
    encoding = encoding or EncodingOptions()
    for name in names:
        shown_name = _shown_name(name)
        with _reported(shown_name), _opened(name) as raw:
            yield from _reader_for(name, form)(_lines(raw, shown_name, encoding), shown_name)


def is_table(name: str, form: str | None = None) -> bool:
    """Say whether a file holds named columns, as its form says, or else its name."""
    return _reader_for(name, form) is not _plain_lines


def _reader_for(name: str, form: str | None) -> Callable[[Iterator[str], str], Iterator[Record]]:
    if form is not None:
        require_choice("format", form, RECORD_FORMATS)
        return _READERS.get(f".{form}", _plain_lines)
    plain = name.lower()
    for ending in ENDINGS:
        plain = plain.removesuffix(ending)
    return next((reader for ending, reader in _READERS.items() if plain.endswith(ending)), _plain_lines)


def _shown_name(name: str) -> str:
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
    return raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(cast("Any", raw))


def _lines(raw: IO[bytes], name: str, encoding: EncodingOptions) -> Iterator[str]:
    stream = decompressed(_buffered(raw))
    for number, line in enumerate(stream, 1):
        try:
            text = encoding.decode(line)
        except UnicodeDecodeError as error:
            raise CorpusError(f"{name}:{number}: {encoding.complaint(line, error.start)}") from error
        yield text.removeprefix(codecs.BOM_UTF8.decode()) if number == 1 else text


def _plain_lines(lines: Iterator[str], name: str) -> Iterator[Record]:
    for number, line in enumerate(lines, 1):
        yield Record(name, number, {"text": line.rstrip("\r\n")})


def _tab_separated(lines: Iterator[str], name: str) -> Iterator[Record]:
    columns = next(lines, "").rstrip("\r\n").split("\t")
    for number, line in enumerate(lines, 2):
        values = line.rstrip("\r\n").split("\t")
        if values != [""]:
            yield _row(name, number, columns, values)


def _comma_separated(lines: Iterator[str], name: str) -> Iterator[Record]:
    csv.field_size_limit(_LONGEST_FIELD)
    rows = csv.reader((line.replace("\0", "") for line in lines), strict=True)
    try:
        columns = next(rows, [])
        for values in rows:
            if values:
                yield _row(name, rows.line_num, columns, values)
    except csv.Error as error:
        raise CorpusError(f"{name}:{rows.line_num}: is no CSV ({error})") from error


def _row(name: str, line: int, columns: Sequence[str], values: Sequence[str]) -> Record:
    if len(values) != len(columns):
        raise CorpusError(f"{name}:{line}: has {len(values)} columns, but the first line names {len(columns)}")
    return Record(name, line, dict(zip(columns, values, strict=True)))


def _json_lines(lines: Iterator[str], name: str) -> Iterator[Record]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise CorpusError(f"{name}:{number}: is no JSON ({error})") from error
        if not isinstance(values, dict):
            raise CorpusError(f'{name}:{number}: must be a JSON object, such as {{"text": ...}}, not {shown(values)}')
        yield Record(name, number, values)


_READERS = {".tsv": _tab_separated, ".csv": _comma_separated, ".jsonl": _json_lines, ".ndjson": _json_lines}


def read_text_blocks(
    names: Sequence[str],
    column: str | None = None,
    encoding: EncodingOptions | None = None,
    form: str | None = None,
) -> Iterator[bytes]:
    """Yield the texts of files as lines of UTF-8, many at a time: lines, or what is in a column of tables.

    Args:
        names: the files, in order; "-" is standard input.
        column: the column of tables; None is "text".
        encoding: how bytes become text.
        form: as for `read_records`.

    Raises:
        CorpusError: a file can't be read, or has no such column.
        UsageError: a column is named, but a file has none.
    """
    encoding = encoding or EncodingOptions()
    if column is not None and (plain := next((name for name in names if not is_table(name, form)), None)) is not None:
        raise UsageError(
            f"{_shown_name(plain)}: has no columns; name a .tsv, .csv or .jsonl file, say what it is with `format`, or"
            " leave out `text_column`"
        )
    for name in names:
        if is_table(name, form):
            yield from line_blocks(record.text(column or "text") for record in read_records([name], encoding, form))
        elif not encoding.is_utf8:
            yield from line_blocks(record.values["text"] for record in read_records([name], encoding))
        else:
            yield from _utf8_lines(name, encoding)


def _utf8_lines(name: str, encoding: EncodingOptions) -> Iterator[bytes]:
    """Yield whole lines of a file in UTF-8, without looking at each."""
    shown_name = _shown_name(name)
    with _reported(shown_name), _opened(name) as raw:
        stream, parts, line = decompressed(_buffered(raw)), list[bytes](), 1
        # What a pipe holds by now, so that answers need not wait for what it will hold.
        read_some = stream.read if is_regular(raw) else getattr(stream, "read1", stream.read)
        while chunk := read_some(_BYTES_AT_ONCE):
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
