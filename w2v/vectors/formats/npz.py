"""Vectors in a NumPy archive: `words`, a string array of shape (V,), and `vectors`, float32 of shape (V, d).

Where they are known, there are also `counts`, int64 of shape (V,), and `metadata`, a string of JSON.

Made to be used without w2v: `archive = np.load("vectors.npz"); dict(zip(archive["words"], archive["vectors"]))`.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from w2v.errors import VectorsError
from w2v.vectors.formats.format import Format
from w2v.vectors.vectors_size import VectorsSize
from w2v.wording import in_one_line
from w2v.zip_archive import first_member, is_zip

if TYPE_CHECKING:
    import zipfile

    import numpy as np
    import numpy.typing as npt

    from w2v.memory_need import MemoryNeed
    from w2v.progress import Progress
    from w2v.vectors.formats.finite import Matrix
    from w2v.vectors.formats.vectors_stream import FileStart, VectorsStream
    from w2v.vectors.packed_words import PackedWords
    from w2v.vectors.provenance import Provenance

_LONGEST_WORD = 1000  # a string array gives every word the room of the longest
_LAST_CHARACTER = 0x10FFFF
_MOST_GROWN = 1100  # how many times as long as compressed data the data can be: deflate reaches 1032
_BLOCK = 1 << 24  # bytes read at once
_MOST_SHOWN = 300  # characters of what an archive holds, in a message
_LITTLE = 100_000  # bytes of an array that no estimate counts
_FLOAT32 = 4  # bytes
_WORD_BYTES = 110  # of a word in an array of strings, and as a str
_OURS = (b"words.npy", b"vectors.npy")


def recognises(start: FileStart) -> bool:
    """Say whether the file is a ZIP archive of arrays, by its first member or by its own name."""
    return is_zip(start.head) and (start.has_ending(".npz") or first_member(start.head).endswith(b".npy"))


def holds_our_arrays(start: FileStart) -> bool:
    """Say whether the first file of the archive is one of those that `write` writes."""
    return is_zip(start.head) and first_member(start.head) in _OURS


def read(file: VectorsStream, _: Progress) -> tuple[PackedWords, Matrix]:
    """Return words and vectors of an archive with one array of strings and one of vectors, whatever their names.

    Raises:
        VectorsError: the file is no such archive.
    """
    from w2v.vectors.formats.finite import finite_float32

    path = file.path
    arrays = _arrays(path)
    words = [array for array in arrays.values() if array.ndim == 1 and array.dtype.kind in "US"]
    tables = [array for array in arrays.values() if array.ndim == 2 and array.dtype.kind == "f"]
    if len(words) != 1 or len(tables) != 1 or len(words[0]) != len(tables[0]) or not tables[0].size:
        held = ", ".join(f"{name} {array.dtype}{list(array.shape)}" for name, array in arrays.items()) or "nothing"
        held = in_one_line(held, _MOST_SHOWN)
        raise VectorsError(f"{path}: must hold V words as strings and V vectors as floats, but holds {held}")
    return _decoded(words[0], file), finite_float32(tables[0], path)


def size(file: VectorsStream) -> VectorsSize:
    """Return how many vectors an archive holds, and what reading it takes: all arrays, and words in UTF-32.

    Raises:
        VectorsError: the archive is damaged.
    """
    found = []
    with _opened(file.path) as archive:
        for info in _members(archive):
            if info.file_size > _LITTLE:
                with cast("zipfile.ZipExtFile", archive.open(info)) as stream:
                    found.append(_header(stream, _name(file.path, info)))
    rows, dim, work = 0, 0, 0
    for shape, _, dtype in found:
        n_bytes = math.prod(shape) * dtype.itemsize
        if len(shape) == 2 and dtype.kind == "f":
            rows, dim = shape
            work += 0 if dtype.itemsize == _FLOAT32 else n_bytes
        else:
            work += n_bytes + (_WORD_BYTES * shape[0] if shape else 0)  # metadata have no shape
    return VectorsSize(rows, dim, work)


def _arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Return all arrays of an archive, each after a check that the archive has what the array's header promises.

    Raises:
        VectorsError: the archive is damaged, or holds something else than arrays of numbers and strings.
    """
    with _opened(path) as archive:
        return {info.filename.removesuffix(".npy"): _array(archive, info, path) for info in _members(archive)}


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive, and turn what a damaged one makes Python raise into an error of vectors."""
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (VectorsError, OSError, MemoryError):
        raise
    except Exception as error:  # zipfile and zlib, and what of a damaged directory struct and codecs raise
        raise VectorsError(f"{path}: is a damaged NumPy archive, or cut short; get it again") from error


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [info for info in archive.infolist() if info.filename.endswith(".npy")]


def _name(path: Path, info: zipfile.ZipInfo) -> str:
    return f"{path}: {in_one_line(info.filename)}"


def _array(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> npt.NDArray[Any]:
    import numpy as np

    name = _name(path, info)
    if info.file_size > _MOST_GROWN * max(1, info.compress_size):
        raise VectorsError(f"{name}: can't have the size that the archive says; it is damaged")
    with cast("zipfile.ZipExtFile", archive.open(info)) as stream:
        shape, is_fortran, dtype = _header(stream, name)
        if dtype.hasobject:
            raise VectorsError(f"{name}: holds Python objects; save words as np.array(words, dtype=str)")
        size = math.prod(shape) * dtype.itemsize
        start = stream.tell()
        if not dtype.itemsize or size != info.file_size - start or max(shape, default=0) > size:
            raise VectorsError(f"{name}: is damaged, or cut short: {list(shape)} {dtype} need another size")
        array = np.empty(math.prod(shape), dtype)
        view = array.view(np.uint8).data
        done = 0
        while done < size and (n := stream.readinto(view[done : done + _BLOCK])):
            done += n
        if done < size or stream.read(1):
            raise VectorsError(f"{name}: is cut short")
    return array.reshape(shape[::-1]).T if is_fortran else array.reshape(shape)


def _header(stream: zipfile.ZipExtFile, name: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Return the shape, the order and the type of an array, as its file begins."""
    from numpy.lib import format as npy

    from w2v.vectors.formats.numpy_warnings import without_warnings

    try:
        version = npy.read_magic(stream)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        with without_warnings():
            return read(stream)
    except OSError:
        raise
    except Exception as error:  # NumPy evaluates the header as Python
        raise VectorsError(f"{name}: is no NumPy array, or damaged") from error


