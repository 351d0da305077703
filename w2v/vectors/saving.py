"""The formats that vectors are written in, told by name, and writing them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from w2v.errors import UsageError
from w2v.files import check_replaceable, check_target, check_writable, holds_vectors, replacing
from w2v.options.defaults import VECTOR_FORMATS
from w2v.vectors import binary, npz, projector, tensors, text_reader, text_writer
from w2v.vectors.packed_words import Words, check_tokens
from w2v.vectors.source import Matrix

_ENDINGS = {
    ".bin": "word2vec-binary",
    ".vec": "fasttext",
    ".glove": "glove",
    ".npz": "npz",
    ".safetensors": "safetensors",
    ".tsv": "projector",
}
_ZIP, _ZIP_NAME = b"PK\x03\x04", 30  # how a zip archive starts, and where the name of its first file stands
_ARRAYS = (b"words.npy", b"vectors.npy")
_TENSOR = b'"vectors":{'  # in the header of safetensors, which follows its length
_COMPRESSED = (".gz", ".bz2", ".xz", ".zst")

Writer = Callable[[BinaryIO, Words, Matrix], None]


def format_of(path: str | os.PathLike[str]) -> str:
    """Return the format that a file's name asks for, one of VECTOR_FORMATS; word2vec's text if it asks for nothing.

    Worked example: "news.bin" -> "word2vec-binary"; "glove.6B.txt" and "news.glove.txt" -> "glove"; "x" -> "word2vec".

    Raises:
        UsageError: the name is one of a compressed file.
    """
    path = Path(path)
    ending = path.suffix.lower()
    if ending in _COMPRESSED:
        raise UsageError(f"{path}: vectors are not written compressed; leave off {ending}, and compress the file then")
    name = path.name.lower()
    if name.startswith("glove.") or name.endswith(".glove.txt"):
        return _ENDINGS.get(ending, "glove")
    return _ENDINGS.get(ending, "word2vec")


def check_format(path: str | os.PathLike[str], file_format: str | None) -> str:
    """Return the format to write, by name or as given, once it is sure that it can be written there.

    Raises:
        UsageError: there is no such format.
        MissingExtraError: it needs a package that is not installed.
        OutputError: the file can't be written, or a file without vectors stands there.
    """
    chosen = format_of(path) if file_format is None else file_format
    if chosen not in VECTOR_FORMATS:
        raise UsageError(f"--to must be one of {', '.join(VECTOR_FORMATS)}, not {chosen!r}")
    if chosen == "safetensors":
        tensors.require()
    if chosen == "projector":
        metadata = projector.metadata_path(Path(path))
        check_writable(metadata)
        if not Path(path).exists():
            check_replaceable(metadata, lambda _: False, f"words of {path}, which is not there")
    check_target(path, holds_any_vectors, "vectors")
    return chosen


def holds_any_vectors(head: bytes) -> bool:
    """Say whether a file that starts with `head` has vectors in one of the formats, or seems to."""
    if head.startswith(_ZIP):
        return head.startswith(_ARRAYS, _ZIP_NAME)
    if holds_vectors(head) or (head[8:9] == b"{" and _TENSOR in head):
        return True
    line = head.partition(b"\n")[0]
    if b"\t" in line:
        line = b"_ " + line
    return text_reader.values_in(line) == len(line.split()) - 1 >= 2


def save(path: str | os.PathLike[str], words: Words, matrix: Matrix, file_format: str | None) -> None:
    """Write V words and a matrix of shape (V, d).

    Raises:
        UsageError: there is no such format.
        VectorsError: a word or a value can't be written in this format.
        MissingExtraError: it needs a package that is not installed.
        OutputError: the file can't be written, or a file without vectors stands there; it is unchanged.
    """
    chosen = check_format(path, file_format)
    if chosen == "projector":
        projector.write(Path(path), words, matrix)
        return
    with replacing(path) as stream:
        _WRITERS[chosen](stream, words, matrix)


def _write_glove(stream: BinaryIO, words: Words, matrix: Matrix) -> None:
    """Write what word2vec's text format has after its first line."""
    check_tokens(words)
    stream.writelines(text_writer.formatted_rows([words.encoded(row) for row in range(len(words))], matrix))


_WRITERS: dict[str, Writer] = {
    "word2vec": text_writer.write_text,
    "fasttext": text_writer.write_text,
    "glove": _write_glove,
    "word2vec-binary": binary.write,
    "npz": npz.write,
    "safetensors": tensors.write,
}
