"""Vectors from text: a line for each word, the word and its d values, as word2vec and GloVe write them.

Lines are read from the right, since a word may hold odd spaces while values can't.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from w2v.errors import VectorsError
from w2v.vectors import plain_decimals
from w2v.vectors.source import Matrix, Rows, Source, in_order

_CHUNK = 1 << 21  # bytes read at once and given to one thread
_BLOCK = 1 << 18  # bytes parsed at once: their arrays fit into a core's cache
_LONGEST_LINE = 1 << 27  # what is longer is no line of a vectors file
_DECIMAL = re.compile(rb"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NOT_FINITE = re.compile(rb"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)


class BadLineError(ValueError):
    """A line that holds no word with its values; the text says why, and `line` which of several, from 0."""

    line = 0


@dataclass(frozen=True)
class Lines:
    """What n lines hold.

    Attributes:
        words: the words, fewer than n where lines are blank.
        matrix: their vectors, shape (len(words), d).
        count: n.
    """

    words: list[str]
    matrix: Matrix
    count: int


def read(source: Source, dim: int) -> tuple[list[str], Matrix]:
    """Return all words and their vectors, shape (V, d).

    Raises:
        VectorsError: a line is malformed, or there are more or fewer of them than the header says.
    """
    words: list[str] = []
    rows = Rows(source.rows_expected(row_size=2 * dim), dim)
    expected = f"header says {dim}" if source.header else f"other lines have {dim}"
    line = 2 if source.header else 1
    try:
        for lines in in_order(lambda text: _parse(text, dim, expected), _chunks(source)):
            words += lines.words
            rows.append(lines.matrix)
            line += lines.count
            if source.header and len(words) > source.header.count:
                raise VectorsError(f"{source.path}: has more words than its header says, {source.header.count}")
    except BadLineError as error:
        raise VectorsError(f"{source.path}:{line + error.line}: {error}") from None
    if source.header and len(words) < source.header.count:
        raise VectorsError(f"{source.path}: is cut short: {len(words)} words, header says {source.header.count}")
    if not words:
        raise VectorsError(f"{source.path}: holds no words")
    return words, rows.matrix()


def starts_with_row(body: bytes, dim: int) -> bool:
    """Say whether the first line that is not blank is a word and d decimal numbers."""
    line = body.lstrip().partition(b"\n")[0]
    pieces = line.rsplit(None, dim)
    return len(pieces) == dim + 1 and all(map(_is_number, pieces[1:]))


def values_in(line: bytes) -> int:
    """Return how many numbers the line ends in, not counting the word, which may look like one."""
    pieces = line.split()[1:]
    for number, piece in enumerate(reversed(pieces)):
        if not _is_number(piece):
            return number
    return len(pieces)


def parse_line(line: bytes, dim: int, expected: str) -> tuple[str, Matrix]:
    """Return the word and its d values.

    Raises:
        BadLineError: the line does not hold these.
    """
    pieces = line.rsplit(None, dim)
    word = pieces[0] if pieces else b""
    if len(pieces) != dim + 1 or _ends_in_value(word, pieces[1:]):
        found = len(line.split()) - 1
        raise BadLineError(f"{found} {'value' if found == 1 else 'values'}, {expected}")
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
        with np.errstate(over="ignore"):
            values = np.array(list(map(float, pieces))).astype(np.float32)
    except ValueError:
        values = np.full(1, np.nan, dtype=np.float32)
    if not np.isfinite(values).all() or b"_" in b" ".join(pieces):  # float() takes 1_000 for a number
        raise BadLineError(_complaint(pieces, word))
    return values


def _complaint(pieces: list[bytes], word: str) -> str:
    odd = next((piece for piece in pieces if not _DECIMAL.fullmatch(piece)), None)
    if odd is None:
        odd = max(pieces, key=lambda piece: abs(float(piece)))
    text = odd.decode(errors="replace")
    if _is_number(odd):
        return f"the vector of {word!r} has the value {text}, which is not a finite float32"
    return f"{text!r} in the vector of {word!r} is not a number"


def _parse(text: bytes, dim: int, expected: str) -> Lines:
    words: list[str] = []
    parts = []
    count = 0
    start = 0
    while start < len(text):
        end = text.rfind(b"\n", start, start + _BLOCK) + 1 or text.index(b"\n", start) + 1
        try:
            lines = _parse_block(text[start:end], dim, expected)
        except BadLineError as error:
            error.line += count
            raise
        words += lines.words
        parts.append(lines.matrix)
        count += lines.count
        start = end
    return Lines(words, np.concatenate(parts), count)


def _parse_block(text: bytes, dim: int, expected: str) -> Lines:
    places, plain_words, plain, values = plain_decimals.parse(text, dim)
    try:
        words = b"\n".join(plain_words).decode().split("\n")
    except UnicodeDecodeError:
        words, plain, values = [""] * len(places), np.zeros_like(plain), values[:0]  # line by line, to name the one
    others: dict[int, Matrix] = {}
    filled = plain.copy()
    for row in np.flatnonzero(~plain).tolist():
        line = text[slice(*places[row])]
        if not line or line.isspace():
            continue
        try:
            words[row], others[row] = parse_line(line, dim, expected)
            filled[row] = True
        except BadLineError as error:
            error.line = row
            raise
    if plain.all():
        return Lines(words, values, len(places))
    matrix = np.empty((np.count_nonzero(filled), dim), dtype=np.float32)
    matrix[plain[filled]] = values
    matrix[~plain[filled]] = np.reshape(list(others.values()), (len(others), dim))
    return Lines([words[row] for row in np.flatnonzero(filled)], matrix, len(places))


def _chunks(source: Source) -> Iterator[bytes]:
    """Yield whole lines, the last one of the file with a newline too."""
    rest = source.start
    while more := source.stream.read(_CHUNK):
        text = rest + more
        cut = text.rfind(b"\n") + 1
        if not cut and len(text) > _LONGEST_LINE:
            raise VectorsError(f"{source.path}: has a line of more than {_LONGEST_LINE} bytes; not a vectors file")
        rest = text[cut:]
        if cut:
            yield text[:cut]
    if rest:
        yield rest if rest.endswith(b"\n") else rest + b"\n"
