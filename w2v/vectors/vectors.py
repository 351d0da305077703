"""Words with one vector each: what training returns, with every query."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from w2v.cosines import Array, Rows, row_norms, unit_matrix
from w2v.errors import UnknownWordError, VectorsError
from w2v.options.checks import as_path, require_bool, require_count
from w2v.options.encoding import EncodingOptions
from w2v.progress import Progress
from w2v.tqdm_progress import listener
from w2v.vectors.arguments import (
    as_counts,
    as_matrix,
    as_metadata,
    as_words,
    read_only,
    reading_options,
    require_word,
    word_list,
)
from w2v.vectors.cache import CachedVectors, Stamp, is_worth_keeping, keep_copy, open_copy
from w2v.vectors.lazy_provenance import LazyProvenance
from w2v.vectors.packed_words import PackedWords
from w2v.vectors.provenance import Provenance
from w2v.vectors.searchable import Searchable

if TYPE_CHECKING:
    from gensim.models import KeyedVectors
    from typing_extensions import Unpack

    from w2v.options.keywords import ForeignLoadNames

T = TypeVar("T")


class Vectors(Searchable):
    """Words with one vector each, and every query about them.

    Vectors do not change: `matrix` is read-only, so the lengths of its rows, which every query needs, are computed
    once. To change values, make new vectors: `Vectors(vectors.words, vectors.matrix * 2)`.

    Accents may be written as one character or two. An unknown word raises UnknownWordError, which suggests others.

    Attributes:
        words: V words, in the order of the matrix's rows; training puts the most frequent first. `words[i]` is the word
            of row i, and `index(word)` the row of a word.

    Example:
        >>> vectors = Vectors(["king", "queen", "apple"], [[1, 0.1], [1, 0.2], [0, 1]])
        >>> vectors
        <Vectors: 3 words x 2>
        >>> vectors.similar("king", n=1)[0].word
        'queen'
        >>> vectors["king"].tolist(), vectors[["king", "apple"]].shape
        ([1.0, 0.10000000149011612], (2, 2))
        >>> "pear" in vectors, list(vectors), len(vectors)
        (False, ['king', 'queen', 'apple'], 3)
    """

    words: PackedWords

    def __init__(
        self,
        words: Iterable[str],
        matrix: npt.ArrayLike,
        *,
        counts: npt.ArrayLike | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        """Check and keep words and matrix.

        Args:
            words: V words. Of a word given twice, the first row counts.
            matrix: shape (V, d). A C-contiguous float32 array is not copied: don't change it afterwards.
            counts: how often each word occurs, shape (V,).
            metadata: facts to keep with the vectors.

        Raises:
            UsageError: a word is no str, or the matrix no numbers.
            VectorsError: the matrix does not have one row for each word, or a value is nan or infinite.
        """
        packed = as_words(words)
        values, numbers = as_matrix(matrix, packed), as_counts(counts, len(packed))
        self._keep(packed, values, _provenance(numbers, as_metadata(metadata)))

    @classmethod
    def _checked(
        cls,
        words: PackedWords,
        matrix: Array,
        norms: Array | None = None,
        known: Provenance | Callable[[], Provenance] | None = None,
    ) -> Vectors:
        """Return vectors of parts that are known to be right, without reading the matrix: it may lie on disk.

        Args:
            words: V words.
            matrix: shape (V, d).
            norms: shape (V,), if they are known.
            known: counts and metadata, or a function that finds them when they are first asked for.
        """
        vectors = cls.__new__(cls)
        vectors._keep(words, matrix, known or {})
        vectors._norms = None if norms is None else read_only(norms)
        return vectors

    def _keep(self, words: PackedWords, matrix: Array, known: Provenance | Callable[[], Provenance]) -> None:
        self.words = words
        self._matrix: Array = read_only(matrix)
        self._norms: Array | None = None
        self._known = known

    def __reduce__(self) -> tuple[Any, ...]:
        return Vectors._checked, (self.words, self._matrix, self._norms, self._provenance())

    # What there is

    @property
    def matrix(self) -> Array:
        """The vectors, shape (V, d), float32, read-only; row i belongs to `words[i]`."""
        return self._matrix

    @property
    def norms(self) -> Array:
        """The length of each vector, shape (V,), float32; computed once, on first use."""
        if self._norms is None:
            self._norms = read_only(row_norms(self._matrix))
        return self._norms

    @property
    def counts(self) -> npt.NDArray[np.int64] | None:
        """How often each word occurs in the training text, shape (V,), or None if that is not known.

        They are read from the file of the vectors, or from NAME.counts beside it, when they are first asked for.

        Raises:
            VectorsError, ModelError: that file is damaged.
        """
        return self._provenance().get("counts")

    @property
    def metadata(self) -> dict[str, Any]:
        """What is known about the vectors; empty if the file does not keep it.

        "options" has the options of `w2v.train` that they were trained with, such as the token rule, and "w2v" the
        version.

        Raises:
            VectorsError, ModelError: the file is damaged.
        """
        return self._provenance().setdefault("metadata", {})

    @property
    def dim(self) -> int:
        """The number of dimensions, d."""
        return int(self._matrix.shape[1])

    def __len__(self) -> int:
        """Return the number of words, V."""
        return len(self.words)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the words."""
        return iter(self.words)

    def __contains__(self, word: object) -> bool:
        """Say whether `word` has a vector."""
        return isinstance(word, str) and self._find(word) is not None

    def __getitem__(self, word: str | Sequence[str]) -> Array:
        """Return the vector of a word, shape (d,), or the vectors of k words, shape (k, d).

        Raises:
            UsageError: `word` is neither a str nor a list of them.
        """
        several = isinstance(word, Iterable) and not isinstance(word, str)
        found: Array = self._matrix[self._rows(word) if several else self.index(cast("str", word))]
        return found

    def get(self, word: str, default: T | None = None) -> Array | T | None:
        """Return the vector of a word, shape (d,), or `default` if it has none.

        Example:
            >>> Vectors(["king"], [[1, 0]]).get("pear") is None
            True
        """
        row = self._find(word) if isinstance(word, str) else None
        return default if row is None else self._matrix[row]

    def index(self, word: str) -> int:
        """Return the row of a word in the matrix; `words[row]` is the way back.

        Raises:
            UsageError: `word` is no str.

        Example:
            >>> vectors = Vectors(["king", "queen"], [[1, 0.1], [1, 0.2]])
            >>> vectors.index("queen"), vectors.words[1]
            (1, 'queen')
        """
        require_word(word)
        row = self._find(word)
        if row is None:
            from w2v.suggestions import closest_spellings

            raise UnknownWordError(word, closest_spellings(word, self.words))
        return row

    def __eq__(self, other: object) -> bool:
        """Say whether `other` has the same words and the same values; counts and metadata don't matter."""
        if not isinstance(other, Vectors):
            return NotImplemented
        return np.array_equal(self._matrix, other.matrix) and self.words == other.words

    __hash__ = None  # type: ignore[assignment]  # equal vectors would need equal hashes, and to read them takes time

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> npt.NDArray[Any]:
        """Return the matrix, for `np.asarray(vectors)`."""
        if copy or (dtype is not None and np.dtype(dtype) != self._matrix.dtype):
            if copy is False:
                raise ValueError(f"vectors are float32; they can't be {np.dtype(dtype)} without a copy")  # NumPy's rule
            return np.array(self._matrix, dtype=dtype)
        return self._matrix

    def __repr__(self) -> str:
        return f"<Vectors: {len(self)} words x {self.dim}>"

    def _repr_html_(self) -> str:
        """Return a small table, which notebooks show."""
        from w2v.vectors.html_table import html_table

        return html_table(self.words, self._matrix, self.counts)

    # Parts and other forms

    def select(self, words: Iterable[str]) -> Vectors:
        """Return the vectors of some words, in the order of the matrix; words without a vector are ignored.

        Raises:
            VectorsError: none of the words has a vector.
            UsageError: `words` is not a list of str.

        Example:
            >>> Vectors(["king", "queen", "apple"], [[1, 0], [1, 1], [0, 1]]).select(["apple", "pear", "king"]).words
            ['king', 'apple']
        """
        found = {self._find(word) for word in word_list(words)} - {None}
        if not found:
            raise VectorsError("none of the words asked for is among the vectors; are they in the same case?")
        rows = np.array(sorted(row for row in found if row is not None), dtype=np.intp)
        return self._part(self.words.take(rows), rows)

    def top(self, n: int) -> Vectors:
        """Return the vectors of the first n words, the most frequent, or all if there are fewer; no value is copied.

        Raises:
            UsageError: `n` is no whole number, or less than 1.

        Example:
            >>> Vectors(["the", "king", "queen"], [[1, 0], [1, 1], [0, 1]]).top(2)
            <Vectors: 2 words x 2>
        """
        n = min(require_count("n", n), len(self))
        return self._part(self.words.first(n), slice(n))

    def normalized(self) -> Vectors:
        """Return vectors of length 1 with the same directions; vectors of zeros stay as they are.

        Example:
            >>> Vectors(["king"], [[3, 4]]).normalized()["king"].round(2).tolist()
            [0.6..., 0.8...]
        """
        return Vectors._checked(self.words, unit_matrix(self._matrix), None, self._known)

    def to_gensim(self) -> KeyedVectors:
        """Return a copy as gensim's KeyedVectors; counts become the attribute "count" of each word.

        Raises:
            MissingExtraError: gensim is not installed.

        Example:
            >>> keyed = Vectors(["king", "queen"], [[1, 0], [1, 1]]).to_gensim()
            >>> keyed.index_to_key, keyed.vector_size
            (['king', 'queen'], 2)
        """
        from w2v.vectors.keyed_vectors import to_gensim

        return to_gensim(self.words, self._matrix, self.counts)

    @classmethod
    def from_gensim(cls, keyed_vectors: KeyedVectors) -> Vectors:
        """Return the vectors of gensim's KeyedVectors, or of a model that has them as `wv`; values are not copied.

        Raises:
            UsageError: `keyed_vectors` is neither.
            MissingExtraError: gensim is not installed.

        Example:
            >>> vectors = Vectors(["king", "queen"], [[1, 0], [1, 1]])
            >>> Vectors.from_gensim(vectors.to_gensim()) == vectors
            True
        """
        from w2v.vectors.keyed_vectors import parts_of

        words, matrix, counts = parts_of(keyed_vectors)
        return cls(words, matrix, counts=counts)

    def _find(self, word: str) -> int | None:
        if word.isascii():
            return self.words.find(word)
        spellings = (word, unicodedata.normalize("NFC", word), unicodedata.normalize("NFD", word))
        return next((row for row in map(self.words.find, spellings) if row is not None), None)

    def _part(self, words: PackedWords, rows: Rows | slice) -> Vectors:
        norms = None if self._norms is None else self._norms[rows]
        known = partial(_of_rows, self._known, rows) if callable(self._known) else _of_rows(self._known, rows)
        return Vectors._checked(words, self._matrix[rows], norms, known)

    def _provenance(self) -> Provenance:
        if callable(self._known):
            self._known = self._known()
        return self._known

    # Files

    def save(
        self,
        path: str | os.PathLike[str],
        file_format: str | None = None,
        *,
        counts: bool = True,
        encoding_errors: str = EncodingOptions.encoding_errors,
    ) -> None:
        """Write the vectors to a file; they read back bit for bit.

        An earlier file of vectors is replaced. A file that holds anything else is an error: remove it first.

        Args:
            path: the file. The ending of its name selects a format, which `w2v convert --help` lists; without one,
                the format is word2vec's text. If .gz, .bz2, .xz or .zst follows, text is compressed. With `projector`,
                the words go to NAME_metadata.tsv beside it, with `npy` to NAME_words.txt.
            file_format: the name of a format, if the name of the file has no ending of one.
            counts: keep the counts, if they are known; in NAME.counts if the format has no place for them.
            encoding_errors: `strict` refuses words that are no valid Unicode. `surrogateescape` writes the bytes that
                were no UTF-8 in the file that they come from.

        Raises:
            UsageError: there is no such format, the ending means another one or none, or an argument is wrong.
            VectorsError: the format can't hold a word or a value, or there are no vectors.
            OutputError: the file can't be written, or holds something other than vectors; it is unchanged.
            MissingExtraError: it would be compressed with zstd, and this Python can't write that.
        """
        from w2v.vectors.formats import save

        require_bool("counts", counts)
        known = self._provenance() if counts else _provenance(None, self.metadata)
        path = as_path("path", path)
        save(path, self.words, self.matrix, file_format, known=known, encoding_errors=encoding_errors)

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        *,
        top: int | None = None,
        cache: bool = True,
        progress: Progress | bool | None = None,
        encoding: str | None = None,
        encoding_errors: str | None = None,
        **foreign: Unpack[ForeignLoadNames],
    ) -> Vectors:
        """Read vectors in any format of `w2v.vectors.formats`; of a word given twice, the first vector is kept.

        Args:
            path: the file, plain or compressed; or a ZIP archive with one file of vectors, or ARCHIVE.zip:FILE.
            top: how many words to take, the first ones, usually the most frequent; None is all. Text, word2vec's binary
                format and .npy are then read no further, which takes less time and memory.
            cache: keep a copy of a large file in the user's cache folder, and map it into memory from the second time
                on, until the file changes; see `w2v.vectors.cache`.
            progress: True for a bar, or a w2v.progress.Progress.
            encoding: the encoding of the words, such as "latin-1"; None is UTF-8.
            encoding_errors: what to do with bytes that are wrong in it: "strict" stops, the default; "replace" inserts
                U+FFFD; "ignore" drops them; "surrogateescape" keeps them as they are.
            foreign: `unicode_errors`, gensim's name for `encoding_errors`. Its `binary` and `no_header` are ignored,
                since the format is recognised.

        Raises:
            VectorsError: there is no such file, or it is malformed; the message names the line. A model: ModelError.
            MissingExtraError: the file is compressed with zstd and this Python can't read that.
            UsageError: `path` is not the name of a file, there is no such encoding, or the environment variable
                W2V_CACHE_LIMIT is no size.

        Example:
            >>> w2v.load("vectors.txt").similar("king", n=1)  # doctest: +SKIP
            [Neighbour(word='queen', similarity=0.98)]
        """
        path = as_path("path", path)
        require_bool("cache", cache)
        progress = listener(progress)
        top = None if top is None else require_count("top", top)
        reading = reading_options({"encoding": encoding, "encoding_errors": encoding_errors}, foreign)
        copy = open_copy(path, reading) if cache else None
        stamp = Stamp.of(path, reading)
        if copy:
            found = cls._checked(copy.words, copy.matrix, copy.norms, LazyProvenance(path, copy.words, stamp))
            return found if top is None else found.top(top)
        from w2v.vectors.formats import has_words_file, read_vectors  # not needed for a copy

        words, matrix = read_vectors(path, progress, reading, top)
        known = LazyProvenance(path, words, stamp, is_part=top is not None)
        vectors = cls._checked(words, matrix, None, known)
        # The stamp is that of one file, which can't tell that the other one changed
        if cache and top is None and stamp and not has_words_file(path) and is_worth_keeping(stamp):
            keep_copy(stamp, CachedVectors(words, vectors.matrix, vectors.norms))
        return vectors if top is None else vectors.top(top)


def _provenance(counts: npt.NDArray[np.int64] | None, metadata: dict[str, Any]) -> Provenance:
    return {"metadata": metadata} if counts is None else {"counts": counts, "metadata": metadata}


def _of_rows(known: Provenance | Callable[[], Provenance], rows: Rows | slice) -> Provenance:
    """Return what is known of some rows."""
    known = known() if callable(known) else known
    counts = known.get("counts")
    return _provenance(None if counts is None else read_only(counts[rows]), known.get("metadata", {}))
