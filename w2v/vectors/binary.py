"""Vectors in word2vec's binary format: a header line, then each word, a space, and d little-endian float32.

word2vec.c ends each vector with a newline, and so is it written here; gensim does not, and that is read as well.
"""

from __future__ import annotations

from typing import BinaryIO

import numpy as np

from w2v.errors import VectorsError
from w2v.progress import Progress
from w2v.vectors.packed_words import Words, check_tokens
from w2v.vectors.source import Header, Matrix, Rows, Source, check_finite
from w2v.wording import counted

_BLOCK = 1 << 24  # bytes read at once
_LONGEST_WORD = 1 << 16  # what is longer is no word
_VALUE = np.dtype("<f4")


def read(source: Source, header: Header, progress: Progress) -> tuple[Words, Matrix]:
    """Return all words and their vectors, shape (V, d).

    Raises:
        VectorsError: the file is cut short, has more words than the header says, or holds what is no word or vector.
    """
    width = header.dim * _VALUE.itemsize
    words: list[bytes] = []
    rows = Rows(source.rows_expected(row_size=width + 1), header.dim)
    rest = source.start
    while len(words) < header.count:
        found, used = _split(rest, width, header.count - len(words))
        rows.append(_checked(rest, found, width, len(words), source))
        _check_words([word for word, _ in found], len(words), source)
        words += [word for word, _ in found]
        progress.update(len(words))
        rest = rest[used:]
        if len(words) == header.count:
            break
        if len(rest) > width + _LONGEST_WORD:
            raise VectorsError(f"{source.path}: word {len(words) + 1} has no end; the file is damaged")
        more = source.stream.read(max(_BLOCK, 2 * width))
        if not more:
            raise VectorsError(
                f"{source.path}: is cut short: {counted(len(words), 'word')}, header says {header.count}"
            )
        rest += more
    if rest.strip(b"\n") or source.stream.read(1).strip(b"\n"):
        raise VectorsError(f"{source.path}: has more words than its header says, {header.count}, or another dimension")
    return Words.joined(words), rows.matrix()


def write(stream: BinaryIO, words: Words, matrix: Matrix) -> None:
    """Write vectors of shape (V, d) as word2vec.c does.

    Raises:
        VectorsError: a word is empty or has white space in it, or a value is not finite.
    """
    check_tokens(words)
    check_finite(words, matrix)
    stream.write(b"%d %d\n" % matrix.shape)
    for row, values in enumerate(matrix.astype(_VALUE, copy=False)):
        stream.write(b"%s %s\n" % (words.encoded(row), values.tobytes()))


def ends_exactly(body: bytes, header: Header) -> bool:
    """Say whether V words and vectors take up `body`, all of a file after its header, to its end."""
    found, used = _split(body, header.dim * _VALUE.itemsize, header.count)
    return len(found) == header.count and not body[used:].strip(b"\n")


def _split(text: bytes, width: int, most: int) -> tuple[list[tuple[bytes, int]], int]:
    """Return each whole word with where its vector starts, and where the first word begins that is not whole."""
    found: list[tuple[bytes, int]] = []
    used = 0
    while len(found) < most:
        start = used + 1 if text[used : used + 1] == b"\n" else used
        space = text.find(b" ", start, start + _LONGEST_WORD)
        end = space + 1 + width
        if space < 0 or end > len(text):
            break
        found.append((text[start:space], space + 1))
        used = end
    return found, used


def _checked(text: bytes, found: list[tuple[bytes, int]], width: int, before: int, source: Source) -> Matrix:
    block = np.empty((len(found), width // _VALUE.itemsize), dtype=np.float32)
    for row, (_, start) in enumerate(found):
        block[row] = np.frombuffer(text, _VALUE, block.shape[1], start)
    finite = np.isfinite(block).all(axis=1)
    if not finite.all():
        row = int(np.argmin(finite))
        word = found[row][0].decode(errors="replace")
        raise VectorsError(f"{source.path}: word {before + row + 1}, {word!r}, has a value that is not a finite number")
    return block


def _check_words(words: list[bytes], before: int, source: Source) -> None:
    for number, word in enumerate(words, before + 1):
        if not word:
            raise VectorsError(f"{source.path}: word {number} is empty; the file is damaged or has another dimension")
        try:
            word.decode()
        except UnicodeDecodeError:
            raise VectorsError(f"{source.path}: word {number}, {word!r}, is not UTF-8") from None
