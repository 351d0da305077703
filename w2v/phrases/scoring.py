"""How much the words of a pair belong together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from w2v.corpus.arrays import Counts

Scores = npt.NDArray[np.float64]


def discounted(pairs: Counts, first: Counts, second: Counts, min_count: int, size: int) -> Scores:
    """Return (n(ab) - min_count) / (n(a) n(b)) * size for each pair.

    With the tokens of the text as `size`, it is the score of word2phrase.c (Mikolov et al. 2013, "Distributed
    Representations of Words and Phrases and their Compositionality", equation 6, scaled); with the number of different
    words and pairs, gensim's default.

    Args:
        pairs: how often each pair occurs, shape (n,).
        first: how often its first word does.
        second: how often its second word does.
        min_count: the discount, so that pairs of rare words don't score high.
        size: what makes scores of texts of any length comparable.
    """
    return (pairs - min_count) / (first * second).astype(np.float64) * size


def npmi(pairs: Counts, first: Counts, second: Counts, tokens: int) -> Scores:
    """Return the normalised pointwise mutual information of each pair, from -1 to 1.

    ln(p(ab) / (p(a) p(b))) / -ln p(ab), with p a count's share of all tokens (Bouma 2009, "Normalized (Pointwise)
    Mutual Information in Collocation Extraction").

    Args:
        pairs: how often each pair occurs, shape (n,), 1 at least.
        first: how often its first word does.
        second: how often its second word does.
        tokens: tokens of the text.
    """
    p_pair, p_first, p_second = pairs / tokens, first / tokens, second / tokens
    scores: Scores = np.log(p_pair / (p_first * p_second)) / -np.log(p_pair)
    return scores
