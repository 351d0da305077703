"""How long a run takes, judged by a few seconds of it."""

from __future__ import annotations

import itertools
from typing import NamedTuple

from w2v.options import TrainingOptions
from w2v.training.model import Model
from w2v.training.run_state import RunState
from w2v.training.trainer import train
from w2v.training.training_corpus import Corpus

_PIECES = 4  # of the trial, whose speeds are compared
_LEAST_SPREAD = 0.1  # by which two runs on a quiet machine may differ


class Timing(NamedTuple):
    """How long training takes, without reading the text.

    Attributes:
        seconds: of the whole run, at the speed of the trial.
        least: seconds at the speed of its fastest piece, and a tenth less.
        most: seconds at the speed of its slowest piece, and a tenth more.
        trial: seconds that the trial took.
    """

    seconds: float
    least: float
    most: float
    trial: float


def time_training(
    model: Model, corpus: Corpus, options: TrainingOptions, trial: float, *, start: RunState | None = None
) -> Timing:
    """Train a model for some seconds, with all threads and options of the run, and return how long the run takes.

    The first blocks warm the caches, one in each thread, and don't count, unless there are no others. The model is of
    no use afterwards.

    Args:
        model: as it is at the start of the run.
        corpus: the text.
        options: how to train.
        trial: seconds to train; a run that is shorter is trained to its end.
        start: where a run that was interrupted resumes.

    Raises:
        TrainingError: the loss or a vector is no longer finite.
    """
    start = start or RunState()
    left = options.epochs * int(corpus.block_tokens.sum()) - start.words
    done = [(0.0, 0)]  # seconds and words of the trial after each block

    def observe(seconds: float, words: int, *_: float) -> None:
        done.append((seconds - start.seconds, done[-1][1] + words))

    train(model, corpus, options, start=start, observer=observe, longest=trial)
    warm = done[min(options.threads, corpus.n_blocks) :]
    if len(warm) <= _PIECES:  # too few to compare, or too fast
        seconds, words = done[-1]
        took = seconds * left / words if words else 0.0
        return Timing(took, took * (1 - 2 * _LEAST_SPREAD), took * (1 + 2 * _LEAST_SPREAD), seconds)
    ends = [warm[i * (len(warm) - 1) // _PIECES] for i in range(_PIECES + 1)]
    paces = [(b[0] - a[0]) / (b[1] - a[1]) for a, b in itertools.pairwise(ends)]
    took = left * (warm[-1][0] - warm[0][0]) / (warm[-1][1] - warm[0][1])
    return Timing(took, left * min(paces) * (1 - _LEAST_SPREAD), left * max(paces) * (1 + _LEAST_SPREAD), done[-1][0])
