"""How much arithmetic training needs: what no implementation that shares negatives in the same way could leave out.

A product of a hidden row h with a target row u takes three multiply-adds for each of d values: one for the score h . u,
one for what u does to h, one for what h does to u. So a product is 6 d flops. It is *useful* if the row predicts the
target; the kernels compute more, where a tile is padded or a row doesn't predict one of the tile's targets. For a group
of neighbouring centers with n negatives in common,

    skip-gram   every context row of the group x n negatives, and each center x the rows of its own window
    CBOW        every center's mean x (itself and n negatives); and 2 d flops for each context word, to add it to the
                mean and to give it its share of the gradient
    hierarchical softmax: nothing is shared; each pair of context and center, or each mean, x the path of the center

*Pairs* counts as word2vec.c computes: every pair of context and center with targets of its own.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


class Work(NamedTuple):
    """Flops of training on some ids, and bytes of the rows that are read and written for it."""

    useful: float
    pairs: float
    bytes: float


class Windows(NamedTuple):
    """The windows of the words that subsampling kept: places left[t] <= t < right[t]."""

    words: Ints
    left: Ints
    right: Ints


def windows(ids: Ints, kept: npt.NDArray[np.float64], window: int, seed: int) -> Windows:
    """Draw which tokens are kept, and a window for each.

    Args:
        ids: (N,) word numbers; -1 ends a sentence.
        kept: (V,) probability of keeping a token of each word.
        window: the longest reach; each is drawn from 1..window.
        seed: of the draws.

    Example:
        >>> w = windows(np.array([0, 1, -1, 2, -1]), np.ones(3), window=1, seed=1)
        >>> w.words.tolist(), w.left.tolist(), w.right.tolist()
        ([0, 1, 2], [0, 0, 2], [2, 2, 3])
    """
    random = np.random.default_rng(seed)
    sentence = np.cumsum(ids < 0)
    chosen = (ids >= 0) & (random.random(len(ids)) < np.where(ids >= 0, kept[ids], 0.0))
    words, sentence = ids[chosen], sentence[chosen]
    starts = np.searchsorted(sentence, sentence, side="left")
    ends = np.searchsorted(sentence, sentence, side="right")
    places = np.arange(len(words))
    reach = random.integers(1, window + 1, len(words))
    return Windows(words, np.maximum(starts, places - reach), np.minimum(ends, places + reach + 1))


def negative_sampling(found: Windows, model: str, negative: int, group: int, dim: int) -> Work:
    """Return the work of negative sampling when `group` neighbouring centers share their negatives.

    Example: two words that are each other's context, one negative, in one group: both rows meet the negative, each one
    center. That is 4 products; pair by pair it is 4, too.

        >>> both = Windows(np.array([0, 1]), np.array([0, 0]), np.array([2, 2]))
        >>> negative_sampling(both, "skipgram", negative=1, group=2, dim=10)[:2]
        (240.0, 240.0)
    """
    size = len(found.words) // group * group
    left, right = (bounds[:size].reshape(-1, group) for bounds in (found.left, found.right))
    centers = np.arange(size).reshape(-1, group)
    contexts = right - left - 1
    begin, end = left.min(axis=1), right.max(axis=1)
    span = int((end - begin).max()) if len(begin) else 0
    places = begin[:, None] + np.arange(span)
    covered = np.zeros(places.shape, bool)
    for k in range(group):
        inside = (left[:, k, None] <= places) & (places < right[:, k, None]) & (places != centers[:, k, None])
        covered |= inside
    rows, targets = float(covered.sum()), float(len(begin) * (group + negative))
    pairs = float(contexts.sum())
    row_bytes = 8.0 * dim  # read and written, float32
    if model == "cbow":
        products = float((contexts > 0).sum()) * (1 + negative)
        useful = 6 * dim * products + 4 * dim * pairs
        return Work(useful, useful, row_bytes * (rows + targets))
    return Work(6 * dim * (rows * negative + pairs), 6 * dim * pairs * (1 + negative), row_bytes * (rows + targets))


def hierarchical_softmax(found: Windows, model: str, path_lengths: Ints, dim: int) -> Work:
    """Return the work of hierarchical softmax, where the path of word w has path_lengths[w] inner nodes.

    Example:
        >>> both = Windows(np.array([0, 1]), np.array([0, 0]), np.array([2, 2]))
        >>> hierarchical_softmax(both, "skipgram", np.array([1, 2]), dim=10)
        Work(useful=180.0, pairs=180.0, bytes=400.0)
    """
    contexts = found.right - found.left - 1
    lengths = path_lengths[found.words]
    moved = 8.0 * dim * float((contexts + lengths).sum())
    if model == "cbow":
        useful = 6.0 * dim * float(lengths[contexts > 0].sum()) + 4.0 * dim * float(contexts.sum())
    else:
        useful = 6.0 * dim * float((contexts * lengths).sum())
    return Work(useful, useful, moved)


def work(ids: Ints, vocabulary: Any, training: Any, group: int) -> Work:
    """Return the work of training once on `ids`.

    Args:
        ids: (N,) word numbers; -1 ends a sentence.
        vocabulary: w2v's, with counts.
        training: TrainingOptions.
        group: how many neighbouring centers share negatives.
    """
    from w2v.sampling import huffman_tree, keep_probabilities

    kept = keep_probabilities(vocabulary.counts, training.sample, training.subsample_rule)
    found = windows(ids, kept, training.window, training.seed)
    if training.loss == "ns":
        return negative_sampling(found, training.model, training.negative, group, training.dim)
    lengths = np.diff(huffman_tree(vocabulary.counts).starts).astype(np.int64)
    return hierarchical_softmax(found, training.model, lengths, training.dim)
