"""The training loop: threads train the blocks of a corpus, while the caller's thread reports progress and saves."""

from __future__ import annotations

import math
from collections.abc import Callable
from time import perf_counter
from typing import Any

from w2v.errors import TrainingError
from w2v.options import TrainingOptions
from w2v.progress import Progress, Silent
from w2v.training.checkpoint import CheckpointWriter
from w2v.training.hogwild import Hogwild
from w2v.training.model import Model
from w2v.training.run_state import BlockObserver, RunState, Tally
from w2v.training.synchronous import Synchronous
from w2v.training.training_corpus import Corpus
from w2v.training.workers import Scheme, Workers
from w2v.wording import counted

_UPDATE_SECONDS = 0.1

MakeScheme = Callable[[Model, Any, TrainingOptions, int], Scheme[Any]]  # of a model, a text, options, and epochs before


def train(
    model: Model,
    corpus: Corpus,
    options: TrainingOptions,
    progress: Progress | None = None,
    *,
    start: RunState | None = None,
    epochs_before: int = 0,
    observer: BlockObserver | None = None,
    checkpoints: CheckpointWriter | None = None,
    longest: float = math.inf,
    make_scheme: MakeScheme | None = None,
) -> RunState:
    """Train a model's matrices in place.

    Blocks are taken in the order of `turns`, epoch after epoch. Each block has a random stream of its own for each seed
    and epoch. With one thread the result is the same every time; with several it depends on the options whether they
    share all rows (see hogwild.py) or work in rounds (synchronous.py), with the same result every time.

    Args:
        model: what to train; if `start` is given, as it was then.
        corpus: the text.
        options: how to train.
        progress: receives the words processed, the learning rate and the loss.
        start: what the run has done before, on the same text with the same options; None is nothing. With one thread or
            in rounds, a run that resumes ends with the same matrices as one that was never interrupted.
        epochs_before: epochs that earlier runs trained the model, so that this one draws other random numbers.
        observer: is called for each block that is done, by one thread at a time.
        checkpoints: saves the model at intervals, when training is interrupted, and at the end.
        longest: seconds after which training stops, wherever it is.
        make_scheme: returns how the work is shared, as on a cluster; None leaves it to the options.

    Returns:
        What the run has done, up to its end.

    Raises:
        TrainingError: the loss or a vector is no longer finite; the message names the last model that was saved.
    """
    progress = progress or Silent()
    start = start or RunState()
    make_scheme = make_scheme or (Synchronous if options.deterministic else Hogwild)
    scheme = make_scheme(model, corpus, options, epochs_before)
    scheme.compile()
    progress.start("training", options.epochs * int(corpus.block_tokens.sum()), "words", start.words)
    tally = Tally(start, options.initial_lr, observer)
    workers = Workers(scheme.n_workers, scheme.units(start.blocks), lambda: scheme.make_work(tally))
    try:
        try:
            began = perf_counter()
            workers.start()
            while workers.wait(_UPDATE_SECONDS):
                progress.update(tally.words, tally.facts())
                if perf_counter() - began > longest:
                    workers.stop()
                    break
                if checkpoints is not None and checkpoints.is_due():
                    with workers.paused():
                        if workers.error is None:
                            scheme.collect()
                            checkpoints.save_while_training(tally.state())
            if workers.error is not None:
                raise workers.error
            scheme.collect()
            model.require_finite()
            progress.update(tally.words, tally.facts())
        except (KeyboardInterrupt, SystemExit):
            scheme.hurry()
            raise
        finally:
            workers.stop()
            progress.finish()
        if checkpoints is not None:
            checkpoints.save_finished(tally.state())
    except TrainingError as error:
        raise _with_last_model(error, checkpoints) from error
    except (KeyboardInterrupt, SystemExit):
        workers.stop()
        if checkpoints is not None and workers.error is None and tally.words:  # the first blocks may be given up
            scheme.collect()
            checkpoints.save_interrupted(tally.state())
        raise
    return tally.state()


def _with_last_model(error: TrainingError, checkpoints: CheckpointWriter | None) -> TrainingError:
    """Return the error, with the last good model that this run saved, if any."""
    if checkpoints is None or checkpoints.saved is None:
        return error
    return TrainingError(
        f"{error.message}; {checkpoints.path} has the model as it was after {counted(checkpoints.saved.words, 'word')}"
    )
