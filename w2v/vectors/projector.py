"""Vectors as a pair of TSV files, as TensorBoard's embedding projector (https://projector.tensorflow.org) loads them.

One file has the values of a vector in each line, with tabs between; the other one, the metadata, has the words.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from w2v.errors import VectorsError
from w2v.files import replacing
from w2v.vectors.packed_words import Words
from w2v.vectors.source import Matrix
from w2v.vectors.text_writer import formatted_rows

_WORD_COLUMNS = ("word", "words", "token", "label", "name")  # in a metadata file with several columns
_CHUNK = 1 << 21


def metadata_path(path: Path) -> Path:
    """Return where the words go that belong to the vectors at `path`: beside them, as NAME_metadata.tsv."""
    return path.with_name(f"{path.stem.removesuffix('_tensor')}_metadata{path.suffix}")


def write(path: Path, words: Words, matrix: Matrix) -> None:
    """Write the vectors to `path` and the words to `metadata_path(path)`.

    Raises:
        VectorsError: a word has a tab or a line end in it, or a value is not finite.
        OutputError: a file can't be written; what stood there is unchanged.
    """
    encoded = [words.encoded(row) for row in range(len(words))]
    for word in encoded:
        if not word.strip() or b"\t" in word or b"\n" in word or b"\r" in word:
            text = word.decode(errors="replace")
            raise VectorsError(f"the word {text!r} is blank or has a tab or a line end in it, which TSV can't hold")
    with replacing(metadata_path(path)) as metadata, replacing(path) as vectors:
        metadata.write(b"\n".join(encoded) + b"\n")
        for rows in formatted_rows([b""] * len(encoded), matrix):  # a space before each value, none elsewhere
            vectors.write(bytes(rows)[1:].replace(b"\n ", b"\n").replace(b" ", b"\t"))


def read_words(path: Path) -> Words:
    """Return the words that belong to the vectors at `path`.

    They are in NAME_metadata.tsv beside NAME.tsv or NAME_tensor.tsv (as gensim writes them), or in metadata.tsv. A file
    with several columns names them in its first line.

    Raises:
        VectorsError: there is no such file, or it can't be read.
    """
    metadata = next((file for file in (metadata_path(path), path.with_name("metadata.tsv")) if file.is_file()), None)
    if metadata is None:
        raise VectorsError(f"{path}: has no words with it; put them into {metadata_path(path)}, one a line")
    try:
        lines = metadata.read_bytes().decode().replace("\r\n", "\n").removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        raise VectorsError(f"{metadata}: is not UTF-8; convert it first, as with iconv") from None
    names = lines[0].lower().split("\t")
    if len(names) == 1:
        return Words.of(lines)
    column = next((names.index(name) for name in _WORD_COLUMNS if name in names), 0)
    try:
        return Words.of([line.split("\t")[column] for line in lines[1:]])
    except IndexError:
        raise VectorsError(f"{metadata}: has lines without the column {names[column]!r}") from None


def as_text(stream: IO[bytes]) -> IO[bytes]:
    """Return the lines of a TSV file as those of a text file whose words are all alike."""
    return io.BufferedReader(_Text(_lines(stream)), _CHUNK)


class _Text(io.RawIOBase):
    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as it goes."""
        self._rest = self._rest or next(self._chunks, b"")
        part = self._rest[: len(buffer)]
        buffer[: len(part)] = part
        self._rest = self._rest[len(part) :]
        return len(part)


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    start = b"_ "
    while chunk := stream.read(_CHUNK):
        text = start + chunk.replace(b"\t", b" ").replace(b"\n", b"\n_ ")
        start = b""
        if text.endswith(b"\n_ "):
            text, start = text[:-2], b"_ "
        yield text
