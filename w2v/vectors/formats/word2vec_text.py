"""word2vec's text format: a line `V d`, then a line for each word, the word and its d values.

Every float32 is written in the fewest digits that read back equal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from w2v.vectors.formats.format import Format
from w2v.vectors.formats.line_values import has_control_characters, is_number
from w2v.vectors.vectors_size import printing

if TYPE_CHECKING:
    from w2v.progress import Progress
    from w2v.vectors.formats.finite import Matrix
    from w2v.vectors.formats.vectors_stream import FileStart, VectorsStream
    from w2v.vectors.packed_words import PackedWords
    from w2v.vectors.provenance import Provenance

_HEADER = re.compile(rb"[0-9]{1,15} ([0-9]{1,15})\r?\n")


def recognises(start: FileStart) -> bool:
    """Say whether there is a header; the binary format, which also has one, is asked before this one."""
    return start.header is not None


def has_header_and_row(start: FileStart) -> bool:
    """Say whether there are a header and the first row, in text or binary, or as much of it as `start` has."""
    header = _HEADER.match(start.head)
    if not header:
        return False
    dim, body = int(header[1]), start.head[header.end() :]
    line, newline, _ = body.partition(b"\n")
    fields = line.split()
    values = fields[-dim:] if newline else fields[1:-1]  # without a line's end, the last value may be cut
    if values and all(map(is_number, values)) and (len(values) == dim < len(fields) or not newline):
        return True
    return has_control_characters(body)


def read(file: VectorsStream, progress: Progress) -> tuple[PackedWords, Matrix]:
    """Return the words and vectors of a file with a header, shape (V, d).

    Raises:
        VectorsError: a line is malformed, or there are more or fewer of them than the header says.
    """
    from w2v.vectors.formats.text_lines import dim_of_lines, read_lines

    dim = file.header.dim if file.header else dim_of_lines(file.start)
    return read_lines(file, dim, progress)


def write(stream: BinaryIO, words: PackedWords, matrix: Matrix, _: Provenance) -> None:
    """Write `V d`, then a line for each word: the word and its d values, with one space between.

    Raises:
        VectorsError: a word has white space in it or is too long, or a value is not finite.
    """
    from w2v.vectors.formats.text_rows import formatted_rows
    from w2v.vectors.formats.tokens import encoded_tokens

    encoded = encoded_tokens(words)
    stream.write(b"%d %d\n" % matrix.shape)
    for block in formatted_rows(encoded, matrix):
        stream.write(block)


FORMAT = Format(
    name="word2vec",
    description="word2vec's text format",
    endings=(".txt",),
    other_endings=(".vec",),
    recognises=recognises,
    may_replace=has_header_and_row,
    read=read,
    write=write,
    writing=printing,
    reads_first=True,
    reads_compressed=True,
)
