"""Feed-forward networks: gradients, layers, objectives, optimisers, and what they learn."""

import itertools
import math
from functools import partial

import numpy as np
import pytest
import reference
import word2vec_graphs
from hypothesis import given, settings
from hypothesis import strategies as st

from w2v.errors import TrainingError, UsageError
from w2v.networks import (
    Bags,
    Dropout,
    FittingOptions,
    Linear,
    Network,
    NetworkOptions,
    Node,
    Parameter,
    RowMeans,
    backward,
    feed_forward,
    fit,
)
from w2v.networks import graph as g
from w2v.networks.layers import ACTIVATIONS
from w2v.networks.objectives import OBJECTIVES, binary_cross_entropy, cross_entropy, mean_squared_error, softmax
from w2v.networks.optimisers import OPTIMISERS, SCHEDULES, Adam, GradientDescent, clip_gradients
from w2v.options.networks import ACTIVATION_NAMES, OPTIMISER_NAMES, SCHEDULE_NAMES

F64 = np.float64
SIZES = st.integers(1, 5)
SEEDS = st.integers(0, 2**32 - 1)


def numerical_gradient(value_of, array, step=1e-6):
    """Return the gradient of `value_of()` by each value of an array, which is changed and restored."""
    gradient = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + step
        above = value_of()
        array[place] = kept - step
        gradient[place] = (above - value_of()) / (2 * step)
        array[place] = kept
    return gradient


def assert_gradients(make_loss, parameters):
    """Compare the gradients of `make_loss()` by all parameters with finite differences."""
    backward(make_loss())
    found = [parameter.gradient.copy() for parameter in parameters]
    for gradient, parameter in zip(found, parameters, strict=True):
        expected = numerical_gradient(lambda: make_loss().value.item(), parameter.value)
        np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-7)


def normal(random, *shape):
    return random.normal(size=shape)


def weighted_sum(node, weights):
    """Return a single value in which every value of a node has a weight of its own."""
    flat = g.scaled(node, weights)
    ones_left, ones_right = Node(np.ones((1, flat.value.shape[0]))), Node(np.ones((flat.value.shape[1], 1)))
    return g.matrix_product(g.matrix_product(ones_left, flat), ones_right)


OPERATIONS = {
    "matrix product": (2, lambda a, b, _: g.matrix_product(a, g.transposed(b))),
    "bias": (1, lambda a, _b, bias: g.with_bias(a, bias)),
    "sigmoid": (1, lambda a, _b, _bias: g.sigmoid(a)),
    "tanh": (1, lambda a, _b, _bias: g.tanh(a)),
    "relu": (1, lambda a, _b, _bias: g.relu(a)),
    "transposed": (1, lambda a, _b, _bias: g.transposed(a)),
    "a value used twice": (1, lambda a, _b, _bias: g.matrix_product(a, g.transposed(g.tanh(a)))),
}


@pytest.mark.parametrize("operation", OPERATIONS)
@given(n=SIZES, m=SIZES, d=SIZES, seed=SEEDS)
@settings(max_examples=25, deadline=None)
def test_the_gradient_of_each_operation(operation, n, m, d, seed):
    random = np.random.default_rng(seed)
    a, b, bias = (Parameter(normal(random, *shape)) for shape in ((n, d), (m, d), (d,)))
    make = OPERATIONS[operation][1]
    weights = normal(random, *make(a, b, bias).value.shape)
    used = {"matrix product": [a, b], "bias": [a, bias]}.get(operation, [a])
    assert_gradients(lambda: weighted_sum(make(a, b, bias), weights), used)


@given(bags=st.lists(st.lists(st.integers(0, 3), max_size=4), min_size=1, max_size=4), seed=SEEDS)
@settings(max_examples=50, deadline=None)
def test_the_gradient_of_the_mean_of_rows(bags, seed):
    random = np.random.default_rng(seed)
    table = Parameter(normal(random, 4, 3))
    packed = Bags.of(bags)
    means = g.mean_of_rows(table, packed)
    for mean, bag in zip(means.value, bags, strict=True):
        np.testing.assert_allclose(mean, table.value[bag].mean(axis=0) if bag else np.zeros(3))
    weights = normal(random, len(bags), 3)
    assert_gradients(lambda: weighted_sum(g.mean_of_rows(table, packed), weights), [table])


