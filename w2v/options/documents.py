"""Options for turning texts into vectors."""

from __future__ import annotations

from dataclasses import dataclass, field

from w2v.options.checks import require, require_at_least, require_choice
from w2v.options.fields import check_types
from w2v.options.threads import MOST_THREADS, available_cpus

WEIGHTINGS = ("mean", "sif", "idf")
RECORD_FORMATS = ("plain", "tsv", "csv", "json")  # of files of texts
DEFAULT_WEIGHTING = "mean"
DEFAULT_SIF_A = 1e-3


@dataclass(frozen=True)
class DocumentOptions:
    """How the vectors of words become the vector of a text.

    Attributes:
        weighting: `mean` counts each word alike; `sif` weighs a word by a / (a + p), with its share p of the training
            text; `idf` by 1 + ln((1 + n) / (1 + m)), if m of the n texts hold it.
        sif_a: a of `sif`.
        common_component: take off what all vectors have in common, their first principal component; None does so with
            `sif`, as its authors do.
        threads: number of threads.
    """

    weighting: str = DEFAULT_WEIGHTING
    sif_a: float = DEFAULT_SIF_A
    common_component: bool | None = None
    threads: int = field(default_factory=available_cpus)

    def __post_init__(self) -> None:
        """Check all values.

        Raises:
            UsageError: a value has another type, or is out of range.
        """
        check_types(self)
        require_choice("weighting", self.weighting, WEIGHTINGS)
        require(0 < self.sif_a < float("inf"), "sif_a", self.sif_a, "more than 0")
        require_at_least("threads", self.threads, 1, MOST_THREADS)

    @property
    def takes_off_component(self) -> bool:
        """Whether the common component is taken off."""
        return self.weighting == "sif" if self.common_component is None else self.common_component
