"""Optimisers: how the gradients of a loss change the parameters; one registry.

All go down the gradient g of each parameter p, with the learning rate r:

    descent     p -= r g
    momentum    v = 0.9 v + g;  p -= r v                           (Polyak 1964)
    adam        m = 0.9 m + 0.1 g;  v = 0.999 v + 0.001 g²
                p -= r m' / (sqrt(v') + 1e-8)                      (Kingma and Ba 2015, algorithm 1)

where m' = m / (1 - 0.9^t) and v' = v / (1 - 0.999^t) at step t make up for the start at 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from w2v.networks.graph import Floats, Parameter


class Optimiser(Protocol):
    """Changes parameters, step by step, and remembers what it needs of the steps before."""

    def step(self, parameters: Sequence[Parameter], lr: float) -> None:
        """Change each parameter by its gradient; `lr` is the learning rate of this step."""


class GradientDescent:
    """Gradient descent, with momentum or without.

    Example:
        >>> p = Parameter(np.array([1.0]))
        >>> p.gradient = np.array([0.5])
        >>> GradientDescent().step([p], lr=0.1)
        >>> p.value.tolist()
        [0.95]
    """

    def __init__(self, momentum: float = 0.0) -> None:
        self._momentum = momentum
        self._velocities: list[Floats] = []

    def step(self, parameters: Sequence[Parameter], lr: float) -> None:
        """Change each parameter by its gradient, or by its velocity."""
        if not self._momentum:
            for parameter in parameters:
                parameter.value -= lr * _gradient(parameter)
            return
        self._velocities = self._velocities or [np.zeros_like(parameter.value) for parameter in parameters]
        for parameter, velocity in zip(parameters, self._velocities, strict=True):
            velocity *= self._momentum
            velocity += _gradient(parameter)
            parameter.value -= lr * velocity


class Adam:
    """Adam: each value has a step of its own, its mean gradient over the root of its mean squared gradient."""

    _MEAN, _SQUARE, _LEAST = 0.9, 0.999, 1e-8

    def __init__(self) -> None:
        self._steps = 0
        self._means: list[Floats] = []
        self._squares: list[Floats] = []

    def step(self, parameters: Sequence[Parameter], lr: float) -> None:
        """Change each parameter by its gradient."""
        if not self._steps:
            self._means = [np.zeros_like(parameter.value) for parameter in parameters]
            self._squares = [np.zeros_like(parameter.value) for parameter in parameters]
        self._steps += 1
        of_mean, of_square = 1 - self._MEAN**self._steps, 1 - self._SQUARE**self._steps
        for parameter, mean, square in zip(parameters, self._means, self._squares, strict=True):
            gradient = _gradient(parameter)
            mean += (1 - self._MEAN) * (gradient - mean)
            square += (1 - self._SQUARE) * (gradient * gradient - square)
            parameter.value -= lr * (mean / of_mean) / (np.sqrt(square / of_square) + self._LEAST)


OPTIMISERS: dict[str, Callable[[], Optimiser]] = {
    "descent": GradientDescent,
    "momentum": lambda: GradientDescent(momentum=0.9),
    "adam": Adam,
}

SCHEDULES: dict[str, Callable[[float], float]] = {  # of the share of the steps that are done, from 0 to 1
    "constant": lambda _: 1.0,
    "linear": lambda done: 1 - done,
    "cosine": lambda done: (1 + math.cos(math.pi * done)) / 2,
}


def clip_gradients(parameters: Sequence[Parameter], longest: float) -> None:
    """Scale all gradients down together, so that they are no longer than `longest` as one vector.

    Pascanu, Mikolov and Bengio 2013, "On the difficulty of training recurrent neural networks", algorithm 1.
    """
    length = math.sqrt(
        sum(float(np.sum(np.square(_gradient(parameter), dtype=np.float64))) for parameter in parameters)
    )
    if length > longest:
        for parameter in parameters:
            _gradient(parameter)[...] *= longest / length


def _gradient(parameter: Parameter) -> Floats:
    assert parameter.gradient is not None  # `backward` was called
    return parameter.gradient
