"""Writing vectors: the format is chosen, the place checked, and the files replaced when all is written."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from w2v.errors import OutputError, UsageError, VectorsError
from w2v.files import FileKind, check_replaceable, check_target, check_writable, replacing_all
from w2v.new_file import is_device
from w2v.options.encoding import EncodingOptions
from w2v.vectors.formats.counts_file import COUNTS, can_hold, counts_path, write_counts
from w2v.vectors.formats.format import Format
from w2v.vectors.formats.loading import stored_format
from w2v.vectors.formats.registry import DEFAULT, format_for, format_named, may_be_replaced
from w2v.vectors.formats.vectors_stream import FileStart

if TYPE_CHECKING:
    from w2v.vectors.formats.finite import Matrix
    from w2v.vectors.packed_words import PackedWords
    from w2v.vectors.provenance import Provenance


def check_format(path: str | os.PathLike[str], file_format: str | None, *, counts: bool = True) -> Format:
    """Return the format to write, by the file's name or as given, after checking that the file can be written.

    Args:
        path: the file.
        file_format: the name of a format, or None for the one of the file's name.
        counts: whether there may be counts to keep, in a file of their own if the format has no place for them.

    Raises:
        UsageError: there is no such format, or the ending of the file's name means another one or none.
        OutputError: the file can't be written, or a file without vectors stands there.
        MissingExtraError: it would be compressed with zstd, and this Python can't write that.
    """
    path = Path(path)
    check_replaceable(path, FileKind("vectors", holds_vectors))
    chosen = format_for(path, file_format)
    check_writable(path)
    beside = files_beside(path, file_format, counts=counts)
    if "words" in beside:
        check_writable(beside["words"])
        if not path.exists():
            check_replaceable(beside["words"], FileKind(f"words of {path}, which is not there", lambda _: False))
    if "counts" in beside:
        check_target(beside["counts"], COUNTS)
    return chosen


def files_beside(path: Path, file_format: str | None, *, counts: bool) -> dict[str, Path]:
    """Return the other files that are written with vectors: of their "words", and of their "counts" if they are known.

    Raises:
        UsageError: there is no such format, or the ending of the file's name means another one or none.
    """
    chosen = format_for(path, file_format)
    beside = {"words": chosen.words_file.path_for(path)} if chosen.words_file else {}
    if counts and chosen.provenance is None and not is_device(path):
        beside["counts"] = counts_path(path)
    return beside


def check_stream_format(file_format: str | None) -> Format:
    """Return the format of vectors that are written to a stream, such as standard output.

    Raises:
        UsageError: there is no such format, or it takes two files.
    """
    chosen = DEFAULT if file_format is None else format_named(file_format)
    if chosen.words_file:
        raise UsageError(f"`file_format={chosen.name}` takes two files; write to a file instead of standard output")
    return chosen


def write_stream(stream: BinaryIO, words: PackedWords, matrix: Matrix, file_format: str | None) -> None:
    """Write V words and a matrix of shape (V, d) to a stream.

    Raises:
        UsageError: there is no such format, or it takes two files.
        VectorsError: a word or a value can't be written in this format.
    """
    from w2v.vectors.formats.writable_words import writable_words

    chosen = check_stream_format(file_format)
    assert chosen.write  # the registry names no other
    chosen.write(stream, writable_words(words, EncodingOptions.encoding_errors), matrix, {})


def holds_vectors(head: bytes, *, only_certain: bool = False) -> bool:
    """Say whether a file that starts with `head` has vectors in a format that w2v writes, or seems to.

    Args:
        head: bytes as they are in the file, decompressed.
        only_certain: leave out the formats that can be taken for prose.
    """
    return may_be_replaced(FileStart(Path(), head, is_whole=False), only_certain=only_certain)


def save(
    path: Path,
    words: PackedWords,
    matrix: Matrix,
    file_format: str | None,
    *,
    known: Provenance | None = None,
    encoding_errors: str = EncodingOptions.encoding_errors,
) -> None:
    """Write V words and a matrix of shape (V, d).

    Args:
        path: the file.
        words: V different words.
        matrix: shape (V, d).
        file_format: the name of a format, or None for the one of the file's name.
        known: counts and metadata to keep with the vectors.
        encoding_errors: `surrogateescape` writes the bytes that were no UTF-8 where the words came from; with any other
            value, such a word is an error.

    Raises:
        UsageError: there is no such format, or the ending of the file's name means another one or none.
        VectorsError: a word or a value can't be written in this format.
        OutputError: the file can't be written, or a file without vectors stands there; it is unchanged.
        MissingExtraError: it would be compressed with zstd, and this Python can't write that.
    """
    from w2v.vectors.formats.writable_words import writable_words

    known = known or {}
    counts = known.get("counts")
    chosen = check_format(path, file_format, counts=counts is not None)
    if not all(matrix.shape):
        raise VectorsError(f"there are no vectors to save: the matrix has the shape {matrix.shape}")
    words = writable_words(words, encoding_errors)
    beside = files_beside(path, file_format, counts=counts is not None and can_hold(words, counts))
    assert chosen.write  # check_format returns no other
    with replacing_all([path, *beside.values()], partial(_require_readable, path, chosen)) as (stream, *others):
        for held, other in zip(beside, others, strict=True):
            if held == "words" and chosen.words_file:
                chosen.words_file.write(other, words)
            elif counts is not None:
                write_counts(other, words, counts)
        chosen.write(stream, words, matrix, known)
    if "counts" not in beside:
        _remove_counts(path)


def _remove_counts(path: Path) -> None:
    """Remove the counts of earlier vectors, which would be taken for those of the new ones."""
    beside = counts_path(path)
    if beside.is_file():
        with suppress(OSError, OutputError):  # counts of other words are ignored anyway
            check_replaceable(beside, COUNTS)
            beside.unlink()


def _require_readable(path: Path, chosen: Format, written: Path) -> None:
    """Raise a VectorsError if vectors just written look like something else, such as a first word like a header.

    Args:
        path: where the file will be.
        chosen: its format.
        written: where it is now.
    """
    try:
        found = stored_format(written, path)
        looks_like = None if found.read is chosen.read else f"the format {found.name}"
    except VectorsError as error:
        if isinstance(error.__cause__, OSError) and error.__cause__.errno is not None:  # bzip2's own errors have none
            raise error.__cause__ from None
        looks_like = "another kind of file"
    if looks_like is not None:
        raise VectorsError(
            f"{path}: in the format {chosen.name}, the first word and its values look like {looks_like}; move the word,"
            " or choose another format"
        )
