"""Vectors as a pair of TSV files, as TensorBoard's embedding projector (https://projector.tensorflow.org) loads them.

One file has the values of a vector in each line, with tabs between; the other one, the metadata, has the words.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

from w2v.errors import VectorsError
from w2v.text_file import read_text_lines
from w2v.vectors.formats.format import Format, WordsFile
from w2v.vectors.formats.line_values import is_row
from w2v.vectors.vectors_size import printing
from w2v.wording import counted, shortened
from w2v.zip_archive import is_zip

if TYPE_CHECKING:
    from w2v.progress import Progress
    from w2v.vectors.formats.finite import Matrix
    from w2v.vectors.formats.vectors_stream import FileStart, VectorsStream
    from w2v.vectors.packed_words import PackedWords
    from w2v.vectors.provenance import Provenance

_WORD_COLUMNS = ("word", "words", "token", "label", "name")  # in a metadata file with several columns
_CHUNK = 1 << 21
_MOST_SHOWN = 40  # characters of a column's name in a message


def recognises(start: FileStart) -> bool:
    """Say whether the name ends in .tsv; a ZIP archive with such a name is not in this format."""
    return start.has_ending(".tsv") and not is_zip(start.head)


def starts_with_values(start: FileStart) -> bool:
    """Say whether the first line holds values with tabs between."""
    line = start.head.partition(b"\n")[0]
    return b"\t" in line and is_row(b"_ " + line)


def metadata_path(path: Path) -> Path:
    """Return where the words go that belong to the vectors at `path`.

    Example:
        >>> metadata_path(Path("news.tsv")).name, metadata_path(Path("news_tensor.tsv")).name
        ('news_metadata.tsv', 'news_metadata.tsv')
    """
    return path.parent / f"{path.stem.removesuffix('_tensor')}_metadata{path.suffix}"


def read(file: VectorsStream, progress: Progress) -> tuple[PackedWords, Matrix]:
    """Return the vectors of a file, shape (V, d), and the words that another file beside it has for them.

    Raises:
        VectorsError: there is no file of words, or one of both is malformed.
    """
    from w2v.vectors.formats.text_lines import dim_of_lines, read_lines
    from w2v.vectors.formats.vectors_stream import VectorsStream

    words = _read_words(file)
    lines = VectorsStream.opened(file.path, _with_words(file), file.size, file.stored)
    _, matrix = read_lines(lines, dim_of_lines(lines.start), progress)
    if len(words) != len(matrix):
        raise VectorsError(f"{file.path}: holds {counted(len(matrix), 'vector')}, and its words are {len(words):,}")
    return words, matrix


def write(stream: BinaryIO, words: PackedWords, matrix: Matrix, _: Provenance) -> None:
    """Write the values of each vector in a line.

    Raises:
        VectorsError: a value is not finite.
    """
    from w2v.vectors.formats.text_rows import formatted_rows

    for rows in formatted_rows([b""] * len(words), matrix, words.encoded):  # a space before each value, none elsewhere
        stream.write(bytes(rows)[1:].replace(b"\n ", b"\n").replace(b" ", b"\t"))


def write_words(stream: BinaryIO, words: PackedWords) -> None:
    """Write each word in a line.

    Raises:
        VectorsError: a word is blank, or has a tab or a line end in it; or the first one can't start a file.
    """
    from w2v.vectors.formats.tokens import encoded_lines, shown_word

    encoded = encoded_lines(words)
    for word in encoded:
        if not word.strip() or b"\t" in word:
            raise VectorsError(f"the word {shown_word(word)} is blank or has a tab in it, which TSV can't hold")
    stream.write(b"\n".join(encoded) + b"\n")


def _read_words(file: VectorsStream) -> PackedWords:
    """Return the words that belong to vectors.

    They are in NAME_metadata.tsv beside NAME.tsv or NAME_tensor.tsv (as gensim writes them), or in metadata.tsv. A file
    with several columns names them in its first line.
    """
    from w2v.vectors.packed_words import PackedWords

    path = file.path
    metadata = next((near for near in (metadata_path(path), path.with_name("metadata.tsv")) if near.is_file()), None)
    if metadata is None:
        raise VectorsError(f"{path}: has no words with it; put them into {metadata_path(path)}, one a line")
    lines = read_text_lines(metadata, VectorsError, file.encoding)
    names = lines[0].lower().split("\t")
    words, first = lines, 1
    if len(names) > 1:
        column = next((names.index(name) for name in _WORD_COLUMNS if name in names), 0)
        try:
            words, first = [line.split("\t")[column] for line in lines[1:]], 2
        except IndexError:
            name = shortened(names[column], _MOST_SHOWN)
            raise VectorsError(f"{metadata}: has lines without the column {name!r}") from None
    if "" in words and file.encoding.encoding_errors != "ignore":
        raise VectorsError(f"{metadata}:{words.index('') + first}: has no word")
    return PackedWords.of(words)


def _with_words(file: VectorsStream) -> IO[bytes]:
    """Return the lines of a TSV file as those of a text file whose words are all "_"."""
    from w2v.vectors.formats.chunk_stream import ChunkStream

    chunks = iter(lambda: file.rest.read(_CHUNK), b"")
    return io.BufferedReader(ChunkStream(_lines_with_words(itertools.chain([file.start.head], chunks))), _CHUNK)


def _lines_with_words(chunks: Iterable[bytes]) -> Iterator[bytes]:
    start = b"_ "
    for chunk in chunks:
        text = start + chunk.replace(b"\t", b" ").replace(b"\n", b"\n_ ")
        start = b""
        if text.endswith(b"\n_ "):
            text, start = text[:-2], b"_ "
        yield text


FORMAT = Format(
    name="projector",
    description="for TensorBoard's projector; the words go to OUT_metadata.tsv",
    endings=(".tsv",),
    needs_ending=True,
    recognises=recognises,
    may_replace=starts_with_values,
    is_certain=False,
    read=read,
    write=write,
    writing=printing,
    words_file=WordsFile(metadata_path, write_words),
)
