"""Private copies of frequent rows: a merge combines what threads learn, with any number of threads."""

import ctypes

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from reference import PrivateRows as Twin
from reference import merge_steps
from training_block import Block

from w2v.corpus import encode
from w2v.kernels.blocks import train_block
from w2v.kernels.buffers import STRETCH, Scratch, Workspace
from w2v.kernels.private_rows import MOST_PRIVATE, PrivateRows, merge_periods, n_private_rows, private_bytes
from w2v.options import CorpusOptions, TrainingOptions, VocabularyOptions
from w2v.options.training import MODELS
from w2v.simd import aligned_zeros
from w2v.training import Model
from w2v.training.hogwild import Hogwild
from w2v.training.run_state import RunState, Tally

WORDS, FLOATS = 50, 32


def matrices(seed=1):
    both = aligned_zeros(WORDS, FLOATS), aligned_zeros(WORDS, FLOATS)
    random = np.random.default_rng(seed)
    for matrix in both:
        matrix[:] = random.normal(size=matrix.shape)
    return both


def private_rows(both, predictions, threads):
    """Return the PrivateRows of each thread, which share both matrices; predictions touch each row in a stretch."""
    touched = np.full(WORDS, float(predictions))
    return [PrivateRows(both, (touched, touched), 10, 1e9, threads) for _ in range(threads)]  # due after each stretch


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
    rows.merging(lr)
    rows.merge()
    change = both[0] - before
    assert_allclose(change[: rows.n_private], change[0, 0], atol=1e-5)
    assert not change[rows.n_private :].any()
    return float(change[0, 0])


def test_one_thread_has_no_private_rows():
    both = matrices()
    expected = [matrix.copy() for matrix in both]
    (rows,) = private_rows(both, 100, 1)
    assert rows.n_private == rows.addresses.n_private == 0
    assert not rows.merging(0.025).due.any()
    rows.merge()
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
        assert (touched[8:n] >= 2_500 * threads**2).all()
    assert n_private_rows(falling, threads + 1) <= n
    assert n_private_rows(tuple(2 * touched for touched in falling), threads) >= n


@pytest.mark.parametrize(("words", "epochs", "threads", "rows"), [(1e4, 1, 2, 8), (5e5, 5, 8, 46), (1e9, 5, 64, 256)])
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
        rows.merging(0.05)
        rows.merge()
    for matrix, twin in zip(both, expected, strict=True):
        assert_allclose(matrix, twin, atol=1e-4)
    for rows in every:  # another merge brings to each thread what the others did after its first
        rows.merge()
        for matrix, mine in zip(both, private(rows), strict=True):
            assert_array_equal(mine, matrix[:n_private])
    for matrix, twin in zip(both, expected, strict=True):
        assert_allclose(matrix, twin, atol=1e-4)


@given(st.lists(st.floats(1e-3, 1e6), min_size=1, max_size=50), st.floats(1e-4, 1))
def test_rows_are_due_when_they_have_gone_about_half_of_their_way(predictions, lr):
    predictions = np.sort(predictions)[::-1]
    periods = merge_periods(predictions, lr)
    assert (np.diff(periods) >= 0).all()
    assert set(periods) <= {2**exponent for exponent in range(11)}
    settled = -np.expm1(-periods * predictions * lr / 4)
    assert (settled[periods < 1024] > 1 - 0.5**0.7).all()
    assert (settled[periods > 1] < 1 - 0.5**1.42).all()


def test_a_row_is_due_no_later_than_those_behind_it():
    assert_array_equal(merge_periods(np.array([1.0, 1000, 0, 10]), 0.03), [1, 1, 8, 8])


@pytest.mark.parametrize("loss", ["ns", "hs"])
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("threads", [2, 5])
def test_rows_are_merged_inside_blocks_as_the_twin_does(model, loss, threads):
    """The threads take turns, two blocks each; their stretches together have each row due several times."""
    lr, n_private, floats = 0.05, 30, 32
    blocks = [
        Block.random(seed, [400, 1, 300], 60, floats, model=model, loss=loss, lr=lr) for seed in range(2 * threads)
    ]
    both = []
    for values in (blocks[0].input_vectors, blocks[0].output_vectors):
        both.append(aligned_zeros(len(values), floats))
        both[-1][:] = values
    touched = np.zeros(60)
    touched[:n_private] = np.geomspace(200, 3, n_private)
    predictions = touched, touched[: len(both[1])]
    every = [PrivateRows(tuple(both), predictions, 1e6, lr, threads) for _ in range(threads)]
    matrices = [matrix.astype(np.float64) for matrix in both]
    twins = [Twin(matrices, [touched[:n_private]] * 2, lr, threads) for _ in range(threads)]
    assert {twins[0].period(some) for some in touched[:n_private]} == {1, 2, 4, 8, 16}
    for number, block in enumerate(blocks):
        rows, twin = every[number % threads], twins[number % threads]
        assert rows.n_private == n_private
        layer = block.layer(floats)
        scratch = Scratch.create(block.window, len(layer.tile), floats)
        workspace = Workspace(block.sampling(), rows.addresses, block.windows(), scratch)
        train_block(block.ids, block.method(), layer, workspace, rows.merging(lr), np.float32(lr), np.uint64(block.key))
        for draws in block.stretches():
            twin.train(lambda own, block=block, draws=draws: block.train_twin(own, draws))
        assert twin.stretches == (1 + number // threads) * -(-701 // STRETCH)
        for matrix, expected in zip(both, matrices, strict=True):
            assert_allclose(matrix, expected, atol=1e-4)
        for mine, expected in zip(private(rows), twin.private, strict=True):
            assert_allclose(mine, expected, atol=1e-4)


def test_the_model_that_is_saved_has_what_all_threads_have_learnt(tmp_path):
    """Rows that are not due yet are merged, too; merging them again changes nothing."""
    path = tmp_path / "text.txt"
    path.write_text((" ".join(f"w{i}" for i in range(200)) + "\n") * 100)
    options = TrainingOptions(threads=2, dim=16)
    with encode(str(path), CorpusOptions(), VocabularyOptions(), most_ids=lambda _: 4096) as corpus:
        model = Model.create(corpus.vocabulary, options)
        scheme = Hogwild(model, corpus, options, 0)
        tally = Tally(RunState(), options.initial_lr, None)
        works = [scheme.make_work(tally) for _ in range(2)]
        for work, turn in zip(works, scheme.units(0), strict=False):
            work(turn)
        versions = []
        for _ in range(3):
            versions.append([model.input_vectors.copy(), model.output_vectors.copy()])
            scheme.collect()
    for before, after, again in zip(*versions, strict=True):
        assert (before != after).any()
        assert_array_equal(after, again)


def test_private_rows_take_no_more_memory_than_is_said():
    both = aligned_zeros(2000, FLOATS), aligned_zeros(2000, FLOATS)
    rows = PrivateRows(both, (np.full(2000, 1e9),) * 2, 1e9, 0.025, 2)
    assert rows.n_private == MOST_PRIVATE
    arrays = [*rows._private, *rows._before]
    assert sum(array.nbytes for array in arrays) == private_bytes(4 * FLOATS)
