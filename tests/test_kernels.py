"""The compiled kernels against their twins, on the same draws, whatever the shapes and whatever the CPU."""

import numpy as np
import pytest
import reference
from cpus import FORCED, PLAYABLE, run_on
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from training_block import Block

from w2v.options.training import LOSSES, MODELS
from w2v.simd import LANES

RULES = {
    "skipgram": {"model": "skipgram"},
    "cbow": {"model": "cbow"},
    "cbow-word2vec": {"model": "cbow", "rule": "word2vec"},
    "cbow-sum": {"model": "cbow", "rule": "sum"},
}
ALL = {f"{loss}-{name}": {"loss": loss, **rule} for loss in LOSSES for name, rule in RULES.items()}
BOTH = {f"{loss}-{model}": {"loss": loss, "model": model} for loss in LOSSES for model in MODELS}
LENGTHS = [2, 1, 0, 3, 40, 7, 1, 61]

# Values are near 1 and rounding errors 6e-8. A row changes some hundred times, and its errors add up like a random
# walk, or somewhat faster if all predictions pull the same few rows: up to 5e-6 in these tests. A forgotten prediction
# changes a row by lr x sigmoid x value, about 1e-2.
TOLERANCE = 5e-5


def assert_same(found, expected):
    assert found.predictions == expected.predictions
    assert_allclose(found.loss, expected.loss, rtol=1e-5)
    assert_allclose(found.input_vectors, expected.input_vectors, rtol=0, atol=TOLERANCE)
    assert_allclose(found.output_vectors, expected.output_vectors, rtol=0, atol=TOLERANCE)


def assert_agrees(block):
    found = block.trained()
    assert_same(found, block.reference())
    return found


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("dim", [1, 7, 16, 17, 100, 300])
def test_any_dimension(dim, kind):
    block = Block.random(dim, LENGTHS, 50, dim, lr=0.02, **ALL[kind])
    assert assert_agrees(block).predictions > 100


@pytest.mark.parametrize("model", RULES)
@pytest.mark.parametrize("negative", [1, 10, 20])
def test_any_number_of_negatives(negative, model):
    for dim in (7, 100):
        assert_agrees(Block.random(dim, LENGTHS, 50, dim, negative=negative, **RULES[model]))


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("window", [1, 2, 5, 12])
def test_any_window(window, kind):
    for soft in (True, False):
        block = Block.random(window, LENGTHS, 200, 20, window=window, soft=soft, lr=0.02, **ALL[kind])
        assert_agrees(block)


@pytest.mark.parametrize("model", RULES)
@pytest.mark.parametrize("words, negative, lr", [(2, 1, 0.01), (2, 20, 0.001), (3, 5, 0.01), (10, 10, 0.01)])
def test_few_words_that_clash_and_repeat_all_the_time(words, negative, lr, model):
    assert_agrees(Block.random(words, LENGTHS, words, 10, negative=negative, lr=lr, **RULES[model]))


@pytest.mark.parametrize("kind", ALL)
def test_vocabularies_that_do_and_do_not_fill_whole_tiles(kind):
    for words in (2, 3, 7, 8, 9, 16, 17, 33):
        assert_agrees(Block.random(words, LENGTHS, words, 10, lr=0.005, **ALL[kind]))


@pytest.mark.parametrize("kind", ALL)
def test_many_words(kind):
    assert_agrees(Block.random(1, LENGTHS, 1000, 10, **ALL[kind]))


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize(
    "lengths", [[2] * 150, [1, 2] * 50, [431]], ids=["many-short", "with-single-words", "one-long"]
)
def test_sentences_of_any_length(lengths, kind):
    assert_agrees(Block.random(7, lengths, 300, 12, **BOTH[kind]))


@pytest.mark.parametrize("kind", BOTH)
def test_blocks_of_every_length_around_groups_and_stretches(kind):
    for length in [*range(8), 11, 12, 13, *range(58, 64), *range(119, 123)]:
        block = Block.random(length, [length], 30, 5, window=3, **BOTH[kind])
        assert_agrees(block)
        block.ids = block.ids[:-1]  # the last sentence needs no end
        assert_agrees(block)


@pytest.mark.parametrize("kind", BOTH)
def test_private_rows_are_trained_instead_of_the_shared_ones(kind):
    for n_private in (1, 7, 60 - (BOTH[kind]["loss"] == "hs")):
        assert_agrees(Block.random(n_private, LENGTHS, 60, 33, n_private=n_private, lr=0.02, **BOTH[kind]))


