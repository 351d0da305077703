"""Words with one vector each: what training returns, with every query."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from w2v.errors import UnknownWordError, UsageError, VectorsError
from w2v.options.checks import as_path, require_bool, require_choice, require_count
from w2v.options.defaults import DEFAULT_METHOD, DEFAULT_NEIGHBOURS, METHODS
from w2v.options.encoding import EncodingOptions
from w2v.progress import Progress
from w2v.tqdm_progress import listener
from w2v.vectors.arguments import (
    as_counts,
    as_matrix,
    as_metadata,
    as_weights,
    as_words,
    items,
    read_only,
    require_word,
    word_list,
    word_pairs,
)
from w2v.vectors.cache import CachedVectors, Stamp, is_worth_keeping, keep_copy, open_copy
from w2v.vectors.cosines import Array, Rows, cosines, row_norms, unit, unit_matrix
from w2v.vectors.lazy_provenance import LazyProvenance
from w2v.vectors.nearest import Neighbour, rank_of
from w2v.vectors.packed_words import PackedWords
from w2v.vectors.provenance import Provenance
from w2v.vectors.query import Query, Terms, answer, neighbours_wanted, resolve

if TYPE_CHECKING:
    from gensim.models import KeyedVectors
    from typing_extensions import Unpack

    from w2v.options.keywords import ForeignLoadNames
    from w2v.vectors.query import ForeignKeywords

T = TypeVar("T")

_QUERIES_AT_ONCE = 1024  # enough for BLAS to be at its best
_ANSWERS_AT_ONCE = 1 << 20  # rows kept for all queries at once


class Vectors:
    """Words with one vector each, and every query about them.

    Vectors do not change: `matrix` is read-only, so the lengths of its rows, which every query needs, are computed
    once. To change values, make new vectors: `Vectors(vectors.words, vectors.matrix * 2)`.

    A word is found whichever way its accents are written: é as one character or as two. A word without a vector raises
    UnknownWordError, which carries words with similar spelling.

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
        values, numbers = as_matrix(matrix, len(packed)), as_counts(counts, len(packed))
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

    # Queries

    def similar(
        self,
        positive: Terms = (),
        n: int = DEFAULT_NEIGHBOURS,
        *,
        negative: Terms = (),
        method: str = DEFAULT_METHOD,
        restrict_vocab: int | None = None,
        **foreign: Unpack[ForeignKeywords],
    ) -> list[Neighbour]:
        """Return the n words that are closest to some words and farthest from others, best first.

        The words of the query are left out.

        Args:
            positive: a word, a vector of shape (d,), or a list of these, to be close to.
            n: how many words to return; fewer if there are fewer.
            negative: words or vectors to be far from.
            method: `add` takes the cosine with the sum of the positive unit vectors minus the negative ones; `mul`
                multiplies and divides similarities (3CosMul, see `w2v.vectors.nearest.multiplied`).
            restrict_vocab: search only this many of the first words, the most frequent; None searches all.
            foreign: `topn`, gensim's name for `n`.

        Raises:
            UsageError: the query is empty or holds something other than words and vectors, or an option is wrong.
            VectorsError: a vector does not have d finite values.

        Example:
            >>> vectors = Vectors(["man", "woman", "king", "queen"], [[0, 1], [0, -1], [1, 1], [1, -1]])
            >>> vectors.similar(["king", "woman"], n=1, negative="man")
            [Neighbour(word='queen', similarity=0.9596...)]
        """
        query = Query(positive, negative)
        (found,) = self.similar_batch([query], n, method=method, restrict_vocab=restrict_vocab, **foreign)
        return found

    def similar_batch(
        self,
        queries: Iterable[str | Sequence[str] | Query],
        n: int = DEFAULT_NEIGHBOURS,
        *,
        method: str = DEFAULT_METHOD,
        restrict_vocab: int | None = None,
        **foreign: Unpack[ForeignKeywords],
    ) -> list[list[Neighbour]]:
        """Answer many queries as `similar` does, each much faster than alone.

        Args:
            queries: each a word, a list of words to be close to, or a `Query`.
            n: how many words to return for each; this and all else is as for `similar`.
            method: `add` or `mul`.
            restrict_vocab: search only this many of the first words.
            foreign: `topn`.

        Raises:
            UsageError, VectorsError: as for `similar`, about the first query that is wrong.

        Example:
            >>> vectors = Vectors(["man", "woman", "king", "queen"], [[0, 1], [0, -1], [1, 1], [1, -1]])
            >>> [found[0].word for found in vectors.similar_batch(["king", Query("man", negative="queen")])]
            ['man', 'king']
        """
        n = min(neighbours_wanted(n, dict(foreign)), len(self))
        require_choice("method", method, METHODS)
        if restrict_vocab is not None:
            restrict_vocab = require_count("restrict_vocab", restrict_vocab)
        resolved = [resolve(query, self._matrix, self.index) for query in items(queries, "queries")]
        step = min(_QUERIES_AT_ONCE, max(1, _ANSWERS_AT_ONCE // max(1, n)))
        matrix, norms = self._matrix[:restrict_vocab], self.norms[:restrict_vocab]
        answers: list[list[Neighbour]] = []
        for start in range(0, len(resolved), step):
            for found in answer(resolved[start : start + step], matrix, norms, n, method):
                rows, scores = found.rows.tolist(), found.scores.tolist()
                answers.append([Neighbour(self.words[row], score) for row, score in zip(rows, scores, strict=True)])
        return answers

    def analogy(
        self,
        a: str,
        b: str,
        c: str,
        n: int = DEFAULT_NEIGHBOURS,
        *,
        method: str = DEFAULT_METHOD,
        restrict_vocab: int | None = None,
        **foreign: Unpack[ForeignKeywords],
    ) -> list[Neighbour]:
        """Return what is to c as a is to b, best first: the words closest to a - b + c, without these three.

        The method `add` is 3CosAdd (Mikolov et al., "Linguistic Regularities in Continuous Space Word
        Representations", 2013), `mul` 3CosMul (Levy and Goldberg 2014). To ask many at once, pass queries such as
        `Query([a, c], b)` to `similar_batch`.

        Example:
            >>> vectors = Vectors(["man", "woman", "king", "queen"], [[0, 1], [0, -1], [1, 1], [1, -1]])
            >>> vectors.analogy("king", "man", "woman", n=1)[0].word
            'queen'
        """
        return self.similar([a, c], n, negative=b, method=method, restrict_vocab=restrict_vocab, **foreign)

    def similarity(self, a: str, b: str) -> float:
        """Return the cosine of the angle between the vectors of two words: from -1, opposite, to 1, the same direction.

        Example:
            >>> Vectors(["king", "queen"], [[1, 0], [1, 1]]).similarity("king", "queen")
            0.7071...
        """
        return float(self.similarity_batch([(a, b)])[0])

    def similarity_batch(self, pairs: Iterable[tuple[str, str]]) -> npt.NDArray[np.float64]:
        """Return the cosine of each pair of words, shape (pairs,). A vector of zeros has cosine 0 with all others.

        Raises:
            UsageError: the pairs are not pairs of words.

        Example:
            >>> vectors = Vectors(["king", "queen", "zero"], [[1, 0], [2, 0], [0, 0]])
            >>> vectors.similarity_batch([("king", "queen"), ("king", "zero")]).tolist()
            [1.0, 0.0]
        """
        rows = np.array([(self.index(a), self.index(b)) for a, b in word_pairs(pairs)], dtype=np.intp).reshape(-1, 2)
        return cosines(self._matrix, *rows.T)

    def similarities(self, words: Iterable[str], others: Iterable[str] | None = None) -> npt.NDArray[np.float64]:
        """Return the cosine of each word with each other one, shape (words, others); None compares `words` themselves.

        Raises:
            UsageError: the words are not a list of str.

        Example:
            >>> vectors = Vectors(["king", "queen", "apple"], [[1, 0], [1, 1], [0, 1]])
            >>> vectors.similarities(["king", "apple"], ["queen", "apple", "king"]).round(4).tolist()
            [[0.7071, 0.0, 1.0], [0.7071, 1.0, 0.0]]
        """
        rows = self._rows(words)
        columns = rows if others is None else self._rows(others)
        found = cosines(self._matrix, np.repeat(rows, len(columns)), np.tile(columns, len(rows)))
        return found.reshape(len(rows), len(columns))

    def rank(self, a: str, b: str) -> int:
        """Return the place of b among the neighbours of a: 1 for the nearest, 0 if b is a.

        `similar(a, n)[n - 1].word` is the word of rank n.

        Example:
            >>> vectors = Vectors(["king", "queen", "apple"], [[1, 0.1], [1, 0.2], [0, 1]])
            >>> vectors.rank("king", "apple")
            2
        """
        return rank_of(self._matrix, self.norms, self.index(a), self.index(b))

    def mean_vector(self, words: Iterable[str], weights: npt.ArrayLike | None = None) -> Array:
        """Return the mean direction of some words, shape (d,): each vector has length 1 before the mean is taken.

        Queries take several words together in the same way. For the mean of the vectors as they are, write
        `vectors[words].mean(axis=0)`.

        Args:
            words: at least one word.
            weights: a number for each word, not all zero; the sum is divided by the sum of their absolute values.

        Raises:
            UsageError: there are no words, or not one weight for each.

        Example:
            >>> vectors = Vectors(["king", "queen"], [[2, 0], [0, 1]])
            >>> vectors.mean_vector(["king", "queen"]).tolist()
            [0.5, 0.5]
            >>> vectors.mean_vector(["king", "queen"], weights=[3, -1]).tolist()
            [0.75, -0.25]
        """
        rows = self._rows(words)
        if not len(rows):
            raise UsageError("give at least one word")
        shares = np.ones(len(rows)) if weights is None else as_weights(weights, len(rows))
        mean: Array = (shares @ unit(self._matrix[rows]) / np.abs(shares).sum()).astype(np.float32)
        return mean

    def centrality(self, words: Iterable[str]) -> list[Neighbour]:
        """Return the words with the cosine of each to their mean direction, the most central first.

        Raises:
            UsageError: there are no words, or `words` is a single str.

        Example:
            >>> vectors = Vectors(["lunch", "dinner", "car"], [[1, 0], [1, 0.1], [0.1, 1]])
            >>> [word for word, _ in vectors.centrality(["car", "dinner", "lunch"])]
            ['dinner', 'lunch', 'car']
        """
        words = word_list(words)
        units = unit(self._matrix[self._rows(words)])
        if not len(units):
            raise UsageError("give at least one word")
        values = units @ unit(units.sum(axis=0, keepdims=True))[0]
        return [Neighbour(words[place], float(values[place])) for place in np.argsort(-values, kind="stable").tolist()]

    def odd_one_out(self, words: Iterable[str]) -> str:
        """Return the word that fits the others least: the one farthest from their mean direction.

        Raises:
            UsageError: there are fewer than three words, or `words` is a single str.

        Example:
            >>> vectors = Vectors(["lunch", "dinner", "car"], [[1, 0], [1, 0.1], [0.1, 1]])
            >>> vectors.odd_one_out(["lunch", "car", "dinner"])
            'car'
        """
        words = word_list(words)
        if len(words) < 3:
            raise UsageError("give at least three words to find the odd one out")
        return self.centrality(words)[-1].word

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
        return self._part(PackedWords(self.words.utf8, self.words.bounds[: n + 1]), slice(n))

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

    def _rows(self, words: object) -> Rows:
        return np.array([self.index(word) for word in word_list(words)], dtype=np.intp)

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
            path: the file. The ending of its name means a format, which `w2v convert --help` lists; without an ending,
                word2vec's text format is. Text is compressed if .gz, .bz2, .xz or .zst follows. With `projector`, the
                words go to NAME_metadata.tsv beside it, with `npy` to NAME_words.txt.
            file_format: the name of a format, where the name of the file has no ending of a format.
            counts: keep the counts, if they are known; where the format has no place for them, in NAME.counts.
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
        cache: bool = True,
        progress: Progress | bool | None = None,
        encoding: str | None = None,
        encoding_errors: str | None = None,
        **foreign: Unpack[ForeignLoadNames],
    ) -> Vectors:
        """Read vectors in any format of `w2v.vectors.formats`; of a word given twice, the first vector is kept.

        Args:
            path: the file, plain or compressed; or a ZIP archive with one file of vectors, or ARCHIVE.zip:FILE.
            cache: keep a copy of a large file in the user's cache folder, and map it into memory from the second time
                on, until the file changes; see `w2v.vectors.cache`.
            progress: True for a bar, or a w2v.progress.Progress.
            encoding: the encoding of the words, such as "latin-1"; None is UTF-8.
            encoding_errors: what to do with bytes that are wrong in it: "strict" stops, the default; "replace" inserts
                U+FFFD; "ignore" drops them; "surrogateescape" keeps them as they are.
            foreign: `unicode_errors`, gensim's name for `encoding_errors`. Its `binary` and `no_header` are ignored,
                since the format is recognised.

        Raises:
            VectorsError: there is no such file, or it is malformed; the message names the line.
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
        reading = _reading({"encoding": encoding, "encoding_errors": encoding_errors}, foreign)
        copy = open_copy(path, reading) if cache else None
        stamp = Stamp.of(path, reading)
        if copy:
            return cls._checked(copy.words, copy.matrix, copy.norms, LazyProvenance(path, copy.words, stamp))
        from w2v.vectors.formats import has_words_file, read_vectors  # not needed for a copy

        words, matrix = read_vectors(path, progress, reading)
        vectors = cls._checked(words, matrix, None, LazyProvenance(path, words, stamp))
        # The stamp is that of one file, which can't tell that the other one changed
        if cache and stamp and not has_words_file(path) and is_worth_keeping(stamp):
            keep_copy(stamp, CachedVectors(words, vectors.matrix, vectors.norms))
        return vectors


def _provenance(counts: npt.NDArray[np.int64] | None, metadata: dict[str, Any]) -> Provenance:
    return {"metadata": metadata} if counts is None else {"counts": counts, "metadata": metadata}


def _of_rows(known: Provenance | Callable[[], Provenance], rows: Rows | slice) -> Provenance:
    """Return what is known of some rows."""
    known = known() if callable(known) else known
    counts = known.get("counts")
    return _provenance(None if counts is None else read_only(counts[rows]), known.get("metadata", {}))


def _reading(given: dict[str, str | None], foreign: Mapping[str, Any]) -> EncodingOptions | None:
    """Return how the words of a file become text; None is UTF-8, as nearly always.

    Raises:
        UsageError: there is no such encoding or option.
    """
    if not foreign and not any(given.values()):
        return None
    from w2v.options.foreign_names import translated

    chosen = {name: value for name, value in given.items() if value is not None}
    if "limit" in foreign:
        raise UsageError("no option limit; use .top(n) of the vectors")
    needed = {name: value for name, value in foreign.items() if name not in ("binary", "no_header")}
    for name, value in translated(needed, frozenset(given)).items():
        if name in chosen:
            raise UsageError(f"`{name}` is given twice, once under another name; leave out one of them")
        chosen[name] = value
    options = EncodingOptions(**chosen)
    return None if options.is_utf8 and options.encoding_errors == EncodingOptions.encoding_errors else options
