"""Layers, each a function of the values before it, and networks, which are layers in sequence.

A neuron computes f(w · x + b): a weight for each input, a bias, and an activation f. A layer is several neurons with
the same inputs, f(x W + b), with a column of W (inputs, outputs) for each neuron. Here the activation is a layer of its
own, so that f(x W + b) is written `Linear` and then, say, `Tanh`. Without a nonlinear f between them two linear layers
are one, (x W1) W2 = x (W1 W2), and nothing is gained by the second.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from w2v.errors import UsageError
from w2v.networks.graph import (
    Bags,
    Floats,
    Node,
    Parameter,
    matrix_product,
    mean_of_rows,
    relu,
    scaled,
    sigmoid,
    tanh,
    with_bias,
)
from w2v.networks.objectives import OBJECTIVES
from w2v.options.checks import require, require_choice
from w2v.options.networks import NetworkOptions

Inputs = Floats | Bags


class Layer(Protocol):
    """What stands in a network: a function with parameters."""

    @property
    def parameters(self) -> Sequence[Parameter]:
        """What is learnt, in an order that stays the same."""

    def __call__(self, x: Node, *, training: bool) -> Node:
        """Return the node of this layer's outputs (n, outputs), from the node of its inputs (n, inputs)."""


class Linear:
    """x W + b: the scores of `outputs` neurons with `inputs` inputs each.

    The weights start uniform in ±sqrt(6 / (inputs + outputs)), so that values and gradients keep their size from layer
    to layer (Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks"); the
    biases start at 0.

    Attributes:
        weights: W (inputs, outputs).
        bias: b (outputs,).
    """

    def __init__(
        self, inputs: int, outputs: int, random: np.random.Generator, dtype: npt.DTypeLike = np.float32
    ) -> None:
        require(min(inputs, outputs) >= 1, "sizes", [inputs, outputs], "at least 1 each")
        reach = np.sqrt(6 / (inputs + outputs))
        values = random.uniform(-reach, reach, (inputs, outputs))
        self.weights = Parameter(values.astype(dtype))
        self.bias = Parameter(np.zeros(outputs, dtype))

    @property
    def parameters(self) -> tuple[Parameter, Parameter]:
        """Weights and biases."""
        return self.weights, self.bias

    def __call__(self, x: Node, *, training: bool = False) -> Node:  # noqa: ARG002
        """Return x W + b, (n, outputs)."""
        return with_bias(matrix_product(x, self.weights), self.bias)


class _Activation:
    """A layer that applies one function to each value, and learns nothing."""

    parameters: tuple[Parameter, ...] = ()


class Sigmoid(_Activation):
    """σ(x) = 1 / (1 + exp(-x)), between 0 and 1."""

    def __call__(self, x: Node, *, training: bool = False) -> Node:  # noqa: ARG002
        """Return σ(x), of the shape of x."""
        return sigmoid(x)


class Tanh(_Activation):
    """tanh(x) = 2 σ(2x) - 1, between -1 and 1."""

    def __call__(self, x: Node, *, training: bool = False) -> Node:  # noqa: ARG002
        """Return tanh(x), of the shape of x."""
        return tanh(x)


class ReLU(_Activation):
    """max(0, x), the rectified linear unit."""

    def __call__(self, x: Node, *, training: bool = False) -> Node:  # noqa: ARG002
        """Return max(0, x), of the shape of x."""
        return relu(x)


class Dropout(_Activation):
    """In training, sets each value to 0 with probability `rate` and divides the others by 1 - rate; else does nothing.

    No neuron can rely on another one that way (Srivastava et al. 2014, "Dropout: a simple way to prevent neural
    networks from overfitting"). The mean of a value stays as it is.
    """

    def __init__(self, rate: float, random: np.random.Generator) -> None:
        require(0 <= rate < 1, "dropout", rate, "at least 0 and less than 1")
        self.rate = rate
        self._random = random

    def __call__(self, x: Node, *, training: bool = False) -> Node:
        """Return x with some values dropped, of the shape of x."""
        if not training or not self.rate:
            return x
        kept = self._random.random(x.value.shape) >= self.rate
        return scaled(x, (kept / (1 - self.rate)).astype(x.value.dtype))


ACTIVATIONS: dict[str, Callable[[], Layer]] = {"sigmoid": Sigmoid, "tanh": Tanh, "relu": ReLU}


class FirstLayer(Protocol):
    """What turns bags of rows of a table into the inputs of a network."""

    @property
    def table(self) -> Floats:
        """The table, (rows, d)."""

    @property
    def parameters(self) -> Sequence[Parameter]:
        """What an optimiser learns of it; nothing where `step` learns it."""

    def __call__(self, bags: Bags, *, training: bool) -> Node:
        """Return the node of the sums, (n, d)."""

    def step(self, share: float) -> None:
        """Change the rows of the last bags by their gradients, where no optimiser does.

        Args:
            share: of its own learning rate, as the schedule says.
        """


