"""The twins' gradients against finite differences of the losses, and the kernels' steps against those gradients."""

import numpy as np
import pytest
import reference
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from training_block import Block

from w2v.kernels.negative_sampling import SHARING
from w2v.options.training import LOSSES, MODELS

WINDOWS = {
    "skipgram": (reference.skipgram_loss, reference.skipgram_gradients),
    "cbow": (reference.cbow_loss, reference.cbow_gradients),
}
RULES = {"skipgram": [{}], "cbow": [{"rule": "mean"}, {"rule": "sum"}]}  # those that are gradients
ALL = [
    pytest.param({"loss": loss, "model": model, **rule}, id="-".join((loss, model, *rule.values())))
    for loss in LOSSES
    for model in MODELS
    for rule in RULES[model]
]


def numerical_gradients(loss, matrices, step=3e-4):
    """Return differences of loss(*matrices) by every value, from four points: off by the fourth power of the step.

    With two points, the error of a large step or the rounding of a small one shows where gradients nearly cancel.
    """
    gradients = [np.empty_like(matrix) for matrix in matrices]
    for matrix, gradient in zip(matrices, gradients, strict=True):
        for place in np.ndindex(matrix.shape):
            value = matrix[place]
            losses = []
            for steps in (-2, -1, 1, 2):
                matrix[place] = value + steps * step
                losses.append(loss(*matrices))
            gradient[place] = (losses[0] - 8 * losses[1] + 8 * losses[2] - losses[3]) / (12 * step)
            matrix[place] = value
    return gradients


def relative_error(found, expected):
    return np.linalg.norm(found - expected) / max(np.linalg.norm(expected), 1e-3)


@pytest.mark.parametrize("kind", ALL)
@given(
    context=st.lists(st.integers(0, 6), min_size=1, max_size=7),
    center=st.integers(0, 6),
    negatives=st.lists(st.integers(0, 6), max_size=6),
    dim=st.integers(1, 6),
    scale=st.sampled_from([0.1, 1.0, 3.0]),
    seed=st.integers(0, 1000),
)
@settings(max_examples=25, deadline=None)
def test_gradients_are_those_of_the_loss(kind, context, center, negatives, dim, scale, seed):
    block = Block.random(seed, [30], 7, dim, **kind)
    rule = {"rule": block.rule} if block.model == "cbow" else {}
    total, gradients = WINDOWS[block.model]
    window = (center, context, [word for word in negatives if word != center])
    random = np.random.default_rng(seed)
    matrices = [random.normal(0, scale, matrix.shape) for matrix in (block.input_vectors, block.output_vectors)]
    expected = numerical_gradients(lambda *m: total(block.twin(), *m, *window, **rule), matrices)
    for mine, numerical in zip(gradients(block.twin(), *matrices, *window, **rule), expected, strict=True):
        assert relative_error(mine, numerical) < 1e-6


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("m", [1, 2, 5])
def test_the_word2vec_rule_is_not_the_gradient(m, loss):
    block = Block.random(m, [30], 8, 4, loss=loss)
    twin, window = block.twin(), (0, list(range(1, m + 1)), [6, 7])
    matrices = [matrix.astype(np.float64) for matrix in (block.input_vectors, block.output_vectors)]
    by_inputs, by_outputs = numerical_gradients(lambda *m: reference.cbow_loss(twin, *m, *window), matrices)
    found_inputs, found_outputs = reference.cbow_gradients(twin, *matrices, *window, rule="word2vec")
    assert relative_error(found_inputs, m * by_inputs) < 1e-6
    assert relative_error(found_outputs, by_outputs) < 1e-6


def total_gradients(block, **rule):
    """Return the gradients of the sum of all windows' losses, from the matrices as they are."""
    if block.model == "cbow":
        rule = {"rule": block.rule} | rule
    twin, (_, gradients) = block.twin(), WINDOWS[block.model]
    matrices = [matrix.astype(np.float64) for matrix in (block.input_vectors, block.output_vectors)]
    parts = [gradients(twin, *matrices, *window, **rule) for window in block.draws().windows()]
    return [sum(part) for part in zip(*parts, strict=True)]


def steps(block):
    """Return what training changed, divided by the learning rate."""
    found = block.trained()
    return (found.input_vectors - block.input_vectors) / block.lr, (
        found.output_vectors - block.output_vectors
    ) / block.lr


def sentence(length, **options):
    """Make a block of different words, none of them a negative, with a learning rate that shows steps as they are."""
    block = Block.random(length, [], 20, 50, window=2, soft=False, lr=1.0, **options)
    block.ids = np.arange(length, dtype=np.int32)
    if block.loss == "ns":
        block.negatives = np.repeat([0.0, 0.1], 10)
    return block


def assert_down_the_gradient_nearly(block):
    """Steps that follow each other see what the first ones changed, but not much of it at a small learning rate."""
    block.lr = 2.0**-12
    for step, gradient in zip(steps(block), total_gradients(block), strict=True):
        assert_allclose(step, -gradient, rtol=0, atol=0.02 * np.abs(gradient).max())


@pytest.mark.parametrize("negative", [1, 5])
@pytest.mark.parametrize(("model", "length"), [("skipgram", 2), ("skipgram", 3), ("cbow", 2)])
def test_a_step_of_negative_sampling_goes_down_the_gradient(model, length, negative):
    """Exactly so for the words of one group."""
    assert length <= SHARING[model]
    block = sentence(length, negative=negative, model=model)
    for step, gradient in zip(steps(block), total_gradients(block), strict=True):
        assert_allclose(step, -gradient, rtol=0, atol=1e-6 * length * negative)


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind.values[0]["loss"] == "softmax"])
def test_a_step_of_the_exact_softmax_goes_down_the_gradient(kind):
    """Exactly so for a whole group, whatever words are in it: nothing changes before all is scored."""
    block = sentence(12, **kind)
    block.ids = np.array([3, 1, 4, 1, 5, 9, -1, 2, 6, 5, 3, 5, 8], np.int32)
    for step, gradient in zip(steps(block), total_gradients(block), strict=True):
        assert_allclose(step, -gradient, rtol=0, atol=1e-5)


@pytest.mark.parametrize("kind", ALL)
def test_steps_that_follow_each_other_go_down_the_gradient(kind):
    assert_down_the_gradient_nearly(sentence(12, **kind))


@pytest.mark.parametrize("model", MODELS)
def test_a_step_against_many_negatives_goes_down_the_gradient(model):
    assert_down_the_gradient_nearly(sentence(3, negative=20, model=model))


@pytest.mark.parametrize("loss", LOSSES)
def test_a_word2vec_step_is_the_gradient_of_inputs_times_the_context_words(loss):
    block = sentence(3, loss=loss, model="cbow", rule="word2vec")
    block.lr = 2.0**-12
    by_inputs, by_outputs = total_gradients(block, rule="mean")
    input_step, output_step = steps(block)
    assert_allclose(input_step, -2 * by_inputs, rtol=0, atol=0.02 * np.abs(by_inputs).max())
    assert_allclose(output_step, -by_outputs, rtol=0, atol=0.02 * np.abs(by_outputs).max())


@pytest.mark.parametrize("kind", ALL)
def test_training_again_and_again_lowers_the_loss(kind):
    block = Block.random(4, [], 40, 20, window=2, **kind)
    block.ids = np.tile(np.arange(40, dtype=np.int32), 8)
    first = block.trained()
    for _ in range(20):
        found = block.trained()
        block.input_vectors, block.output_vectors = found.input_vectors, found.output_vectors
    assert found.loss < 0.8 * first.loss
