"""The training of a classifier: from labelled texts to features, targets, a network and its losses."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.classify.features import Features, find_features
from w2v.classify.targets import encode_targets, target_list
from w2v.classify.text_classifier import OBJECTIVE_OF, TextClassifier
from w2v.errors import TrainingError, UsageError
from w2v.memory import return_freed
from w2v.memory_need import MemoryNeed, largest
from w2v.networks import Bags, EpochLosses, FittingOptions, FittingStep, feed_forward, fit, held_out
from w2v.networks.row_sums import RowTable, TableBags
from w2v.options import CorpusOptions
from w2v.options.classify import ClassifyOptions
from w2v.progress import Progress
from w2v.tokens.token_rules import tokens_by
from w2v.training_log import TrainingLog
from w2v.vectors import Vectors

# Of `lr`. The text is no mean of m words, as in fastText, but a sum with weights of length 1: about sqrt(m) times as
# large. Its gradient goes through the weights twice, and is m times as large; this suits texts of ten words and more.
_RATE = 0.04
_MANY = 20_000  # texts; with fewer, there are fewer steps, and each is larger: by the root of their share,
_LARGEST_STEP = 2.5  # but at most this much
_ADAM_SHARE = 2e-3  # of `lr`: 0.001 by default, as Kingma and Ba 2015 recommend
_MOMENTUM_SHARE = 0.1  # of the rate of plain descent, as steps add up to ten times their length
_REGRESSION_SHARE = 0.25  # of the rate: the gradient of a squared error has no bound, as that of a probability has
_LABEL_SHARE = 2.5  # of the rate, for each of several labels: their loss is the mean over the labels
_LONGEST_GRADIENT = 1.0
_VALUES_AT_ONCE = 1 << 20  # drawn in float64
_WORKING = 10_000_000  # bytes: compiled functions, minibatches


def train_classifier(
    texts: Sequence[str],
    targets: Iterable[Any],
    options: ClassifyOptions | None = None,
    *,
    places: Sequence[str] | None = None,
    corpus: CorpusOptions | None = None,
    vectors: Vectors | None = None,
    progress: Progress | None = None,
    log: Path | None = None,
    keep: Callable[[TextClassifier], None] | None = None,
) -> TextClassifier:
    """Train a classifier.

    Args:
        texts: n texts.
        targets: a label, a set of labels or a number for each; see `w2v.classify.targets.encode_targets`.
        options: what to train, and how.
        places: where each text stands, file and line, for messages.
        corpus: how text becomes tokens; None splits at white space.
        vectors: vectors of words to start from; other words start at random.
        progress: receives progress.
        log: a file for the losses; see w2v.training_log.
        keep: called with what is learnt so far when Ctrl-C ends the training after an epoch or more; with validation
            texts, that is the best epoch. KeyboardInterrupt is raised all the same.

    Raises:
        UsageError: texts and targets don't fit together, or a target is wrong.
        CorpusError: a target is wrong, and `places` says where.
        VocabularyError: the texts have no words.
        TrainingError: the loss or a parameter is no finite number.
        OutputError: the log can't be written.
    """
    task, labels, values, trained_on, features, bags, options = prepare_texts(
        texts, targets, options or ClassifyOptions(), places, corpus, vectors
    )
    wanted, center, scale = values, 0.0, 1.0
    if task == "regression":
        center, scale = float(np.mean(wanted[:trained_on])), float(np.std(wanted[:trained_on])) or 1.0
        wanted = (wanted - center) / scale
    baseline = _baseline(values[:trained_on], task)
    return_freed()
    classifier_need(len(features), options).require(
        f"{len(features):,} features x {options.dim} need",
        lambda room: _advice(len(features), options, room, has_vectors=vectors is not None),
        TrainingError,
    )
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
    network = feed_forward(options.dim, max(1, len(labels)), OBJECTIVE_OF[task], options.network, first=first)
    found = TextClassifier(task, labels, features, network, options, baseline, center, scale, examples=len(texts))
    found.tokens_by = tokens_by(features.options)
    words = int(bags.bounds[trained_on])
    objective = f"classify {task}"
    with nullcontext() if log is None else TrainingLog(log, 0, 0.0, words, options.epochs, objective) as lines:
        watch = _Watch(found.losses, lines, options.lr, trained_on, words)
        try:
            held = np.arange(trained_on, len(texts))
            fit(network, bags, wanted, _fitting(options, len(labels), len(texts)), progress, watch, held)
        except KeyboardInterrupt:
            if keep is not None and found.losses:
                network.first = RowTable.of(table)
                keep(found)
            raise
    network.first = RowTable.of(table)
    return found


class PreparedTexts(NamedTuple):
    """What training starts from, when the texts are read.

    Attributes:
        task: multiclass, multilabel or regression.
        labels: the labels, if there are any.
        values: the targets, those of validation texts last.
        trained_on: the number of texts before these.
        features: the features of the texts.
        bags: the features of each text.
        options: all of them known.
    """

    task: str
    labels: list[str | int | bool]
    values: npt.NDArray[Any]
    trained_on: int
    features: Features
    bags: Bags | TableBags
    options: ClassifyOptions

    @property
    def need(self) -> MemoryNeed:
        """What training takes besides this."""
        return classifier_need(len(self.features), self.options)


def prepare_texts(
    texts: Sequence[str],
    targets: Iterable[Any],
    options: ClassifyOptions,
    places: Sequence[str] | None = None,
    corpus: CorpusOptions | None = None,
    vectors: Vectors | None = None,
) -> PreparedTexts:
    """Return what `train_classifier` starts from; the arguments and errors are as there."""
    if vectors is not None:
        options = dataclasses.replace(options, dim=vectors.dim)
    listed = target_list(targets)
    if len(texts) != len(listed):
        raise UsageError(f"there are {len(texts)} texts, but {len(listed)} targets")
    task, labels, values = encode_targets(listed, options.task, places)
    options = options.settled(task)
    checked = held_out(len(texts), options.validation, options.seed)
    order = np.concatenate([np.setdiff1d(np.arange(len(texts)), checked), checked])  # validation texts come last
    trained_on = len(texts) - len(checked)
    ordered = [texts[i] for i in order.tolist()]
    features, bags = find_features(
        ordered[:trained_on], corpus or CorpusOptions(), longest=options.word_ngrams, min_count=options.min_count,
        weighting=options.weighting, held=ordered[trained_on:],
    )  # fmt: skip
    return PreparedTexts(task, labels, values[order], trained_on, features, bags, options)


def classifier_need(rows: int, options: ClassifyOptions) -> MemoryNeed:
    """Return the memory that the vectors of features take, with a copy of the best where validation finds them.

    Args:
        rows: how many features there are.
        options: what is trained.
    """
    size = 4 * rows * options.dim
    return MemoryNeed.of(vectors=size, the_best=size if options.validation else 0, work=_WORKING)


def _advice(rows: int, options: ClassifyOptions, room: int, *, has_vectors: bool) -> str:
    """Return which lower `dim` would fit, or what else lowers the number of features."""
    dim = largest(options.dim, lambda dim: classifier_need(rows, dataclasses.replace(options, dim=dim)).total <= room)
    fitting = f"`dim={dim}` would fit, or use" if dim and not has_vectors else "use"
    return f"{fitting} a higher `min_count`{' or a lower `word_ngrams`' if options.word_ngrams > 1 else ''}"


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


def _baseline(values: npt.NDArray[Any], task: str) -> float:
    """Return the number of the most frequent label, or the median of the targets of a regression."""
    if task == "regression":
        return float(np.median(values))
    return int((np.bincount(values) if task == "multiclass" else values.sum(axis=0)).argmax())


def _rate(options: ClassifyOptions, labels: int, texts: int) -> float:
    """Return the learning rate for a gradient that is the mean over a minibatch, and over several labels."""
    step = min(_LARGEST_STEP, max(1.0, math.sqrt(_MANY / texts)))
    share = {"multiclass": step, "multilabel": _LABEL_SHARE * labels, "regression": _REGRESSION_SHARE}[options.task]
    return _RATE * options.lr * options.batch * share


def _fitting(options: ClassifyOptions, labels: int, texts: int) -> FittingOptions:
    rate = _rate(options, labels, texts)
    return FittingOptions(
        epochs=options.epochs,
        batch=options.batch,
        lr={"descent": rate, "momentum": rate * _MOMENTUM_SHARE, "adam": _ADAM_SHARE * options.lr}[options.optimizer],
        optimizer=options.optimizer,
        clip=_LONGEST_GRADIENT,
        validation=options.validation,
        patience=options.patience,
        seed=options.seed,
    )


def _first_table(
    features: Features, options: ClassifyOptions, vectors: Vectors | None, random: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Return the vectors that features start with, (rows, d): those given, of length 1, and small random ones."""
    dim = options.dim
    table = np.empty((len(features), dim), np.float32)
    at_once = max(1, _VALUES_AT_ONCE // dim)
    for start in range(0, len(table), at_once):
        block = table[start : start + at_once]
        block[:] = random.uniform(-1 / dim, 1 / dim, block.shape)
    if vectors is None:
        return table
    for row, word in enumerate(features.words):
        if word in vectors:
            vector = vectors[word]
            table[row] = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return table
