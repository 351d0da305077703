"""The training of a classifier: from labelled texts to features, targets, a network and its losses."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.classify.features import Features, find_features
from w2v.classify.text_classifier import OBJECTIVE_OF, TextClassifier
from w2v.errors import UsageError
from w2v.networks import EpochLosses, FittingOptions, FittingStep, NetworkOptions, feed_forward, fit
from w2v.networks.row_sums import RowTable
from w2v.options import CorpusOptions
from w2v.options.checks import shown
from w2v.options.classify import ClassifyOptions
from w2v.progress import Progress
from w2v.training_log import TrainingLog
from w2v.vectors import Vectors

# Of `lr`. The text is no mean of m words, as in fastText, but a sum with weights of length 1: about sqrt(m) times as
# large. Its gradient goes through the weights twice, and is m times as large; this suits texts of ten words and more.
_RATE = 0.04
_MANY = 20_000  # texts; with fewer, there are fewer steps, and each is larger: by the root of their share,
_LARGEST_STEP = 5.0  # but at most this much
_ADAM_LR = 1e-3
_MOMENTUM_SHARE = 0.1  # of the rate of plain descent, as steps add up to ten times their length
_REGRESSION_SHARE = 0.25  # of the rate: the gradient of a squared error has no bound, as that of a probability has
_LABEL_SHARE = 2.5  # of the rate, for each of several labels: their loss is the mean over the labels
_LONGEST_GRADIENT = 1.0

Targets = Sequence[str] | Sequence[Sequence[str]] | Sequence[float]


def train_classifier(
    texts: Sequence[str],
    targets: Targets,
    options: ClassifyOptions | None = None,
    *,
    corpus: CorpusOptions | None = None,
    vectors: Vectors | None = None,
    progress: Progress | None = None,
    log: Path | None = None,
    keep: Callable[[TextClassifier], None] | None = None,
) -> TextClassifier:
    """Train a classifier.

    Args:
        texts: n texts.
        targets: a label for each, a list of labels for each, or a number for each.
        options: what to train, and how.
        corpus: how text becomes tokens; None splits at white space.
        vectors: vectors of words to start from; other words start at random.
        progress: receives progress.
        log: a file for the losses; see w2v.training_log.
        keep: called with what is learnt so far when Ctrl-C ends the training after an epoch or more; with validation
            texts, that is the best epoch. KeyboardInterrupt is raised all the same.

    Raises:
        UsageError: texts and targets don't fit together, or a target is wrong.
        VocabularyError: the texts have no words.
        TrainingError: the loss is no finite number.
        OutputError: the log can't be written.
    """
    options = options or ClassifyOptions()
    if len(texts) != len(targets):
        raise UsageError(f"there are {len(texts)} texts, but {len(targets)} targets")
    task = task_of(targets) if options.task == "auto" else options.task
    options = options.settled(task)
    labels, wanted = _encoded(targets, task)
    center, scale = 0.0, 1.0
    if task == "regression":
        center, scale = float(np.mean(wanted)), float(np.std(wanted)) or 1.0
        wanted = (wanted - center) / scale
    features, bags = find_features(
        texts, corpus or CorpusOptions(),
        longest=options.word_ngrams, min_count=options.min_count, weighting=options.weighting,
    )  # fmt: skip
    random = np.random.default_rng(options.seed)
    table = _first_table(features, options, vectors, random)
    first = RowTable(
        table,
        random,
        lr=_rate(options, len(labels), len(texts)),
        dropout=options.word_dropout or 0.0,
        frozen=vectors is not None and not options.fine_tune,
        threads=options.threads,
    )
    shape = NetworkOptions(options.hidden, options.activation, options.dropout, options.seed)
    network = feed_forward(table.shape[1], max(1, len(labels)), OBJECTIVE_OF[task], shape, first=first)
    found = TextClassifier(task, labels, features, network, shape, center, scale, examples=len(texts))
    trained_on = len(texts) - round(len(texts) * options.validation)
    words = len(bags.rows) * trained_on // len(texts)
    objective = f"classify {task}"
    with nullcontext() if log is None else TrainingLog(log, 0, 0.0, words, options.epochs, objective) as lines:
        watch = _Watch(found.losses, lines, options.lr, trained_on, words)
        try:
            fit(network, bags, wanted, _fitting(options, len(labels), len(texts)), progress, watch)
        except KeyboardInterrupt:
            if keep is not None and found.losses:
                network.first = RowTable.of(table)
                keep(found)
            raise
    network.first = RowTable.of(table)
    return found


class _Watch:
    """Collects the losses of epochs, and writes the log, which counts each text as one of mean length."""

    def __init__(self, losses: list[EpochLosses], log: TrainingLog | None, lr: float, texts: int, words: int) -> None:
        self._losses, self._log, self._lr = losses, log, lr
        self._texts, self._words = texts, words  # of an epoch
        self._done = 0
        self._started = time.perf_counter()

    def __call__(self, step: FittingStep) -> None:
        if step.epoch is not None:
            self._losses.append(step.epoch)
        if self._log is None:
            return
        before, self._done = self._done, self._done + len(step.rows)
        words = self._words * self._done // self._texts - self._words * before // self._texts
        bits = step.loss * len(step.rows) / math.log(2)
        validation = None if step.epoch is None else step.epoch.validation
        seconds = time.perf_counter() - self._started
        self._log.add(seconds, words, self._lr * step.lr, bits, len(step.rows), validation)


def task_of(targets: Targets) -> str:
    """Return the task that targets look like: lists of labels, numbers, or single labels."""
    first = next(iter(targets), "")
    if isinstance(first, str):
        return "multiclass"
    return "regression" if isinstance(first, int | float | np.number) else "multilabel"


def _rate(options: ClassifyOptions, labels: int, texts: int) -> float:
    """Return the learning rate for a gradient that is the mean over a minibatch, and over several labels."""
    share = {"multiclass": 1, "multilabel": _LABEL_SHARE * labels, "regression": _REGRESSION_SHARE}[options.task]
    step = min(_LARGEST_STEP, max(1.0, math.sqrt(_MANY / texts)))
    return _RATE * step * options.lr * options.batch * share


def _fitting(options: ClassifyOptions, labels: int, texts: int) -> FittingOptions:
    rate = _rate(options, labels, texts)
    return FittingOptions(
        epochs=options.epochs,
        batch=options.batch,
        lr={"descent": rate, "momentum": rate * _MOMENTUM_SHARE, "adam": _ADAM_LR}[options.optimizer],
        optimizer=options.optimizer,
        clip=_LONGEST_GRADIENT,
        validation=options.validation,
        patience=options.patience,
        seed=options.seed,
    )


def _encoded(targets: Targets, task: str) -> tuple[list[str], npt.NDArray[Any]]:
    """Return the labels in order, and the targets as the objective needs them.

    Raises:
        UsageError: a target is wrong, or there is only one label.
    """
    if task == "regression":
        try:
            values = np.asarray(targets, np.float64)
        except (TypeError, ValueError):
            raise UsageError("`task=regression` needs a number for each text") from None
        bad = np.flatnonzero(~np.isfinite(values))
        if values.ndim != 1 or len(bad):
            raise UsageError(f"the target of text {bad[0] + 1 if len(bad) else 1} is no finite number; leave it out")
        return [], values[:, None]
    sets: list[list[str]] = [[target] if isinstance(target, str) else list(target) for target in targets]  # type: ignore[arg-type]
    for number, chosen in enumerate(sets, 1):
        if not all(isinstance(label, str) and label for label in chosen):
            raise UsageError(f"the labels of text {number} must be str, and not empty, not {shown(chosen)}")
        if task == "multiclass" and len(chosen) != 1:
            raise UsageError(
                f"text {number} has {len(chosen)} labels; `task=multiclass` needs one, or use `task=multilabel`"
            )
    labels = sorted({label for chosen in sets for label in chosen})
    if len(labels) < 2 and task == "multiclass":
        raise UsageError(
            f"there is only one label, {labels[0]!r}; a classifier needs two" if labels else "there are no texts"
        )
    place = {label: i for i, label in enumerate(labels)}
    if task == "multiclass":
        return labels, np.array([place[chosen[0]] for chosen in sets])
    wanted = np.zeros((len(sets), len(labels)))
    for row, chosen in enumerate(sets):
        wanted[row, [place[label] for label in chosen]] = 1
    return labels, wanted


def _first_table(
    features: Features, options: ClassifyOptions, vectors: Vectors | None, random: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Return the vectors that features start with, (rows, d): those given, of length 1, and small random ones."""
    dim = options.dim if vectors is None else vectors.dim
    table = random.uniform(-1 / dim, 1 / dim, (len(features), dim)).astype(np.float32)
    if vectors is None:
        return table
    for row, word in enumerate(features.words):
        if word in vectors:
            vector = vectors[word]
            table[row] = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return table
