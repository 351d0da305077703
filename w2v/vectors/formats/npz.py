"""Vectors in a NumPy archive: `words`, a string array of shape (V,), and `vectors`, float32 of shape (V, d).

Where they are known, there are also `counts`, int64 of shape (V,), and `metadata`, a string of JSON.

Made to be used without w2v: `archive = np.load("vectors.npz"); dict(zip(archive["words"], archive["vectors"]))`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from w2v.errors import VectorsError
from w2v.vectors.formats.format import Format
from w2v.vectors.formats.vectors_stream import FileStart, VectorsStream

if TYPE_CHECKING:
    from w2v.progress import Progress
    from w2v.vectors.formats.finite import Matrix
    from w2v.vectors.packed_words import PackedWords
    from w2v.vectors.provenance import Provenance

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
    import numpy as np

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
    np.savez(stream, **arrays)


FORMAT = Format(
    name="npz",
    description="NumPy arrays named words and vectors",
    endings=(".npz",),
    recognises=recognises,
    may_replace=holds_our_arrays,
    read=read,
    write=write,
    provenance=provenance,
)
