"""What is drawn at random, as tables: which tokens are kept, and which words serve as negatives."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_FULL = 2.0**32


def keep_probabilities(counts: npt.NDArray[np.int64], sample: float, rule: str = "word2vec") -> npt.NDArray[np.float64]:
    """Return with what probability each token of a word is kept, for words of frequency f = count / sum of counts.

    Args:
        counts: (V,) how often each word occurs.
        sample: threshold t; 0 keeps everything.
        rule: `word2vec`, min(1, sqrt(t / f) + t / f), is what word2vec.c and gensim do; `paper`, min(1, sqrt(t / f)),
            is Mikolov et al. 2013, "Distributed Representations of Words and Phrases", equation 5.

    Returns:
        Probabilities, (V,) float64; 1 for a word that does not occur.
    """
    kept = np.ones(len(counts))
    if sample > 0:
        occurs = counts > 0
        ratio = sample * counts.sum() / counts[occurs]
        kept[occurs] = np.minimum(1.0, np.sqrt(ratio) + (ratio if rule == "word2vec" else 0.0))
    return kept


def keep_thresholds(probabilities: npt.NDArray[np.float64]) -> npt.NDArray[np.uint32]:
    """Return thresholds (V,) uint32: 32 random bits at most the threshold keep the token."""
    thresholds: npt.NDArray[np.float64] = np.clip(np.rint(probabilities * _FULL) - 1, 0, _FULL - 1)
    return thresholds.astype(np.uint32)


def negative_probabilities(counts: npt.NDArray[np.int64], exponent: float) -> npt.NDArray[np.float64]:
    """Return the distribution that negatives are drawn from, (V,) float64: proportional to count ** exponent.

    Words that do not occur get no weight, whatever the exponent.
    """
    occurs = counts > 0
    logs = exponent * np.log(counts[occurs])
    weights = np.zeros(len(counts))
    weights[occurs] = np.exp(logs - logs.max())
    weights /= weights.sum()
    return weights


def alias_table(probabilities: npt.NDArray[np.float64]) -> npt.NDArray[np.uint64]:
    """Make the table with which a word is drawn in constant time.

    Walker 1977, built by a sweep as in Hübschle-Schneider and Sanders 2019, "Parallel Weighted Random Sampling",
    section 3.3.

    Of V slots of equal size, each belongs to one word and lends what that word does not need to one other. The sweep
    takes the words that need less than a slot in order and fills the rest of their slots from the words that need more,
    in order too: word i's slot is topped up by the first large word whose excess is not used up before i. A large word
    whose excess is used up is left with less than a slot, and is topped up by the next large one.

    Example: probabilities (1/6, 1/2, 1/3) need (0.5, 1.5, 1) slots: word 0 keeps half of its slot, word 1 gets the
    rest.

    Returns:
        (V,) uint64: the high 32 bits are a threshold, the low 32 the other word. Draw a slot and 32 random bits; take
        the slot's word when the bits are below the threshold, the other word otherwise.
    """
    slots = probabilities * len(probabilities)
    small, large = np.flatnonzero(slots < 1), np.flatnonzero(slots >= 1)
    own = np.ones(len(slots))
    other = np.arange(len(slots))
    if len(small) and len(large):
        needed = np.cumsum(1 - slots[small])
        excess = np.cumsum(slots[large] - 1)
        own[small] = slots[small]
        lender = np.searchsorted(excess, np.concatenate(([0.0], needed[:-1])), side="left")
        other[small] = large[np.minimum(lender, len(large) - 1)]
        overdrawn = np.searchsorted(needed, excess, side="right")
        used_up = np.flatnonzero((overdrawn < len(small)) & (np.arange(len(large)) < len(large) - 1))
        own[large[used_up]] = np.clip(1 - (needed[overdrawn[used_up]] - excess[used_up]), 0, 1)
        other[large[used_up]] = large[used_up + 1]
    threshold = np.clip(np.rint(own * _FULL), 0, _FULL - 1).astype(np.uint64)
    table: npt.NDArray[np.uint64] = threshold << np.uint64(32) | other.astype(np.uint64)
    return table
