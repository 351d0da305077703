"""GloVe's text format: a line for each word, the word and its d values, without word2vec's first line."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from w2v.vectors.formats.format import Format
from w2v.vectors.formats.line_values import is_row
from w2v.vectors.vectors_size import printing

if TYPE_CHECKING:
    from w2v.progress import Progress
    from w2v.vectors.formats.finite import Matrix
    from w2v.vectors.formats.vectors_stream import FileStart, VectorsStream
    from w2v.vectors.packed_words import PackedWords
    from w2v.vectors.provenance import Provenance


def recognises(start: FileStart) -> bool:
    """Say whether there is no header; reading checks the lines."""
    return start.header is None


def starts_with_vector(start: FileStart) -> bool:
    """Say whether the first line is a word and its values."""
    return is_row(start.head.partition(b"\n")[0])


def read(file: VectorsStream, progress: Progress) -> tuple[PackedWords, Matrix]:
    """Return the words and vectors of a file without a header, shape (V, d).

    Raises:
        VectorsError: a line is malformed.
    """
    from w2v.vectors.formats.text_lines import dim_of_lines, read_lines

    return read_lines(file, dim_of_lines(file.start), progress)


def write(stream: BinaryIO, words: PackedWords, matrix: Matrix, _: Provenance) -> None:
    """Write a line for each word.

    Raises:
        VectorsError: a word has white space in it or is too long, or a value is not finite; or the first word starts
            with a byte order mark, which is ignored at the start of a file.
    """
    from w2v.vectors.formats.text_rows import formatted_rows
    from w2v.vectors.formats.tokens import encoded_tokens, require_no_mark

    encoded = encoded_tokens(words)
    require_no_mark(encoded[0])
    stream.writelines(formatted_rows(encoded, matrix))


FORMAT = Format(
    name="glove",
    description="GloVe's text format, without a first line",
    endings=(".glove", ".glove.txt"),
    beginnings=("glove.",),
    other_endings=(".txt",),
    recognises=recognises,
    may_replace=starts_with_vector,
    is_certain=False,
    read=read,
    write=write,
    writing=printing,
    reads_first=True,
    reads_compressed=True,
)
