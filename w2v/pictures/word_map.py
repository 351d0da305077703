"""A map of words: their positions, nearest neighbours and groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from w2v.clusters import Clusters, cluster_rows, clusters_need
from w2v.cosines import unit
from w2v.errors import PictureError, UsageError
from w2v.memory_need import MemoryNeed, package_bytes
from w2v.options import ClusterOptions, MapOptions
from w2v.options.pictures import LEAST_MAP_WORDS, MOST_MAP_WORDS
from w2v.pictures.layout import lay_out, layout_need, neighbours_needed, require_layout
from w2v.pictures.neighbours import Neighbours, closest_rows, neighbours_need
from w2v.pictures.scripts import listed
from w2v.progress import Progress, Silent
from w2v.vectors import Vectors

_NAME_WORDS = 3  # words in the name of a group


@dataclass(frozen=True)
class WordMap:
    """Words on a plane.

    Attributes:
        words: n words, in the order in which they get their labels.
        positions: shape (n, 2), from 0 to 1.
        neighbours: the k nearest neighbours of each word, by the cosine of vectors, not by distance on the map.
        clusters: the groups of the words.
        explained: the share of the variance that each axis shows; None where axes have no meaning, as in t-SNE.
    """

    words: list[str]
    positions: npt.NDArray[np.float32]
    neighbours: Neighbours
    clusters: Clusters
    explained: tuple[float, float] | None = None

    @property
    def cluster_names(self) -> list[str]:
        """The names of the groups: their most typical words, such as "uncle, aunt, cousin"."""
        return [listed([self.words[row] for row in rows]) for rows in self.clusters.closest(_NAME_WORDS)]


def map_need(words: int, dim: int, options: MapOptions) -> MemoryNeed:
    """Return the memory that a map of n words with d values takes."""
    is_tsne = options.layout_for(words) == "tsne"
    k = max(min(options.neighbours, words - 1), neighbours_needed(words, options))
    groups = ClusterOptions(options.clusters_for(words), options.seed)
    packages = MemoryNeed.of(packages=package_bytes("openTSNE") if is_tsne else 0)
    rows = MemoryNeed({"rows of the map": 4 * words * dim}, 8 * words * dim, 4 * words * dim)
    need = packages.then(rows).then(neighbours_need(words, k))
    return need.then(clusters_need(words, dim, groups, loaded=is_tsne)).then(layout_need(words, dim, options))


def make_map(
    vectors: Vectors, options: MapOptions, *, words: Sequence[str] = (), progress: Progress | None = None
) -> WordMap:
    """Lay out words so that similar words are close together.

    Copies only the rows of the words on the map, not the whole matrix.

    Args:
        vectors: V words, most frequent first, with their matrix.
        options: the number of words, neighbours and groups, and the layout.
        words: words to show instead of the most frequent ones; repeated words are shown once.
        progress: receives progress.

    Raises:
        UnknownWordError: a word is not in the vocabulary; carries words with similar spelling.
        UsageError: there are too few or too many words, or fewer words than groups.
        MissingExtraError: a package of the extra `plot` is not installed.
    """
    progress = progress or Silent()
    rows = _rows(vectors, options, words)
    if not LEAST_MAP_WORDS <= len(rows) <= MOST_MAP_WORDS:
        raise UsageError(f"a map shows from {LEAST_MAP_WORDS} to {MOST_MAP_WORDS} words, not {len(rows)}")
    require_layout(options.layout_for(len(rows)))
    map_need(len(rows), vectors.dim, options).require(
        f"a map of {len(rows):,} words x {vectors.dim} needs",
        lambda _: "lower `top`, or use `layout=pca`",
        PictureError,
    )
    matrix = unit(vectors.matrix[rows])
    count = min(options.neighbours, len(rows) - 1)
    needed = neighbours_needed(len(rows), options)
    all_closest = closest_rows(matrix, max(count, needed), progress)
    groups = ClusterOptions(options.clusters_for(len(rows)), options.seed)
    clusters = cluster_rows(matrix, groups, progress=progress)
    layout = lay_out(matrix, all_closest.first(needed), options, progress)
    return WordMap(
        [vectors.words[row] for row in rows], layout.points, all_closest.first(count), clusters, layout.explained
    )


def _rows(vectors: Vectors, options: MapOptions, words: Sequence[str]) -> npt.NDArray[np.intp]:
    if words:
        return np.array(list(dict.fromkeys(vectors.index(word) for word in words)), dtype=np.intp)
    return np.arange(min(options.top, len(vectors)))
