"""The Huffman tree, against what defines one, and against a plain heap."""

import heapq
import itertools
import math

import numpy as np
import pytest
import reference
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from w2v.sampling import huffman_tree
from w2v.vocabulary import Vocabulary

COUNTS = st.one_of(
    st.lists(st.integers(1, 6), min_size=2, max_size=70),  # with many ties
    st.lists(st.integers(1, 10**12), min_size=2, max_size=70),
    st.lists(st.sampled_from([2**i for i in range(50)]), min_size=2, max_size=70),  # as uneven as can be
).map(lambda counts: np.array(sorted(counts, reverse=True)))


def paths(counts):
    """Return each word's path as a list of (node, sign)."""
    tree = huffman_tree(np.asarray(counts))
    steps = list(zip(tree.nodes.tolist(), tree.signs.tolist(), strict=True))
    return [steps[start:end] for start, end in zip(tree.starts[:-1], tree.starts[1:], strict=True)]


def lengths(counts):
    return np.array([len(path) for path in paths(counts)])


def heap_paths(counts):
    """Return what `paths` does: a heap joins the two lightest nodes, and ties are broken as documented.

    Nodes come in the order in which they are preferred: words, the last one first, then inner nodes as they are made.
    """
    n = len(counts)
    heap = [(count, n - 1 - word) for word, count in enumerate(map(int, counts))]
    heapq.heapify(heap)
    parents = {}
    for made in range(n, 2 * n - 1):
        (weight, one), (other_weight, other) = heapq.heappop(heap), heapq.heappop(heap)
        parents[min(one, other)], parents[max(one, other)] = (made, 1.0), (made, -1.0)
        heapq.heappush(heap, (weight + other_weight, made))
    found = []
    for word in range(n):
        path, at = [], n - 1 - word
        while at in parents:
            at, sign = parents[at]
            path.insert(0, (2 * n - 2 - at, sign))
        found.append(path)
    return found


@given(COUNTS)
@settings(deadline=None)
def test_the_tree_is_that_of_a_plain_heap(counts):
    assert paths(counts) == heap_paths(counts)


@given(COUNTS, st.integers(1, 40), st.sampled_from([0.01, 1.0, 30.0]), st.integers(0, 10**6))
@settings(deadline=None)
def test_the_probabilities_of_all_words_sum_to_one(counts, dim, scale, seed):
    random = np.random.default_rng(seed)
    output_vectors, hidden = random.normal(0, scale, (len(counts) - 1, dim)), random.normal(0, 1, dim)
    loss = reference.HierarchicalSoftmax([list(zip(*path, strict=True)) for path in paths(counts)])
    shares = [np.exp(-loss.loss(hidden, output_vectors, word)) for word in range(len(counts))]
    assert math.fsum(shares) == pytest.approx(1, abs=1e-12)


@given(COUNTS)
@settings(deadline=None)
def test_the_expected_length_is_within_a_bit_of_the_entropy(counts):
    shares = counts / counts.sum()
    entropy = -(shares * np.log2(shares)).sum()
    assert entropy - 1e-9 <= shares @ lengths(counts) < entropy + 1


@given(COUNTS)
@settings(deadline=None)
def test_no_shorter_code_exists(counts):
    """The expected length of a Huffman code is the sum of the weights of its inner nodes, and no code's is less."""
    heap = counts.tolist()
    heapq.heapify(heap)
    total = 0
    while len(heap) > 1:
        joined = heapq.heappop(heap) + heapq.heappop(heap)
        total += joined
        heapq.heappush(heap, joined)
    assert counts @ lengths(counts) == total


