"""word2vec's binary format: a line `V d`, then each word, a space, and d little-endian float32.

word2vec.c ends each vector with a newline, and so does `write`; gensim leaves it out, and `read` takes either.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, BinaryIO

from w2v.errors import VectorsError
from w2v.vectors.formats.format import Format
from w2v.vectors.formats.line_values import has_control_characters, starts_with_row
from w2v.vectors.formats.word2vec_text import has_header_and_row
from w2v.vectors.vectors_size import VectorsSize
from w2v.wording import counted

if TYPE_CHECKING:
    from w2v.progress import Progress
    from w2v.vectors.formats.finite import Matrix
    from w2v.vectors.formats.vectors_stream import FileStart, Header, VectorsStream
    from w2v.vectors.packed_words import PackedWords
    from w2v.vectors.provenance import Provenance

_BLOCK = 1 << 24  # bytes read at once
_LONGEST_WORD = 1 << 16  # what is longer is no word
_VALUE, _VALUE_SIZE = "<f4", 4


def recognises(start: FileStart) -> bool:
    """Say whether there is a header and no text after it: control characters, or V vectors to the very end."""
    header, body = start.header, start.body
    if header is None or starts_with_row(body, header.dim):
        return False
    return has_control_characters(body) or (start.is_whole and _ends_exactly(body, header))


def read(file: VectorsStream, progress: Progress) -> tuple[PackedWords, Matrix]:
    """Return all words and their vectors, shape (V, d).

    Raises:
        VectorsError: the file is cut short, has more words than the header says, or holds what is no word or vector.
    """
    from w2v.vectors.formats.growing_matrix import GrowingMatrix
    from w2v.vectors.packed_words import PackedWords

    header, path = file.header, file.path
    assert header is not None  # as `recognises` made sure
    width = header.dim * _VALUE_SIZE
    file.require_room(width + 2)
    words: list[PackedWords] = []
    count = 0
    rows = GrowingMatrix(file.rows_expected(row_size=width + 1), header.dim)
    rest = file.start.body
    wanted = header.count if file.top is None else min(file.top, header.count)
    progress.start("loading", wanted, "words")
    while count < wanted:
        found, used = _split(rest, width, wanted - count)
        rows.append(_vectors(rest, found, width, count, file))
        words.append(_decoded([word for word, _ in found], count, file))
        count += len(found)
        progress.update(count)
        rest = rest[used:]
        if count == wanted:
            break
        if len(rest) > width + _LONGEST_WORD:
            raise VectorsError(f"{path}: word {count + 1} has no end; the file is damaged")
        more = _read_at_least(file.rest, width + _LONGEST_WORD + 1 - len(rest))
        if not more:
            raise VectorsError(f"{path}: is cut short: {counted(count, 'word')}, header says {header.count}")
        rest += more
    if wanted == header.count and (rest.strip(b"\n") or file.rest.read(1).strip(b"\n")):
        raise VectorsError(f"{path}: has more words than its header says, {header.count}, or another dimension")
    progress.finish()
    return PackedWords.concatenated(words), rows.matrix()


def size(file: VectorsStream) -> VectorsSize:
    """Return how many vectors a file holds, and what reading them takes."""
    header = file.header
    assert header is not None
    row = header.dim * _VALUE_SIZE + 2
    rows = header.count if file.size is None else min(header.count, file.size // row)
    return VectorsSize(rows, header.dim, min(3 * _BLOCK, 3 * rows * row))


def write(stream: BinaryIO, words: PackedWords, matrix: Matrix, _: Provenance) -> None:
    """Write vectors of shape (V, d) as word2vec.c does.

    Raises:
        VectorsError: a word has white space in it or is too long, or a value is not finite.
    """
    from w2v.vectors.formats.finite import check_finite
    from w2v.vectors.formats.tokens import encoded_tokens

    encoded = encoded_tokens(words, _LONGEST_WORD - 1)
    check_finite(words, matrix)
    stream.write(b"%d %d\n" % matrix.shape)
    for word, values in zip(encoded, matrix.astype(_VALUE, copy=False), strict=True):
        stream.write(b"%s %s\n" % (word, values.tobytes()))


def _ends_exactly(body: bytes, header: Header) -> bool:
    """Say whether V words and vectors take up `body`, all of a file after its header, to its end."""
    found, used = _split(body, header.dim * _VALUE_SIZE, header.count)
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


def _vectors(text: bytes, found: list[tuple[bytes, int]], width: int, before: int, file: VectorsStream) -> Matrix:
    """Return the vectors that start in `text` where `found` says, after `before` others: shape (len(found), d)."""
    import numpy as np

    from w2v.vectors.formats.tokens import shown_word

    block = np.empty((len(found), width // _VALUE_SIZE), dtype=np.float32)
    for row, (_, start) in enumerate(found):
        block[row] = np.frombuffer(text, _VALUE, block.shape[1], start)
    finite = np.isfinite(block).all(axis=1)
    if not finite.all():
        row = int(np.argmin(finite))
        word = shown_word(found[row][0])
        raise VectorsError(f"{file.path}: word {before + row + 1}, {word}, has a value that is not a finite number")
    return block


def _read_at_least(stream: IO[bytes], size: int) -> bytes:
    """Return more of a stream: about `size` bytes or more, or fewer at its end.

    Memory grows as data comes, whatever a header says.
    """
    parts: list[bytes] = []
    length = 0
    while length < size and (more := stream.read(_BLOCK)):
        parts.append(more)
        length += len(more)
    return b"".join(parts)


def _decoded(words: list[bytes], before: int, file: VectorsStream) -> PackedWords:
    """Return words as text, after `before` others."""
    from w2v.vectors.formats.decoding import BadWordError, decoded_words
    from w2v.vectors.packed_words import PackedWords

    try:
        return decoded_words(PackedWords.joined(words), file.encoding)
    except BadWordError as error:
        advice = "" if words[error.row] else "; the file is damaged or has another dimension"
        raise VectorsError(f"{file.path}: word {before + error.row + 1} {error}{advice}") from None


FORMAT = Format(
    name="word2vec-binary",
    description="word2vec's binary format",
    endings=(".bin",),
    recognises=recognises,
    may_replace=has_header_and_row,
    read=read,
    write=write,
    size=size,
    reads_first=True,
    reads_compressed=True,
)