@given(bags=st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=6), data=st.data())
def test_bags_are_taken_in_the_order_asked_for(bags, data):
    packed = Bags.of(bags)
    rows = data.draw(st.lists(st.integers(0, len(bags) - 1), max_size=6)) if bags else []
    taken = packed.take(np.array(rows, np.int64))
    assert [taken.rows[a:b].tolist() for a, b in zip(taken.bounds[:-1], taken.bounds[1:], strict=True)] == [
        bags[row] for row in rows
    ]


def targets_for(objective, random, n, outputs):
    if objective == "regression":
        return normal(random, n, outputs)
    if objective == "labels":
        return random.integers(0, 2, (n, outputs)).astype(F64)
    return random.integers(0, outputs, n)


@given(
    sizes=st.lists(SIZES, min_size=2, max_size=5),
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    objective=st.sampled_from(sorted(OBJECTIVES)),
    n=SIZES,
    seed=SEEDS,
)
@settings(max_examples=60, deadline=None)
def test_the_gradients_of_whole_networks(sizes, activation, objective, n, seed):
    random = np.random.default_rng(seed)
    options = NetworkOptions(hidden=tuple(sizes[1:-1]), activation=activation, seed=seed)
    network = feed_forward(sizes[0], sizes[-1], objective, options, dtype=F64)
    for layer in network.layers:
        if isinstance(layer, Linear):
            layer.bias.value += normal(random, *layer.bias.value.shape)  # away from the corner of ReLU
    inputs, targets = normal(random, n, sizes[0]), targets_for(objective, random, n, sizes[-1])
    assert_gradients(lambda: network.loss(inputs, targets), network.parameters)


@given(
    words=st.integers(2, 6),
    bags=st.lists(st.lists(st.integers(0, 1), max_size=3), min_size=1, max_size=4),
    seed=SEEDS,
)
@settings(max_examples=25, deadline=None)
def test_the_gradient_of_a_word_table_below_a_network(words, bags, seed):
    random = np.random.default_rng(seed)
    table = RowMeans(normal(random, words, 3))
    network = Network([Linear(3, 2, random, F64)], "classes", first=table)
    targets = random.integers(0, 2, len(bags))
    assert_gradients(lambda: network.loss(Bags.of(bags), targets), network.parameters)


def test_a_frozen_table_is_not_learnt():
    rows = np.eye(3)
    network = Network([Linear(3, 2, np.random.default_rng(1), F64)], "classes", first=RowMeans(rows, frozen=True))
    assert len(network.parameters) == 2
    fit(network, Bags.of([[0], [1]]), [0, 1], FittingOptions(epochs=3))
    np.testing.assert_array_equal(rows, np.eye(3))


def test_a_deep_graph_needs_no_recursion():
    x = node = Parameter(np.array([[0.5]]))
    for _ in range(5000):
        node = g.scaled(node, np.array([[1.0]]))
    backward(node)
    assert x.gradient.tolist() == [[1.0]]


def test_constants_get_no_gradient():
    x, w = Node(np.ones((1, 2))), Parameter(np.ones((2, 1)))
    backward(g.matrix_product(x, w))
    assert x.gradient is None
    assert w.gradient.tolist() == [[1], [1]]


def test_without_an_activation_a_deep_network_is_one_matrix():
    random = np.random.default_rng(5)
    layers = [Linear(4, 7, random, F64), Linear(7, 6, random, F64), Linear(6, 3, random, F64)]
    for layer in layers:
        layer.bias.value += normal(random, *layer.bias.value.shape)
    deep = Network(layers, "regression")
    matrix, bias = np.eye(4), np.zeros(4)
    for layer in layers:
        matrix, bias = matrix @ layer.weights.value, bias @ layer.weights.value + layer.bias.value
    inputs = normal(random, 10, 4)
    np.testing.assert_allclose(deep.outputs(inputs), inputs @ matrix + bias)


@given(scores=st.lists(st.floats(-1000, 1000), min_size=1, max_size=8), shift=st.floats(-1000, 1000))
@settings(deadline=None)
def test_the_softmax_sums_to_one_and_ignores_a_shift(scores, shift):
    values = np.array([scores])
    assert softmax(values).sum() == pytest.approx(1)
    np.testing.assert_allclose(softmax(values + shift), softmax(values), atol=1e-12)


