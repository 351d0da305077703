"""Options for finding phrases."""

from __future__ import annotations

import math
from dataclasses import dataclass

from w2v.options.checks import MOST_COUNT, require, require_at_least, require_between, require_choice, shown
from w2v.options.fields import check_types

DEFAULT_THRESHOLD = {"word2phrase": 100.0, "gensim": 10.0, "npmi": 0.5}
PHRASE_SCORES = tuple(DEFAULT_THRESHOLD)
MOST_PASSES = 100


@dataclass(frozen=True)
class PhraseOptions:
    """Which neighbouring words are joined into phrases.

    Attributes:
        score: measure of how much two words belong together. `word2phrase`: (n(ab) - min_count) / (n(a) n(b)) times the
            number of tokens, as in word2phrase.c; `gensim`: the same, times the number of different words and pairs
            instead, gensim's default; `npmi`: normalised pointwise mutual information, from -1 to 1.
        min_count: never join a pair that occurs less often; the first two scores also subtract it from the count.
        threshold: join pairs with a greater score. None is DEFAULT_THRESHOLD of the score.
        passes: how often to find and join pairs; each pass can extend the phrases of the one before.
        delimiter: text between the words of a phrase.
        memory: limit in MB for counting pairs. With less, the ids of the text are read more often; the phrases are the
            same.
    """

    score: str = "word2phrase"
    min_count: int = 5
    threshold: float | None = None
    passes: int = 1
    delimiter: str = "_"
    memory: int = 1024

    def __post_init__(self) -> None:
        """Check all values.

        Raises:
            UsageError: a value has another type, or is out of range.
        """
        check_types(self)
        require_choice("score", self.score, PHRASE_SCORES)
        require_at_least("min_count", self.min_count, 1, MOST_COUNT)
        if self.threshold is not None and self.score == "npmi":
            require(-1 <= self.threshold <= 1, "threshold", self.threshold, "from -1 to 1 with `score=npmi`")
        elif self.threshold is not None:
            require(
                0 < self.threshold < math.inf, "threshold", self.threshold, f"more than 0 with `score={self.score}`"
            )
        require_between("passes", self.passes, 1, MOST_PASSES)
        without_space = isinstance(self.delimiter, str) and not any(map(str.isspace, self.delimiter))
        require(without_space, "delimiter", shown(self.delimiter), "a text without white space")
        require_at_least("memory", self.memory, 1)

    @property
    def least_score(self) -> float:
        """The score that a phrase must exceed: `threshold`, or the default of the score."""
        return DEFAULT_THRESHOLD[self.score] if self.threshold is None else self.threshold
