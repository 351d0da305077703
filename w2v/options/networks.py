"""Options for feed-forward networks: what they are made of, and how they are trained."""

from __future__ import annotations

from dataclasses import dataclass

from w2v.options.checks import require, require_at_least, require_between, require_choice, require_seed, shown
from w2v.options.fields import check_types

ACTIVATION_NAMES = ("sigmoid", "tanh", "relu")
OPTIMISER_NAMES = ("descent", "momentum", "adam")
SCHEDULE_NAMES = ("constant", "linear", "cosine")


@dataclass(frozen=True)
class NetworkOptions:
    """What a network is made of, between its inputs and its outputs.

    Attributes:
        hidden: neurons of each hidden layer, from the first to the last; none makes a linear model.
        activation: what each of them does with its score: `sigmoid`, `tanh` or `relu`.
        dropout: share of each hidden layer's outputs that is dropped at random in training.
        seed: random seed of the weights and of dropout.
    """

    hidden: tuple[int, ...] = ()
    activation: str = "relu"
    dropout: float = 0.0
    seed: int = 1

    def __post_init__(self) -> None:
        """Check all values.

        Raises:
            UsageError: a value has another type, or is out of range.
        """
        check_types(self)
        sizes = isinstance(self.hidden, tuple) and all(isinstance(size, int) and size >= 1 for size in self.hidden)
        require(sizes, "hidden", shown(self.hidden), "a tuple of whole numbers, at least 1 each")
        require_choice("activation", self.activation, ACTIVATION_NAMES)
        require(0 <= self.dropout < 1, "dropout", self.dropout, "at least 0 and less than 1")
        require_seed(self.seed)


@dataclass(frozen=True)
class FittingOptions:
    """How a network learns.

    Attributes:
        epochs: how often all examples are used, at most.
        batch: examples of a minibatch, whose mean gradient makes one step.
        lr: learning rate.
        schedule: what becomes of it from the first step to the last: `constant` keeps it, `linear` lowers it to 0 in a
            straight line, `cosine` along half a wave.
        optimizer: what makes a step of a gradient: `descent`, `momentum` or `adam`.
        l2: weight of half the sum of squared weights, which is added to the loss; biases are left out.
        clip: longest gradient, over all parameters of the optimiser together; a longer one is scaled down. A table that
            makes its own steps, such as `RowTable`, is not clipped. None does not clip.
        validation: share of the examples held out for early stopping.
        patience: stop after this many epochs without a better validation loss.
        seed: random seed of the order of examples and of the validation examples.
    """

    epochs: int = 50
    batch: int = 32
    lr: float = 1e-3
    schedule: str = "linear"
    optimizer: str = "adam"
    l2: float = 0.0
    clip: float | None = None
    validation: float = 0.0
    patience: int = 5
    seed: int = 1

    def __post_init__(self) -> None:
        """Check all values.

        Raises:
            UsageError: a value has another type, or is out of range.
        """
        check_types(self)
        require_at_least("epochs", self.epochs, 1)
        require_at_least("batch", self.batch, 1)
        require(0 < self.lr < float("inf"), "lr", self.lr, "more than 0")
        require_choice("schedule", self.schedule, SCHEDULE_NAMES)
        require_choice("optimizer", self.optimizer, OPTIMISER_NAMES)
        require(0 <= self.l2 < float("inf"), "l2", self.l2, "at least 0")
        if self.clip is not None:
            require(self.clip > 0, "clip", self.clip, "more than 0")
        require_between("validation", self.validation, 0, 0.9)
        require_at_least("patience", self.patience, 1)
        require_seed(self.seed)
