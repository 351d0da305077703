"""Vectors from text: a line for each word, the word and its d values, as word2vec and GloVe write them.

Lines are read from the right, since a word may hold odd spaces while values can't.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from w2v.errors import VectorsError
from w2v.options.threads import available_cpus
from w2v.parallel import map_in_order
from w2v.progress import Progress
from w2v.vectors import plain_decimals
from w2v.vectors.packed_words import Words
from w2v.vectors.plain_decimals import Places, PlainLines
from w2v.vectors.source import Matrix, Rows, Source
from w2v.wording import counted

_BLOCK = 1 << 19  # bytes parsed at once by NumPy: the arrays fit into a core's cache
_COMPILED_BLOCK = 1 << 21  # bytes parsed at once by compiled code, which needs no such arrays
_FREED = 30 << 20  # bytes; below the most that glibc's threshold grows to, 32 MB
_LARGE = 180_000_000  # from this size on, importing Numba is quicker than doing without
_COMPRESSION = 2.5  # how much longer vectors are than the same compressed
_LONGEST_LINE = 1 << 27  # what is longer is no line of a vectors file
_DECIMAL = re.compile(rb"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NOT_FINITE = re.compile(rb"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)


class BadLineError(ValueError):
    """A line that holds no word with its values; the text says why, and `line` which of several, from 0."""

    line = 0


class Parser(NamedTuple):
    """A reader of plain lines.

    Attributes:
        parse: `plain_decimals.parse`, or what does the same.
        block: bytes to read and give to one thread at once.
    """

    parse: Callable[[bytes, int], PlainLines]
    block: int


@dataclass(frozen=True)
class Lines:
    """What n lines hold.

    Attributes:
        words: the words, fewer than n where lines are blank.
        matrix: their vectors, shape (len(words), d).
        count: n.
    """

    words: Words
    matrix: Matrix
    count: int


def read(source: Source, dim: int, progress: Progress) -> tuple[Words, Matrix]:
    """Return all words and their vectors, shape (V, d).

    Raises:
        VectorsError: a line is malformed, or there are more or fewer of them than the header says.
    """
    words: list[Words] = []
    rows = Rows(source.rows_expected(row_size=2 * dim), dim)
    expected = f"header says {dim}" if source.header else f"other lines have {dim}"
    line = 2 if source.header else 1
    parser = _parser(source)
    try:
        for lines in map_in_order(
            lambda text: _parse(text, dim, expected, parser.parse), _blocks(source, parser.block), available_cpus()
        ):
            words.append(lines.words)
            rows.append(lines.matrix)
            line += lines.count
            progress.update(len(rows))
            if source.header and len(rows) > source.header.count:
                raise VectorsError(f"{source.path}: has more words than its header says, {source.header.count}")
    except BadLineError as error:
        raise VectorsError(f"{source.path}:{line + error.line}: {error}") from None
    if source.header and len(rows) < source.header.count:
        raise VectorsError(
            f"{source.path}: is cut short: {counted(len(rows), 'word')}, header says {source.header.count}"
        )
    if not len(rows):
        raise VectorsError(f"{source.path}: holds no words")
    return Words.concatenated(words), rows.matrix()


def _parser(source: Source) -> Parser:
    size = _COMPRESSION * source.path.stat().st_size if source.size is None else source.size
    if size < _LARGE:
        # Once a block as large as this was freed, glibc keeps what is freed later instead of giving it back to the
        # system, page by page, between any two operations on arrays (mallopt(3), M_MMAP_THRESHOLD)
        np.empty(_FREED, dtype=np.uint8)
        return Parser(plain_decimals.parse, _BLOCK)
    from w2v.vectors import compiled_decimals

    return Parser(compiled_decimals.parse, _COMPILED_BLOCK)


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


def parse_line(line: bytes, dim: int, expected: str) -> tuple[bytes, Matrix]:
    """Return the word, UTF-8 as it is there, and its d values.

    Raises:
        BadLineError: the line does not hold these.
    """
    pieces = line.rsplit(None, dim)
    word = pieces[0] if pieces else b""
    if len(pieces) != dim + 1 or _ends_in_value(word, pieces[1:]):
        found = len(line.split()) - 1
        raise BadLineError(f"{counted(found, 'value')}, {expected}")
    try:
        text = word.decode()
    except UnicodeDecodeError:
        raise BadLineError(f"the word {word!r} is not UTF-8") from None
    return word, _numbers(pieces[1:], text)


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


def _parse(text: bytes, dim: int, expected: str, parse: Callable[[bytes, int], PlainLines]) -> Lines:
    lines = parse(text, dim)
    plain = lines.plain
    words = _words(text, lines.starts[plain], lines.word_ends[plain])
    valid = _are_valid(words)
    if valid and plain.all():
        return Lines(words, lines.values, len(plain))
    odd = np.flatnonzero(~plain) if valid else np.arange(len(plain))  # all of them, to name the wrong one
    word_ends = lines.word_ends
    read: dict[int, Matrix] = {}
    for row in odd.tolist():
        start = int(lines.starts[row])
        line = text[start : lines.ends[row]]
        if not line.strip():
            continue
        try:
            word, read[row] = parse_line(line, dim, expected)
        except BadLineError as error:
            error.line = row
            raise
        word_ends[row] = start + len(word)
    matrix = np.empty((len(plain), dim), dtype=np.float32)
    matrix[plain] = lines.values
    for row, values in read.items():
        matrix[row] = values
    full = plain.copy()
    full[list(read)] = True
    return Lines(_words(text, lines.starts[full], word_ends[full]), matrix[full], len(plain))


def _words(text: bytes, starts: Places, ends: Places) -> Words:
    bounds = np.zeros(len(starts) + 1, dtype=np.int64)
    np.cumsum(ends - starts, out=bounds[1:])
    return Words(np.frombuffer(text, dtype=np.uint8)[plain_decimals.within(starts, ends)], bounds)


def _are_valid(words: Words) -> bool:
    """Say whether each word is UTF-8: all are together, and none starts within a character."""
    try:
        words.utf8.tobytes().decode()
    except UnicodeDecodeError:
        return False
    return not (words.utf8[words.bounds[:-1]] & 0xC0 == 0x80).any()


def _blocks(source: Source, size: int) -> Iterator[bytes]:
    """Yield whole lines, the last one of the file with a newline too."""
    rest = source.start
    while more := source.stream.read(size):
        text = rest + more
        cut = text.rfind(b"\n") + 1
        if not cut and len(text) > _LONGEST_LINE:
            raise VectorsError(f"{source.path}: has a line of more than {_LONGEST_LINE} bytes; not a vectors file")
        rest = text[cut:]
        if cut:
            yield text[:cut]
    if rest:
        yield rest if rest.endswith(b"\n") else rest + b"\n"
