"""Which format a vectors file has, and reading it.

What decides, in this order:

1. A model file is told by its start; its vectors are the input vectors.
2. The name, for what can't be told by content: .tsv is one of a pair of TSV files, .safetensors is safetensors.
3. A zip archive is NumPy's.
4. What gzip, bzip2, xz or zstd has compressed is taken for what it is without that.
5. A first line of two whole numbers is a header `V d`; without one, the file is text and its first lines say d.
6. With a header, a second line that ends in d decimal numbers is text.
7. Otherwise control characters, or an end exactly where V binary vectors end, mean binary.
8. Everything else is read as text, which then names the line that is wrong.
"""

from __future__ import annotations

from collections import Counter
from io import BufferedReader
from pathlib import Path
from typing import IO

import numpy as np

from w2v.compression import decompressed, is_damage
from w2v.errors import VectorsError
from w2v.files import HEAD, holds_model
from w2v.progress import Progress, Silent
from w2v.vectors import binary, text_reader
from w2v.vectors.packed_words import Words
from w2v.vectors.source import Header, Matrix, Source
from w2v.wording import counted

_HEAD = 1 << 18  # bytes looked at to tell the format
_LONGEST_HEAD = 1 << 26  # a first line longer than this is no vector
_LONGEST_COUNT = 15  # digits of V and of d
_LINES_FOR_DIM = 10  # lines that vote on d where there is no header
_BOM = b"\xef\xbb\xbf"
_ZIP = b"PK\x03\x04"
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r"))


def read_vectors(path: Path, progress: Progress | None = None) -> tuple[Words, Matrix]:
    """Return the words of a file and their vectors, shape (V, d); of a word given twice, the first vector is kept.

    Raises:
        VectorsError: there is no such file, or it is malformed; the text names the line.
        MissingExtraError: the file is compressed with zstd and this Python can't read that.
    """
    try:
        with path.open("rb") as raw:
            words, matrix = _read(raw, path, progress or Silent())
    except FileNotFoundError:
        raise VectorsError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise VectorsError(f"{path}: is a folder, not a vectors file") from None
    except Exception as error:
        if is_damage(error):
            raise VectorsError(f"{path}: the compressed data is damaged or cut short ({error})") from error
        if isinstance(error, OSError):
            raise VectorsError(f"{path}: can't be read ({error.strerror})") from error
        raise
    rows = words.first_of_each()
    return (words, matrix) if rows is None else (words.take(rows), matrix[rows])


def file_format(path: Path) -> str:
    """Return which format a vectors file has: one of VECTOR_FORMATS, or "model".

    Raises:
        VectorsError: the first line is no header that can be.
        OSError: the file can't be read.
    """
    with path.open("rb") as raw:
        if known := _format_by_name_or_start(raw, path):
            return known
        head, whole = _read_head(decompressed(raw))
        header = _header(head, path)
        return "glove" if header is None else _format_with(header, head[header.size :], whole)


def _format_by_name_or_start(raw: BufferedReader, path: Path) -> str | None:
    start, ending = raw.peek(HEAD), path.suffix.lower()
    if holds_model(start):
        return "model"
    if start.startswith(_ZIP):
        return "npz"
    return {".tsv": "projector", ".safetensors": "safetensors"}.get(ending)


def _format_with(header: Header, body: bytes, whole: bool) -> str:
    is_text = text_reader.starts_with_row(body, header.dim) or not _is_binary(body, header, whole)
    return "word2vec" if is_text else "word2vec-binary"


def _read(raw: BufferedReader, path: Path, progress: Progress) -> tuple[Words, Matrix]:
    known = _format_by_name_or_start(raw, path)
    if known == "model":
        return _read_model(path)
    if known == "projector":
        return _read_pair(raw, path, progress)
    if known == "safetensors":
        from w2v.vectors import tensors

        return tensors.read(path)
    if known == "npz":
        from w2v.vectors import npz

        return npz.read(path)
    stream = decompressed(raw)
    return _read_stream(stream, path, path.stat().st_size if stream is raw else None, progress)


def _read_model(path: Path) -> tuple[Words, Matrix]:
    from w2v.safetensors_file import ModelFile

    file = ModelFile.open(path)
    words = Words.joined(file.array("words").tobytes().split(b"\n")[:-1])
    return words, np.asarray(file.array("input_vectors"), np.float32)


def _read_pair(stream: IO[bytes], path: Path, progress: Progress) -> tuple[Words, Matrix]:
    from w2v.vectors import projector

    words = projector.read_words(path)
    _, matrix = _read_stream(projector.as_text(stream), path, path.stat().st_size, progress)
    if len(words) != len(matrix):
        raise VectorsError(f"{path}: holds {counted(len(matrix), 'vector')}, and its words are {len(words):,}")
    return words, matrix


def _read_stream(stream: IO[bytes], path: Path, size: int | None, progress: Progress) -> tuple[Words, Matrix]:
    head, whole = _read_head(stream)
    if not head.strip():
        raise VectorsError(f"{path}: is empty")
    header = _header(head, path)
    body = head[header.size :] if header else head
    source = Source(path, stream, body, len(head) if whole else size, header)
    progress.start("loading", header.count if header else None, "words")
    if header is None:
        words, matrix = text_reader.read(source, _dim_of_lines(body, path), progress)
    elif _format_with(header, body, whole) == "word2vec-binary":
        words, matrix = binary.read(source, header, progress)
    else:
        words, matrix = text_reader.read(source, header.dim, progress)
    progress.finish()
    return words, matrix


def _read_head(stream: IO[bytes]) -> tuple[bytes, bool]:
    """Return the start of the file, with two lines at least where there are two, and whether that is all of it."""
    head = b""
    while len(head) < _LONGEST_HEAD:
        more = stream.read(_HEAD)
        head += more
        if not more:
            return head.removeprefix(_BOM), True
        if len(head) >= _HEAD and head.count(b"\n") >= 2:
            break
    return head.removeprefix(_BOM), False


def _header(head: bytes, path: Path) -> Header | None:
    line, newline, _ = head.partition(b"\n")
    pieces = line.split()
    if len(pieces) != 2 or not all(piece.isdigit() for piece in pieces):
        return None
    if max(map(len, pieces)) > _LONGEST_COUNT:
        raise VectorsError(f"{path}:1: the header's numbers are too large; not a vectors file")
    count, dim = map(int, pieces)
    if not count or not dim:
        raise VectorsError(
            f"{path}:1: the header says {counted(count, 'word')} and {counted(dim, 'value')}; both must be at least 1"
        )
    return Header(count, dim, len(line) + len(newline))


def _dim_of_lines(body: bytes, path: Path) -> int:
    lines = body.split(b"\n", _LINES_FOR_DIM)[:_LINES_FOR_DIM]
    votes = Counter(text_reader.values_in(line) for line in lines if line.strip())
    dim = votes.most_common(1)[0][0]
    if dim == 0:
        raise VectorsError(
            f"{path}:1: neither a header such as '5000 100' nor a word and its values; not a vectors file"
        )
    return dim


def _is_binary(body: bytes, header: Header, whole: bool) -> bool:
    if len(body) != len(body.translate(None, _CONTROL)):
        return True
    return whole and binary.ends_exactly(body, header)
