"""Words and one vector each: the class that is kept of training."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from w2v.errors import UnknownWordError, UsageError, VectorsError
from w2v.files import as_path
from w2v.progress import Progress
from w2v.vectors.cache import CachedVectors, Stamp, is_worth_keeping, keep_copy, open_copy
from w2v.vectors.packed_words import PackedWords
from w2v.vectors.queryable import Queryable
from w2v.wording import counted


class Vectors(Queryable):
    """Words with one vector each; `Queryable` has the questions that can be asked.

    Attributes:
        words: V words, in the order of the matrix's rows; training puts the most frequent first. A sequence that
            decodes a word when asked for it.
        matrix: shape (V, d), float32; row i belongs to `words[i]`. Changing it in place is allowed until the first
            query, which remembers the length of each row.

    Example:
        >>> vectors = Vectors(["king", "queen", "apple"], [[1, 0.1], [1, 0.2], [0, 1]])
        >>> vectors.similar("king", n=1)[0].word
        'queen'
    """

    def __init__(self, words: Sequence[str], matrix: npt.ArrayLike) -> None:
        """Keep words and matrix; a C-contiguous float32 matrix is kept as it is, anything else is copied.

        Raises:
            VectorsError: the matrix does not have one row for each word.
        """
        self.words: PackedWords = PackedWords.of(words)
        self.matrix: npt.NDArray[np.float32] = np.ascontiguousarray(matrix, dtype=np.float32)
        if self.matrix.ndim != 2 or len(self.matrix) != len(self.words):
            raise VectorsError(
                f"{counted(len(self.words), 'word')}: a matrix must have as many rows, not the shape {np.shape(matrix)}"
            )

    @property
    def dim(self) -> int:
        """Length of each vector."""
        return int(self.matrix.shape[1])

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        """Say whether there is a vector for `word`, whichever way its accents are written."""
        return isinstance(word, str) and self._find(word) is not None

    def __getitem__(self, word: str) -> npt.NDArray[np.float32]:
        """Return the vector of `word`, shape (d,): a view, so changing it changes the matrix.

        Raises:
            UnknownWordError: there is no such word; it carries the closest spellings.
            UsageError: `word` is no text.
        """
        vector: npt.NDArray[np.float32] = self.matrix[self.row(word)]
        return vector

    def __repr__(self) -> str:
        return f"<Vectors: {len(self)} words x {self.dim}>"

    def _find(self, word: str) -> int | None:
        if word.isascii():
            return self.words.find(word)
        spellings = (word, unicodedata.normalize("NFC", word), unicodedata.normalize("NFD", word))
        return next((row for row in map(self.words.find, spellings) if row is not None), None)

    def row(self, word: str) -> int:
        """Return the row of `word` in the matrix; é is found whether it stands there as one character or as two.

        Raises:
            UnknownWordError: there is no such word; it carries the closest spellings.
            UsageError: `word` is no text.
        """
        if not isinstance(word, str):
            raise UsageError(
                f"a word must be a str, not {type(word).__name__}; rows by number are in .matrix and .words"
            )
        row = self._find(word)
        if row is None:
            from w2v.suggestions import closest_spellings

            raise UnknownWordError(word, closest_spellings(word, self.words))
        return row

    def save(self, path: str | os.PathLike[str], file_format: str | None = None) -> None:
        """Write the vectors to a file; in any format, they read back bit for bit.

        A file of vectors is replaced, so that a program can run again. A file that holds anything else is left as it
        is, and an error says so.

        Args:
            path: the file. In the format `projector`, the words go to NAME_metadata.tsv beside it.
            file_format: the name of a format that `w2v convert --help` lists. None takes the one that the file's name
                asks for, and word2vec's text format if it asks for none.

        Raises:
            UsageError: there is no such format, or `path` is no name of a file.
            VectorsError: a word or a value can't be written in this format.
            OutputError: the file can't be written, or one without vectors stands there; it is unchanged.
        """
        from w2v.vectors.formats import save

        save(as_path("path", path), self.words, self.matrix, file_format)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, cache: bool = True, progress: Progress | None = None) -> Vectors:
        """Read vectors in any format of `w2v.vectors.formats`; of a word given twice, the first vector is kept.

        Args:
            path: the file, plain or compressed.
            cache: keep a copy of a large file in the user's cache folder, and map that into memory from the second
                time on, as long as the file has not changed; see `w2v.vectors.cache`. Changes of the matrix reach
                neither the copy nor the file.
            progress: receives progress.

        Raises:
            VectorsError: there is no such file, or it is malformed; the text names the line.
            MissingExtraError: the file is compressed with zstd and this Python can't read that.
            UsageError: `path` is no name of a file, or the environment variable W2V_CACHE_LIMIT is no size.
        """
        path = as_path("path", path)
        if cache and (copy := open_copy(path)):
            return cls._measured(*copy)
        from w2v.vectors.formats import has_words_file, read_vectors

        stamp = None if has_words_file(path) else Stamp.of(path)  # of one file, which can't tell that the other changed
        vectors = cls(*read_vectors(path, progress))
        if cache and stamp and is_worth_keeping(stamp):
            keep_copy(stamp, CachedVectors(vectors.words, vectors.matrix, vectors.norms))
        return vectors

    @classmethod
    def _measured(cls, words: PackedWords, matrix: npt.NDArray[np.float32], norms: npt.NDArray[np.float32]) -> Vectors:
        """Return vectors with words and matrix, the length of whose rows is known."""
        vectors = cls(words, matrix)
        vectors.norms = norms
        return vectors


def load(path: str | os.PathLike[str], *, cache: bool = True) -> Vectors:
    """Read vectors from a file: the same as `Vectors.load`."""
    return Vectors.load(path, cache=cache)