@given(COUNTS)
@settings(deadline=None)
def test_every_way_from_the_root_ends_at_one_word(counts):
    """So no code is the beginning of another, and every inner node has two children."""
    found = paths(counts)
    codes = [tuple(sign for _, sign in path) for path in found]
    assert {sign for code in codes for sign in code} == {1.0, -1.0}
    assert sum(0.5 ** len(code) for code in codes) == 1
    beginnings = {code[:length] for code in codes for length in range(len(code))}
    assert not beginnings & set(codes)
    assert len(set(codes)) == len(counts)
    place = {code[:step]: node for path, code in zip(found, codes, strict=True) for step, (node, _) in enumerate(path)}
    assert all(
        place[code[:step]] == node
        for path, code in zip(found, codes, strict=True)
        for step, (node, _) in enumerate(path)
    )
    assert sorted(place.values()) == list(range(len(counts) - 1))


@given(COUNTS)
@settings(deadline=None)
def test_inner_nodes_are_numbered_from_the_root_by_weight(counts):
    weights = np.zeros(len(counts) - 1, np.int64)
    for count, path in zip(counts, paths(counts), strict=True):
        assert path[0][0] == 0
        assert all(above < below for (above, _), (below, _) in itertools.pairwise(path))
        for node, _ in path:
            weights[node] += count
    assert weights[0] == counts.sum()
    assert (np.diff(weights) <= 0).all()


@given(COUNTS)
@settings(deadline=None)
def test_a_word_is_never_farther_from_the_root_than_a_later_one(counts):
    assert (np.diff(lengths(counts)) >= 0).all()


@given(COUNTS, st.integers(2, 1000))
@settings(deadline=None)
def test_only_the_proportions_of_counts_matter(counts, factor):
    assert paths(counts * factor) == paths(counts)


@pytest.mark.parametrize("words", [2, 3, 4, 7, 8, 9, 1000, 1024])
def test_equal_counts_make_a_tree_as_even_as_can_be(words):
    """Joining words before inner nodes also keeps the longest path of all ties the shortest."""
    found = lengths(np.full(words, 7))
    depth = words.bit_length() - 1
    assert_array_equal(found, np.where(np.arange(words) < 2 ** (depth + 1) - words, depth, depth + 1))


def test_of_trees_with_the_same_mean_length_that_with_the_shortest_longest_path():
    assert lengths([2, 2, 1, 1, 1, 1]).tolist() == [2, 2, 3, 3, 3, 3]
    assert lengths([2, 1, 1]).tolist() == [1, 2, 2]
    assert lengths([2, 1, 1, 1, 1]).tolist() == [2, 2, 2, 3, 3]


@given(st.permutations("abcdefgh"))
@settings(deadline=None)
def test_the_paths_of_words_do_not_depend_on_their_order(words):
    counts = {"a": 4, "b": 2, "c": 2} | dict.fromkeys("defgh", 1)
    vocabulary = Vocabulary.from_counts(words, [counts[word] for word in words])
    found = dict(zip(vocabulary.words, paths(vocabulary.counts), strict=True))
    assert found == dict(zip("abcdefgh", heap_paths([4, 2, 2, 1, 1, 1, 1, 1]), strict=True))


def test_the_documented_example():
    found = paths([4, 2, 1])
    assert [[node for node, _ in path] for path in found] == [[0], [0, 1], [0, 1]]


def test_two_words_have_one_node_between_them():
    assert paths([5, 3]) == paths([1, 1]) == [[(0, -1.0)], [(0, 1.0)]]


def test_the_types_are_those_of_the_kernels():
    tree = huffman_tree(np.array([3, 2, 2]))
    assert [array.dtype for array in tree] == [np.int32, np.int32, np.float32]
    assert_allclose(np.abs(tree.signs), 1)


def test_a_large_vocabulary_whose_counts_are_as_in_text():
    counts = np.maximum(1, 1e9 / np.arange(1, 300_001)).astype(np.int64)
    found, shares = np.diff(huffman_tree(counts).starts), counts / counts.sum()
    entropy = -(shares * np.log2(shares)).sum()
    assert entropy <= shares @ found < entropy + 0.1
    assert found.max() < 40
