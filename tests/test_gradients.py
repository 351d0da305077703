"""The twins' gradients against finite differences of the losses, and the kernels' steps against those gradients."""

import numpy as np
import pytest
import reference
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from training_block import Block

MODELS = {
    "skipgram": (reference.skipgram_loss, reference.skipgram_gradients),
    "cbow": (reference.cbow_loss, reference.cbow_gradients),
}


def numerical_gradients(loss, matrices, step=1e-5):
    """Return central differences of loss(*matrices) by every value."""
    gradients = [np.empty_like(matrix) for matrix in matrices]
    for matrix, gradient in zip(matrices, gradients, strict=True):
        for place in np.ndindex(matrix.shape):
            value = matrix[place]
            matrix[place] = value + step
            above = loss(*matrices)
            matrix[place] = value - step
            gradient[place] = (above - loss(*matrices)) / (2 * step)
            matrix[place] = value
    return gradients


def relative_error(found, expected):
    return np.linalg.norm(found - expected) / max(np.linalg.norm(expected), 1e-3)


@pytest.mark.parametrize("model", MODELS)
@given(
    context=st.lists(st.integers(0, 6), min_size=1, max_size=7),
    negatives=st.lists(st.integers(1, 6), max_size=6),
    dim=st.integers(1, 6),
    scale=st.sampled_from([0.1, 1.0, 3.0]),
    seed=st.integers(0, 1000),
)
@settings(max_examples=40, deadline=None)
def test_gradients_are_those_of_the_loss(model, context, negatives, dim, scale, seed):
    loss, gradients = MODELS[model]
    window = (0, context, negatives)
    matrices = [np.random.default_rng(seed).normal(0, scale, (7, dim)) for _ in range(2)]
    for found, expected in zip(
        gradients(*matrices, *window), numerical_gradients(lambda *m: loss(*m, *window), matrices), strict=True
    ):
        assert relative_error(found, expected) < 1e-6


@pytest.mark.parametrize("m", [1, 2, 5])
def test_the_word2vec_rule_is_not_the_gradient(m):
    window = (0, list(range(1, m + 1)), [6, 7])
    matrices = [np.random.default_rng(m).normal(0, 1, (8, 4)) for _ in range(2)]
    by_inputs, by_outputs = numerical_gradients(lambda *matrices: reference.cbow_loss(*matrices, *window), matrices)
    found_inputs, found_outputs = reference.cbow_gradients(*matrices, *window, rule="word2vec")
    assert relative_error(found_inputs, m * by_inputs) < 1e-6
    assert relative_error(found_outputs, by_outputs) < 1e-6


def total_gradients(block, **options):
    """Return the gradients of the sum of all windows' losses, from the matrices as they are."""
    _, gradients = MODELS[block.model]
    matrices = [matrix.astype(np.float64) for matrix in (block.input_vectors, block.output_vectors)]
    parts = [gradients(*matrices, *window, **options) for window in block.draws().windows()]
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
    block.negatives = np.repeat([0.0, 0.1], 10)
    return block


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("negative", [1, 5])
@pytest.mark.parametrize("length", [2, 3])
def test_a_step_goes_down_the_gradient(length, negative, model):
    block = sentence(length, negative=negative, model=model)
    for step, gradient in zip(steps(block), total_gradients(block), strict=True):
        assert_allclose(step, -gradient, rtol=0, atol=1e-6 * length * negative)


@pytest.mark.parametrize("model", MODELS)
def test_a_step_against_many_negatives_goes_down_the_gradient(model):
    block = sentence(3, negative=20, model=model)
    block.lr = 2.0**-10  # so that the second tile of targets sees nearly what the first one saw
    for step, gradient in zip(steps(block), total_gradients(block), strict=True):
        assert_allclose(step, -gradient, rtol=0, atol=0.02 * np.abs(gradient).max())


def test_a_word2vec_step_is_the_gradient_of_inputs_times_the_context_words():
    block = sentence(3, model="cbow", rule="word2vec")
    by_inputs, by_outputs = total_gradients(block, rule="mean")
    input_step, output_step = steps(block)
    assert_allclose(input_step, -2 * by_inputs, rtol=0, atol=1e-5)
    assert_allclose(output_step, -by_outputs, rtol=0, atol=1e-5)


@pytest.mark.parametrize("model", MODELS)
def test_training_again_and_again_lowers_the_loss(model):
    block = Block.random(4, [30] * 10, 40, 20, model=model)
    first = block.trained()
    for _ in range(20):
        found = block.trained()
        block.input_vectors, block.output_vectors = found.input_vectors, found.output_vectors
    assert found.loss < 0.8 * first.loss
