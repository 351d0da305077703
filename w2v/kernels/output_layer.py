"""What an output layer is: five functions for the kernels and one class for the trainer, in a module of its own.

An output layer says what a hidden vector h (a context word's, or CBOW's mean) is trained to predict of a center. Its
module holds, in this order:

1. A NamedTuple of buffers, made for each thread. Two fields are required: `group`, static(how many neighbouring centers
   are trained together), and `tile`, static(how many targets make a tile). The kernels read both when they compile.
2. Four functions for the kernels, each with the decorator `provides(name, buffers)`:

       plan_targets(layer, block, start, stop, state)   draw or look up the targets of a stretch of centers
       label_context_rows(layer, block, group)          skip-gram: which context rows predict which targets
       label_means(layer, block, group)                 CBOW: row k is the mean of the context of center k
       train_group(layer, block, group, hidden)         score, take the errors, update

3. A subclass of `OutputLayer`, which tells the trainer about the layer before and between blocks.

One line in w2v/options/output_layers.py gives it its name; docs/adding-an-output-layer.md goes through all of this.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.compiling import provides
from w2v.kernels.buffers import RowAddresses, Scratch, WindowBuffers
from w2v.options import TrainingOptions
from w2v.options.output_layers import OUTPUT_LAYERS
from w2v.options.training import WHOLE
from w2v.sampling import keep_probabilities

_WHOLE_CONTEXT = 10  # words of a context that is a whole sentence: a guess, before the text is read

RowUpdates = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]


class Block(NamedTuple):
    """What stays the same while a kernel trains one block of the corpus."""

    rows: RowAddresses
    windows: WindowBuffers
    scratch: Scratch
    lr: np.float32
    n_words: int  # that subsampling kept


def plan_targets(layer, block, start, stop, state):
    """Plan the targets of the centers windows.words[start:stop], a stretch; return the random state after the draws."""
    raise NotImplementedError


def claim_targets(layer, block, start, stop, state):
    """Name the rows of the targets as `plan_targets` does, and return the same state; the plan itself is of no use.

    Replicas of the model do this to learn which rows the others will touch (see replica_rows.py). A layer may provide a
    quicker way than to make a plan.
    """
    raise NotImplementedError


def label_context_rows(layer, block, group):
    """Label what each of words[group.begin : group.end] predicts: the centers whose windows it is in."""
    raise NotImplementedError


def label_means(layer, block, group):
    """Label what the mean context of each center predicts: the center, if it has a context."""
    raise NotImplementedError


def train_group(layer, block, group, hidden):
    """Take one step of gradient descent on a planned and labelled group; add its losses to block.scratch.tally.

    Args:
        layer: the output layer's buffers.
        block: a Block.
        group: a Group (see windows.py).
        hidden: HiddenRows (see tiles.py).
    """
    raise NotImplementedError


@provides(claim_targets, NamedTuple)
def _claim_by_plan(layer, block, start, stop, state):
    return plan_targets(layer, block, start, stop, state)


class OutputLayer(ABC):
    """What the trainer asks of an output layer; made once for a run, with the tables that all threads share.

    Args:
        counts: (V,) how often each word occurs, the most frequent first.
        options: how the model is trained.
    """

    def __init__(self, counts: npt.NDArray[np.int64], options: TrainingOptions) -> None:
        self.counts, self.options = counts, options

    @classmethod
    def n_output_rows(cls, n_words: int) -> int:
        """Return how many rows the output matrix has for a vocabulary of n_words: one for each, unless overridden."""
        return n_words

    @classmethod
    def rows_scored(cls, n_words: int, options: TrainingOptions) -> float:  # noqa: ARG003 - others need it
        """Return about how many output rows are scored for a center, in all its predictions together.

        Expensive blocks are made smaller by it, so that training can stop soon; one row for a prediction, unless
        overridden.
        """
        return context_rows(options)

    @classmethod
    def rows_touched(cls, n_words: int, n_ids: int, options: TrainingOptions) -> int:  # noqa: ARG003
        """Return how many rows of both matrices n_ids ids in a row touch, at most; all output rows, unless overridden.

        Args:
            n_words: V.
            n_ids: some are centers, and all are context.
            options: how the model is trained.
        """
        return n_ids + cls.n_output_rows(n_words)

    @classmethod
    def thread_bytes(cls, n_words: int, options: TrainingOptions) -> int:  # noqa: ARG003
        """Return about how many bytes the buffers of one thread take, if that is much; see `create_buffers`."""
        return 0

    @classmethod
    def table_bytes(cls, n_words: int) -> int:  # noqa: ARG003
        """Return about how many bytes `__init__` takes at most while it makes tables from counts, if that is much."""
        return 0

    @classmethod  # noqa: B027 - most layers refuse nothing
    def require_feasible(cls, counts: npt.NDArray[np.int64], tokens: int, options: TrainingOptions) -> None:
        """Refuse what would take longer than a day; a layer whose cost doesn't depend on V refuses nothing.

        Args:
            counts: (V,) how often each word occurs.
            tokens: tokens of an epoch.
            options: how they are trained on.

        Raises:
            TrainingError: one epoch would take too long.
        """

    @abstractmethod
    def create_buffers(self, floats: int) -> Any:
        """Return one thread's buffers, for rows of `floats` values: the NamedTuple that kernels receive as `layer`."""

    @abstractmethod
    def updates(self, centers: npt.NDArray[np.float64]) -> RowUpdates:
        """Return how often predicting each word `centers` times, once from every one, updates each row.

        Args:
            centers: (V,) how often each word is a center; as often it is the context of others.

        Returns:
            The updates of each input row (V,) and of each output row.
        """

    def expected_tokens(self, tokens: float) -> npt.NDArray[np.float64]:
        """Estimate how often each word is left, (V,) float64, when a text of `tokens` tokens is subsampled."""
        counts, options = self.counts, self.options
        kept: npt.NDArray[np.float64] = tokens * counts / counts.sum()
        return kept * keep_probabilities(counts, options.sample, options.subsample_rule)

    def expected_updates(self, tokens: float) -> RowUpdates:
        """Estimate how many predictions touch each input and each output row in a text of `tokens` tokens."""
        context = context_rows(self.options)
        inputs, outputs = self.updates(self.expected_tokens(tokens))
        return context * inputs, context * outputs


def context_rows(options: TrainingOptions) -> float:
    """Return how many rows predict a center, on average: all its context words, or their one mean."""
    if options.model == "cbow":
        return 1.0
    if options.window_mode == WHOLE:
        return _WHOLE_CONTEXT
    return options.window + 1 if options.window_mode == "soft" else 2 * options.window


def output_layer_class(loss: str) -> type[OutputLayer]:
    """Return the class of the output layer that `loss` names."""
    module, _, name = OUTPUT_LAYERS[loss].place.partition(":")
    found: type[OutputLayer] = getattr(import_module(module), name)
    return found
