"""Words grouped by the direction of their vectors: spherical k-means, and the words that name each group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from w2v.errors import MissingExtraError, UsageError
from w2v.options import ClusterOptions
from w2v.progress import Progress, Silent

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int32]

_BLOCK_VALUES = 1 << 22  # similarities of rows with centers held at once: 16 MB
_LEAST_SAMPLE = 20_000  # rows among which the first centers are chosen; more make the choice slow, and no better
_MOST_PASSES = 50
_SETTLED = 1e-3  # share of the rows changing cluster in a pass below which more passes change nothing anyone would see
_WELL_KNOWN = 0.25  # share of a cluster's words, the most frequent ones, that may name it: the closest are often rare
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
    centers: Floats
    similarity: Floats

    @property
    def sizes(self) -> npt.NDArray[np.intp]:
        """Shape (k,), the number of rows in each cluster, at least 1."""
        return np.bincount(self.labels, minlength=len(self.centers))

    def closest(self, n: int) -> list[list[int]]:
        """Return for each cluster up to n rows that name it best, the closest to its center first.

        Rows are taken to be in order of frequency. They are chosen among the most frequent quarter of the cluster: the
        very closest are often rare words, which tell a reader little.
        """
        order = np.argsort(self.labels, kind="stable")
        found = []
        for members in np.split(order, np.cumsum(self.sizes)[:-1]):
            known = members[: max(_LEAST_WELL_KNOWN, int(len(members) * _WELL_KNOWN))]
            best = np.argsort(-self.similarity[known], kind="stable")[:n]
            found.append(known[best].tolist())
        return found


def cluster(matrix: Floats, options: ClusterOptions, *, progress: Progress | None = None) -> Clusters:
    """Group rows by spherical k-means (Dhillon and Modha 2001): centers of length 1, rows nearest by their cosine.

    The first centers are chosen by k-means++ (Arthur and Vassilvitskii 2007) among a sample of the rows. Then each pass
    gives every row to the center with the greatest cosine, and moves each center to the mean direction of its rows; a
    center left with none takes the row that fits its own worst. The matrix is gone through in blocks and never copied.

    Args:
        matrix: shape (V, d). Only the direction of a row counts; rows of length zero join the first cluster.
        options: how many clusters, and the seed: the same ones give the same clusters.
        progress: is told where the work stands.

    Raises:
        MissingExtraError: scikit-learn is not there.
        UsageError: there are fewer rows than clusters.
    """
    k = options.clusters_for(len(matrix))
    if k > len(matrix):
        raise UsageError(f"{k} clusters need as many words, and there are {len(matrix)}; ask for fewer with -k")
    progress = Silent() if progress is None else progress
    centers = _first_centers(matrix, k, options.seed)
    labels: Labels = np.full(len(matrix), -1, dtype=np.int32)
    similarity: Floats = np.empty(len(matrix), dtype=np.float32)
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


def unit(rows: Floats) -> Floats:
    """Return a copy of the rows, shape (n, d), each of length 1; a row of zeros stays as it is."""
    lengths = np.sqrt(np.einsum("nd,nd->n", rows, rows, dtype=np.float64)).astype(np.float32)
    directions: Floats = rows / np.where(lengths > 0, lengths, np.float32(1))[:, None]
    return directions


def _first_centers(matrix: Floats, k: int, seed: int) -> Floats:
    try:
        from sklearn.cluster import kmeans_plusplus
    except ImportError:
        feature = "grouping words"
        raise MissingExtraError(feature, "cluster") from None
    generator = np.random.default_rng(seed)
    count = min(len(matrix), max(_LEAST_SAMPLE, 5 * k))
    sample = unit(matrix[np.sort(generator.choice(len(matrix), count, replace=False))])
    state = int(generator.integers(2**32))  # scikit-learn takes no larger one
    centers: Floats = kmeans_plusplus(sample, k, random_state=state)[0]
    return centers


def _blocks(matrix: Floats, k: int) -> Iterator[slice]:
    step = max(1, _BLOCK_VALUES // max(k, matrix.shape[1]))
    for start in range(0, len(matrix), step):
        yield slice(start, start + step)


def _assign(matrix: Floats, centers: Floats, labels: Labels, similarity: Floats) -> None:
    """Write to `labels` the center closest to each row, and to `similarity` its cosine."""
    for block in _blocks(matrix, len(centers)):
        cosines = unit(matrix[block]) @ centers.T
        labels[block] = cosines.argmax(axis=1)
        similarity[block] = cosines.max(axis=1)


def _fill_empty(labels: Labels, similarity: Floats, k: int) -> None:
    """Give each cluster without rows the one that fits its own worst, leaving no other cluster empty."""
    sizes = np.bincount(labels, minlength=k)
    empty = np.flatnonzero(sizes == 0).tolist()
    worst = iter(np.argsort(similarity, kind="stable").tolist() if empty else [])
    for label in empty:
        row = next(row for row in worst if sizes[labels[row]] > 1)
        sizes[labels[row]] -= 1
        labels[row], similarity[row], sizes[label] = label, 1.0, 1


def _centers(matrix: Floats, labels: Labels, k: int) -> Floats:
    """Return the direction of the mean of each cluster's unit rows, shape (k, d)."""
    sums = np.zeros((k, matrix.shape[1]), dtype=np.float64)
    for block in _blocks(matrix, k):
        order = np.argsort(labels[block], kind="stable")
        present, starts = np.unique(labels[block][order], return_index=True)
        sums[present] += np.add.reduceat(unit(matrix[block])[order], starts, axis=0)
    return unit(sums.astype(np.float32))


def _largest_first(matrix: Floats, labels: Labels, centers: Floats) -> Clusters:
    order = np.argsort(-np.bincount(labels, minlength=len(centers)), kind="stable")
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    similarity: Floats = np.empty(len(matrix), dtype=np.float32)
    for block in _blocks(matrix, 1):
        similarity[block] = np.einsum("nd,nd->n", unit(matrix[block]), centers[labels[block]])
    return Clusters(rank[labels], centers[order], similarity)
