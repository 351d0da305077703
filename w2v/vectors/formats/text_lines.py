"""Reading vectors from text: a line for each word, the word and its d values, as word2vec and GloVe write them.

A whole block of plain lines is parsed at once (see `decimals`); the others are read one by one, from the right, since a
word may have spaces in it while values can't.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from w2v.errors import VectorsError
from w2v.options.encoding import EncodingOptions
from w2v.options.threads import available_cpus
from w2v.parallel import map_in_order
from w2v.progress import Progress
from w2v.vectors.formats.decimals import numpy_parser
from w2v.vectors.formats.decimals.numpy_parser import Offsets, PlainLines
from w2v.vectors.formats.decoding import BadWordError, decoded_words
from w2v.vectors.formats.finite import Matrix
from w2v.vectors.formats.growing_matrix import GrowingMatrix
from w2v.vectors.formats.line_values import DECIMAL, is_number, values_in
from w2v.vectors.formats.tokens import shown_word
from w2v.vectors.formats.vectors_stream import FileStart, VectorsStream
from w2v.vectors.packed_words import PackedWords
from w2v.vectors.vectors_size import LEAST_COMPILED
from w2v.wording import counted, shortened

_BLOCK = 1 << 19  # bytes parsed at once by NumPy: the arrays fit into a core's cache
_COMPILED_BLOCK = 1 << 21  # bytes parsed at once by compiled code, which needs no such arrays
_FREED = 30 << 20  # bytes; below the most that glibc's threshold grows to, 32 MB
_LONGEST_LINE = 1 << 27  # what is longer is no line of a vectors file
_LINES_FOR_DIM = 10  # lines that vote on d where there is no header
_MOST_SHOWN = 40  # characters of a value in a message
_WHITE = b"\t\v\f\r"  # white space besides the space that a word ends at


class BadLineError(ValueError):
    """A line that holds no word with its values: the text says why, and `line` which of several it is, from 0."""

    line = 0


class Parser(NamedTuple):
    """A parser of plain lines.

    Attributes:
        parse: `numpy_parser.parse`, or what does the same.
        block: bytes that one thread parses at once.
    """

    parse: Callable[[bytes, int], PlainLines]
    block: int


class _Form(NamedTuple):
    """What all lines are like.

    Attributes:
        dim: d, values in a line.
        expected: the end of the message about another number of them.
        encoding: how the bytes of a word become text.
    """

    dim: int
    expected: str
    encoding: EncodingOptions


@dataclass(frozen=True)
class RowBlock:
    """The words and vectors of n lines.

    Attributes:
        words: the words, fewer than n where lines are blank.
        matrix: their vectors, shape (len(words), d).
        count: n.
    """

    words: PackedWords
    matrix: Matrix
    count: int


def read_lines(file: VectorsStream, dim: int, progress: Progress) -> tuple[PackedWords, Matrix]:
    """Return all words and their vectors, shape (V, d).

    Args:
        file: the stream; its header, if it has one, says how many words there are.
        dim: d.
        progress: receives progress.

    Raises:
        VectorsError: a line is malformed, or there are more or fewer of them than the header says.
    """
    words: list[PackedWords] = []
    rows = GrowingMatrix(min(file.estimated_shape()[0], file.rows_expected(row_size=2 * dim)), dim)
    form = _Form(dim, f"header says {dim}" if file.header else f"other lines have {dim}", file.encoding)
    line = 2 if file.header else 1
    parser = _parser(file)
    progress.start("loading", file.header.count if file.header else None, "words")
    wanted = math.inf if file.top is None else file.top
    parsed = map_in_order(
        lambda text: _parse(text, form, parser.parse), _blocks(file, parser.block), available_cpus()
    )  # fmt: skip
    try:
        with closing(parsed):
            for lines in parsed:
                words.append(lines.words)
                rows.append(lines.matrix if file.top is None else lines.matrix[: file.top - len(rows)])
                line += lines.count
                progress.update(len(rows))
                if file.header and len(rows) > file.header.count:
                    raise VectorsError(f"{file.path}: has more words than its header says, {file.header.count}")
                if len(rows) >= wanted:
                    break
    except BadLineError as error:
        raise VectorsError(f"{file.path}:{line + error.line}: {error}") from None
    if file.header and len(rows) < min(file.header.count, wanted):
        raise VectorsError(f"{file.path}: is cut short: {counted(len(rows), 'word')}, header says {file.header.count}")
    if not len(rows):
        raise VectorsError(f"{file.path}: holds no words")
    progress.finish()
    return PackedWords.concatenated(words).first(file.top), rows.matrix()


def dim_of_lines(start: FileStart) -> int:
    """Return how many values most of the first lines have.

    Raises:
        VectorsError: most of them are no word and its values.
    """
    lines = start.body.split(b"\n", _LINES_FOR_DIM)[:_LINES_FOR_DIM]
    votes = Counter(values_in(line) for line in lines if line.strip())
    dim = votes.most_common(1)[0][0] if votes else 0
    if dim == 0:
        raise VectorsError(
            f"{start.path}:1: neither a header such as '5000 100' nor a word and its values; not a vectors file"
        )
    return dim


def _parser(file: VectorsStream) -> Parser:
    if file.length < LEAST_COMPILED:
        # Once a block as large as this was freed, glibc keeps what is freed later instead of giving it back to the
        # system, page by page, between any two operations on arrays (mallopt(3), M_MMAP_THRESHOLD)
        np.empty(_FREED, dtype=np.uint8)
        return Parser(numpy_parser.parse, _BLOCK)
    from w2v.vectors.formats.decimals import numba_parser

    return Parser(numba_parser.parse, _COMPILED_BLOCK)


def parse_line(line: bytes, dim: int, expected: str) -> tuple[bytes, Matrix]:
    """Return the word of a line and its d values; `expected` ends the message about another number of them.

    Example:
        >>> parse_line(b"route 66 0.5 -1.5", 2, "header says 2")
        (b'route 66', array([ 0.5, -1.5], dtype=float32))

    Raises:
        BadLineError: the line does not hold these.
    """
    pieces = line.rsplit(None, dim)
    word = pieces[0] if pieces else b""
    if len(pieces) != dim + 1 or _ends_in_value(word, pieces[1:]):
        found = len(line.split()) - 1
        raise BadLineError(f"{counted(found, 'value')}, {expected}")
    return word, _numbers(pieces[1:], word)


def _ends_in_value(word: bytes, values: list[bytes]) -> bool:
    """Say whether the line has a value too many, rather than a word with spaces in it that ends in a number.

    A whole number among values that all have a point, as in `route 66 0.1 0.2`, belongs to the word.
    """
    pieces = word.split()
    if len(pieces) < 2 or not is_number(pieces[-1]):
        return False
    return not (pieces[-1].isdigit() and all(b"." in value for value in values))


def _numbers(pieces: list[bytes], word: bytes) -> Matrix:
    try:
        with np.errstate(over="ignore"):
            values = np.array(list(map(float, pieces))).astype(np.float32)
    except ValueError:
        values = np.full(1, np.nan, dtype=np.float32)
    if not np.isfinite(values).all() or b"_" in b" ".join(pieces):  # float() takes 1_000 for a number
        raise BadLineError(_complaint(pieces, word))
    return values


def _complaint(pieces: list[bytes], word: bytes) -> str:
    odd = next((piece for piece in pieces if not DECIMAL.fullmatch(piece)), None)
    if odd is None:
        odd = max(pieces, key=lambda piece: abs(float(piece)))
    if is_number(odd):
        value = shortened(odd.decode(), _MOST_SHOWN)
        return f"the vector of {shown_word(word)} has the value {value}, which is not a finite float32"
    return f"{shown_word(odd)} in the vector of {shown_word(word)} is not a number"


def _parse(text: bytes, form: _Form, parse: Callable[[bytes, int], PlainLines]) -> RowBlock:
    lines = parse(text, form.dim)
    plain, word_ends = lines.plain, lines.word_ends
    words = _words(text, lines.starts[plain], word_ends[plain])
    values = lines.values
    if white := _with_white_space(words):
        rows = np.flatnonzero(plain)
        plain, values = plain.copy(), np.delete(values, white, axis=0)
        plain[rows[white]] = False
    if plain.all():
        return RowBlock(_decoded(words, np.arange(len(plain)), form), values, len(plain))
    read: dict[int, Matrix] = {}
    for row in np.flatnonzero(~plain).tolist():
        line = text[lines.starts[row] : lines.ends[row]].lstrip()
        if not line:
            continue
        start = lines.starts[row] = int(lines.ends[row]) - len(line)
        try:
            word, read[row] = parse_line(line, form.dim, form.expected)
        except BadLineError as error:
            error.line = row
            raise
        word_ends[row] = start + len(word)
    full = plain.copy()
    full[list(read)] = True
    kept = np.flatnonzero(full)
    matrix = np.empty((len(kept), form.dim), dtype=np.float32)
    matrix[plain[kept]] = values
    for place, row in zip(np.flatnonzero(~plain[kept]).tolist(), read, strict=True):
        matrix[place] = read[row]
    return RowBlock(_decoded(_words(text, lines.starts[full], word_ends[full]), kept, form), matrix, len(plain))


def _with_white_space(words: PackedWords) -> list[int]:
    """Return which words have white space in them or at their ends; those lines are split everywhere, not at spaces."""
    letters = words.utf8.tobytes()
    if len(letters) == len(letters.translate(None, _WHITE)):  # as nearly always
        return []
    return [row for row in range(len(words)) if words.encoded(row).translate(None, _WHITE) != words.encoded(row)]


def _decoded(words: PackedWords, rows: Offsets, form: _Form) -> PackedWords:
    """Return the words of a block as text; `rows` are their lines."""
    try:
        return decoded_words(words, form.encoding)
    except BadWordError as error:
        complaint = BadLineError(f"the word {error}")
        complaint.line = int(rows[error.row])
        raise complaint from None


def _words(text: bytes, starts: Offsets, ends: Offsets) -> PackedWords:
    bounds = np.zeros(len(starts) + 1, dtype=np.int64)
    np.cumsum(ends - starts, out=bounds[1:])
    return PackedWords(np.frombuffer(text, dtype=np.uint8)[numpy_parser.within(starts, ends)], bounds)


def _blocks(file: VectorsStream, size: int) -> Iterator[bytes]:
    """Yield whole lines, the last one of the file with a newline too."""
    parts, length = [file.start.body], len(file.start.body)
    while more := file.rest.read(size):
        cut = more.rfind(b"\n") + 1
        parts.append(more[:cut] if cut else more)
        length += len(parts[-1])
        if cut:
            yield b"".join(parts)
            parts, length = [more[cut:]], len(more) - cut
        elif length > _LONGEST_LINE:
            raise VectorsError(f"{file.path}: has a line of more than {_LONGEST_LINE} bytes; not a vectors file")
    if rest := b"".join(parts):
        yield rest if rest.endswith(b"\n") else rest + b"\n"
