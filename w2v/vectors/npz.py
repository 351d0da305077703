"""Vectors in a NumPy archive: `words`, a string array of shape (V,), and `vectors`, float32 of shape (V, d).

Made to be used without w2v: `archive = np.load("vectors.npz"); dict(zip(archive["words"], archive["vectors"]))`.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from w2v.errors import VectorsError
from w2v.vectors.packed_words import Words
from w2v.vectors.source import Matrix, check_finite, finite_float32

_LONGEST_WORD = 1000  # a string array gives every word the room of the longest


def read(path: Path) -> tuple[Words, Matrix]:
    """Return the words and vectors of an archive that has one array of strings and one of vectors, named as it likes.

    Raises:
        VectorsError: the file is no such archive.
    """
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
    return _words(words[0]), finite_float32(tables[0], path)


def write(stream: BinaryIO, words: Words, matrix: Matrix) -> None:
    """Write an archive, not compressed.

    Raises:
        VectorsError: a word can't be held in a string array, or a value is not finite.
    """
    check_finite(words, matrix)
    texts = list(words)
    for word in texts:
        if len(word) > _LONGEST_WORD or word.endswith("\0"):
            shown = word if len(word) < 50 else word[:50] + "..."
            raise VectorsError(f"the word {shown!r} can't be held in a NumPy archive; choose another format")
    np.savez(stream, words=np.array(texts, dtype=np.str_), vectors=matrix)


def _words(array: npt.NDArray[Any]) -> Words:
    return Words.joined(array.tolist()) if array.dtype.kind == "S" else Words.of(array.tolist())
