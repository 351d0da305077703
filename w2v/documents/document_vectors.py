"""Vectors of texts, from the vectors of their words.

The vector of a text is the weighted mean of the vectors of its words, sum_i w_i v_i / sum_i w_i for `mean` and `idf`.
SIF (Arora, Liang and Ma 2017, "A simple but tough-to-beat baseline for sentence embeddings") divides by the number of
words instead, and then takes off each text's part in the first principal component u of all texts: v - u (u . v).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from w2v.documents.bag_counts import document_counts
from w2v.documents.token_rows import TokenRows, line_blocks
from w2v.errors import UsageError
from w2v.networks import Bags
from w2v.networks.row_sums import Floats32, sum_rows
from w2v.options import CorpusOptions
from w2v.options.checks import shown
from w2v.options.documents import DocumentOptions
from w2v.parallel import map_in_order

_T = TypeVar("_T")

# How text becomes tokens, as models and metadata keep it. Words that training left out are unknown anyway.
TEXT_OPTIONS = ("tokens", "lowercase", "language", "strip_accents", "numbers")
_LEAST_SPREAD = 1e-9  # of the second principal component to the first, both squared, of texts that differ


class WordVectors(Protocol):
    """What is needed of the vectors of words."""

    @property
    def words(self) -> Sequence[str]:
        """V words."""

    @property
    def matrix(self) -> Floats32:
        """The vectors, shape (V, d)."""

    @property
    def counts(self) -> npt.NDArray[np.int64] | None:
        """How often each word occurs, shape (V,), or None if that is not known."""

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What is known of their training."""


@dataclass
class Coverage:
    """How much of the texts had vectors.

    Attributes:
        texts: texts.
        empty: texts without a known word; their vectors are zeros.
        tokens: tokens.
        unknown: tokens without a vector, which were left out.
    """

    texts: int = 0
    empty: int = 0
    tokens: int = 0
    unknown: int = 0

    def __add__(self, other: Coverage) -> Coverage:
        """Return both together."""
        return Coverage(*(a + b for a, b in zip(dataclasses.astuple(self), dataclasses.astuple(other), strict=True)))


class DocumentEncoder:
    """Turns texts into vectors.

    Args:
        vectors: the vectors of words. Their metadata says how text becomes tokens; without, white space does.
        options: how words are weighed.
        corpus: how text becomes tokens, where that is known better.
        tokens: what cuts texts and knows the rows of words, if there is one already.

    Attributes:
        coverage: how much of all texts so far had vectors.

    Raises:
        UsageError: `sif` needs counts, and the vectors have none.
    """

    def __init__(
        self,
        vectors: WordVectors,
        options: DocumentOptions | None = None,
        corpus: CorpusOptions | None = None,
        tokens: TokenRows | None = None,
    ) -> None:
        self.options = options or DocumentOptions()
        self.coverage = Coverage()
        self._matrix = vectors.matrix
        self._tokens = tokens or TokenRows(corpus or corpus_options(vectors.metadata), list(vectors.words))
        self._weights = np.ones(len(self._matrix), np.float32)
        self._component: Floats32 | None = None
        if self.options.weighting == "sif":
            if vectors.counts is None:
                raise UsageError(
                    "`weighting=sif` needs to know how often words occur, which these vectors don't say; use a model,"
                    " or `weighting=idf`"
                )
            shares = vectors.counts / max(1, vectors.counts.sum())
            self._weights = (self.options.sif_a / (self.options.sif_a + shares)).astype(np.float32)

    @property
    def dim(self) -> int:
        """d, the length of each vector."""
        return int(self._matrix.shape[1])

    @property
    def needs_texts(self) -> bool:
        """Whether `learn` must see the texts first."""
        return self.options.weighting == "idf" or self.options.takes_off_component

    def learn(self, blocks: Callable[[], Iterable[bytes]]) -> None:
        """Find what depends on all texts: how many of them hold a word, and what their vectors have in common.

        Args:
            blocks: gives the texts as lines, some at a time, each time from the first on.
        """
        if self.options.weighting == "idf":
            counts, total = np.zeros(len(self._weights), np.int64), 0
            for bags in self._mapped(lambda lines: self._bags(lines)[0], blocks()):
                counts += document_counts(bags, len(counts))
                total += len(bags)
            self._weights = (1 + np.log((1 + total) / (1 + counts))).astype(np.float32)
        if self.options.takes_off_component:
            self._component = None
            squares = np.zeros((self.dim, self.dim))
            for products in self._mapped(self._squares, blocks()):
                squares += products
            lengths, directions = np.linalg.eigh(squares)
            if self.dim > 1 and lengths[-2] > _LEAST_SPREAD * lengths[-1]:  # else nothing would be left of the texts
                self._component = directions[:, -1].astype(np.float32)

    def encode(self, blocks: Iterable[bytes]) -> Generator[Floats32, None, None]:
        """Yield the vectors of the texts of each block, (n, d); never nan. A text without a known word gives zeros.

        Args:
            blocks: lines, one a text; see `joined_lines`.
        """
        with closing(self._mapped(self._encoded, blocks)) as parts:
            for found, coverage in parts:
                self.coverage += coverage
                yield found

    def _mapped(self, function: Callable[[bytes], _T], blocks: Iterable[bytes]) -> Generator[_T, None, None]:
        if self.options.threads == 1:
            return (function(lines) for lines in blocks)
        return map_in_order(function, blocks, self.options.threads)

    def _squares(self, lines: bytes) -> npt.NDArray[np.float64]:
        """Return VᵀV (d, d) of the vectors V of a block of texts."""
        found = self._sums(self._bags(lines)[0]).astype(np.float64)
        squares: npt.NDArray[np.float64] = found.T @ found
        return squares

    def _encoded(self, lines: bytes) -> tuple[Floats32, Coverage]:
        bags, coverage = self._bags(lines)
        found = self._sums(bags)
        if self._component is not None:
            found -= (found @ self._component)[:, None] * self._component
        return found, coverage

    def _bags(self, lines: bytes) -> tuple[Bags, Coverage]:
        """Return the rows of the known words of each text."""
        bags = self._tokens.bags(lines)
        known = bags.rows < self._tokens.known
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(known)])
        bounds = before[bags.bounds]
        empty = int(np.count_nonzero(np.diff(bounds) == 0))
        return Bags(bags.rows[known], bounds), Coverage(len(bags), empty, len(known), int(len(known) - before[-1]))

    def _sums(self, bags: Bags) -> Floats32:
        weights = self._weights[bags.rows]
        sizes = np.diff(bags.bounds)
        bag_of = np.repeat(np.arange(len(bags)), sizes)
        divisors = sizes if self.options.weighting == "sif" else np.bincount(bag_of, weights, minlength=len(bags))
        shares = (weights / np.maximum(divisors, np.finfo(np.float32).tiny)[bag_of]).astype(np.float32)
        sums = np.empty((len(bags), self._matrix.shape[1]), np.float32)
        sum_rows(self._matrix, bags.rows, shares, bags.bounds, 0, len(bags), sums)
        return sums


