"""Training a network: minibatches in random order, a step for each, and an end when validation gets no better."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.errors import TrainingError, UsageError
from w2v.networks.graph import Bags, Floats, backward
from w2v.networks.layers import Inputs, Network
from w2v.networks.objectives import OBJECTIVES
from w2v.networks.optimisers import OPTIMISERS, SCHEDULES, Optimiser, clip_gradients
from w2v.options.networks import FittingOptions
from w2v.progress import Progress, Silent

_VALUES_AT_ONCE = 1 << 20
_ROWS_AT_ONCE = 4096  # of validation examples


class EpochLosses(NamedTuple):
    """The losses of one epoch.

    Attributes:
        training: the mean loss of its minibatches, each before its step; dropout and L2 included.
        validation: the loss of the validation examples after it, None if there are none.
    """

    training: float
    validation: float | None


class FittingStep(NamedTuple):
    """One step of training.

    Attributes:
        rows: the numbers of the examples in its minibatch.
        lr: its learning rate, as a share of the one in the options.
        loss: the mean loss of the minibatch before the step.
        epoch: the losses of the epoch, if this step was its last one; else None.
    """

    rows: npt.NDArray[np.int64]
    lr: float
    loss: float
    epoch: EpochLosses | None


@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # a loss that is not finite is reported as an error
def fit(
    network: Network,
    inputs: Inputs,
    targets: npt.ArrayLike,
    options: FittingOptions | None = None,
    progress: Progress | None = None,
    watch: Callable[[FittingStep], None] | None = None,
    held: npt.NDArray[np.int64] | None = None,
) -> list[EpochLosses]:
    """Train a network on n examples, and return the losses of each epoch.

    With validation examples the network keeps the parameters of the epoch that was best on them; so it does after
    Ctrl-C. The same seed gives the same parameters.

    Args:
        network: changed in place.
        inputs: (n, inputs), or n bags where the network has a first layer for them.
        targets: numbers (n, outputs) for "regression", zeros and ones (n, outputs) for "labels", n whole numbers for
            "classes".
        options: how to train; None is the defaults.
        progress: receives progress.
        watch: called after each step, such as to write a log.
        held: the numbers of the validation examples; None draws a share `validation` of all.

    Raises:
        UsageError: inputs or targets don't fit the network, or there are too few examples.
        TrainingError: the loss or a parameter is no finite number; a lower learning rate helps.

    Example: the exclusive or, which no network without a hidden layer can learn.
        >>> from w2v.networks import NetworkOptions, feed_forward
        >>> inputs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
        >>> network = feed_forward(2, 2, "classes", NetworkOptions(hidden=(8,), activation="tanh"))
        >>> losses = fit(network, inputs, [0, 1, 1, 0], FittingOptions(epochs=300, lr=0.05))
        >>> network.outputs(inputs).argmax(axis=1).tolist()
        [0, 1, 1, 0]
    """
    options, progress = options or FittingOptions(), progress or Silent()
    values = _checked_targets(network, inputs, targets)
    random = np.random.default_rng(options.seed)
    order = random.permutation(len(values))
    checked = held_out(len(values), options.validation, options.seed) if held is None else held
    trained = order[~np.isin(order, checked)]
    optimiser = OPTIMISERS[options.optimizer]()
    steps = math.ceil(len(trained) / options.batch)
    best, best_loss, best_epoch, losses = list[Floats](), math.inf, 0, list[EpochLosses]()
    progress.start("training", options.epochs * len(trained), "examples")
    try:
        for epoch in range(options.epochs):
            random.shuffle(trained)
            total = 0.0
            for number in range(steps):
                rows = trained[number * options.batch : (number + 1) * options.batch]
                share = SCHEDULES[options.schedule]((epoch * steps + number) / (options.epochs * steps))
                loss = _step(network, optimiser, _taken(inputs, rows), values[rows], share, options)
                total += len(rows) * loss
                done = number * options.batch + len(rows)
                progress.update(epoch * len(trained) + done, _facts(total / done, losses))
                if number == steps - 1:
                    losses.append(
                        EpochLosses(
                            total / len(trained), _loss(network, inputs, values, checked) if len(checked) else None
                        )
                    )
                if watch is not None:
                    watch(FittingStep(rows, share, loss, losses[-1] if number == steps - 1 else None))
            validation = losses[-1].validation
            if validation is None:
                continue
            if validation < best_loss:
                best, best_loss, best_epoch = _copies(network), validation, epoch
            elif epoch - best_epoch >= options.patience:
                break
    finally:
        if best_loss < math.inf:
            for array, value in zip(network.arrays, best, strict=True):
                array[...] = value
    if not all(all_finite(array) for array in network.arrays):
        raise _diverged(options)
    progress.finish()
    return losses


def all_finite(array: npt.NDArray[Any]) -> bool:
    """Say whether all values of an array are finite, without an array of as many answers."""
    parts = np.array_split(array, max(1, array.size // _VALUES_AT_ONCE)) if array.ndim else [array]
    return all(bool(np.isfinite(part).all()) for part in parts)


def held_out(n: int, share: float, seed: int) -> npt.NDArray[np.int64]:
    """Return the numbers of the validation examples, drawn from n.

    Raises:
        UsageError: none are left to train on.
    """
    held = round(n * share)
    if n - held < 1:
        raise UsageError(f"{n} examples are too few to train on; give more, or a lower `validation`")
    return np.random.default_rng(seed).permutation(n)[:held]


def _diverged(options: FittingOptions) -> TrainingError:
    advice = ", or `clip=1`" if options.clip is None else ""
    return TrainingError(f"the loss is no longer a finite number; use a lower `lr`{advice}")


def _facts(loss: float, losses: list[EpochLosses]) -> dict[str, str]:
    """Return the loss of this epoch so far, and the last one on validation examples, as progress shows them."""
    facts = {"loss": f"{loss:.4f}"}
    if losses and losses[-1].validation is not None:
        facts["validation"] = f"{losses[-1].validation:.4f}"
    return facts


def _step(
    network: Network,
    optimiser: Optimiser,
    inputs: Inputs,
    targets: npt.NDArray[Any],
    share: float,
    options: FittingOptions,
) -> float:
    """Make one step with a share of the learning rate, and return the loss before it."""
    loss = network.loss(inputs, targets, training=True)
    value = float(loss.value)
    backward(loss)
    for weights in network.weights if options.l2 else ():
        assert weights.gradient is not None
        weights.gradient += options.l2 * weights.value
        value += options.l2 / 2 * float(np.sum(weights.value * weights.value))
    if not math.isfinite(value):
        raise _diverged(options)
    if options.clip is not None:
        clip_gradients(network.parameters, options.clip)
    optimiser.step(network.parameters, share * options.lr)
    if network.first is not None:
        network.first.step(share)
    return value


def _checked_targets(network: Network, inputs: Inputs, targets: npt.ArrayLike) -> npt.NDArray[Any]:
    if not len(inputs):
        raise UsageError("there are no examples to train on")
    outputs = network.scores(_taken(inputs, np.arange(1))).value.shape[1]
    return OBJECTIVES[network.objective].require_targets(targets, (len(inputs), outputs))


def _taken(inputs: Inputs, rows: npt.NDArray[np.int64]) -> Inputs:
    return inputs.take(rows) if isinstance(inputs, Bags) else np.asarray(inputs)[rows]


def _loss(network: Network, inputs: Inputs, targets: npt.NDArray[Any], rows: npt.NDArray[np.int64]) -> float:
    total = 0.0
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        part = rows[first : first + _ROWS_AT_ONCE]
        total += len(part) * float(network.loss(_taken(inputs, part), targets[part]).value)
    return total / len(rows)


def _copies(network: Network) -> list[Floats]:
    return [array.copy() for array in network.arrays]
