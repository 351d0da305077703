"""Options for maps of words and curves of training."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

from w2v.options.checks import require, require_between, require_seed
from w2v.options.fields import check_types
from w2v.options.threads import MOST_THREADS, available_cpus

PICTURE_FORMATS = (".html", ".png", ".svg")
DEFAULT_MAP = "map.html"
DEFAULT_TRAINING_PLOT = "training.png"

LEAST_MAP_WORDS = 4
MOST_MAP_WORDS = 65_536  # which two bytes number
MOST_MAP_NEIGHBOURS = 100
MOST_MAP_CLUSTERS = 200
MOST_PERPLEXITY = 1000


@dataclass(frozen=True)
class MapOptions:
    """What a map of words shows, and how it is laid out.

    Attributes:
        top: number of words to show, the first of the vectors, which are the most frequent.
        neighbours: number of closest words to list for each word.
        clusters: number of groups to colour; None depends on the number of words, and is at most 40.
        perplexity: number of neighbours that a word stays close to: few show small groups, many the large structure.
        seed: random seed.
        threads: number of threads.
    """

    top: int = 10_000
    neighbours: int = 10
    clusters: int | None = None
    perplexity: float = 30.0
    seed: int = 1
    threads: int = dataclasses.field(default_factory=available_cpus)

    def __post_init__(self) -> None:
        """Check all values.

        Raises:
            UsageError: a value has another type, or is out of range.
        """
        check_types(self)
        require_between("top", self.top, LEAST_MAP_WORDS, MOST_MAP_WORDS)
        require_between("neighbours", self.neighbours, 1, MOST_MAP_NEIGHBOURS)
        if self.clusters is not None:
            require_between("clusters", self.clusters, 1, MOST_MAP_CLUSTERS)
        require(
            1 < self.perplexity <= MOST_PERPLEXITY,
            "perplexity",
            self.perplexity,
            f"more than 1, and at most {MOST_PERPLEXITY}",
        )
        require_seed(self.seed)
        require_between("threads", self.threads, 1, MOST_THREADS)

    def clusters_for(self, words: int) -> int:
        """Return the number of groups to colour for a number of words."""
        return min(40, max(1, round(math.sqrt(words) / 2))) if self.clusters is None else self.clusters