def corpus_options(
    metadata: Mapping[str, Any], *, tokens: str | None = None, lowercase: bool | None = None
) -> CorpusOptions:
    """Return how text becomes tokens: as it is said, or else as the metadata of vectors says, as far as it does.

    Raises:
        UsageError: a value has another type, or there is no such rule.
    """
    options = metadata.get("options")
    known = options if isinstance(options, Mapping) else {}
    kept = {name: known[name] for name in TEXT_OPTIONS if name in known}
    said = {name: value for name, value in (("tokens", tokens), ("lowercase", lowercase)) if value is not None}
    return CorpusOptions(**{**kept, **said}, encoding_errors="replace")


def encode_texts(
    vectors: WordVectors,
    texts: Iterable[str],
    options: DocumentOptions | None = None,
    corpus: CorpusOptions | None = None,
    tokens: TokenRows | None = None,
) -> tuple[Floats32, Coverage]:
    """Return the vectors of texts in memory, (n, d), and how much of them had vectors; see DocumentEncoder.

    Raises:
        UsageError: a text is no str, or `sif` needs counts.

    Example:
        >>> vectors = w2v.Vectors(["good", "bad", "film"], [[1, 0], [-1, 0], [0, 1]])
        >>> found, coverage = encode_texts(vectors, ["good film", "bad film indeed", ""])
        >>> found.tolist(), coverage.unknown, coverage.empty
        ([[0.5, 0.5], [-0.5, 0.5], [0.0, 0.0]], 1, 1)
    """
    listed = text_list(texts)
    encoder = DocumentEncoder(vectors, options, corpus, tokens)
    if encoder.needs_texts:
        encoder.learn(lambda: line_blocks(listed))
    empty = np.empty((0, vectors.matrix.shape[1]), np.float32)
    return np.concatenate([empty, *encoder.encode(line_blocks(listed))]), encoder.coverage


def text_list(texts: Iterable[str]) -> list[str]:
    """Return texts as a list, after checking each.

    Raises:
        UsageError: they are one text, or one of them is no str.
    """
    if isinstance(texts, str | bytes) or not isinstance(texts, Iterable):
        raise UsageError(f"`texts` must be a list of texts, not {shown(texts)}")
    listed = list(texts)
    for number, text in enumerate(listed, 1):
        if not isinstance(text, str):
            raise UsageError(f"`texts`: text {number} must be a str, not {shown(text)}")
    return listed