@pytest.mark.parametrize("kind", BOTH)
def test_subsampled_tokens_leave_their_neighbours_closer_together(kind):
    block = Block.random(5, [200, 100], 40, 10, sample=0.01, **BOTH[kind])
    assert 20 < len(block.draws().words) < 250
    assert_agrees(block)


@given(
    lengths=st.lists(st.integers(0, 90), max_size=6),
    words=st.integers(2, 60),
    dim=st.integers(1, 70),
    negative=st.sampled_from([1, 5, 10, 13]),
    window=st.integers(1, 15),
    soft=st.booleans(),
    sample=st.sampled_from([0.0, 0.02]),
    n_private=st.integers(0, 1),
    kind=st.sampled_from(list(ALL)),
    seed=st.integers(0, 2**32),
)
@settings(max_examples=150, deadline=None)
def test_any_block(lengths, words, dim, negative, window, soft, sample, n_private, kind, seed):
    options = {
        "negative": negative,
        "window": window,
        "soft": soft,
        "sample": sample,
        "n_private": n_private,
        "lr": 0.005 / window if "sum" in kind else 0.005,  # a sum has steps as much longer, which would not settle
    }
    assert_agrees(Block.random(seed, lengths, words, dim, **options, **ALL[kind]))


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("ids", [[0, 1, -1], [1, 0], [-1, -1, 0, 1]])
def test_a_word_is_never_its_own_negative(ids, model):
    block = Block.random(0, [], 2, 4, negative=5, window=1, model=model)
    block.ids, block.negatives = np.array(ids, np.int32), np.array([1.0, 0.0])
    x, y = block.input_vectors.astype(np.float64), block.output_vectors.astype(np.float64)
    loss_of_0 = -reference.log_sigmoid(x[1] @ y[0])
    loss_of_1 = -reference.log_sigmoid(x[0] @ y[1]) - 5 * reference.log_sigmoid(-x[0] @ y[0])
    assert_allclose(block.trained().loss, loss_of_0 + loss_of_1, rtol=1e-5)


@pytest.mark.parametrize("kind", BOTH)
def test_the_same_key_draws_and_trains_the_same(kind):
    block = Block.random(9, LENGTHS, 50, 20, sample=0.05, **BOTH[kind])
    first, again = block.trained(), block.trained()
    assert first.loss == again.loss
    assert_array_equal(first.input_vectors, again.input_vectors)
    assert_array_equal(first.output_vectors, again.output_vectors)
    block.key += 1
    assert block.trained().loss != first.loss


def error_terms(scores, model):
    """Return what sigmoid the kernel takes of each score, for a right word and for a negative, (2, scores).

    Two words predict each other. Their input vectors are (score, 1, 0) and (0, 0, 1), the output vectors (1, 0, 0): the
    changes of an output vector's last two values are, at a learning rate of 1, the errors of either prediction.
    """
    changed = [with_score(score, model).trained().output_vectors for score in scores]
    return np.transpose([(vectors[1, 1], -vectors[2, 1]) for vectors in changed]).astype(np.float64)


def with_score(score, model):
    block = Block.random(0, [], 3, 3, negative=1, window=1, lr=1.0, model=model)
    block.ids, block.negatives = np.array([0, 1], np.int32), np.array([0.0, 0.0, 1.0])
    block.input_vectors[:2] = [(score, 1, 0), (0, 0, 1)]
    block.output_vectors[:] = (1, 0, 0)
    return block


