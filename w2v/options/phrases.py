"""Which words are joined."""

from __future__ import annotations

import math
from dataclasses import dataclass

from w2v.options.checks import require, require_between, require_choice
from w2v.options.fields import check_types

PHRASE_SCORES = ("word2phrase", "gensim", "npmi")
DEFAULT_THRESHOLD = {"word2phrase": 100.0, "gensim": 10.0, "npmi": 0.5}
MOST_PASSES = 100


@dataclass(frozen=True)
class PhraseOptions:
    """Which neighbouring words are joined into phrases.

    Attributes:
        score: what measures how much two words belong together. `word2phrase`: (n(ab) - min_count) / (n(a) n(b)) times
            the tokens of the text, as in word2phrase.c; `gensim`: that, times the number of different words and pairs
            instead, as gensim's default; `npmi`: normalised pointwise mutual information, from -1 to 1.
        min_count: never join a pair that occurs less often; the first two scores also take it off the pair's count.
        threshold: join pairs that score more. None is DEFAULT_THRESHOLD of the score.
        passes: how often to find and join pairs; each pass can make the phrases of the one before longer.
        delimiter: what stands between the words of a phrase.
        memory: most MB for counting pairs. With less, the ids of the text are gone through more often; the phrases
            found are the same.
    """

    score: str = "word2phrase"
    min_count: int = 5
    threshold: float | None = None
    passes: int = 1
    delimiter: str = "_"
    memory: int = 1024

    def __post_init__(self) -> None:
        """Refuse what can't be used, naming the option.

        Raises:
            UsageError: an option is of another type, or out of range.
        """
        check_types(self)
        require_choice("score", self.score, PHRASE_SCORES)
        require(self.min_count >= 1, "min_count", self.min_count, "at least 1")
        if self.threshold is not None and self.score == "npmi":
            require(-1 <= self.threshold <= 1, "threshold", self.threshold, "from -1 to 1 with `score=npmi`")
        elif self.threshold is not None:
            require(
                0 < self.threshold < math.inf, "threshold", self.threshold, f"more than 0 with `score={self.score}`"
            )
        require_between("passes", self.passes, 1, MOST_PASSES)
        without_space = isinstance(self.delimiter, str) and not any(map(str.isspace, self.delimiter))
        require(without_space, "delimiter", repr(self.delimiter), "a text without white space")
        require(self.memory >= 1, "memory", self.memory, "at least 1")

    @property
    def least_score(self) -> float:
        """The score that a phrase exceeds: `threshold`, or the default of the score."""
        return DEFAULT_THRESHOLD[self.score] if self.threshold is None else self.threshold
