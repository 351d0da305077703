"""Vectors from text: a line for each word, the word and its d values, as word2vec and GloVe write them.

Lines are read from the right, since a word may hold odd spaces while values can't.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

import numpy as np

from w2v.errors import VectorsError
from w2v.vectors import plain_decimals
from w2v.vectors.source import Matrix, Rows, Source, in_order

_CHUNK = 1 << 21  # bytes read at once and given to one thread
_BLOCK = 1 << 18  # bytes parsed at once: their arrays fit into a core's cache
_LONGEST_LINE = 1 << 27  # what is longer is no line of a vectors file
_DECIMAL = re.compile(rb"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NOT_FINITE = re.compile(rb"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)


class Chunk(NamedTuple):
    """Some whole lines of a file.

    Attributes:
        text: the lines, each with its end but perhaps the last.
        first_line: number of the first of them in the file, from 1.
    """

    text: bytes
    first_line: int


class BadLineError(ValueError):
    """A line that holds no word with its values; the text says why, and `line` which of several, from 0."""

    line = 0


def read(source: Source, dim: int) -> tuple[list[str], Matrix]:
    """Return all words and their vectors, shape (V, d).

    Raises:
        VectorsError: a line is malformed, or there are more or fewer of them than the header says.
    """
    words: list[str] = []
    rows = Rows(source.rows_expected(row_size=2 * dim), dim)
    claim = "header says" if source.header else "other lines have"

    def parse(chunk: Chunk) -> tuple[list[str], Matrix]:
        return _parse(chunk, dim, source.path, claim)

    for block_words, block_rows in in_order(parse, _chunks(source)):
        words += block_words
        rows.append(block_rows)
        if source.header and len(words) > source.header.count:
            raise VectorsError(f"{source.path}: has more words than its header says, {source.header.count}")
    if source.header and len(words) < source.header.count:
        raise VectorsError(f"{source.path}: is cut short: {len(words)} words, header says {source.header.count}")
    return words, rows.matrix()


def starts_with_row(body: bytes, dim: int) -> bool:
    """Say whether the first line is a word and d decimal numbers."""
    line = body.partition(b"\n")[0]
    pieces = line.rsplit(None, dim)
    return len(pieces) == dim + 1 and all(map(_is_number, pieces[1:]))


def values_in(line: bytes) -> int:
    """Return how many numbers the line ends in, not counting the word, which may look like one."""
    pieces = line.split()[1:]
    for number, piece in enumerate(reversed(pieces)):
        if not _is_number(piece):
            return number
    return len(pieces)


def parse_line(line: bytes, dim: int, claim: str) -> tuple[str, Matrix]:
    """Return the word and its d values.

    Raises:
        BadLineError: the line does not hold these.
    """
    pieces = line.rsplit(None, dim)
    word = pieces[0] if pieces else b""
    if len(pieces) != dim + 1 or _ends_in_value(word, pieces[1:]):
        found = len(line.split()) - 1
        raise BadLineError(f"{found} {'value' if found == 1 else 'values'}, {claim} {dim}")
    try:
        text = word.decode()
    except UnicodeDecodeError:
        raise BadLineError(f"the word {word!r} is not UTF-8") from None
    return text, _numbers(pieces[1:], text)


def _ends_in_value(word: bytes, values: list[bytes]) -> bool:
    """Say whether the line has a value too many, rather than a word with spaces in it that ends in a number.

    A whole number among values that all have a point, as in `route 66 0.1 0.2`, belongs to the word.
    """
    pieces = word.split()
    if len(pieces) < 2 or not _is_number(pieces[-1]):
        return False
    return not (pieces[-1].isdigit() and all(b"." in value for value in values))


def _is_number(piece: bytes) -> bool:
    return bool(_DECIMAL.fullmatch(piece) or _NOT_FINITE.fullmatch(piece))


def _numbers(pieces: list[bytes], word: str) -> Matrix:
    try:
        values = np.array(list(map(float, pieces)), dtype=np.float32)
    except ValueError:
        values = None
    if values is None or not np.isfinite(values).all() or any(b"_" in piece for piece in pieces):
        _refuse(pieces, word)
    return values


def _refuse(pieces: list[bytes], word: str) -> NoReturn:
    for piece in pieces:
        text = piece.decode(errors="replace")
        if not _is_number(piece):
            raise BadLineError(f"{text!r} in the vector of {word!r} is not a number")
        if not np.isfinite(np.float32(float(piece))):
            raise BadLineError(f"the vector of {word!r} has the value {text}, which is not a finite float32")


def _parse(chunk: Chunk, dim: int, path: Path, claim: str) -> tuple[list[str], Matrix]:
    text = chunk.text if chunk.text.endswith(b"\n") else chunk.text + b"\n"
    line = chunk.first_line
    words: list[str] = []
    parts = []
    start = 0
    while start < len(text):
        end = text.rfind(b"\n", start, start + _BLOCK) + 1 or text.index(b"\n", start) + 1
        try:
            found, rows = _parse_block(text[start:end], dim, claim)
        except BadLineError as error:
            raise VectorsError(f"{path}:{line + error.line}: {error}") from None
        words += found
        parts.append(rows)
        line += text.count(b"\n", start, end)
        start = end
    return words, np.concatenate(parts)


def _parse_block(text: bytes, dim: int, claim: str) -> tuple[list[str], Matrix]:
    lines, plain_words, plain, matrix = plain_decimals.parse(text, dim)
    try:
        words = b"\n".join(plain_words).decode().split("\n")
    except UnicodeDecodeError:
        plain[:] = False  # line by line, to name the one
        words = [""] * len(lines)
    blank = set()
    for row in np.flatnonzero(~plain).tolist():
        line = text[slice(*lines[row])]
        if not line or line.isspace():
            blank.add(row)
            continue
        try:
            words[row], matrix[row] = parse_line(line, dim, claim)
        except BadLineError as error:
            error.line = row
            raise
    if blank:
        matrix = np.delete(matrix, sorted(blank), axis=0)
        words = [word for row, word in enumerate(words) if row not in blank]
    return words, matrix


def _chunks(source: Source) -> Iterator[Chunk]:
    line = 2 if source.header else 1
    rest = source.start
    while more := source.stream.read(_CHUNK):
        text = rest + more
        cut = text.rfind(b"\n") + 1
        if not cut and len(text) > _LONGEST_LINE:
            raise VectorsError(f"{source.path}:{line}: a line of more than {_LONGEST_LINE} bytes; not a vectors file")
        rest = text[cut:]
        if cut:
            yield Chunk(text[:cut], line)
            line += text.count(b"\n", 0, cut)
    if rest:
        yield Chunk(rest, line)
