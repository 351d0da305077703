"""A map of words: where each lies, its closest words, and the groups they form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from w2v.clusters import Clusters, cluster
from w2v.errors import UsageError
from w2v.options import ClusterOptions, MapOptions
from w2v.options.pictures import LEAST_MAP_WORDS, MOST_MAP_WORDS
from w2v.pictures.extras import require
from w2v.pictures.layout import lay_out, neighbours_needed
from w2v.pictures.neighbours import Floats, Neighbours, closest_rows
from w2v.progress import Progress, Silent
from w2v.vectors import Vectors
from w2v.vectors.nearest import unit

_NAME_WORDS = 3  # words that make up the name of a group


@dataclass(frozen=True)
class WordMap:
    """Words on a plane.

    Attributes:
        words: n words, the most important ones first: they get their labels first.
        positions: shape (n, 2), from 0 to 1.
        neighbours: k closest words of each, by the cosine of the vectors themselves, not by distance on the map.
        clusters: the groups the words form.
    """

    words: list[str]
    positions: Floats
    neighbours: Neighbours
    clusters: Clusters

    @property
    def cluster_names(self) -> list[str]:
        """The words that name each group best, the most typical first, such as "uncle, aunt, cousin"."""
        return [", ".join(self.words[row] for row in rows) for rows in self.clusters.closest(_NAME_WORDS)]


def make_map(
    vectors: Vectors, options: MapOptions, *, words: Sequence[str] = (), progress: Progress | None = None
) -> WordMap:
    """Lay out words so that those with close vectors lie together.

    Only the rows that are drawn are copied, however large the matrix is.

    Args:
        vectors: V words, most frequent first, and their matrix.
        options: how many words, neighbours and groups, and how to lay them out.
        words: the words to show, instead of the most frequent; one given twice is shown once.
        progress: is told where the work stands.

    Raises:
        UnknownWordError: a word is not there; it carries the closest spellings.
        UsageError: there are too few or too many words, or fewer than groups asked for.
        MissingExtraError: a package of the extra `plot` is not there.
    """
    progress = Silent() if progress is None else progress
    require("openTSNE", "laying out a map")
    rows = _rows(vectors, options, words)
    if not LEAST_MAP_WORDS <= len(rows) <= MOST_MAP_WORDS:
        raise UsageError(f"a map shows from {LEAST_MAP_WORDS} to {MOST_MAP_WORDS} words, not {len(rows)}")
    matrix = unit(vectors.matrix[rows])
    count = min(options.neighbours, len(rows) - 1)
    needed = neighbours_needed(len(rows), options)
    all_closest = closest_rows(matrix, max(count, needed), progress)
    groups = ClusterOptions(options.clusters_for(len(rows)), options.seed)
    clusters = cluster(matrix, groups, progress=progress)
    positions = lay_out(matrix, all_closest.first(needed), options, progress)
    return WordMap([vectors.words[row] for row in rows], positions, all_closest.first(count), clusters)


def _rows(vectors: Vectors, options: MapOptions, words: Sequence[str]) -> npt.NDArray[np.intp]:
    if words:
        return np.array(list(dict.fromkeys(vectors.index(word) for word in words)), dtype=np.intp)
    return np.arange(min(options.top, len(vectors)))
