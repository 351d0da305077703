"""How strongly the words of a pair belong together: the values of the option `score`, in one registry.

Symbols: n(ab) counts the pair, n(a) and n(b) its words, N the tokens of the text, T the different words and pairs, and
δ is `min_count`. Worked example: in a text of 1000 tokens, "new" occurs 20 times, "york" 12 times, and "new york" 10
times; with δ = 5 and T = 400

    word2phrase  (10 - 5) / (20 · 12) · 1000               = 20.8
    gensim       (10 - 5) / (20 · 12) · 400                =  8.3
    npmi         ln(0.010 / (0.020 · 0.012)) / -ln 0.010   =  0.81

Adding a score adds a function, a line in SCORES, and its default threshold in w2v.options.phrases.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.tokens.arrays import Int64s

Scores = npt.NDArray[np.float64]


class PairStatistics(NamedTuple):
    """What scores are made of.

    Attributes:
        pairs: n(ab), how often each pair occurs, shape (pairs,), at least 1.
        first: n(a), how often its first word occurs, shape (pairs,).
        second: n(b), how often its second word occurs, shape (pairs,).
        tokens: N, tokens of the text.
        types: T, different words and different pairs of the text.
        min_count: δ, the discount that keeps pairs of rare words from scoring high.
    """

    pairs: Int64s
    first: Int64s
    second: Int64s
    tokens: int
    types: int
    min_count: int


def word2phrase(of: PairStatistics) -> Scores:
    """Return (n(ab) - δ) / (n(a) · n(b)) · N for each pair, shape (pairs,), as word2phrase.c does.

    Source: Mikolov et al. 2013, "Distributed Representations of Words and Phrases and their Compositionality", equation
    6, times N to make texts of different lengths comparable.

    Example:
        >>> word2phrase(PairStatistics(*np.array([[10], [20], [12]]), tokens=1000, types=400, min_count=5)).round(1)
        array([20.8])
    """
    return _discounted(of) * of.tokens


def gensim(of: PairStatistics) -> Scores:
    """Return (n(ab) - δ) / (n(a) · n(b)) · T for each pair, shape (pairs,), as gensim does by default.

    Example:
        >>> gensim(PairStatistics(*np.array([[10], [20], [12]]), tokens=1000, types=400, min_count=5)).round(1)
        array([8.3])
    """
    return _discounted(of) * of.types


def npmi(of: PairStatistics) -> Scores:
    """Return ln(p(ab) / (p(a) · p(b))) / -ln p(ab) for each pair, where p = n / N; shape (pairs,), from -1 to 1.

    That is 1 where the two words occur only together, and 0 where they do so as often as by chance.

    Source: Bouma 2009, "Normalized (Pointwise) Mutual Information in Collocation Extraction".

    Example:
        >>> npmi(PairStatistics(*np.array([[10], [20], [12]]), tokens=1000, types=400, min_count=5)).round(2)
        array([0.81])
    """
    p_pair, p_first, p_second = of.pairs / of.tokens, of.first / of.tokens, of.second / of.tokens
    scores: Scores = np.log(p_pair / (p_first * p_second)) / -np.log(p_pair)
    return scores


SCORES: dict[str, Callable[[PairStatistics], Scores]] = {"word2phrase": word2phrase, "gensim": gensim, "npmi": npmi}


def _discounted(of: PairStatistics) -> Scores:
    scores: Scores = (of.pairs - of.min_count) / (of.first * of.second).astype(np.float64)
    return scores