class RowMeans:
    """The mean of the rows of a table that a bag names, or their weighted sum: the readable way.

    Its gradient is as large as the table. `RowTable` does the same for large tables.

    Args:
        table: (rows, d).
        frozen: whether the table is not learnt.
    """

    def __init__(self, table: Floats, *, frozen: bool = False) -> None:
        self._node: Node = Node(table) if frozen else Parameter(table)

    @property
    def table(self) -> Floats:
        """The table, (rows, d)."""
        return self._node.value

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The table, if it is learnt."""
        return (self._node,) if isinstance(self._node, Parameter) else ()

    def __call__(self, bags: Bags, *, training: bool = False) -> Node:  # noqa: ARG002
        """Return the means (n, d)."""
        return mean_of_rows(self._node, bags)

    def step(self, share: float) -> None:
        """Do nothing: the optimiser changes the table."""


class Network:
    """Layers in sequence, and an objective for the scores of the last one.

        x (n, inputs) -> layer -> layer -> ... -> scores (n, outputs) -> outputs: probabilities or values

    Args:
        layers: the layers; the last one gives the scores, so that it has no activation behind it.
        objective: what the scores mean: "regression", "labels" or "classes"; see w2v.networks.objectives.
        first: where the inputs are bags of rows of a table, the layer that sums these rows.

    Example:
        >>> random = np.random.default_rng(1)
        >>> network = Network([Linear(2, 3, random), Tanh(), Linear(3, 2, random)], "classes")
        >>> network.outputs(np.zeros((1, 2), np.float32)).tolist()  # no input: each class is as likely
        [[0.5, 0.5]]
    """

    def __init__(self, layers: Sequence[Layer], objective: str, *, first: FirstLayer | None = None) -> None:
        require_choice("objective", objective, tuple(OBJECTIVES))
        require(len(layers) >= 1, "layers", len(layers), "at least one layer")
        self.layers = tuple(layers)
        self.objective = objective
        self.first = first

    @property
    def parameters(self) -> list[Parameter]:
        """All parameters, from the inputs to the outputs."""
        first = [] if self.first is None else list(self.first.parameters)
        return first + [parameter for layer in self.layers for parameter in layer.parameters]

    @property
    def arrays(self) -> list[Floats]:
        """Everything that is learnt, or would be if it were not frozen: the table first, then parameters."""
        table = [] if self.first is None else [self.first.table]
        return table + [parameter.value for layer in self.layers for parameter in layer.parameters]

    @property
    def weights(self) -> list[Parameter]:
        """The parameters that weigh inputs: all but biases and the first layer's table."""
        return [layer.weights for layer in self.layers if isinstance(layer, Linear)]

    def scores(self, inputs: Inputs, *, training: bool = False) -> Node:
        """Return the node of the scores, (n, outputs).

        Args:
            inputs: (n, inputs), or n bags where the network has a table.
            training: whether layers such as Dropout do what they do in training only.

        Raises:
            UsageError: the inputs don't fit the first layer.
        """
        x = self._inputs(inputs, training)
        for layer in self.layers:
            x = layer(x, training=training)
        return x

    def loss(self, inputs: Inputs, targets: npt.ArrayLike, *, training: bool = False) -> Node:
        """Return the node of the loss, a single value, from which `backward` gives the gradients.

        Raises:
            UsageError: inputs or targets don't fit.
        """
        scores = self.scores(inputs, training=training)
        objective = OBJECTIVES[self.objective]
        n, outputs = scores.value.shape
        return objective.loss(scores, objective.require_targets(targets, (n, outputs)))

    def outputs(self, inputs: Inputs) -> Floats:
        """Return predicted values or probabilities, (n, outputs)."""
        return OBJECTIVES[self.objective].outputs(self.scores(inputs).value)

    def _inputs(self, inputs: Inputs, training: bool) -> Node:
        if isinstance(inputs, Bags) != (self.first is not None):
            raise UsageError("the inputs must be Bags if the network has a first layer for them, else an array")
        if isinstance(inputs, Bags):
            assert self.first is not None
            return self.first(inputs, training=training)
        values = np.asarray(inputs)
        expected = next((layer.weights.value.shape[0] for layer in self.layers if isinstance(layer, Linear)), None)
        if values.ndim != 2 or values.dtype.kind != "f" or expected not in (None, values.shape[1]):
            raise UsageError(f"the inputs must be floats of shape (n, {expected}), not {values.dtype}{values.shape}")
        return Node(values)


def feed_forward(
    inputs: int,
    outputs: int,
    objective: str,
    options: NetworkOptions | None = None,
    *,
    first: FirstLayer | None = None,
    dtype: npt.DTypeLike = np.float32,
) -> Network:
    """Return a network of linear layers with activations between them: input, any hidden layers, output.

    Args:
        inputs: number of inputs.
        outputs: number of outputs.
        objective: "regression", "labels" or "classes"; see w2v.networks.objectives.
        options: the hidden layers, and the seed of the weights; None is the defaults.
        first: where the inputs are bags of rows of a table, the layer that sums these rows.
        dtype: np.float32 or np.float64.

    Raises:
        UsageError: a value is out of range.

    Example:
        >>> network = feed_forward(100, 17, "classes", NetworkOptions(hidden=(64, 32)))
        >>> [type(layer).__name__ for layer in network.layers]
        ['Linear', 'ReLU', 'Linear', 'ReLU', 'Linear']
    """
    options = options or NetworkOptions()
    random = np.random.default_rng(options.seed)
    sizes = (inputs, *options.hidden)
    layers: list[Layer] = []
    for size, neurons in itertools.pairwise(sizes):
        layers += [Linear(size, neurons, random, dtype), ACTIVATIONS[options.activation]()]
        if options.dropout:
            layers.append(Dropout(options.dropout, random))
    return Network([*layers, Linear(sizes[-1], outputs, random, dtype)], objective, first=first)