def _decoded(words: npt.NDArray[Any], file: VectorsStream) -> PackedWords:
    """Return words, given as bytes in the encoding of the file or as characters.

    Raises:
        VectorsError: a word is empty, or no text.
    """
    from w2v.vectors.packed_words import PackedWords

    if words.dtype.kind == "S":
        return file.decoded(PackedWords.joined(words.tolist()))
    points = words.view(f"{words.dtype.byteorder}u4")
    if len(points) and points.max() > _LAST_CHARACTER:
        raise VectorsError(f"{file.path}: has words that are no text; it is damaged")
    try:
        packed = PackedWords.of(words.tolist())
    except UnicodeEncodeError as error:
        raise VectorsError(f"{file.path}: has words that are no text ({error.reason})") from error
    return file.decoded(packed, in_utf8=True)


def provenance(path: Path) -> Provenance:
    """Return the counts and the metadata of an archive, as far as it has them.

    Raises:
        VectorsError: the file is damaged.
    """
    import numpy as np

    from w2v.vectors.provenance import provenance_from

    try:
        with np.load(path, allow_pickle=False) as archive:
            counts, metadata = (archive[name] if name in archive.files else None for name in ("counts", "metadata"))
    except Exception as error:  # NumPy and zipfile raise whatever a damaged file makes them stumble over
        raise VectorsError(f"{path}: can't be read as a NumPy archive ({error})") from error
    is_text = metadata is not None and metadata.dtype.kind == "U" and metadata.ndim == 0
    return provenance_from(counts, str(metadata) if is_text else None)


def write(stream: BinaryIO, words: PackedWords, matrix: Matrix, known: Provenance) -> None:
    """Write an archive, not compressed; its strings are bytes if a word is not UTF-8.

    Raises:
        VectorsError: a word can't be held in a string array, or a value is not finite; or metadata is no JSON.
    """
    import zipfile

    import numpy as np

    from w2v.array_archive import added_array
    from w2v.vectors.formats.finite import check_finite
    from w2v.vectors.formats.tokens import shown_word
    from w2v.vectors.provenance import metadata_as_json

    check_finite(words, matrix)
    encoded = words.all_encoded()
    for word in encoded:
        if len(word) > _LONGEST_WORD or word.endswith(b"\0"):
            why = "ends in a zero byte" if word.endswith(b"\0") else f"has more than {_LONGEST_WORD:,} bytes"
            raise VectorsError(f"the word {shown_word(word)} {why}, which a NumPy archive can't hold")
    try:
        texts = np.array([word.decode() for word in encoded], dtype=np.str_)
    except UnicodeDecodeError:
        texts = np.array(encoded, dtype=np.bytes_)
    arrays: dict[str, Any] = {"words": texts, "vectors": matrix}
    if "counts" in known:
        arrays["counts"] = known["counts"]
    if known.get("metadata"):
        arrays["metadata"] = np.array(metadata_as_json(known["metadata"]))
    with zipfile.ZipFile(stream, "w") as archive:
        for name, array in arrays.items():
            with added_array(archive, name, array.shape, array.dtype) as values:
                content = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
                for start in range(0, len(content), _BLOCK):
                    values.write(content[start : start + _BLOCK])


def writing(size: VectorsSize) -> MemoryNeed:
    """Return what it takes to write an archive: strings, and an array of them."""
    from w2v.memory_need import MemoryNeed

    return size.writing.then(MemoryNeed.of(work=_WORD_BYTES * size.rows))


FORMAT = Format(
    name="npz",
    description="NumPy arrays named words and vectors",
    endings=(".npz",),
    recognises=recognises,
    may_replace=holds_our_arrays,
    read=read,
    write=write,
    size=size,
    writing=writing,
    provenance=provenance,
)
