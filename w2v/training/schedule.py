"""The order in which blocks are trained, and the learning rate of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.options import TrainingOptions
from w2v.training.training_corpus import Corpus

_PARTS = 2  # of the text that blocks are taken from in turn


@dataclass(frozen=True)
class LinearSchedule:
    """A learning rate that falls in a straight line from `initial` to `final`.

    Example:
        >>> LinearSchedule(initial=0.5, final=0.1).rate(0.5)
        0.3
    """

    initial: float
    final: float

    def rate(self, done: float) -> float:
        """Return the learning rate when a share `done`, 0..1, of all tokens has been trained on."""
        return self.initial + (self.final - self.initial) * min(1.0, done)


class Turn(NamedTuple):
    """One block in one epoch, both from 0, and the learning rate to train it with."""

    epoch: int
    block: int
    lr: float


def block_order(n_blocks: int) -> npt.NDArray[np.int64]:
    """Return the order in which blocks are trained in every epoch: from two halves of the text in turn.

    Neighbouring blocks are about the same things, so two threads would compete for the rows of the same words; and the
    words at the end of the text would have the last say.

    Example:
        >>> block_order(5)
        array([0, 3, 1, 4, 2])
    """
    step = -(-n_blocks // _PARTS)
    return np.concatenate([np.arange(first, n_blocks, step) for first in range(step)])


def turns(corpus: Corpus, options: TrainingOptions, first: int = 0) -> Iterator[Turn]:
    """Yield the turns of a run: every block in every epoch, from number `first` on.

    The learning rate of a block depends on the tokens before it, so a run that is resumed, or split over several
    machines, trains each block as one run on one machine would.
    """
    schedule = LinearSchedule(options.initial_lr, options.final_lr)
    words = int(corpus.block_tokens.sum())
    order = block_order(corpus.n_blocks)
    tokens = corpus.block_tokens[order]
    before = np.cumsum(tokens) - tokens
    for number in range(first, options.epochs * corpus.n_blocks):
        epoch, place = divmod(number, corpus.n_blocks)
        done = (epoch * words + int(before[place])) / (options.epochs * words)
        yield Turn(epoch, int(order[place]), schedule.rate(done))
