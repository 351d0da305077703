"""Queries about words with one vector each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from w2v.cosines import Array, Rows, cosines, unit
from w2v.errors import UsageError, VectorsError
from w2v.options.checks import require_choice, require_count, shown
from w2v.options.defaults import DEFAULT_METHOD, DEFAULT_NEIGHBOURS, METHODS
from w2v.options.documents import DEFAULT_SIF_A, DEFAULT_WEIGHTING, DocumentOptions
from w2v.options.threads import available_cpus
from w2v.vectors.arguments import as_weights, items, known_counts, word_list, word_pairs
from w2v.vectors.nearest import Candidates, Neighbour, rank_of
from w2v.vectors.packed_words import PackedWords
from w2v.vectors.query import Query, Terms, answer, cancelling, neighbours_wanted, resolve_all, without_direction

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from w2v.documents.token_rows import TokenRows
    from w2v.options import CorpusOptions
    from w2v.vectors.query import ForeignKeywords

_QUERIES_AT_ONCE = 1024  # enough for BLAS to be at its best
_ANSWERS_AT_ONCE = 1 << 20  # rows kept for all queries at once


class Searchable(ABC):
    """What can be asked of V words and their matrix; `Vectors` keeps and finds them.

    A vector of zeros has no direction. In a query it is an error; as a candidate it has similarity 0.
    """

    words: PackedWords
    _cut: tuple[CorpusOptions, TokenRows] | None = None  # how texts were cut last, and what did so

    @property
    @abstractmethod
    def matrix(self) -> Array:
        """The vectors, shape (V, d)."""

    @property
    @abstractmethod
    def norms(self) -> Array:
        """The length of each vector, shape (V,)."""

    @property
    @abstractmethod
    def counts(self) -> npt.NDArray[np.int64] | None:
        """How often each word occurs, shape (V,), or None if that is not known."""

    @property
    @abstractmethod
    def metadata(self) -> dict[str, Any]:
        """What is known of their training."""

    @abstractmethod
    def index(self, word: str) -> int:
        """Return the row of a word."""

    def count(self, word: str) -> int:
        """Return how often a word occurs in the training text.

        Raises:
            UsageError: the counts are not known.

        Example:
            >>> w2v.Vectors(["the", "king"], [[1, 0], [0, 1]], counts=[120, 7]).count("king")
            7
        """
        return int(known_counts(self.counts)[self.index(word)])

    def similar(
        self,
        positive: Terms | Query = (),
        n: int = DEFAULT_NEIGHBOURS,
        *,
        negative: Terms = (),
        method: str = DEFAULT_METHOD,
        restrict_vocab: int | None = None,
        min_count: int | None = None,
        **foreign: Unpack[ForeignKeywords],
    ) -> list[Neighbour]:
        """Return the n words that are closest to some words and farthest from others, best first.

        The words of the query are left out.

        Args:
            positive: a word, a vector of shape (d,), or a list of these, to be close to; or a whole `Query`.
            n: how many words to return; fewer if there are fewer.
            negative: words or vectors to be far from.
            method: `add` takes the cosine with the sum of the positive unit vectors minus the negative ones; `mul`
                multiplies and divides similarities (3CosMul, see `w2v.vectors.nearest.multiplied`).
            restrict_vocab: search only this many of the first words, the most frequent; None searches all.
            min_count: search only words that occur at least this often, as rare ones have poor vectors.
            foreign: `topn`, gensim's name for `n`.

        Raises:
            UsageError: the query is empty or holds something other than words and vectors, an option is wrong, or
                `min_count` is given and the counts of the words are not known.
            VectorsError: a vector does not have d finite values or is zero, or the vectors cancel each other out.

        Example:
            >>> vectors = w2v.Vectors(["man", "woman", "king", "queen"], [[0, 1], [0, -1], [1, 1], [1, -1]])
            >>> vectors.similar(["king", "woman"], n=1, negative="man")
            [Neighbour(word='queen', similarity=0.9596...)]
        """
        query = Query(positive, negative)  # type: ignore[arg-type]  # a Query in another is refused
        if isinstance(positive, Query) and negative == ():
            query = positive
        (found,) = self.similar_batch(
            [query], n, method=method, restrict_vocab=restrict_vocab, min_count=min_count, **foreign
        )
        return found

    def similar_batch(
        self,
        queries: Iterable[str | Sequence[str] | Query],
        n: int = DEFAULT_NEIGHBOURS,
        *,
        method: str = DEFAULT_METHOD,
        restrict_vocab: int | None = None,
        min_count: int | None = None,
        **foreign: Unpack[ForeignKeywords],
    ) -> list[list[Neighbour]]:
        """Answer many queries as `similar` does, each much faster than alone.

        Args:
            queries: each a word, a list of words to be close to, or a `Query`.
            n: how many words to return for each; this and all else is as for `similar`.
            method: `add` or `mul`.
            restrict_vocab: search only this many of the first words.
            min_count: search only words that occur at least this often.
            foreign: `topn`.

        Raises:
            UsageError, VectorsError: as for `similar`, about the first query that is wrong.

        Example:
            >>> vectors = w2v.Vectors(["man", "woman", "king", "queen"], [[0, 1], [0, -1], [1, 1], [1, -1]])
            >>> [found[0].word for found in vectors.similar_batch(["king", Query("man", negative="queen")])]
            ['man', 'king']
        """
        n = min(neighbours_wanted(n, dict(foreign)), len(self.words))
        require_choice("method", method, METHODS)
        candidates = self._candidates(restrict_vocab, min_count)
        resolved = resolve_all(items(queries, "queries"), self.matrix, self.index)
        step = min(_QUERIES_AT_ONCE, max(1, _ANSWERS_AT_ONCE // max(1, n)))
        answers: list[list[Neighbour]] = []
        for start in range(0, len(resolved), step):
            for found in answer(resolved[start : start + step], candidates, n, method):
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
        min_count: int | None = None,
        **foreign: Unpack[ForeignKeywords],
    ) -> list[Neighbour]:
        """Return what is to c as a is to b, best first: the words closest to a - b + c, without these three.

        The method `add` is 3CosAdd (Mikolov et al., "Linguistic Regularities in Continuous Space Word
        Representations", 2013), `mul` 3CosMul (Levy and Goldberg 2014). To ask many at once, pass queries such as
        `Query([a, c], b)` to `similar_batch`.

        Example:
            >>> vectors = w2v.Vectors(["man", "woman", "king", "queen"], [[0, 1], [0, -1], [1, 1], [1, -1]])
            >>> vectors.analogy("king", "man", "woman", n=1)[0].word
            'queen'
        """
        return self.similar(
            [a, c], n, negative=b, method=method, restrict_vocab=restrict_vocab, min_count=min_count, **foreign
        )

    def similarity(self, a: str, b: str) -> float:
        """Return the cosine of the angle between the vectors of two words: from -1, opposite, to 1, the same direction.

        Example:
            >>> w2v.Vectors(["king", "queen"], [[1, 0], [1, 1]]).similarity("king", "queen")
            0.7071...
        """
        return float(self.similarity_batch([(a, b)])[0])

    def similarity_batch(self, pairs: Iterable[tuple[str, str]]) -> npt.NDArray[np.float64]:
        """Return the cosine of each pair of words, shape (pairs,).

        Raises:
            UsageError: the pairs are not pairs of words.
            VectorsError: the vector of a word is zero.

        Example:
            >>> vectors = w2v.Vectors(["king", "queen", "apple"], [[1, 0], [2, 0], [0, 1]])
            >>> vectors.similarity_batch([("king", "queen"), ("king", "apple")]).tolist()
            [1.0, 0.0]
        """
        rows = np.array([(self.index(a), self.index(b)) for a, b in word_pairs(pairs)], dtype=np.intp).reshape(-1, 2)
        found = cosines(self.matrix, *rows.T)
        self._require_directions(rows[found == 0].ravel())  # which is rare, so that few rows are read again
        return found

    def similarities(self, words: Iterable[str], others: Iterable[str] | None = None) -> npt.NDArray[np.float64]:
        """Return the cosine of each word with each other one, shape (words, others); None compares `words` themselves.

        Raises:
            UsageError: the words are not a list of str.
            VectorsError: the vector of a word is zero.

        Example:
            >>> vectors = w2v.Vectors(["king", "queen", "apple"], [[1, 0], [1, 1], [0, 1]])
            >>> vectors.similarities(["king", "apple"], ["queen", "apple", "king"]).round(4).tolist()
            [[0.7071, 0.0, 1.0], [0.7071, 1.0, 0.0]]
        """
        rows = self._rows(words)
        columns = rows if others is None else self._rows(others)
        self._require_directions(np.append(rows, columns))
        found = cosines(self.matrix, np.repeat(rows, len(columns)), np.tile(columns, len(rows)))
        return found.reshape(len(rows), len(columns))

    def rank(self, a: str, b: str) -> int:
        """Return the place of b among the neighbours of a: 1 for the nearest, 0 if b is a.

        `similar(a, n)[n - 1].word` is the word of rank n.

        Raises:
            VectorsError: the vector of a is zero.

        Example:
            >>> vectors = w2v.Vectors(["king", "queen", "apple"], [[1, 0.1], [1, 0.2], [0, 1]])
            >>> vectors.rank("king", "apple")
            2
        """
        row, other = self.index(a), self.index(b)
        self._require_directions(np.array([row]))
        return rank_of(self.matrix, self.norms, row, other)

    def mean_vector(self, words: Iterable[str], weights: npt.ArrayLike | None = None) -> Array:
        """Return the mean direction of some words, shape (d,): each vector has length 1 before the mean is taken.

        Queries take several words together in the same way. For the mean of the vectors as they are, write
        `vectors[words].mean(axis=0)`.

        Args:
            words: at least one word.
            weights: a number for each word, not all zero; the sum is divided by the sum of their absolute values.

        Raises:
            UsageError: there are no words, or not one weight for each.
            VectorsError: the vector of a word is zero.

        Example:
            >>> vectors = w2v.Vectors(["king", "queen"], [[2, 0], [0, 1]])
            >>> vectors.mean_vector(["king", "queen"]).tolist()
            [0.5, 0.5]
            >>> vectors.mean_vector(["king", "queen"], weights=[3, -1]).tolist()
            [0.75, -0.25]
        """
        units = self._units(words)
        shares = np.ones(len(units)) if weights is None else as_weights(weights, len(units))
        mean: Array = (shares @ units / np.abs(shares).sum()).astype(np.float32)
        return mean

    def encode(
        self,
        texts: Iterable[str],
        weighting: str = DEFAULT_WEIGHTING,
        *,
        tokens: str | None = None,
        lowercase: bool | None = None,
        sif_a: float = DEFAULT_SIF_A,
        common_component: bool | None = None,
        threads: int | None = None,
    ) -> Array:
        """Return a vector for each of n texts, shape (n, d): the weighted mean of the vectors of its words.

        Words without a vector are left out, and a text without a known word gives zeros. `w2v.documents` says how many
        there are, and encodes texts that do not fit into memory.

        Args:
            texts: the texts.
            weighting: how words count. `mean`: alike. `idf`: more if few of the texts hold them. `sif`: less if they
                are frequent in the training text, by a / (a + share) (Arora et al. 2017).
            tokens: how text becomes tokens, as for `w2v.train`; None cuts it as the training text was cut, if the
                metadata says how, or else at white space.
            lowercase: convert tokens to lower case; None likewise.
            sif_a: the a of `sif`.
            common_component: take off what all vectors have in common; None does so with `sif`.
            threads: number of threads; None is that of the CPUs.

        Raises:
            UsageError: a text is no str, an option is out of range, or `sif` needs counts.

        Example:
            >>> vectors = w2v.Vectors(["good", "bad", "film"], [[1, 0], [-1, 0], [0, 1]])
            >>> vectors.encode(["good film", "a bad film", ""]).tolist()
            [[0.5, 0.5], [-0.5, 0.5], [0.0, 0.0]]
        """
        from w2v.documents.document_vectors import corpus_options, encode_texts  # imports Numba
        from w2v.documents.token_rows import TokenRows

        chosen = DocumentOptions(weighting, sif_a, common_component, available_cpus() if threads is None else threads)
        corpus = corpus_options(self.metadata, tokens=tokens, lowercase=lowercase)
        if self._cut is None or self._cut[0] != corpus:
            self._cut = corpus, TokenRows(corpus, list(self.words))
        found, _ = encode_texts(self, texts, chosen, tokens=self._cut[1])
        return found

    def centrality(self, words: Iterable[str]) -> list[Neighbour]:
        """Return the words with the cosine of each to their mean direction, the most central first.

        Raises:
            UsageError: there are no words, or `words` is a single str.
            VectorsError: the vector of a word is zero, or the vectors cancel each other out.

        Example:
            >>> vectors = w2v.Vectors(["lunch", "dinner", "car"], [[1, 0], [1, 0.1], [0.1, 1]])
            >>> [word for word, _ in vectors.centrality(["car", "dinner", "lunch"])]
            ['dinner', 'lunch', 'car']
        """
        words = word_list(words)
        units = self._units(words)
        total = units.sum(axis=0, keepdims=True)
        if cancelling(total, len(units))[0]:
            raise VectorsError(f"the vectors of these words cancel each other out: {shown(words)}")
        values = np.clip(units @ unit(total)[0], -1, 1)
        return [
            Neighbour(str(words[place]), float(values[place])) for place in np.argsort(-values, kind="stable").tolist()
        ]

    def odd_one_out(self, words: Iterable[str]) -> str:
        """Return the word that fits the others least: the one farthest from their mean direction.

        Raises:
            UsageError: there are fewer than three words, or `words` is a single str.
            VectorsError: as for `centrality`.

        Example:
            >>> vectors = w2v.Vectors(["lunch", "dinner", "car"], [[1, 0], [1, 0.1], [0.1, 1]])
            >>> vectors.odd_one_out(["lunch", "car", "dinner"])
            'car'
        """
        words = word_list(words)
        if len(words) < 3:
            raise UsageError("give at least three words to find the odd one out")
        return self.centrality(words)[-1].word

    def _candidates(self, restrict_vocab: object, min_count: object) -> Candidates:
        candidates = Candidates(self.matrix, self.norms)
        if restrict_vocab is not None:
            candidates = candidates.first(require_count("restrict_vocab", restrict_vocab))
        if min_count is None:
            return candidates
        least = require_count("min_count", min_count)
        counts = known_counts(self.counts, "min_count")[: len(candidates.norms)]
        if len(counts) and counts.max() < least:
            raise UsageError(f"`min_count` must be at most {counts.max()}, the count of the most frequent word")
        return candidates.frequent(counts, least)

    def _rows(self, words: object) -> Rows:
        return np.array([self.index(word) for word in word_list(words)], dtype=np.intp)

    def _units(self, words: object) -> Array:
        """Return the directions of at least one word, shape (k, d)."""
        rows = self._rows(words)
        if not len(rows):
            raise UsageError("give at least one word")
        self._require_directions(rows)
        return unit(self.matrix[rows])

    def _require_directions(self, rows: Rows) -> None:
        """Raise a VectorsError if one of these rows is all zeros."""
        if not (present := self.matrix[rows].any(axis=1)).all():
            raise without_direction(f"the vector of {self.words[int(rows[np.argmin(present)])]!r}")
