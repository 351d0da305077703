"""Vectors as a NumPy array in NAME.npy, float32 of shape (V, d), and their words in NAME_words.txt, one a line.

Made to be used without w2v, as by faiss: `np.load("news.npy")`, and `open("news_words.txt").read().splitlines()`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from w2v.errors import VectorsError
from w2v.text_file import read_text_lines
from w2v.vectors.formats.format import Format, WordsFile
from w2v.vectors.vectors_size import VectorsSize
from w2v.wording import counted, in_one_line

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from w2v.options.encoding import EncodingOptions
    from w2v.progress import Progress
    from w2v.vectors.formats.finite import Matrix
    from w2v.vectors.formats.vectors_stream import FileStart, VectorsStream
    from w2v.vectors.packed_words import PackedWords
    from w2v.vectors.provenance import Provenance

_MAGIC = b"\x93NUMPY"
_OTHER_NAMES = (".words", ".vocab", ".txt")  # of files with the words, in place of .npy


def recognises(start: FileStart) -> bool:
    """Say whether the file is a NumPy array."""
    return start.head.startswith(_MAGIC)


def words_path(path: Path) -> Path:
    """Return where the words go that belong to the vectors at `path`.

    Example:
        >>> words_path(Path("news.npy")).name
        'news_words.txt'
    """
    return path.parent / f"{path.stem}_words.txt"


def read(file: VectorsStream, _: Progress) -> tuple[PackedWords, Matrix]:
    """Return the vectors of a file, shape (V, d), and the words that another file beside it has for them.

    Raises:
        VectorsError: there is no file of words, or one of both is malformed.
    """
    import numpy as np

    from w2v.vectors.formats.finite import finite_float32

    path = file.path
    words, matrix = _read_words(path, file.encoding), _mapped(path)
    if len(words) != len(matrix):
        raise VectorsError(f"{path}: holds {counted(len(matrix), 'vector')}, and its words are {len(words):,}")
    rows = matrix[: file.top]
    if _is_read(matrix):
        rows = np.fromfile(path, matrix.dtype, rows.size, offset=matrix.offset).reshape(rows.shape)
    return words.first(file.top), finite_float32(rows, path)


def size(file: VectorsStream) -> VectorsSize:
    """Return how many vectors a file holds, and what reading those that are wanted takes.

    Raises:
        VectorsError: the file is malformed.
    """
    matrix = _mapped(file.path)
    is_direct = matrix.dtype == "f4" and _is_read(matrix)
    return VectorsSize(len(matrix), matrix.shape[1], work=0 if is_direct else matrix[: file.top].nbytes)


def write(stream: BinaryIO, words: PackedWords, matrix: Matrix, _: Provenance) -> None:
    """Write the array.

    Raises:
        VectorsError: a value is not finite.
    """
    import numpy as np

    from w2v.vectors.formats.finite import check_finite

    check_finite(words, matrix)
    np.save(stream, np.ascontiguousarray(matrix, "<f4"), allow_pickle=False)


def write_words(stream: BinaryIO, words: PackedWords) -> None:
    """Write each word in a line.

    Raises:
        VectorsError: a word has a line end in it, or the first one can't start a file.
    """
    from w2v.vectors.formats.tokens import encoded_lines

    stream.write(b"".join(word + b"\n" for word in encoded_lines(words)))


def _is_read(matrix: npt.NDArray[np.floating]) -> bool:
    """Say whether rows are read rather than mapped, since what is mapped counts as memory used; not those by column."""
    return matrix.flags.c_contiguous


def _mapped(path: Path) -> np.memmap[Any, np.dtype[np.floating]]:
    """Return the array of a file, shape (V, d), mapped into memory.

    Raises:
        VectorsError: it holds something else.
    """
    import numpy as np

    from w2v.vectors.formats.numpy_warnings import without_warnings

    try:
        # The size that a damaged header gives may be too large.
        with np.errstate(over="ignore"), without_warnings():
            matrix: np.memmap[Any, np.dtype[np.floating]] = np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception as error:  # NumPy raises whatever a damaged header makes it stumble over
        reason = in_one_line(" ".join(str(error).split()), 200)
        raise VectorsError(f"{path}: can't be read as a NumPy array ({reason})") from error
    if matrix.ndim != 2 or matrix.dtype.kind != "f" or not matrix.size:
        raise VectorsError(
            f"{path}: must hold floats of shape (V, d), but holds {matrix.dtype} of shape {matrix.shape}"
        )
    return matrix


def _read_words(path: Path, encoding: EncodingOptions) -> PackedWords:
    """Return the words that belong to the vectors at `path`: from NAME_words.txt, or else NAME.words and the like."""
    from w2v.vectors.packed_words import PackedWords

    names = [words_path(path), *(path.with_suffix(ending) for ending in _OTHER_NAMES)]
    found = next((name for name in names if name.is_file()), None)
    if found is None:
        raise VectorsError(f"{path}: has no words with it; put them into {names[0]}, one a line")
    words = read_text_lines(found, VectorsError, encoding)
    if "" in words:
        raise VectorsError(f"{found}:{words.index('') + 1}: there is no word in this line")
    return PackedWords.of(words)


FORMAT = Format(
    name="npy",
    description="a NumPy array; the words go to OUT_words.txt",
    endings=(".npy",),
    recognises=recognises,
    read=read,
    write=write,
    size=size,
    reads_first=True,
    words_file=WordsFile(words_path, write_words),
)
