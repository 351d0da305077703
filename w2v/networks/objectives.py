"""Objectives: what a network's scores mean, and how far they are from the targets; one registry.

Each output layer has the objective that fits it. With scores s of shape (n, outputs), before any activation::

    name         output layer    L, what is minimised
    regression   s               mean of (s - t)²                       t any numbers
    labels       σ(s)            mean of -t log σ(s) - (1 - t) log(1 - σ(s))    t is 0 or 1, each output for itself
    classes      softmax(s)      mean of -log softmax(s)[c]             c the right one of the outputs

All are computed from the scores, not from the activations, so that no score is too large: log σ(-1000) is -1000, but
σ(-1000) is 0 in floating point. The gradients by the scores are alike: 2 (s - t), σ(s) - t, and softmax(s) - t with t
one-hot, each over the number of values that the mean is taken of.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.errors import UsageError
from w2v.networks.graph import Floats, Node, sigmoid_of


class Objective(NamedTuple):
    """An output layer with its objective.

    Attributes:
        loss: makes the node of the loss, a single value, from the node of the scores (n, outputs) and the targets.
        outputs: what the scores say: predicted values or probabilities, (n, outputs).
        require_targets: checks targets, given the shape of the scores, and returns them as the loss needs them.
    """

    loss: Callable[[Node, npt.NDArray[Any]], Node]
    outputs: Callable[[Floats], Floats]
    require_targets: Callable[[npt.ArrayLike, tuple[int, int]], npt.NDArray[Any]]


def mean_squared_error(scores: Node, targets: npt.NDArray[Any]) -> Node:
    """Return the mean of (s - t)² over all n * outputs values; dL/ds = 2 (s - t) / (n outputs)."""
    errors = scores.value - targets
    return Node(np.mean(errors * errors), (scores, lambda upstream: upstream * 2 * errors / errors.size))


def binary_cross_entropy(scores: Node, targets: npt.NDArray[Any]) -> Node:
    """Return the mean of -t log σ(s) - (1 - t) log(1 - σ(s)) over all values; dL/ds = (σ(s) - t) / (n outputs).

    Both logarithms are one formula: max(s, 0) - s t + log(1 + exp(-abs(s))).
    """
    s = scores.value
    losses = np.maximum(s, 0) - s * targets + np.log1p(np.exp(-np.abs(s)))
    return Node(np.mean(losses), (scores, lambda upstream: upstream * (sigmoid_of(s) - targets) / s.size))


def cross_entropy(scores: Node, classes: npt.NDArray[Any]) -> Node:
    """Return the mean of -log softmax(s)[c] over the n rows; dL/ds = (softmax(s) - one-hot(c)) / n.

    Example:
        >>> scores = Node(np.log([[0.7, 0.2, 0.1]]))  # the softmax gives these probabilities back
        >>> print(f"{cross_entropy(scores, np.array([0])).value:.4f}", f"{-np.log(0.7):.4f}")
        0.3567 0.3567
    """
    rows = np.arange(len(classes))
    shifted = scores.value - scores.value.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[rows, classes]

    def pull_back(upstream: Floats) -> Floats:
        gradient = softmax(scores.value)
        gradient[rows, classes] -= 1
        return upstream * gradient / len(classes)

    return Node(np.mean(losses), (scores, pull_back))


def softmax(scores: Floats) -> Floats:
    """Return exp(s) over the sum of exp(s) of each row: shape (n, outputs), each row sums to 1.

    The largest score of a row is taken off first, which changes nothing but keeps exp from overflowing.

    Example:
        >>> softmax(np.array([[1000.0, 1000.0, -1000.0]])).tolist()
        [[0.5, 0.5, 0.0]]
    """
    powers: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return powers


def _numbers(targets: npt.ArrayLike, shape: tuple[int, int]) -> npt.NDArray[Any]:
    try:
        values = np.asarray(targets, np.float64)
    except (TypeError, ValueError):
        raise UsageError("the targets must be numbers") from None
    if values.ndim == 1 and shape[1] == 1:
        values = values[:, None]
    if values.shape != shape:
        raise UsageError(f"the targets must have the shape {shape}, one for each output, not {values.shape}")
    if not np.isfinite(values).all():
        row = int(np.flatnonzero(~np.isfinite(values).all(axis=1))[0])
        raise UsageError(f"the target of example {row} is not a finite number; leave that example out")
    return values


def _zeros_and_ones(targets: npt.ArrayLike, shape: tuple[int, int]) -> npt.NDArray[Any]:
    values = _numbers(targets, shape)
    if not ((values == 0) | (values == 1)).all():
        row = int(np.flatnonzero(((values != 0) & (values != 1)).any(axis=1))[0])
        raise UsageError(f"the targets of example {row} must be 0 or 1")
    return values


def _classes(targets: npt.ArrayLike, shape: tuple[int, int]) -> npt.NDArray[Any]:
    n, outputs = shape
    values = np.asarray(targets)
    if values.shape != (n,) or not np.issubdtype(values.dtype, np.integer):
        raise UsageError(f"the targets must be {n} whole numbers, the class of each example")
    if n and not (values.min() >= 0 and values.max() < outputs):
        row = int(np.flatnonzero((values < 0) | (values >= outputs))[0])
        raise UsageError(f"the target of example {row} is {values[row]}, but the classes are 0 to {outputs - 1}")
    return values


OBJECTIVES = {
    "regression": Objective(mean_squared_error, lambda scores: scores, _numbers),
    "labels": Objective(binary_cross_entropy, sigmoid_of, _zeros_and_ones),
    "classes": Objective(cross_entropy, softmax, _classes),
}
