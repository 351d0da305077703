"""Vectors in a NumPy archive: `words`, a string array of shape (V,), and `vectors`, float32 of shape (V, d).

Made to be used without w2v: `archive = np.load("vectors.npz"); dict(zip(archive["words"], archive["vectors"]))`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from w2v.errors import VectorsError
from w2v.vectors.formats.format import Format
from w2v.vectors.formats.vectors_stream import FileStart, VectorsStream

if TYPE_CHECKING:
    from w2v.progress import Progress
    from w2v.vectors.formats.finite import Matrix
    from w2v.vectors.packed_words import PackedWords

_LONGEST_WORD = 1000  # a string array gives every word the room of the longest
_ZIP, _NAME = b"PK\x03\x04", 30  # how a ZIP archive starts, and where the name of its first file stands
_OURS = (b"words.npy", b"vectors.npy")


def recognises(start: FileStart) -> bool:
    """Say whether the file is a ZIP archive."""
    return start.head.startswith(_ZIP)


def holds_our_arrays(start: FileStart) -> bool:
    """Say whether the first file of the archive is one of those that `write` writes."""
    return start.head.startswith(_ZIP) and start.head.startswith(_OURS, _NAME)


def read(file: VectorsStream, _: Progress) -> tuple[PackedWords, Matrix]:
    """Return words and vectors of an archive with one array of strings and one of vectors, whatever their names.

    Raises:
        VectorsError: the file is no such archive.
    """
    import zipfile
    import zlib

    import numpy as np

    from w2v.vectors.formats.finite import finite_float32
    from w2v.vectors.packed_words import PackedWords

    path = file.path
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise VectorsError(f"{path}: can't be read as a NumPy archive ({error})") from error
    words = [array for array in arrays.values() if array.ndim == 1 and array.dtype.kind in "US"]
    tables = [array for array in arrays.values() if array.ndim == 2 and array.dtype.kind == "f"]
    if len(words) != 1 or len(tables) != 1 or len(words[0]) != len(tables[0]) or not tables[0].size:
        held = ", ".join(f"{name} {array.dtype}{list(array.shape)}" for name, array in arrays.items()) or "nothing"
        raise VectorsError(f"{path}: must hold V words as strings and V vectors as floats, but holds {held}")
    texts = words[0].tolist()
    packed = PackedWords.joined(texts) if words[0].dtype.kind == "S" else PackedWords.of(texts)
    return packed, finite_float32(tables[0], path)


def write(stream: BinaryIO, words: PackedWords, matrix: Matrix) -> None:
    """Write an archive, not compressed.

    Raises:
        VectorsError: a word can't be held in a string array, or a value is not finite.
    """
    import numpy as np

    from w2v.vectors.formats.finite import check_finite

    check_finite(words, matrix)
    texts = list(words)
    for word in texts:
        if len(word) > _LONGEST_WORD or word.endswith("\0"):
            shown = word if len(word) < 50 else word[:50] + "..."
            raise VectorsError(f"the word {shown!r} can't be held in a NumPy archive; choose another format")
    np.savez(stream, words=np.array(texts, dtype=np.str_), vectors=matrix)


FORMAT = Format(
    name="npz",
    description="NumPy arrays named words and vectors",
    endings=(".npz",),
    recognises=recognises,
    may_replace=holds_our_arrays,
    read=read,
    write=write,
)
