"""Reading vectors: the file is opened, decompressed, recognised, and handed to its format."""

from __future__ import annotations

from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING

from w2v.compression import decompressed, is_damage
from w2v.errors import VectorsError
from w2v.files import HEAD
from w2v.progress import Progress, Silent
from w2v.vectors.formats.counts_file import counts_path, read_counts
from w2v.vectors.formats.registry import FORMATS, recognised
from w2v.vectors.formats.vectors_stream import FileStart, VectorsStream

if TYPE_CHECKING:
    from w2v.vectors.formats.finite import Matrix
    from w2v.vectors.packed_words import PackedWords
    from w2v.vectors.provenance import Provenance


def read_vectors(path: Path, progress: Progress | None = None) -> tuple[PackedWords, Matrix]:
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
    """Return the name of the format that a file of vectors is in.

    Raises:
        VectorsError: the first line looks like a header, but can't be one.
        OSError: the file can't be read.
    """
    with path.open("rb") as raw:
        return recognised(VectorsStream.opened(path, decompressed(raw), None).start).name


def provenance_of(path: Path, words: PackedWords) -> Provenance:
    """Return what a file, or the file of counts beside it, knows of its vectors besides words and values.

    Args:
        path: the file.
        words: V words that were read from it.

    Raises:
        VectorsError, ModelError: the file is damaged.
    """
    known: Provenance = {}
    with suppress(OSError), path.open("rb") as stream:
        start = FileStart(path, stream.read(HEAD), is_whole=False)
        provenance = recognised(start).provenance
        known = provenance(path) if provenance else {}
    counts = known.pop("counts", None)
    if counts is None or len(counts) != len(words):  # not so where the file has a word twice
        counts = read_counts(counts_path(path), words)
    if counts is not None:
        counts.flags.writeable = False
        known["counts"] = counts
    return known


def has_words_file(path: Path) -> bool:
    """Say whether the words that belong to the vectors at `path` are in another file."""
    name = path.name.lower()
    return any(known.words_file and name.endswith(known.endings) for known in FORMATS)


def _read(raw: BufferedReader, path: Path, progress: Progress) -> tuple[PackedWords, Matrix]:
    stream = decompressed(raw)
    file = VectorsStream.opened(path, stream, path.stat().st_size if stream is raw else None)
    if not file.start.head.strip():
        raise VectorsError(f"{path}: is empty")
    found = recognised(file.start)
    if stream is not raw and not found.reads_compressed:
        raise VectorsError(f"{path}: is compressed, which the format {found.name} can't be; decompress it first")
    return found.read(file, progress)