def test_a_worked_cross_entropy():
    # Three classes with probabilities 1/2, 1/4, 1/4 and the second one right: -ln(1/4) = 1.3863; and the first: 0.6931
    scores = Node(np.log([[0.5, 0.25, 0.25], [0.5, 0.25, 0.25]]))
    assert float(cross_entropy(scores, np.array([1, 0])).value) == pytest.approx((1.386294 + 0.693147) / 2, abs=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("score", [1000.0, -1000.0])
def test_objectives_stand_scores_of_a_thousand(dtype, score):
    scores = Parameter(np.array([[score, 0]], dtype))
    for loss in (
        cross_entropy(scores, np.array([1])),
        binary_cross_entropy(scores, np.array([[1.0, 0.0]])),
        mean_squared_error(scores, np.array([[0.0, 0.0]])),
    ):
        backward(loss)
        assert np.isfinite(loss.value)
        assert np.isfinite(scores.gradient).all()
    assert float(cross_entropy(scores, np.array([1])).value) == pytest.approx(max(score, 0))
    wrong = binary_cross_entropy(Node(np.array([[score]], dtype)), np.array([[float(score < 0)]]))
    assert float(wrong.value) == pytest.approx(1000)
    assert np.isfinite(g.sigmoid_of(np.array([score], dtype))).all()


# Learning


XOR = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@pytest.mark.parametrize("optimizer", sorted(OPTIMISERS))
def test_a_hidden_layer_learns_the_exclusive_or(activation, optimizer):
    network = feed_forward(2, 2, "classes", NetworkOptions(hidden=(16,), activation=activation, seed=3))
    lr = {"adam": 0.05, "momentum": 0.2, "descent": 1.0}[optimizer]
    fit(network, XOR, [0, 1, 1, 0], FittingOptions(epochs=3000, batch=4, lr=lr, optimizer=optimizer))
    assert network.outputs(XOR).argmax(axis=1).tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize("hidden", [(), (8,)])
def test_without_a_nonlinear_layer_the_exclusive_or_is_not_learnt(hidden):
    random = np.random.default_rng(1)
    sizes = (2, *hidden, 2)
    layers = [Linear(a, b, random) for a, b in itertools.pairwise(sizes)]
    network = Network(layers, "classes")
    fit(network, XOR, [0, 1, 1, 0], FittingOptions(epochs=1000, batch=4, lr=0.05))
    # The best straight line gets three of four right, and the least loss is that of guessing
    assert (network.outputs(XOR).argmax(axis=1) == [0, 1, 1, 0]).sum() <= 3
    assert float(network.loss(XOR, [0, 1, 1, 0]).value) == pytest.approx(math.log(2), abs=0.01)


def test_regression_finds_the_line():
    random = np.random.default_rng(2)
    inputs = normal(random, 400, 3)
    targets = inputs @ np.array([[2.0], [-1.0], [0.5]]) + 3
    network = feed_forward(3, 1, "regression", dtype=F64)
    fit(network, inputs, targets, FittingOptions(epochs=200, lr=0.05))
    (layer,) = network.layers
    np.testing.assert_allclose(layer.weights.value[:, 0], [2, -1, 0.5], atol=0.01)
    assert layer.bias.value[0] == pytest.approx(3, abs=0.01)


def test_labels_are_learnt_each_for_itself():
    random = np.random.default_rng(3)
    inputs = normal(random, 500, 2)
    targets = (inputs > 0).astype(F64)
    network = feed_forward(2, 2, "labels", dtype=F64)
    fit(network, inputs, targets, FittingOptions(epochs=100, lr=0.05))
    assert ((network.outputs(inputs) > 0.5) == targets).mean() > 0.98


def some_examples(n=200):
    random = np.random.default_rng(4)
    inputs = normal(random, n, 5).astype(np.float32)
    return inputs, (inputs[:, 0] * inputs[:, 1] > 0).astype(np.int64)


def small_network(**options):
    return feed_forward(5, 2, "classes", NetworkOptions(hidden=(16,), **options))


def parameters_after(options, **network_options):
    network = small_network(**network_options)
    fit(network, *some_examples(), options)
    return np.concatenate([parameter.value.ravel() for parameter in network.parameters])


def test_the_same_seed_gives_the_same_parameters():
    options = partial(FittingOptions, epochs=3, validation=0.2)
    first = parameters_after(options(seed=1), dropout=0.3)
    np.testing.assert_array_equal(first, parameters_after(options(seed=1), dropout=0.3))
    assert (first != parameters_after(options(seed=2), dropout=0.3)).any()


def test_l2_makes_weights_shorter_and_leaves_biases():
    plain, decayed = (parameters_after(FittingOptions(epochs=30, lr=0.02, l2=l2)) for l2 in (0.0, 0.1))
    assert np.linalg.norm(decayed) < 0.8 * np.linalg.norm(plain)
    network = Network([Linear(1, 1, np.random.default_rng(1), F64)], "regression")
    fit(network, np.zeros((50, 1)), np.full((50, 1), 5.0), FittingOptions(epochs=500, lr=0.05, l2=10.0))
    assert network.layers[0].bias.value[0] == pytest.approx(5, abs=0.05)


def test_training_stops_when_validation_gets_no_better_and_keeps_the_best():
    random = np.random.default_rng(6)
    inputs, targets = normal(random, 60, 20), random.integers(0, 2, 60)  # nothing to learn but the noise
    network = feed_forward(20, 2, "classes", NetworkOptions(hidden=(64,)), dtype=F64)
    options = FittingOptions(epochs=200, lr=0.02, validation=0.5, patience=4)
    losses = fit(network, inputs, targets, options)
    by_epoch = [epoch.validation for epoch in losses]
    best = by_epoch.index(min(by_epoch))
    assert len(losses) == best + 1 + options.patience < options.epochs
    held = np.random.default_rng(options.seed).permutation(60)[:30]
    assert float(network.loss(inputs[held], targets[held]).value) == pytest.approx(by_epoch[best])


def test_an_interrupted_run_keeps_the_best_epoch():
    inputs, targets = some_examples()
    network = small_network()

    class InterruptsLater:
        def __init__(self):
            self.updates = 0

        def start(self, *_args):
            pass

        def update(self, _done, _facts=None):
            self.updates += 1
            if self.updates == 30:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(network, inputs, targets, FittingOptions(validation=0.2, batch=16), InterruptsLater())
    again = small_network()
    whole = fit(again, inputs, targets, FittingOptions(validation=0.2, batch=16))
    finished = [losses.validation for losses in whole[:2]]  # 30 steps of 10 an epoch: the third was not finished
    held = np.random.default_rng(1).permutation(200)[:40]
    assert float(network.loss(inputs[held], targets[held]).value) == pytest.approx(min(finished))


def test_dropout_keeps_the_mean_and_does_nothing_outside_training():
    x = Node(np.ones((200, 200)))
    dropout = Dropout(0.25, np.random.default_rng(1))
    dropped = dropout(x, training=True).value
    assert set(np.unique(dropped)) == {0, 1 / 0.75}
    assert (dropped == 0).mean() == pytest.approx(0.25, abs=0.01)
    assert dropped.mean() == pytest.approx(1, abs=0.01)
    assert dropout(x, training=False) is x


def test_gradients_are_clipped_together():
    long, short = Parameter(np.zeros(2)), Parameter(np.zeros(1))
    long.gradient, short.gradient = np.array([3.0, 0.0]), np.array([4.0])
    clip_gradients([long, short], 10)
    assert long.gradient.tolist() == [3, 0]
    clip_gradients([long, short], 1)
    np.testing.assert_allclose([*long.gradient, *short.gradient], [0.6, 0, 0.8])


def test_steps_of_the_optimisers_by_hand():
    def steps(optimiser, gradients):
        p = Parameter(np.array([1.0]))
        for gradient in gradients:
            p.gradient = np.array([gradient])
            optimiser.step([p], lr=0.1)
        return p.value[0]

    assert steps(GradientDescent(), [1, 2]) == pytest.approx(1 - 0.1 - 0.2)
    assert steps(GradientDescent(0.9), [1, 2]) == pytest.approx(1 - 0.1 - 0.1 * (0.9 + 2))
    # Adam's first step has the length of the learning rate, whatever the gradient
    assert steps(Adam(), [1e-3]) == pytest.approx(0.9, abs=1e-4)
    m, v = 0.9 * 0.1 * 1 + 0.1 * 2, 0.999 * 0.001 * 1 + 0.001 * 4
    second = 0.1 * (m / (1 - 0.9**2)) / (math.sqrt(v / (1 - 0.999**2)) + 1e-8)
    assert steps(Adam(), [1, 2]) == pytest.approx(0.9 - second, abs=1e-8)


def test_schedules_start_at_the_rate_and_end_where_they_say():
    assert {name: (schedule(0), round(schedule(0.5), 9), schedule(1)) for name, schedule in SCHEDULES.items()} == {
        "constant": (1, 1, 1),
        "linear": (1, 0.5, 0),
        "cosine": (1, 0.5, 0),
    }


def test_options_name_what_there_is():
    assert tuple(OPTIMISERS) == OPTIMISER_NAMES
    assert tuple(SCHEDULES) == SCHEDULE_NAMES
    assert tuple(ACTIVATIONS) == ACTIVATION_NAMES


# What is refused


@pytest.mark.parametrize(
    ("objective", "targets", "message"),
    [
        ("classes", [0, 1, 2], r"target of example 2 is 2, but the classes are 0 to 1"),
        ("classes", [0, 1], r"must be 3 whole numbers"),
        ("classes", [0.0, 1.0, 1.0], r"must be 3 whole numbers"),
        ("labels", [[0, 1], [1, 2], [0, 0]], r"targets of example 1 must be 0 or 1"),
        ("labels", [[0], [1], [0]], r"the shape \(3, 2\)"),
        ("regression", [[0, 1], [1, math.nan], [0, 0]], r"target of example 1 is not a finite number"),
        ("regression", [["a", "b"]] * 3, r"must be numbers"),
    ],
)
def test_wrong_targets_are_named(objective, targets, message):
    network = feed_forward(4, 2, objective, dtype=F64)
    with pytest.raises(UsageError, match=message):
        fit(network, np.ones((3, 4)), targets)


@pytest.mark.parametrize("inputs", [np.ones((3, 5)), np.ones(4), np.ones((3, 4), int), Bags.of([[0], [1], [2]])])
def test_inputs_that_do_not_fit_are_named(inputs):
    with pytest.raises(UsageError, match="inputs"):
        feed_forward(4, 2, "classes", dtype=F64).scores(inputs)


def test_no_examples_are_an_error():
    with pytest.raises(UsageError, match="no examples"):
        fit(feed_forward(4, 2, "classes"), np.ones((0, 4), np.float32), [])


def test_a_loss_that_explodes_is_an_error():
    inputs, _ = some_examples()
    network = feed_forward(5, 1, "regression", NetworkOptions(hidden=(16,)))
    with np.errstate(all="ignore"), pytest.raises(TrainingError, match="lower `lr`".replace("`", "")):
        fit(network, inputs, inputs[:, :1] * 100, FittingOptions(lr=1e6, optimizer="descent"))


@pytest.mark.parametrize(
    "options",
    [
        {"epochs": 0}, {"batch": 0}, {"lr": 0.0}, {"lr": math.nan}, {"l2": -1.0}, {"clip": 0.0}, {"validation": 1.0},
        {"patience": 0}, {"seed": -1}, {"optimizer": "sgd"}, {"schedule": "step"}, {"epochs": 1.5},
    ],
)  # fmt: skip
def test_options_out_of_range_are_refused(options):
    with pytest.raises(UsageError, match=next(iter(options))):
        FittingOptions(**options)


@pytest.mark.parametrize("options", [{"hidden": [3]}, {"hidden": (0,)}, {"activation": "step"}, {"dropout": 1.0}])
def test_networks_out_of_range_are_refused(options):
    with pytest.raises(UsageError, match=next(iter(options))):
        NetworkOptions(**options)


# The word2vec models as graphs


@given(
    words=st.integers(2, 6),
    dim=st.integers(1, 5),
    context=st.lists(st.integers(0, 1), min_size=1, max_size=4),
    negatives=st.lists(st.integers(1, 5), max_size=4),
    seed=SEEDS,
)
@settings(max_examples=60, deadline=None)
def test_word2vec_graphs_have_the_gradients_of_the_twins(words, dim, context, negatives, seed):
    random = np.random.default_rng(seed)
    inputs, outputs = normal(random, words, dim), normal(random, words, dim)
    negatives = [negative % (words - 1) + 1 for negative in negatives]
    path = {0: (random.integers(0, words, 3).tolist(), random.choice([-1, 1], 3).tolist())}
    losses = {
        reference.ExactSoftmax(): lambda h, u: word2vec_graphs.full_softmax(h, u, 0),
        reference.NegativeSampling(): lambda h, u: word2vec_graphs.negative_sampling(h, u, 0, negatives),
        reference.HierarchicalSoftmax(path): lambda h, u: word2vec_graphs.hierarchical_softmax(h, u, *path[0]),
    }
    for twin, graph_of in losses.items():
        for hidden_of in (word2vec_graphs.cbow_hidden, partial(word2vec_graphs.one_hot_mean, words=words)):
            v, u = Parameter(inputs.copy()), Parameter(outputs.copy())
            loss = graph_of(hidden_of(v, context), u)
            backward(loss)
            np.testing.assert_allclose(
                loss.value.item(), reference.cbow_loss(twin, inputs, outputs, 0, context, negatives), rtol=1e-9
            )
            expected = reference.cbow_gradients(twin, inputs, outputs, 0, context, negatives)
            np.testing.assert_allclose(v.gradient, expected[0], atol=1e-12)
            np.testing.assert_allclose(u.gradient, expected[1], atol=1e-12)


def test_gradients_are_those_of_pytorch():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    random = np.random.default_rng(7)
    inputs = normal(random, 6, 4)
    losses = {
        "regression": torch.nn.MSELoss(),
        "labels": torch.nn.BCEWithLogitsLoss(),
        "classes": torch.nn.CrossEntropyLoss(),
    }
    for objective, loss in losses.items():
        for activation, function in {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}.items():
            network = feed_forward(4, 3, objective, NetworkOptions(hidden=(7, 5), activation=activation), dtype=F64)
            targets = targets_for(objective, random, 6, 3)
            theirs = [torch.tensor(parameter.value, requires_grad=True) for parameter in network.parameters]
            x = torch.tensor(inputs)
            for place in range(0, len(theirs), 2):
                x = x @ theirs[place] + theirs[place + 1]
                x = function(x) if place + 2 < len(theirs) else x
            value = loss(x, torch.tensor(targets))
            value.backward()
            ours = network.loss(inputs, targets)
            backward(ours)
            assert float(ours.value) == pytest.approx(value.item(), abs=1e-12)
            for parameter, tensor in zip(network.parameters, theirs, strict=True):
                np.testing.assert_allclose(parameter.gradient, tensor.grad.numpy(), atol=1e-6)


def test_patience_counts_from_a_validation_loss_of_zero():
    network = feed_forward(1, 1, "regression", dtype=F64)
    network.parameters[1].value[:] = 0.5
    # Each step takes all but 6e-8 of the bias away, until the loss underflows
    options = FittingOptions(
        epochs=60, batch=9, lr=0.49999997, schedule="constant", optimizer="descent", validation=0.1, patience=3
    )
    losses = [epoch.validation for epoch in fit(network, np.zeros((10, 1)), np.zeros(10), options)]
    assert losses[0] > losses[1] > 0
    assert len(losses) == losses.index(0) + 1 + 3


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("clip", "advice"), [(None, "use a lower lr, or clip=1"), (1.0, "use a lower lr")])
def test_divergence_is_one_error_that_names_what_helps(clip, advice):
    inputs = np.full((8, 1), 1e30, np.float32)
    options = FittingOptions(epochs=5, lr=1e30, optimizer="descent", clip=clip)
    with pytest.raises(TrainingError) as caught:
        fit(feed_forward(1, 1, "regression"), inputs, np.arange(8.0), options)
    assert str(caught.value) == f"the loss is no longer a finite number; {advice}"


def test_parameters_that_are_not_finite_are_an_error_though_the_loss_was():
    options = FittingOptions(epochs=1, batch=8, lr=1e38, optimizer="descent")  # the loss is taken before the only step
    with pytest.raises(TrainingError, match="no longer a finite number"):
        fit(feed_forward(1, 1, "regression"), np.full((8, 1), 1e3, np.float32), np.full(8, 1e4), options)
