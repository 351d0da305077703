"""A computational graph: values made from other values, and the gradient of a loss sent back along the same edges.

Each operation computes its value, and keeps for each value it was made from an edge: a function that multiplies a
gradient by the local one. Of scores s = x W + b and a loss L, `backward` walks from L against the edges::

    x ----> x W ----> x W + b ----> L          value of each node
            dL/d(xW) <--- dL/ds <--- 1         gradient of each node
    W --^   b ------^
    dL/dW   dL/db

That is the chain rule: dL/dW = dL/ds ds/dW, and where two paths meet in a node, their gradients add up (Rumelhart,
Hinton and Williams 1986, "Learning representations by back-propagating errors"). `Parameter` values are learnt;
other values given from outside are constants, for which no gradient is computed.

Here n is the size of a batch. Every example of a batch has its own row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Edge = tuple["Node", Callable[[Floats], Floats]]


class Node:
    """A value in a graph, and where it comes from.

    Attributes:
        value: an array of floats.
        edges: a pair for each value it was made from: that node, and the function that turns the gradient of the loss
            by this value into the gradient by that one.
        gradient: the gradient of the loss by this value, of the same shape; None before `backward`, and for constants.

    Example:
        >>> x, w = Node(np.array([[1.0, 2.0]])), Parameter(np.array([[3.0], [4.0]]))
        >>> product = matrix_product(x, w)
        >>> backward(product)
        >>> product.value.tolist(), w.gradient.tolist()
        ([[11.0]], [[1.0], [2.0]])
    """

    is_learnt = False

    def __init__(self, value: Floats, *edges: Edge) -> None:
        self.value = value
        self.edges = tuple(edge for edge in edges if edge[0].needs_gradient)
        self.gradient: Floats | None = None

    @property
    def needs_gradient(self) -> bool:
        """Whether a parameter is among the values it was made from."""
        return self.is_learnt or bool(self.edges)


class Parameter(Node):
    """A value that is learnt, such as the weights of a layer."""

    is_learnt = True

    def __init__(self, value: Floats) -> None:
        super().__init__(value)


def backward(loss: Node) -> None:
    """Set the gradient of every node from which the loss was made, by one walk against the edges.

    Args:
        loss: a node with a single value.
    """
    nodes = _parents_first(loss)
    for node in nodes:
        node.gradient = np.zeros_like(node.value)
    loss.gradient = np.ones_like(loss.value)
    for node in reversed(nodes):
        for parent, pull_back in node.edges:
            assert node.gradient is not None
            assert parent.gradient is not None
            parent.gradient += pull_back(node.gradient)


def _parents_first(last: Node) -> list[Node]:
    """Return all nodes that a gradient passes, each after those it was made from. No recursion: graphs may be deep."""
    ordered: list[Node] = []
    seen = {id(last)}
    waiting: list[tuple[Node, Iterator[Edge]]] = [(last, iter(last.edges))]
    while waiting:
        node, edges = waiting[-1]
        parent = next((parent for parent, _ in edges if id(parent) not in seen), None)
        if parent is None:
            ordered.append(node)
            waiting.pop()
        else:
            seen.add(id(parent))
            waiting.append((parent, iter(parent.edges)))
    return ordered


# Operations


def matrix_product(x: Node, w: Node) -> Node:
    """Return Z = X W.

    dL/dX = dL/dZ Wᵀ and dL/dW = Xᵀ dL/dZ, with X (n, inputs), W (inputs, outputs), Z (n, outputs).
    """
    return Node(
        x.value @ w.value,
        (x, lambda upstream: upstream @ w.value.T),
        (w, lambda upstream: x.value.T @ upstream),
    )


def transposed(x: Node) -> Node:
    """Return Xᵀ; dL/dX = (dL/dXᵀ)ᵀ, with X (n, m)."""
    return Node(x.value.T, (x, lambda upstream: upstream.T))


def with_bias(x: Node, b: Node) -> Node:
    """Return Z = X + b, the same b (outputs,) for each row of X (n, outputs).

    dL/dX = dL/dZ; dL/db is the sum of the rows of dL/dZ, since each of them used b.
    """
    return Node(
        x.value + b.value,
        (x, lambda upstream: upstream),
        (b, lambda upstream: upstream.sum(axis=0)),
    )


def scaled(x: Node, factors: Floats) -> Node:
    """Return X times constant factors of the same shape, value by value; dL/dX = dL/dZ times the factors."""
    return Node(x.value * factors, (x, lambda upstream: upstream * factors))


def sigmoid(x: Node) -> Node:
    """Return σ(X) = 1 / (1 + exp(-X)), value by value; dL/dX = dL/dσ σ (1 - σ)."""
    value = sigmoid_of(x.value)
    return Node(value, (x, lambda upstream: upstream * value * (1 - value)))


def tanh(x: Node) -> Node:
    """Return the hyperbolic tangent of each value of X; dL/dX = dL/dtanh (1 - tanh²)."""
    value = np.tanh(x.value)
    return Node(value, (x, lambda upstream: upstream * (1 - value * value)))


def relu(x: Node) -> Node:
    """Return max(0, X), value by value; dL/dX = dL/drelu where X > 0, and 0 elsewhere, also at 0."""
    return Node(np.maximum(x.value, 0), (x, lambda upstream: upstream * (x.value > 0)))


@dataclass(frozen=True, eq=False)
class Bags:
    """n bags of rows of a table, such as the words of n texts.

    Attributes:
        rows: the rows of all bags, one bag after the other.
        bounds: (n + 1,), where in `rows` each bag starts, and the last one ends.
        weights: what each row counts in its bag; None is the mean, one over the size of the bag.
    """

    rows: npt.NDArray[np.integer[Any]]
    bounds: npt.NDArray[np.int64]
    weights: Floats | None = None

    @classmethod
    def of(cls, bags: list[list[int]]) -> Bags:
        """Return the bags of lists of rows.

        Example:
            >>> Bags.of([[3, 1], [], [2]]).bounds.tolist()
            [0, 2, 2, 3]
        """
        bounds = np.cumsum([0, *map(len, bags)])
        return cls(np.array([row for bag in bags for row in bag], np.int64), bounds.astype(np.int64))

    def __len__(self) -> int:
        """Return n."""
        return len(self.bounds) - 1

    def take(self, chosen: npt.NDArray[np.integer[Any]]) -> Bags:
        """Return the bags of these numbers, in their order."""
        sizes = np.diff(self.bounds)[chosen]
        bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        places = np.repeat(self.bounds[:-1][chosen] - bounds[:-1], sizes) + np.arange(bounds[-1])
        return Bags(self.rows[places], bounds, None if self.weights is None else self.weights[places])

    @property
    def shares(self) -> Floats:
        """What each row counts in its bag, of the shape of `rows`."""
        if self.weights is not None:
            return self.weights
        sizes = np.diff(self.bounds)
        return np.repeat(1 / np.maximum(sizes, 1), sizes)


def mean_of_rows(table: Node, bags: Bags) -> Node:
    """Return for each bag the mean of its rows of the table T (rows, d), as H (n, d), or their weighted sum.

    dL/dT of a row is the sum, over the bags that hold it, of dL/dH times its share in the bag. An empty bag gives 0.
    """
    bag_of = np.repeat(np.arange(len(bags)), np.diff(bags.bounds))
    shares = bags.shares.astype(table.value.dtype)[:, None]
    means = np.zeros((len(bags), table.value.shape[1]), table.value.dtype)
    np.add.at(means, bag_of, table.value[bags.rows] * shares)

    def pull_back(upstream: Floats) -> Floats:
        gradient = np.zeros_like(table.value)
        np.add.at(gradient, bags.rows, upstream[bag_of] * shares)
        return gradient

    return Node(means, (table, pull_back))


def sigmoid_of(x: Floats) -> Floats:
    """Return σ(x) without overflow: exp sees no positive number."""
    small = np.exp(-np.abs(x))
    result: Floats = np.where(x >= 0, 1, small) / (1 + small)
    return result
