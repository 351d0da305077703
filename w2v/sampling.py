"""Tables made from counts: which tokens are kept, how negatives are drawn, and Huffman codes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.compiling import kernel

_FULL = 2.0**32


def keep_probabilities(counts: npt.NDArray[np.int64], sample: float, rule: str = "word2vec") -> npt.NDArray[np.float64]:
    """Return the probability with which each token of a word is kept, for frequency f = count / sum of counts.

    Args:
        counts: (V,) how often each word occurs.
        sample: threshold t; 0 keeps everything.
        rule: `word2vec`, min(1, sqrt(t / f) + t / f), is what word2vec.c and gensim do; `paper`, min(1, sqrt(t / f)),
            is Mikolov et al. 2013, "Distributed Representations of Words and Phrases", equation 5.

    Returns:
        Probabilities, (V,) float64; 1 for a word that does not occur.

    Example:
        >>> keep_probabilities(np.array([90, 9, 1]), sample=0.01).round(3)
        array([0.117, 0.444, 1.   ])
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
    """Make a table that draws a word in constant time.

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


class HuffmanTree(NamedTuple):
    """A binary tree over V words with V - 1 inner nodes, as the path from the root to each word.

    Attributes:
        starts: (V + 1,) int32, where each word's path begins in nodes and signs.
        nodes: the inner nodes on the paths, int32; 0 is the root, and no node is heavier than one with a lower number.
        signs: float32, 1 where the path goes left from the node, -1 where it goes right.
    """

    starts: npt.NDArray[np.int32]
    nodes: npt.NDArray[np.int32]
    signs: npt.NDArray[np.float32]


def huffman_tree(counts: npt.NDArray[np.int64]) -> HuffmanTree:
    """Make the tree with the shortest mean path for words of these counts (Huffman 1952).

    The two lightest nodes are joined until one is left. Words and inner nodes each come in order of weight, so that the
    lightest node is the first of one of two queues (van Leeuwen 1976). Of equally light ones, words come before inner
    nodes and later words before earlier ones: the tree depends on the counts alone.

    Args:
        counts: (V,) in descending order; V is at least 2.

    Example: counts (4, 2, 1) give word 0 the path (0), and words 1 and 2 the paths (0, 1).
    """
    n = len(counts)
    parents = _join(np.concatenate((counts[::-1], np.zeros(n - 1, np.int64))))
    siblings = np.argsort(parents[:-1], kind="stable")
    right = np.zeros(2 * n - 1, bool)
    right[siblings[1::2]] = True  # of two children, words being first, the one made later
    starts = np.concatenate(([0], np.cumsum(_depths(parents)[n - 1 :: -1]))).astype(np.int32)
    tree = HuffmanTree(starts, np.empty(starts[-1], np.int32), np.empty(starts[-1], np.float32))
    _climb(parents, right, tree)
    return tree


@kernel
def _join(weights: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Join the two lightest nodes until one is left; return each node's parent, shape (2V - 1,).

    Args:
        weights: (2V - 1,), those of the V words, lightest first, then zeros that become those of the inner nodes.

    Twin: `heap_paths` in tests/test_huffman.py.
    """
    n = (weights.shape[0] + 1) // 2
    parents = np.zeros(weights.shape[0], np.int64)
    word, inner = 0, n
    for made in range(n, 2 * n - 1):
        for _ in range(2):
            if word < n and (inner == made or weights[word] <= weights[inner]):
                lightest = word
                word += 1
            else:
                lightest = inner
                inner += 1
            parents[lightest] = made
            weights[made] += weights[lightest]
    return parents


@kernel
def _depths(parents: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """Return how many steps each node is below the root, the last node, shape (2V - 1,).

    Twin: `heap_paths` in tests/test_huffman.py.
    """
    depths = np.zeros(parents.shape[0], np.int32)
    for node in range(parents.shape[0] - 2, -1, -1):  # parents are made after their children
        depths[node] = depths[parents[node]] + 1
    return depths


@kernel
def _climb(parents: npt.NDArray[np.int64], right: npt.NDArray[np.bool_], tree: HuffmanTree) -> None:
    """Write the path to each word into the tree, from its end to its start.

    Args:
        parents: (2V - 1,), as of `_join`.
        right: (2V - 1,), whether a node is the right child of its parent.
        tree: the tree, whose `starts` are known.

    Twin: `heap_paths` in tests/test_huffman.py.
    """
    n = tree.starts.shape[0] - 1
    for word in range(n):
        node, place = n - 1 - word, tree.starts[word + 1]
        while node < 2 * n - 2:
            place -= 1
            tree.signs[place] = -1 if right[node] else 1
            node = parents[node]
            tree.nodes[place] = 2 * n - 2 - node
