"""Words grouped by the direction of their vectors: spherical k-means, and the words that name each group."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt

from w2v.cosines import Array, unit
from w2v.errors import MissingExtraError, UsageError
from w2v.memory_need import MemoryNeed, package_bytes
from w2v.options import ClusterOptions
from w2v.options.checks import require_count
from w2v.options.clusters import DEFAULT_CLUSTER_WORDS
from w2v.progress import Progress, Silent
from w2v.vectors import Vectors

Labels = npt.NDArray[np.int32]

_BLOCK_VALUES = 1 << 22  # similarities of rows with centers held at once: 16 MB
_LEAST_SAMPLE = 20_000  # rows among which the first centers are chosen; more make the choice slower, not better
_FIRST_CENTERS_AT_ONCE = 10  # that scikit-learn tries for each row
_NAMED_WORD = 110  # bytes of a word with its group, as it is written
_MOST_PASSES = 50
_SETTLED = 1e-3  # if a smaller share of the rows changes cluster in a pass, more passes make no visible difference
_WELL_KNOWN = 0.25  # share of a cluster's words, the most frequent, that may name it: the closest are often rare
_LEAST_WELL_KNOWN = 20


@dataclass(frozen=True)
class Clusters:
    """Rows of a matrix in groups, the largest group first.

    Attributes:
        labels: shape (V,), the cluster of each row, from 0 to k - 1.
        centers: shape (k, d), the direction of the mean of the unit rows of each cluster, of length 1.
        similarity: shape (V,), the cosine of each row with the center of its cluster.
    """

    labels: Labels
    centers: Array
    similarity: Array

    @property
    def sizes(self) -> npt.NDArray[np.intp]:
        """Shape (k,), the number of rows in each cluster, at least 1."""
        return np.bincount(self.labels, minlength=len(self.centers))

    @functools.cached_property
    def members(self) -> list[npt.NDArray[np.intp]]:
        """The rows of each cluster, the most frequent first."""
        return np.split(np.argsort(self.labels, kind="stable"), np.cumsum(self.sizes)[:-1])

    def closest(self, n: int) -> list[list[int]]:
        """Return for each cluster the rows of up to n words that name it, the closest to its center first.

        Rows are in order of frequency. The words come from the most frequent quarter of the cluster: the closest ones
        are often rare, and tell a reader little.
        """
        found = []
        for members in self.members:
            known = members[: max(_LEAST_WELL_KNOWN, int(len(members) * _WELL_KNOWN))]
            best = np.argsort(-self.similarity[known], kind="stable")[:n]
            found.append(known[best].tolist())
        return found


class WordClusters(Sequence[list[str]]):
    """The groups of words that `w2v.cluster` makes, the largest first: a sequence of lists of words.

    Attributes:
        rows: the same groups by rows of the matrix, with their centers and similarities.

    Example:
        >>> import w2v
        >>> vectors = w2v.Vectors(["king", "queen", "prince", "apple"], [[1, 0], [1, 0.2], [1, 0.4], [0, 1]])
        >>> groups = w2v.cluster(vectors, 2)
        >>> groups[0], groups.label("prince"), groups.names(1)
        (['king', 'queen', 'prince'], 0, [['queen'], ['apple']])
    """

    def __init__(self, vectors: Vectors, rows: Clusters) -> None:
        """Keep the vectors and their groups."""
        self._vectors, self.rows = vectors, rows

    def __len__(self) -> int:
        """Return the number of groups."""
        return len(self.rows.members)

    @overload
    def __getitem__(self, place: int) -> list[str]: ...
    @overload
    def __getitem__(self, place: slice) -> list[list[str]]: ...
    def __getitem__(self, place: int | slice) -> list[str] | list[list[str]]:
        """Return the words of a group, the most frequent first."""
        if isinstance(place, slice):
            return [self[label] for label in range(len(self))[place]]
        return [self._vectors.words[row] for row in self.rows.members[place].tolist()]

    def __repr__(self) -> str:
        return f"<WordClusters: {len(self._vectors)} words in {len(self)}>"

    def label(self, word: str) -> int:
        """Return the number of the group of a word.

        Raises:
            UnknownWordError: the word is not in the vocabulary.
        """
        return int(self.rows.labels[self._vectors.index(word)])

    def names(self, n: int = DEFAULT_CLUSTER_WORDS) -> list[list[str]]:
        """Return for each group up to n frequent words close to its center, the closest first.

        Raises:
            UsageError: `n` is no whole number, or less than 1.
        """
        n = require_count("n", n)
        return [[self._vectors.words[row] for row in rows] for rows in self.rows.closest(n)]


def clusters_need(rows: int, dim: int, options: ClusterOptions, *, loaded: bool = False) -> MemoryNeed:
    """Return the memory that it takes to group V rows of d values; `loaded` if scikit-learn is loaded by then."""
    k = options.clusters_for(rows)
    sampled = min(rows, _sample_size(k))
    choosing = 8 * sampled * (dim + _FIRST_CENTERS_AT_ONCE)
    passes = 4 * min(3 * _BLOCK_VALUES, rows * (2 * dim + k))
    centers = 20 * k * dim
    work = max(choosing, passes, _NAMED_WORD * rows) + centers
    return MemoryNeed.of(packages=0 if loaded else package_bytes("sklearn"), groups=16 * rows, work=work)


def cluster_rows(matrix: Array, options: ClusterOptions, *, progress: Progress | None = None) -> Clusters:
    """Group rows by spherical k-means (Dhillon and Modha 2001): centers have length 1, the nearest one by cosine wins.

    k-means++ (Arthur and Vassilvitskii 2007) chooses the first centers from a sample of the rows. Then each pass gives
    every row to the center with the greatest cosine, and moves each center to the mean direction of its rows; a center
    left without rows takes the row that fits its own center worst. The matrix is read in blocks and never copied.

    Args:
        matrix: shape (V, d). Only the direction of a row counts; rows of zeros join the first cluster.
        options: how many clusters, and the seed: the same seed gives the same clusters.
        progress: receives progress.

    Raises:
        MissingExtraError: scikit-learn is not installed.
        UsageError: there are fewer rows than clusters.
    """
    k = options.clusters_for(len(matrix))
    if k > len(matrix):
        raise UsageError(f"{k} clusters need as many words, and there are {len(matrix)}; lower `clusters`")
    clusters_need(len(matrix), matrix.shape[1], options).require(
        f"{len(matrix):,} words x {matrix.shape[1]} in {k:,} groups need",
        lambda _: "lower `clusters` or `top`",
        UsageError,
    )
    progress = progress or Silent()
    centers = _first_centers(matrix, k, options.seed)
    labels: Labels = np.full(len(matrix), -1, dtype=np.int32)
    similarity: Array = np.empty(len(matrix), dtype=np.float32)
    progress.start("clustering", _MOST_PASSES, "passes")
    for number in range(1, _MOST_PASSES + 1):
        before = labels.copy()
        _assign(matrix, centers, labels, similarity)
        _fill_empty(labels, similarity, k)
        centers = _centers(matrix, labels, k)
        changed = np.count_nonzero(before != labels) / len(labels)
        progress.update(number, {"changed": f"{changed:.1%}", "mean cosine": f"{similarity.mean():.3f}"})
        if changed <= _SETTLED:
            break
    progress.finish()
    return _largest_first(matrix, labels, centers)


def _sample_size(k: int) -> int:
    return max(_LEAST_SAMPLE, 5 * k)


def _first_centers(matrix: Array, k: int, seed: int) -> Array:
    try:
        from sklearn.cluster import kmeans_plusplus
    except ImportError:
        feature = "grouping words"
        raise MissingExtraError(feature, "cluster") from None
    generator = np.random.default_rng(seed)
    count = min(len(matrix), _sample_size(k))
    sample = unit(matrix[np.sort(generator.choice(len(matrix), count, replace=False))])
    state = int(generator.integers(2**32))  # scikit-learn takes no larger one
    centers: Array = kmeans_plusplus(sample, k, random_state=state)[0]
    return centers


def _blocks(matrix: Array, k: int) -> Iterator[slice]:
    step = max(1, _BLOCK_VALUES // max(k, matrix.shape[1]))
    for start in range(0, len(matrix), step):
        yield slice(start, start + step)


def _assign(matrix: Array, centers: Array, labels: Labels, similarity: Array) -> None:
    """Write to `labels` the center closest to each row, and to `similarity` its cosine."""
    for block in _blocks(matrix, len(centers)):
        cosines = unit(matrix[block]) @ centers.T
        labels[block] = cosines.argmax(axis=1)
        similarity[block] = cosines.max(axis=1)


def _fill_empty(labels: Labels, similarity: Array, k: int) -> None:
    """Give each empty cluster the row that fits its own cluster worst, without emptying another one."""
    sizes = np.bincount(labels, minlength=k)
    empty = np.flatnonzero(sizes == 0).tolist()
    worst = iter(np.argsort(similarity, kind="stable").tolist() if empty else [])
    for label in empty:
        row = next(row for row in worst if sizes[labels[row]] > 1)
        sizes[labels[row]] -= 1
        labels[row], similarity[row], sizes[label] = label, 1.0, 1


def _centers(matrix: Array, labels: Labels, k: int) -> Array:
    """Return the direction of the mean of each cluster's unit rows, shape (k, d)."""
    sums = np.zeros((k, matrix.shape[1]), dtype=np.float64)
    for block in _blocks(matrix, k):
        order = np.argsort(labels[block], kind="stable")
        present, starts = np.unique(labels[block][order], return_index=True)
        sums[present] += np.add.reduceat(unit(matrix[block])[order], starts, axis=0)
    return unit(sums.astype(np.float32))


def _largest_first(matrix: Array, labels: Labels, centers: Array) -> Clusters:
    order = np.argsort(-np.bincount(labels, minlength=len(centers)), kind="stable")
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    similarity: Array = np.empty(len(matrix), dtype=np.float32)
    for block in _blocks(matrix, 1):
        similarity[block] = np.einsum("nd,nd->n", unit(matrix[block]), centers[labels[block]])
    return Clusters(rank[labels], centers[order], similarity)
