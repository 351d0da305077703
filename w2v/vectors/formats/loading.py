"""Reading vectors: the file is opened, decompressed, recognised, and handed to its format."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from w2v.compression import decompressed, is_damage, without_compression
from w2v.errors import VectorsError
from w2v.files import HEAD
from w2v.new_file import new_of
from w2v.options.encoding import EncodingOptions
from w2v.progress import Progress, Silent
from w2v.vectors.formats.counts_file import counts_path, read_counts
from w2v.vectors.formats.format import Format
from w2v.vectors.formats.registry import FORMATS, recognised
from w2v.vectors.formats.vectors_stream import FileStart, VectorsStream
from w2v.wording import counted
from w2v.zip_archive import FilePlace, first_member, is_zip, place_of

if TYPE_CHECKING:
    from w2v.vectors.formats.finite import Matrix
    from w2v.vectors.packed_words import PackedWords
    from w2v.vectors.provenance import Provenance
    from w2v.vectors.vectors_size import VectorsSize

_LITTLE = 1_000_000  # bytes of a file, for whose vectors nobody need be asked
_FOLDERS = {  # by a file in it: what folders of other programs hold, and the way out
    "vocab/vectors": "a pipeline of spaCy; in Python: vocab = spacy.load({file}).vocab; rows = vocab.vectors.key2row;"
    " w2v.Vectors([vocab.strings[key] for key in rows], vocab.vectors.data[[*rows.values()]]).save('vectors.txt')",
    "saved_model.pb": "a model of TensorFlow; read it with tf.saved_model.load({file}), then"
    " w2v.Vectors(words, matrix).save('vectors.txt')",
    "model.safetensors": "a model of Hugging Face; in Python, with its words and their embeddings:"
    " w2v.Vectors(words, matrix).save('vectors.txt')",
}


class _Opened(NamedTuple):
    """A file of vectors that was opened.

    Attributes:
        format: the format that it is in.
        file: the file, as its format reads it.
        is_direct: whether the file on the disk is in this format as it is, neither compressed nor in an archive.
        member: its name in an archive, or "".
    """

    format: Format
    file: VectorsStream
    is_direct: bool
    member: str = ""

    def wanting(self, top: int | None) -> _Opened:
        """Return the same, of which only the first `top` words are wanted, if the format can leave out the others."""
        return self._replace(file=replace(self.file, top=top)) if self.format.reads_first else self


def read_vectors(
    path: Path, progress: Progress | None = None, encoding: EncodingOptions | None = None, top: int | None = None
) -> tuple[PackedWords, Matrix]:
    """Return the words of a file and their vectors, shape (V, d); of a word given twice, the first vector is kept.

    Args:
        path: the file, or ARCHIVE.zip:MEMBER; of an archive with one file of vectors, the member need not be named.
        progress: receives progress and notes.
        encoding: how the bytes of words become text; None is UTF-8.
        top: how many words are wanted, the first ones; None is all. Where the format allows it, no others are read.

    Raises:
        VectorsError: there is no such file, or it is malformed; the text names the line.
        MissingExtraError: the file is compressed with zstd and this Python can't read that.
    """
    progress = progress or Silent()
    is_file = place_of(path).file.is_file()
    with _errors(path), _opened(path, encoding, top if is_file else None) as opened:
        found, file = opened.format, opened.file
        _require_plain(opened)
        _require_memory(opened)
        words, matrix = found.read(file, progress)
        if found.words_file:
            _require_new_words(path, found.words_file.path_for(path))
    if file.length >= _LITTLE:
        from w2v.memory import return_freed

        return_freed()
    distinct, rows = _distinct(words, matrix, path, encoding, progress)
    if file.top is not None and len(distinct) < len(words):  # a word is there twice, so that others are missing
        return read_vectors(path, progress, encoding)
    return distinct, rows


def file_format(path: Path) -> str:
    """Return the name of the format that a file of vectors is in.

    Raises:
        VectorsError: the first line looks like a header, but can't be one; or the file can't be read.
    """
    with _errors(path), _opened(path, None) as opened:
        return opened.format.name


def stored_format(stored: Path, path: Path) -> Format:
    """Return the format that a new file of vectors would be read in.

    Args:
        stored: where the file is now.
        path: where it will be.

    Raises:
        VectorsError: it would not be taken for vectors.
    """
    with _errors(path), stored.open("rb") as raw:
        if is_zip(raw.peek(4)) and not _is_archive_of_arrays(path, raw):
            raise VectorsError(f"{path}: is a ZIP archive")
        return _recognised(path, raw, stored.stat().st_size, None).format


def chosen_member(path: Path) -> str:
    """Return the name of the file in a ZIP archive that `read_vectors` reads; empty if `path` is no archive.

    Raises:
        VectorsError: the file can't be read.
    """
    with _errors(path), _opened(path, None) as opened:
        return opened.member


def provenance_of(path: Path, words: PackedWords, *, is_part: bool = False) -> Provenance:
    """Return what a file, or the file of counts beside it, knows of its vectors besides words and values.

    Args:
        path: the file.
        words: V words that were read from it.
        is_part: whether these may be only some of its words.

    Raises:
        VectorsError, ModelError: the file is damaged.
    """
    known: Provenance = {}
    with contextlib.suppress(OSError), path.open("rb") as stream:
        start = FileStart(path, stream.read(HEAD), is_whole=False)
        provenance = recognised(start).provenance
        known = provenance(path) if provenance else {}
    counts = known.pop("counts", None)
    if counts is None or len(counts) != len(words):  # not so where the file has a word twice
        counts = read_counts(counts_path(path), words, is_part=is_part)
    if counts is not None:
        counts.flags.writeable = False
        known["counts"] = counts
    return known


def has_words_file(path: Path) -> bool:
    """Say whether the words that belong to the vectors at `path` are in another file."""
    name = path.name.lower()
    return any(known.words_file and name.endswith(known.endings) for known in FORMATS)


def vectors_size(path: Path, top: int | None = None) -> VectorsSize:
    """Return how many vectors reading a file makes, and what that takes, by its start; nothing is known of a pipe.

    Args:
        path: the file.
        top: as for `read_vectors`; formats that can't leave out the other words read them, too.

    Raises:
        VectorsError: the file can't be read.
    """
    from w2v.vectors.vectors_size import VectorsSize

    with _errors(path):
        if not place_of(path).file.is_file():
            return VectorsSize(0, 0)
        with _opened(path, None, top) as opened:
            _require_plain(opened)
            return _size(opened)


def _size(opened: _Opened) -> VectorsSize:
    from w2v.vectors.vectors_size import text_size

    size = (opened.format.size or text_size)(opened.file).first(opened.file.top)
    return size._replace(reads_first=opened.format.reads_first)


def _require_plain(opened: _Opened) -> None:
    """Refuse a file that is compressed or in an archive, which its format can't be.

    Raises:
        VectorsError: it is.
    """
    if not opened.is_direct and not opened.format.reads_compressed:
        how, advice = ("in an archive", "unpack") if opened.member else ("compressed", "decompress")
        name = opened.format.name
        raise VectorsError(f"{opened.file.path}: is {how}, which the format {name} can't be; {advice} it first")


def _require_memory(opened: _Opened) -> None:
    """Refuse vectors that take more memory than there is.

    Raises:
        VectorsError: they do.
    """
    if opened.file.length < _LITTLE:
        return
    from w2v.vectors.vectors_size import fewer_words

    size = _size(opened)

    def advice(room: int) -> str:
        return fewer_words(size, lambda fewer: fewer.reading, room)

    size.reading.require(f"{opened.file.path}: its vectors need about", advice, VectorsError)


def _require_new_words(path: Path, words_path: Path) -> None:
    """Refuse vectors that were replaced while their words, in another file, were not, since the program was killed.

    Both are written under other names, and renamed one after the other, the vectors first; see `w2v.new_file`.

    Raises:
        VectorsError: the new words still have their other name.
    """
    if (words := new_of(words_path)) and not new_of(path):
        raise VectorsError(
            f"{path}: is newer than its words, since w2v was stopped while it replaced both; rename"
            f" {words} to {words_path}, or remove it"
        )


@contextlib.contextmanager
def _errors(path: Path) -> Iterator[None]:
    """Turn errors of the system and of damaged compressed data into errors of vectors."""
    try:
        yield
    except FileNotFoundError:
        raise VectorsError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise VectorsError(f"{path}: is {_folder(path)}") from None
    except Exception as error:
        if is_damage(error):
            raise VectorsError(f"{path}: the compressed data is damaged or cut short; get the file again") from error
        if isinstance(error, OSError):
            raise VectorsError(f"{path}: can't be read ({error.strerror})") from error
        raise


def _folder(path: Path) -> str:
    found = next((text for file, text in _FOLDERS.items() if (path / file).exists()), None)
    return "a folder, not a vectors file" if found is None else found.format(file=repr(str(path)))


@contextlib.contextmanager
def _opened(path: Path, encoding: EncodingOptions | None, top: int | None = None) -> Iterator[_Opened]:
    place = place_of(path)
    with place.file.open("rb") as raw:
        size = place.file.stat().st_size if place.file.is_file() else None  # a pipe has none
        if is_zip(raw.peek(4)) and (place.member or not _is_archive_of_arrays(place.file, raw)):
            with _member(raw, place, encoding) as opened:
                yield opened.wanting(top)
            return
        if place.member:
            raise VectorsError(f"{path}: no such file, and {place.file} is no ZIP archive")
        yield _recognised(path, raw, size, encoding).wanting(top)


def _recognised(
    path: Path, raw: BufferedReader, size: int | None, encoding: EncodingOptions | None, member: str = ""
) -> _Opened:
    """Return a file or a member of an archive, from its first byte on, with its format; `size` is in bytes, if known.

    Raises:
        VectorsError: it is empty, of another program, or no vectors file.
    """
    stream = decompressed(raw)
    is_plain = stream is raw
    file = VectorsStream.opened(path, stream, size if is_plain else None, size or 0, encoding)
    if not file.start.head.strip():
        raise VectorsError(f"{path}: is empty")
    found = recognised(file.start)
    if not found.is_certain and not file.start.is_row:
        from w2v.foreign_files import foreign_kind

        if kind := foreign_kind(file.start.head):
            first = "unpack it" if member else "" if is_plain else "decompress it"
            inner = member or ("" if is_plain else without_compression(str(path))[0])
            raise VectorsError(kind.without_vectors(path, inner, first))
    return _Opened(found, file, is_plain and not member, member)


def _is_archive_of_arrays(path: Path, raw: BufferedReader) -> bool:
    """Say whether a ZIP archive is one of NumPy, or of a foreign program that is not read member by member."""
    head = raw.peek(HEAD)
    return path.suffix.lower() == ".npz" or first_member(head).endswith(b".npy") or _is_foreign(head)


def _is_foreign(head: bytes) -> bool:
    from w2v.foreign_files import ZIP_ARCHIVE, foreign_kind

    return foreign_kind(head) not in (None, ZIP_ARCHIVE)


@contextlib.contextmanager
def _member(raw: BufferedReader, place: FilePlace, encoding: EncodingOptions | None) -> Iterator[_Opened]:
    from w2v.zip_archive import opened_member

    with opened_member(raw, place, VectorsError, _may_be_vectors, "vectors") as member:
        path = Path(f"{place.file}:{member.name}")
        yield _recognised(path, member.stream, member.size, encoding, member.name)


def _may_be_vectors(head: bytes, name: str) -> bool:
    """Say whether a file that starts with `head` may hold vectors."""
    try:
        start = FileStart(Path(name), head, is_whole=False)
        return recognised(start).is_certain or start.is_row
    except VectorsError:  # of a header that can't be
        return False


def _distinct(
    words: PackedWords, matrix: Matrix, path: Path, encoding: EncodingOptions | None, progress: Progress
) -> tuple[PackedWords, Matrix]:
    """Return the first row of each word; what decoding made equal or empty is noted."""
    import numpy as np

    rows = words.first_of_each()
    sizes = np.diff(words.bounds)
    if not sizes.all():  # nothing is left of a word whose bytes were ignored
        rows = np.flatnonzero(sizes) if rows is None else rows[sizes[rows] > 0]
    if rows is None:
        return words, matrix
    if encoding and encoding.encoding_errors in ("replace", "ignore"):
        progress.note(
            f"{path}: left out {counted(len(words) - len(rows), 'word')} that would be empty or repeated, in the file"
            f" or by `encoding_errors={encoding.encoding_errors}`"
        )
    if not len(rows):
        raise VectorsError(f"{path}: holds no words")
    return words.take(rows), matrix[rows]
