"""How strongly the words of a pair belong together.

Symbols: n(ab) counts the pair, n(a) and n(b) its words, N the tokens of the text, T the different words and pairs, and
δ is `min_count`. Worked example: in a text of 1000 tokens, "new" occurs 20 times, "york" 12 times, "new york" 10 times;
with δ = 5

    word2phrase  (10 - 5) / (20 · 12) · 1000                              = 20.8
    npmi         ln(0.010 / (0.020 · 0.012)) / -ln 0.010                  = 0.81
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from w2v.corpus.arrays import Int64s

Scores = npt.NDArray[np.float64]


def discounted(pairs: Int64s, first: Int64s, second: Int64s, min_count: int, size: int) -> Scores:
    """Return (n(ab) - δ) / (n(a) · n(b)) · size for each pair, shape (n,).

    With size = N, this is the score of word2phrase.c: Mikolov et al. 2013, "Distributed Representations of Words and
    Phrases and their Compositionality", equation 6, times N. With size = T, it is gensim's default.

    Args:
        pairs: n(ab), shape (n,).
        first: n(a), the counts of the first words.
        second: n(b), the counts of the second words.
        min_count: δ, the discount that keeps pairs of rare words from scoring high.
        size: N or T, which makes the scores of texts of different lengths comparable.

    Example:
        >>> discounted(np.array([10]), np.array([20]), np.array([12]), min_count=5, size=1000).round(1)
        array([20.8])
    """
    return (pairs - min_count) / (first * second).astype(np.float64) * size


def npmi(pairs: Int64s, first: Int64s, second: Int64s, tokens: int) -> Scores:
    """Return ln(p(ab) / (p(a) · p(b))) / -ln p(ab) for each pair, where p = n / N; shape (n,), from -1 to 1.

    That is the normalised pointwise mutual information (Bouma 2009, "Normalized (Pointwise) Mutual Information in
    Collocation Extraction"): 1 where the two words occur only together, 0 where chance alone brings them together.

    Args:
        pairs: n(ab), shape (n,), at least 1.
        first: n(a), the counts of the first words.
        second: n(b), the counts of the second words.
        tokens: N.

    Example:
        >>> npmi(np.array([10, 10]), np.array([20, 10]), np.array([12, 10]), tokens=1000).round(2)
        array([0.81, 1.  ])
    """
    p_pair, p_first, p_second = pairs / tokens, first / tokens, second / tokens
    scores: Scores = np.log(p_pair / (p_first * p_second)) / -np.log(p_pair)
    return scores
