"""How words are grouped."""

from __future__ import annotations

import math
from dataclasses import dataclass

from w2v.options.checks import require, require_seed
from w2v.options.fields import check_types

DEFAULT_CLUSTER_WORDS = 8


@dataclass(frozen=True)
class ClusterOptions:
    """How words are grouped.

    Attributes:
        clusters: how many groups; None is the square root of the number of words, rounded.
        seed: where random choices start.
    """

    clusters: int | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what can't be used, naming the option.

        Raises:
            UsageError: an option is of another type, or out of range.
        """
        check_types(self)
        require(self.clusters is None or self.clusters >= 1, "clusters", self.clusters, "at least 1")
        require_seed(self.seed)

    def clusters_for(self, words: int) -> int:
        """Return how many groups to make of that many words."""
        return round(math.sqrt(words)) if self.clusters is None else self.clusters
