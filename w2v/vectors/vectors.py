"""Words and one vector each: the class that is kept of training."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from w2v.errors import UnknownWordError, UsageError, VectorsError
from w2v.options import DEFAULT_NEIGHBOURS
from w2v.vectors.queries import Neighbour, nearest, row_norms


class Vectors:
    """Words with one vector each.

    Attributes:
        words: V words, in the order of the matrix's rows; training puts the most frequent first.
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
        self.words = list(words)
        self.matrix: npt.NDArray[np.float32] = np.ascontiguousarray(matrix, dtype=np.float32)
        if self.matrix.ndim != 2 or len(self.matrix) != len(self.words):
            raise VectorsError(
                f"{len(self.words)} words need a matrix of as many rows, not of shape {np.shape(matrix)}"
            )

    @cached_property
    def index(self) -> dict[str, int]:
        """The row of each word; the first one, should a word stand twice."""
        return {word: row for row, word in reversed(list(enumerate(self.words)))}

    @cached_property
    def _norms(self) -> npt.NDArray[np.float32]:
        return row_norms(self.matrix)

    @property
    def dim(self) -> int:
        """Length of each vector."""
        return int(self.matrix.shape[1])

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        """Say whether there is a vector for `word`."""
        return word in self.index

    def __getitem__(self, word: str) -> npt.NDArray[np.float32]:
        """Return the vector of `word`, shape (d,): a view, so changing it changes the matrix.

        Raises:
            UnknownWordError: there is no such word; it carries the closest spellings.
        """
        vector: npt.NDArray[np.float32] = self.matrix[self.row(word)]
        return vector

    def __repr__(self) -> str:
        return f"<Vectors: {len(self)} words x {self.dim}>"

    def row(self, word: str) -> int:
        """Return the row of `word` in the matrix.

        Raises:
            UnknownWordError: there is no such word; it carries the closest spellings.
        """
        try:
            return self.index[word]
        except KeyError:
            from w2v.spelling import closest_spellings

            raise UnknownWordError(word, closest_spellings(word, self.words)) from None

    def similar(self, words: str | Sequence[str], n: int = DEFAULT_NEIGHBOURS) -> list[Neighbour]:
        """Return the n words whose vectors are closest in direction, best first, the query words left out.

        Args:
            words: one word, or several, whose unit vectors are averaged.
            n: how many to return; fewer come back when there are not as many words.

        Raises:
            UnknownWordError: a word is not there; it carries the closest spellings.
            UsageError: n is less than 1, or there are no words.
        """
        if n < 1:
            raise UsageError(f"the number of neighbours must be at least 1, not {n}")
        rows = [self.row(word) for word in ([words] if isinstance(words, str) else words)]
        if not rows:
            raise UsageError("give at least one word to find neighbours of")
        norms = np.maximum(self._norms[rows], np.finfo(np.float32).tiny)
        query = (self.matrix[rows] / norms[:, None]).mean(axis=0)
        return [Neighbour(self.words[row], value) for row, value in nearest(self.matrix, self._norms, query, n, rows)]

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the vectors in word2vec's text format; they read back bit for bit.

        Raises:
            VectorsError: a word or a value can't be written in this format.
            OutputError: the file can't be written; what stood there is unchanged.
        """
        from w2v.vectors.text_writer import save_text

        save_text(path, self.words, self.matrix)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Vectors:
        """Read vectors in any format that `w2v.vectors.formats` knows; of a word given twice, the first vector is kept.

        Raises:
            VectorsError: there is no such file, or it is malformed; the text names the line.
            MissingExtraError: the file is compressed with zstd and this Python can't read that.
        """
        from w2v.vectors.formats import read_vectors

        return cls(*read_vectors(Path(path)))


def load(path: str | os.PathLike[str]) -> Vectors:
    """Read vectors from a file: word2vec text or binary, or GloVe text, plain or compressed.

    Raises:
        VectorsError: there is no such file, or it is malformed; the text names the line.
        MissingExtraError: the file is compressed with zstd and this Python can't read that.
    """
    return Vectors.load(path)
