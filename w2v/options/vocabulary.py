"""Which words are kept."""

from __future__ import annotations

from dataclasses import dataclass

from w2v.options.checks import require
from w2v.options.fields import check_types


@dataclass(frozen=True)
class VocabularyOptions:
    """Which words are kept.

    Attributes:
        min_count: drop words that occur less often.
        max_vocab: keep at most this many words, the most frequent; None keeps all.
    """

    min_count: int = 5
    max_vocab: int | None = None

    def __post_init__(self) -> None:
        """Refuse what can't be used, naming the option.

        Raises:
            UsageError: an option is of another type, or out of range.
        """
        check_types(self)
        require(self.min_count >= 1, "min_count", self.min_count, "at least 1")
        require(self.max_vocab is None or self.max_vocab >= 2, "max_vocab", self.max_vocab, "at least 2")