@pytest.mark.parametrize("model", MODELS)
def test_sigmoids_are_exact_to_float32_everywhere(model):
    scores = np.concatenate([np.linspace(-80, 80, 321), np.random.default_rng(0).normal(0, 3, 300)]).astype(np.float32)
    right, negative = error_terms(scores, model)
    assert_allclose(right, reference.sigmoid(-scores.astype(np.float64)), rtol=0, atol=1e-6)
    assert_allclose(negative, reference.sigmoid(scores.astype(np.float64)), rtol=0, atol=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_no_gradient_is_dropped_because_a_score_is_large(model):
    right, negative = error_terms(np.array([-1e30, -1e4, -100, -7, 7, 100, 1e4, 1e30], np.float32), model)
    assert_allclose(right[:4], 1, rtol=1e-3)
    assert_allclose(negative[4:], 1, rtol=1e-3)
    assert (right > 0).all()
    assert (negative > 0).all()


@pytest.mark.parametrize("model", MODELS)
def test_the_loss_of_a_large_score_is_counted_in_full(model):
    for score in (-1e6, -100, -50, 50, 100, 1e6):
        block = with_score(score, model)
        assert_allclose(block.trained().loss, block.reference().loss, rtol=1e-5)


def softmax_errors(scores, model):
    """Return the errors of the right one and of one of the two wrong words, for scores of the right one, (2, scores).

    As in error_terms, but the output vectors of the other words are zero, and so are their scores.
    """
    errors = []
    for score in scores:
        block = Block.random(0, [], 3, 3, window=1, lr=1.0, model=model, loss="softmax")
        block.ids = np.array([0, 1], np.int32)
        block.input_vectors[:2] = [(score, 1, 0), (0, 0, 1)]
        block.output_vectors[:] = 0
        block.output_vectors[1, 0] = 1
        changed = block.trained().output_vectors
        errors.append((changed[1, 1], changed[2, 1]))
    return np.transpose(errors).astype(np.float64)


@pytest.mark.parametrize("model", MODELS)
def test_the_softmax_is_exact_to_float32_everywhere(model):
    scores = np.array([-1e30, -1e4, *np.linspace(-90, 90, 181), 1e4, 1e30], np.float32)
    right, wrong = softmax_errors(scores, model)
    shares = np.array([reference.softmax(np.array([score, 0, 0])) for score in scores.astype(np.float64)])
    assert_allclose(right, 1 - shares[:, 0], rtol=0, atol=1e-6)
    assert_allclose(wrong, -shares[:, 1], rtol=1e-5, atol=1e-30)


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("matrix", ["input_vectors", "output_vectors"])
def test_a_score_that_is_not_finite_makes_the_loss_nan(matrix, value, kind):
    block = Block.random(2, LENGTHS, 20, 9, **BOTH[kind])
    getattr(block, matrix)[3] = value
    assert np.isnan(block.trained().loss)


def forced_blocks():
    """Return the blocks that every CPU trains; no group has a row twice, so the order can't matter.

    Together they use all that depends on the CPU: every loss, both models, and tiles of several sizes.
    """
    blocks = []
    for kind, negative in (("ns-skipgram", 5), ("ns-cbow", 10), ("hs-cbow", 0), ("softmax-skipgram", 0)):
        for dim in (100, 37):
            block = Block.random(dim, [], 600, dim, negative=negative, **BOTH[kind])
            block.ids = np.random.default_rng(dim).permutation(600).astype(np.int32)
            blocks.append(block)
    return blocks


@pytest.mark.parametrize("cpu", ["host", *PLAYABLE])
@pytest.mark.long
def test_every_cpu_trains_the_same(cpu, tmp_path):
    run_on(cpu, "-c", "from test_kernels import train_forced; train_forced()", cwd=tmp_path)
    found = np.load(tmp_path / "trained.npz")
    if cpu != "host":
        assert found["lanes"] == FORCED[cpu][2]
    for i, block in enumerate(forced_blocks()):
        expected = block.reference()
        assert found[f"predictions{i}"] == expected.predictions
        assert_allclose(found[f"loss{i}"], expected.loss, rtol=1e-5)
        assert_allclose(found[f"inputs{i}"], expected.input_vectors, rtol=0, atol=TOLERANCE)
        assert_allclose(found[f"outputs{i}"], expected.output_vectors, rtol=0, atol=TOLERANCE)


def train_forced():
    """Train forced_blocks for the CPU that this process pretends to have; save the results in a file."""
    arrays = {"lanes": LANES}
    for i, block in enumerate(forced_blocks()):
        done = block.trained()
        arrays |= {
            f"inputs{i}": done.input_vectors,
            f"outputs{i}": done.output_vectors,
            f"loss{i}": done.loss,
            f"predictions{i}": done.predictions,
        }
    np.savez("trained.npz", **arrays)


def test_no_index_is_out_of_bounds(tmp_path):
    # With a cache of its own, since compiled code doesn't show if it checks. Optimising takes longer than running.
    checked = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_OPT": "0", "NUMBA_CACHE_DIR": str(tmp_path)}
    run_on("host", "-c", "from test_kernels import train_in_bounds; train_in_bounds()", cwd=tmp_path, **checked)


def train_in_bounds():
    """Train blocks of many shapes; a process that checks bounds raises IndexError for an index out of bounds."""
    for kind in BOTH.values():
        for window in (1, 2, 5, 40):
            for length in (0, 1, 2, 3, 59, 60, 61, 119, 120, 121, 300):
                Block.random(length, [length], 30, 5, window=window, lr=0.001, **kind).trained()
