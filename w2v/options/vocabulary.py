"""Options for the vocabulary."""

from __future__ import annotations

from dataclasses import dataclass

from w2v.options.checks import MOST_COUNT, require_at_least
from w2v.options.fields import check_types


@dataclass(frozen=True)
class VocabularyOptions:
    """Which words are kept.

    Attributes:
        min_count: drop words that occur less often.
        max_vocab: keep only this many of the most frequent words; None keeps all.
    """

    min_count: int = 5
    max_vocab: int | None = None

    def __post_init__(self) -> None:
        """Check all values.

        Raises:
            UsageError: a value has another type, or is out of range.
        """
        check_types(self)
        require_at_least("min_count", self.min_count, 1, MOST_COUNT)
        if self.max_vocab is not None:
            require_at_least("max_vocab", self.max_vocab, 2)
