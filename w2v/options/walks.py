"""Options for walks on graphs."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

from w2v.options.checks import require, require_at_least, require_seed
from w2v.options.fields import check_types
from w2v.options.threads import MOST_THREADS, available_cpus

MOST_STEPS = 10_000_000  # of a walk; far beyond use


@dataclass(frozen=True)
class WalkOptions:
    """How a graph is walked: as node2vec does, with its names and defaults.

    Attributes:
        walk_length: nodes of a walk, the first one included; a walk ends sooner at a node without edges out.
        walks_per_node: number of walks that start at each node.
        p: return parameter; a greater one makes it less likely that a walk goes back to the node before.
        q: in-out parameter; a greater one keeps walks near the node before, a smaller one leads them away.
        directed: follow edges only from their first node to their second.
        unweighted: ignore weights, and how often an edge is listed.
        threads: number of threads; the walks are the same for any number.
        seed: random seed.
    """

    walk_length: int = 80
    walks_per_node: int = 10
    p: float = 1.0
    q: float = 1.0
    directed: bool = False
    unweighted: bool = False
    threads: int = dataclasses.field(default_factory=available_cpus)
    seed: int = 1

    def __post_init__(self) -> None:
        """Check all values.

        Raises:
            UsageError: a value has another type, or is out of range.
        """
        check_types(self)
        require_at_least("walk_length", self.walk_length, 1, MOST_STEPS)
        require_at_least("walks_per_node", self.walks_per_node, 1)
        for name in ("p", "q"):
            value = getattr(self, name)
            has_inverse = value > 0 and math.isfinite(value) and math.isfinite(1 / value)
            require(has_inverse, name, value, "more than 0, and finite")
        require_at_least("threads", self.threads, 1, MOST_THREADS)
        require_seed(self.seed)
