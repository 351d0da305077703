"""Vectors in a safetensors file: `vectors`, float32 of shape (V, d), and `words`, their UTF-8, each with a newline."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import BinaryIO

import numpy as np

from w2v.errors import MissingExtraError, VectorsError
from w2v.vectors.packed_words import Words
from w2v.vectors.source import Matrix, check_finite, finite_float32
from w2v.wording import counted


def read(path: Path) -> tuple[Words, Matrix]:
    """Return the words and vectors of a file that `write` wrote.

    Raises:
        VectorsError: the file is damaged or holds something else.
        MissingExtraError: safetensors is not installed.
    """
    package = _package()
    try:
        with package.safe_open(path, framework="numpy") as tensors:
            names = set(tensors.keys())
            if not {"words", "vectors"} <= names:
                held = ", ".join(sorted(names)) or "nothing"
                raise VectorsError(f"{path}: must hold the tensors words and vectors, but holds {held}")
            text, matrix = tensors.get_tensor("words"), tensors.get_tensor("vectors")
    except package.SafetensorError as error:
        raise VectorsError(f"{path}: can't be read as safetensors ({error})") from error
    words = text.tobytes().split(b"\n")
    if matrix.ndim != 2 or matrix.dtype.kind != "f" or len(words) != len(matrix) + 1 or not matrix.size:
        raise VectorsError(f"{path}: holds {counted(len(words) - 1, 'word')}, but vectors of shape {matrix.shape}")
    return Words.joined(words[:-1]), finite_float32(matrix, path)


def write(stream: BinaryIO, words: Words, matrix: Matrix) -> None:
    """Write both tensors.

    Raises:
        VectorsError: a word has a line end in it, or a value is not finite.
        MissingExtraError: safetensors is not installed.
    """
    _package()
    check_finite(words, matrix)
    from safetensors.numpy import save

    encoded = [words.encoded(row) for row in range(len(words))]
    if odd := next((word for word in encoded if b"\n" in word), None):
        raise VectorsError(f"the word {odd.decode(errors='replace')!r} has a line end in it and can't be saved")
    text = np.frombuffer(b"".join(word + b"\n" for word in encoded), dtype=np.uint8)
    stream.write(save({"vectors": matrix, "words": text}, metadata={"format": "w2v"}))


def require() -> None:
    """Find out before any work whether the format can be had.

    Raises:
        MissingExtraError: safetensors is not installed.
    """
    _package()


def _package() -> ModuleType:
    try:
        import safetensors
    except ImportError:
        feature = "safetensors"
        raise MissingExtraError(feature, "safetensors") from None
    return safetensors
