"""The tables that training draws from, against the probabilities they stand for."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal

from w2v.sampling import alias_table, keep_probabilities, keep_thresholds, negative_probabilities


@pytest.mark.parametrize(
    "rule, expected",
    [
        # f = 0.9, 0.0999, 0.0001 and t = 0.001: t / f = 0.001111, 0.010010, 10
        ("word2vec", [0.034444, 0.110060, 1.0]),
        ("paper", [0.033333, 0.100050, 1.0]),
    ],
)
def test_keep_probabilities_by_hand(rule, expected):
    assert_allclose(keep_probabilities(np.array([9000, 999, 1]), 1e-3, rule), expected, atol=1e-6)


@settings(deadline=None)
@given(
    counts=hnp.arrays(np.int64, st.integers(1, 50), elements=st.integers(1, 10**12)),
    sample=st.floats(1e-9, 10),
)
def test_keep_probabilities_follow_their_rules(counts, sample):
    total = int(counts.sum())
    for rule, extra in (("word2vec", 1), ("paper", 0)):
        found = keep_probabilities(counts, sample, rule)
        for count, kept in zip(counts.tolist(), found.tolist(), strict=True):
            ratio = sample * total / count
            assert kept == pytest.approx(min(1.0, math.sqrt(ratio) + extra * ratio), rel=1e-12)


def test_a_threshold_of_zero_keeps_everything():
    assert_array_equal(keep_probabilities(np.array([10**9, 1]), 0.0), [1, 1])


def test_words_that_do_not_occur_are_neither_discarded_nor_drawn():
    counts = np.array([5, 0, 3, 0])
    assert_array_equal(keep_probabilities(counts, 1e-3)[[1, 3]], [1, 1])
    for exponent in (0.75, 0.0, -1.0):
        assert_array_equal(negative_probabilities(counts, exponent)[[1, 3]], [0, 0])


@settings(deadline=None)
@given(hnp.arrays(np.float64, st.integers(1, 20), elements=st.floats(0, 1)))
def test_thresholds_keep_the_right_share_of_all_32_bit_numbers(probabilities):
    numbers_at_most = keep_thresholds(probabilities).astype(np.float64) + 1
    assert_allclose(numbers_at_most / 2**32, probabilities, atol=2**-32, rtol=0)


@pytest.mark.parametrize(
    "exponent, expected",
    [
        (1.0, [16 / 18, 1 / 18, 1 / 18]),
        (0.75, [8 / 10, 1 / 10, 1 / 10]),
        (0.0, [1 / 3, 1 / 3, 1 / 3]),
        (-0.5, [1 / 9, 4 / 9, 4 / 9]),
    ],
)
def test_negative_probabilities_by_hand(exponent, expected):
    assert_allclose(negative_probabilities(np.array([16, 1, 1]), exponent), expected, rtol=1e-12)


@pytest.mark.parametrize("exponent", [200.0, -200.0, 1e6])
def test_extreme_exponents_leave_a_distribution(exponent):
    found = negative_probabilities(np.array([10**9, 10**6, 1]), exponent)
    assert found[0 if exponent > 0 else 2] == 1
    assert found.sum() == 1


def implied(table):
    """Return the distribution, (V,) float64, that an alias table draws from."""
    own = (table >> np.uint64(32)).astype(np.float64) / 2**32
    found = own / len(table)
    np.add.at(found, (table & np.uint64(2**32 - 1)).astype(np.int64), (1 - own) / len(table))
    return found


def assert_draws(probabilities):
    found = implied(alias_table(probabilities))
    # A slot is a share 1/V and divided in 2**32 steps; a word lends to V slots at most.
    assert_allclose(found, probabilities, rtol=0, atol=2**-32 + 1e-12)
    assert_array_equal(found[probabilities == 0], 0)


@settings(deadline=None)
@given(
    hnp.arrays(np.float64, st.integers(1, 2000), elements=st.floats(0, 1e6), fill=st.sampled_from([0.0, 1.0])).filter(
        lambda weights: weights.sum() > 1e-200
    )
)
def test_an_alias_table_draws_from_any_distribution(weights):
    assert_draws(weights / weights.sum())


@settings(deadline=None)
@given(st.integers(1, 2000), st.integers(0, 1999), st.floats(0.5, 1))
def test_one_word_may_dominate(words, place, share):
    probabilities = np.full(words, (1 - share) / max(1, words - 1))
    probabilities[place % words] = share
    assert_draws(probabilities / probabilities.sum())


@settings(deadline=None)
@given(st.integers(1, 300), st.sampled_from([0.75, 1.0, 0.0, -0.75]), st.floats(0.5, 2))
def test_zipf_counts(words, exponent, slope):
    counts = np.maximum(1, 1e6 / np.arange(1, words + 1) ** slope).astype(np.int64)
    assert_draws(negative_probabilities(counts, exponent))


def test_a_large_vocabulary_keeps_its_precision():
    counts = np.maximum(1, 1e9 / np.arange(1, 300_001)).astype(np.int64)
    probabilities = negative_probabilities(counts, 0.75)
    found = implied(alias_table(probabilities))
    assert_allclose(found, probabilities, rtol=1e-6, atol=1e-14)


def test_the_documented_example_of_an_alias_table():
    table = alias_table(np.array([1 / 6, 1 / 2, 1 / 3]))
    assert int(table[0]) >> 32 == 2**31
    assert int(table[0]) & 0xFFFFFFFF == 1
