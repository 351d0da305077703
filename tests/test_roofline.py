"""The useful arithmetic of the kernels, and the ceilings of the machine beside it."""

import numpy as np

from benchmarks import ceilings, useful_work
from benchmarks.useful_work import Windows
from w2v.options import TrainingOptions
from w2v.simd import LANES, aligned_zeros


def test_useful_work_is_what_the_twins_of_the_kernels_would_count():
    """Sharing 2 negatives among 2 centers, counted one label at a time."""
    random = np.random.default_rng(3)
    ids = np.where(random.random(400) < 0.1, -1, random.integers(0, 50, 400))
    found = useful_work.windows(ids, np.ones(50), window=4, seed=1)
    assert found.words.tolist() == ids[ids >= 0].tolist()
    products = pairs = 0
    size = len(found.words) // 2 * 2
    for first in range(0, size, 2):
        rows = set()
        for center in (first, first + 1):
            context = set(range(found.left[center], found.right[center])) - {center}
            rows |= context
            pairs += len(context)
        products += 2 * len(rows)
    work = useful_work.negative_sampling(found, "skipgram", negative=2, group=2, dim=10)
    assert work.useful == 6 * 10 * (products + pairs)
    assert work.pairs == 6 * 10 * 3 * pairs
    sentence_ends = np.flatnonzero(ids < 0) - np.arange((ids < 0).sum())
    for end in sentence_ends[(sentence_ends > 0) & (sentence_ends < len(found.words))].tolist():
        assert found.right[end - 1] == end
        assert found.left[end] == end


def test_work_follows_the_options_of_training():
    class Vocabulary:
        counts = np.array([60, 30, 10])

    ids = np.array([0, 1, 2, -1] * 50)
    for loss in ("ns", "hs"):
        small, large = (
            useful_work.work(ids, Vocabulary, TrainingOptions(model="cbow", loss=loss, dim=dim, sample=0), 2)
            for dim in (10, 20)
        )
        assert 0 < 2 * small.useful == large.useful
    one = Windows(np.array([0, 1]), np.array([0, 0]), np.array([2, 2]))
    assert useful_work.hierarchical_softmax(one, "skipgram", np.array([1, 2]), 10).useful == 180


def test_the_loops_of_ceilings_do_the_work_that_counts(monkeypatch):
    values, expected = np.full(2 * LANES, 0.5, np.float32), np.arange(ceilings._SUMS, dtype=float)
    for _ in range(3):
        expected = 0.5 * expected + 0.5
    ceilings._arithmetic(values, 3)
    np.testing.assert_allclose(values, np.repeat([expected.sum(), 0.5], LANES), rtol=1e-6)
    x, y = (aligned_zeros(1, 1000 * LANES)[0] for _ in range(2))
    x[:] = 1
    ceilings._streams(x, y, 3)
    np.testing.assert_array_equal(x, 1)
    np.testing.assert_array_equal(y, 1.5)
    monkeypatch.setattr(ceilings, "_best_rate", lambda do: 1.0)  # a round in a second
    assert ceilings.peak_flops() == 2 * ceilings._SUMS * LANES
    assert ceilings.bandwidth(1 << 14) == 3 / 2 * (1 << 14)  # of both arrays, one is read and written


def test_the_best_rate_is_that_of_rounds_which_take_long_enough_to_measure(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(ceilings, "thread_time", lambda: clock[0])
    slowness = iter([1, 1, 1, 1, 9, 7, 1, 8, 9])

    def do(rounds):
        clock[0] += rounds * next(slowness) / 1024

    assert ceilings._best_rate(do) == 1024
