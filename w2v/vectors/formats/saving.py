"""Writing vectors: the format is chosen, the place checked, and the file replaced when all is written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from w2v.files import FileKind, check_replaceable, check_target, check_writable, replacing
from w2v.vectors.formats.format import Format
from w2v.vectors.formats.registry import format_for, format_named, may_be_replaced
from w2v.vectors.formats.vectors_stream import FileStart

if TYPE_CHECKING:
    from w2v.vectors.formats.finite import Matrix
    from w2v.vectors.packed_words import PackedWords


def check_format(path: str | os.PathLike[str], file_format: str | None) -> Format:
    """Return the format to write, by the file's name or as given, after checking that the file can be written.

    Raises:
        UsageError: there is no such format, or the name is one of a compressed file.
        OutputError: the file can't be written, or a file without vectors stands there.
    """
    path = Path(path)
    chosen = format_for(path) if file_format is None else format_named(file_format)
    if chosen.words_file:
        words_path = chosen.words_file.path_for(path)
        check_writable(words_path)
        if not path.exists():
            check_replaceable(words_path, FileKind(f"words of {path}, which is not there", lambda _: False))
    check_target(path, FileKind("vectors", holds_vectors))
    return chosen


def holds_vectors(head: bytes, *, only_certain: bool = False) -> bool:
    """Say whether a file that starts with `head` has vectors in a format that w2v writes, or seems to.

    Args:
        head: bytes as they are in the file.
        only_certain: leave out the formats that can be taken for prose.
    """
    return may_be_replaced(FileStart(Path(), head, is_whole=False), only_certain=only_certain)


def save(path: Path, words: PackedWords, matrix: Matrix, file_format: str | None) -> None:
    """Write V words and a matrix of shape (V, d).

    Raises:
        UsageError: there is no such format, or the name is one of a compressed file.
        VectorsError: a word or a value can't be written in this format.
        OutputError: the file can't be written, or a file without vectors stands there; it is unchanged.
    """
    chosen = check_format(path, file_format)
    write = chosen.write
    assert write  # check_format returns no other
    if not chosen.words_file:
        with replacing(path) as stream:
            write(stream, words, matrix)
        return
    with replacing(chosen.words_file.path_for(path)) as words_stream, replacing(path) as stream:
        chosen.words_file.write(words_stream, words)
        write(stream, words, matrix)
