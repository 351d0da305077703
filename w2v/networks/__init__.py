"""Feed-forward networks, written to be read: a computational graph, layers, objectives and optimisers.

Example:
    >>> import numpy as np
    >>> from w2v.networks import NetworkOptions, feed_forward, fit
    >>> inputs = np.random.default_rng(0).normal(size=(200, 5)).astype(np.float32)
    >>> network = feed_forward(5, 1, "regression", NetworkOptions(hidden=(16,)))
    >>> losses = fit(network, inputs, inputs[:, :1] * inputs[:, 1:2])  # a product: not linear
    >>> losses[-1].training < losses[0].training / 2
    True
"""

from w2v.networks.fitting import EpochLosses, FittingStep, fit, held_out
from w2v.networks.graph import Bags, Node, Parameter, backward
from w2v.networks.layers import Dropout, Layer, Linear, Network, ReLU, RowMeans, Sigmoid, Tanh, feed_forward
from w2v.options.networks import FittingOptions, NetworkOptions

__all__ = [
    "Bags",
    "Dropout",
    "EpochLosses",
    "FittingOptions",
    "FittingStep",
    "Layer",
    "Linear",
    "Network",
    "NetworkOptions",
    "Node",
    "Parameter",
    "ReLU",
    "RowMeans",
    "Sigmoid",
    "Tanh",
    "backward",
    "feed_forward",
    "fit",
    "held_out",
]
