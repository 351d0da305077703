"""Options for grouping words."""

from __future__ import annotations

import math
from dataclasses import dataclass

from w2v.options.checks import require_at_least, require_seed
from w2v.options.fields import check_types

DEFAULT_CLUSTER_WORDS = 8


@dataclass(frozen=True)
class ClusterOptions:
    """Options for grouping words.

    Attributes:
        clusters: number of groups; None is the square root of the number of words, rounded.
        seed: random seed.
    """

    clusters: int | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        """Check all values.

        Raises:
            UsageError: a value has another type, or is out of range.
        """
        check_types(self)
        if self.clusters is not None:
            require_at_least("clusters", self.clusters, 1)
        require_seed(self.seed)

    def clusters_for(self, words: int) -> int:
        """Return the number of groups for a number of words."""
        return round(math.sqrt(words)) if self.clusters is None else self.clusters
