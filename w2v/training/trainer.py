"""The training loop: threads train the blocks of a corpus, while the caller's thread reports progress and saves."""

from __future__ import annotations

import math
from time import perf_counter

import numpy as np

from w2v.errors import TrainingError
from w2v.kernels.random import stream_key
from w2v.options import TrainingOptions
from w2v.progress import Progress, Silent
from w2v.training.checkpoint import CheckpointWriter
from w2v.training.model import Model
from w2v.training.run_state import BlockObserver, RunState, Tally
from w2v.training.schedule import Turn, turns
from w2v.training.steps import step_maker
from w2v.training.training_corpus import Corpus
from w2v.training.workers import Work, Workers
from w2v.wording import counted

_UPDATE_SECONDS = 0.1


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
) -> RunState:
    """Train a model's matrices in place.

    Threads take the blocks in the order of `turns`, epoch after epoch. Each block has a random stream of its own for
    each seed and epoch. With one thread the result is the same every time; several threads write to the shared rows
    without locks (Niu et al. 2011, "Hogwild!"), except to private copies of the most frequent ones.

    Args:
        model: what to train; if `start` is given, as it was then.
        corpus: the text.
        options: how to train.
        progress: receives the words processed, the learning rate and the loss.
        start: what the run has done before, on the same text with the same options; None is nothing. With one thread, a
            run that resumes ends with the same matrices as one that was never interrupted.
        epochs_before: epochs that earlier runs trained the model, so that this one draws other random numbers.
        observer: is called for each block that is done, by one thread at a time.
        checkpoints: saves the model at intervals, when training is interrupted, and at the end.
        longest: seconds after which training stops, wherever it is.

    Returns:
        What the run has done, up to its end.

    Raises:
        TrainingError: the loss or a vector is no longer finite; the message names the last model that was saved.
    """
    progress = progress or Silent()
    start = start or RunState()
    threads = min(options.threads, corpus.n_blocks)
    make_step = step_maker(model, corpus, options, threads)
    make_step()(np.empty(0, np.int32), 0.0, np.uint64(0))  # compiles, or loads what was compiled before
    progress.start("training", options.epochs * int(corpus.block_tokens.sum()), "words", start.words)
    tally = Tally(start, observer)

    def make_work() -> Work:
        step = make_step()
        buffer = np.empty(corpus.max_block_ids, np.int32)

        def train_block(turn: Turn) -> None:
            key = stream_key(options.seed, epochs_before + turn.epoch, turn.block)
            bits, predictions = step(corpus.read(turn.block, buffer), turn.lr, key)
            _require_finite(bits, turn, options)
            tally.add(turn.epoch, int(corpus.block_tokens[turn.block]), turn.lr, bits, predictions)

        return train_block

    workers = Workers(threads, turns(corpus, options, start.blocks), make_work)
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
                            checkpoints.save_while_training(tally.state())
            if workers.error is not None:
                raise workers.error
            model.require_finite()
            progress.update(tally.words, tally.facts())
        finally:
            workers.stop()
            progress.finish()
        if checkpoints is not None:
            checkpoints.save_finished(tally.state())
    except TrainingError as error:
        raise _with_last_model(error, checkpoints) from error
    except (KeyboardInterrupt, SystemExit):
        workers.stop()
        if checkpoints is not None and workers.error is None:
            checkpoints.save_interrupted(tally.state())
        raise
    return tally.state()


def _require_finite(bits: float, turn: Turn, options: TrainingOptions) -> None:
    if not math.isfinite(bits):
        raise TrainingError(
            f"the loss is no longer a finite number, in epoch {turn.epoch + 1} at learning rate {turn.lr:.4g};"
            f" try a smaller `lr` than {options.initial_lr:g}"
        )


def _with_last_model(error: TrainingError, checkpoints: CheckpointWriter | None) -> TrainingError:
    """Return the error, with the last good model that this run saved, if any."""
    if checkpoints is None or checkpoints.saved is None:
        return error
    return TrainingError(
        f"{error.message}; {checkpoints.path} has the model as it was after {counted(checkpoints.saved.words, 'word')}"
    )
