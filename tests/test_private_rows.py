"""Private copies of frequent rows: a merge combines what threads learn, with any number of threads."""

import ctypes

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from reference import merge_steps

from w2v.kernels.private_rows import MOST_PRIVATE, PrivateRows, n_private_rows
from w2v.simd import aligned_zeros

WORDS, FLOATS = 50, 32


def matrices(seed=1):
    both = aligned_zeros(WORDS, FLOATS), aligned_zeros(WORDS, FLOATS)
    random = np.random.default_rng(seed)
    for matrix in both:
        matrix[:] = random.normal(size=matrix.shape)
    return both


def private_rows(both, predictions, threads):
    """Return the PrivateRows of each thread; they share both matrices."""
    touched = np.full(WORDS, float(predictions))
    return [PrivateRows(both, (touched, touched), 10, threads) for _ in range(threads)]


def private(rows):
    """Return views of a thread's private input and output rows, (n_private, floats), from their addresses."""
    values = ctypes.c_float * (rows.addresses.n_private * FLOATS)
    addresses = rows.addresses.private_input_vectors, rows.addresses.private_output_vectors
    return [np.ctypeslib.as_array(values.from_address(address)).reshape(-1, FLOATS) for address in addresses]


def weight(predictions, lr, threads):
    """Return the share of one thread's steps that a merge puts into the shared rows."""
    both = matrices()
    before = both[0].copy()
    rows = private_rows(both, predictions, threads)[0]
    private(rows)[0][:] += 1
    rows.merge(lr)
    change = both[0] - before
    assert_allclose(change[: rows.n_private], change[0, 0], atol=1e-5)
    assert not change[rows.n_private :].any()
    return float(change[0, 0])


def test_one_thread_has_no_private_rows():
    both = matrices()
    expected = [matrix.copy() for matrix in both]
    (rows,) = private_rows(both, 100, 1)
    assert rows.n_private == rows.addresses.n_private == 0
    rows.merge(0.025)
    for matrix, same in zip(both, expected, strict=True):
        assert_array_equal(matrix, same)


@given(
    inputs=st.lists(st.floats(0, 1e12), min_size=2, max_size=100),
    outputs=st.lists(st.floats(0, 1e12), min_size=2, max_size=100),
    threads=st.integers(2, 4096),
)
def test_rows_are_private_that_all_compete_for_and_those_from_which_each_thread_learns_enough(inputs, outputs, threads):
    falling = tuple(np.sort(some)[::-1] for some in (inputs, outputs))
    n = n_private_rows(falling, threads)
    rows = min(map(len, falling))
    assert min(rows, 8) <= n <= min(rows, MOST_PRIVATE)
    for touched in falling:
        assert (touched[8:n] >= 50_000 * threads).all()
    assert n_private_rows(falling, threads + 1) <= n
    assert n_private_rows(tuple(2 * touched for touched in falling), threads) >= n


@pytest.mark.parametrize(("words", "epochs", "threads", "rows"), [(1e5, 1, 2, 8), (5e5, 5, 8, 18), (1e9, 5, 64, 64)])
def test_how_many_rows_are_private_follows_the_text(words, epochs, threads, rows):
    frequencies = 1 / np.arange(1, 100_001)
    touched = epochs * words * 36 * frequencies / frequencies.sum()
    assert n_private_rows((touched, touched), threads) == rows


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=4), st.floats(1e-6, 1), st.integers(2, 40))
def test_steps_count_in_full_when_few_and_as_a_mean_when_many(predictions, lr, threads):
    weights = [weight(n, lr, threads) for n in sorted(predictions)]
    assert weight(0, lr, threads) == pytest.approx(1, abs=1e-5)
    assert weight(1e12, lr, threads) == pytest.approx(1 / threads, abs=1e-5)
    for more, fewer in zip(weights[1:], weights, strict=False):
        assert 1 / threads - 1e-5 <= more <= fewer + 1e-5 <= 1 + 2e-5


@pytest.mark.parametrize("threads", [2, 5])
@pytest.mark.parametrize("predictions", [3, 300, 30_000])
def test_merging_adds_up_the_steps_of_all_threads(threads, predictions):
    both = matrices()
    random = np.random.default_rng(2)
    every = private_rows(both, predictions, threads)
    n_private = every[0].n_private
    assert 0 < n_private <= WORDS
    steps = random.normal(size=(threads, 2, n_private, FLOATS)).astype(np.float32)
    expected = [matrix.astype(np.float64) for matrix in both]
    for rows, step in zip(every, steps, strict=True):
        for matrix, (mine, mine_step) in zip(expected, zip(private(rows), step, strict=True), strict=True):
            before = mine.astype(np.float64)
            mine += mine_step
            matrix[:n_private] = merge_steps(matrix[:n_private], mine, before, predictions, 0.05, threads)
    for rows in every:
        rows.merge(0.05)
    for matrix, twin in zip(both, expected, strict=True):
        assert_allclose(matrix, twin, atol=1e-4)
    for rows in every:  # another merge brings to each thread what the others did after its first
        rows.merge(0.05)
        for matrix, mine in zip(both, private(rows), strict=True):
            assert_array_equal(mine, matrix[:n_private])
    for matrix, twin in zip(both, expected, strict=True):
        assert_allclose(matrix, twin, atol=1e-4)
