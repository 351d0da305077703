"""How good predictions are: accuracy, precision, recall and F1 of each label, and their means; errors of numbers."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt


class LabelScore(NamedTuple):
    """How well one label is found.

    Attributes:
        label: the label.
        precision: share of the texts given this label that have it.
        recall: share of the texts with this label that were given it.
        f1: the harmonic mean of both.
        support: texts that have it.
    """

    label: str
    precision: float
    recall: float
    f1: float
    support: int


class ClassScores(NamedTuple):
    """How good predicted labels are.

    Attributes:
        texts: texts.
        accuracy: share of texts whose labels are all right.
        micro_f1: F1 over all labels together.
        macro_f1: the mean F1 of the labels that are in the truth or were given, as scikit-learn has it.
        baseline: accuracy of always predicting the label that is most frequent in training.
        labels: the score of each label.
        confusion: (labels, labels), how often a text of each label (row) was given each label (column); None where
            texts have several labels.
    """

    texts: int
    accuracy: float
    micro_f1: float
    macro_f1: float
    baseline: float
    labels: list[LabelScore]
    confusion: npt.NDArray[np.int64] | None


class NumberScores(NamedTuple):
    """How good predicted numbers are.

    Attributes:
        texts: texts.
        r2: share of the variance that is explained: 1 - sum (t - p)² / sum (t - mean t)².
        mae: mean absolute error.
        rmse: root of the mean squared error.
        baseline_mae: mean absolute error of always predicting the median of training.
    """

    texts: int
    r2: float
    mae: float
    rmse: float
    baseline_mae: float


def class_scores(
    truth: npt.NDArray[np.bool_], given: npt.NDArray[np.bool_], labels: list[str], baseline: int
) -> ClassScores:
    """Compare labels with the truth.

    Args:
        truth: (n, labels), which labels each text has.
        given: (n, labels), which it was given.
        labels: the names of the labels.
        baseline: the number of the label that is most frequent in training.

    Example:
        >>> truth = np.array([[1, 0], [1, 0], [0, 1]], bool)
        >>> scores = class_scores(truth, np.array([[1, 0], [0, 1], [0, 1]], bool), ["a", "b"], 0)
        >>> round(scores.accuracy, 3), scores.labels[0].recall, scores.labels[1].precision, scores.confusion.tolist()
        (0.667, 0.5, 0.5, [[1, 1], [0, 1]])
    """
    right = (truth & given).sum(axis=0)
    precision, recall = _ratio(right, given.sum(axis=0)), _ratio(right, truth.sum(axis=0))
    f1 = _ratio(2 * precision * recall, precision + recall)
    support = truth.sum(axis=0)
    rows = [
        LabelScore(label, float(p), float(r), float(f), int(n))
        for label, p, r, f, n in zip(labels, precision, recall, f1, support, strict=True)
    ]
    single = bool((truth.sum(axis=1) == 1).all() and (given.sum(axis=1) == 1).all())
    confusion = _confusion(truth.argmax(axis=1), given.argmax(axis=1), len(labels)) if single else None
    most = np.zeros_like(truth)
    most[:, baseline] = True
    return ClassScores(
        len(truth),
        _mean((truth == given).all(axis=1)),
        float(_ratio(2 * right.sum(), truth.sum() + given.sum())),
        _mean(f1[(support > 0) | given.any(axis=0)]),
        _mean((truth == most).all(axis=1)),
        rows,
        confusion,
    )


def number_scores(truth: npt.NDArray[np.float64], given: npt.NDArray[np.float64], baseline: float) -> NumberScores:
    """Compare numbers, (n,) each, with the truth.

    Args:
        truth: the right numbers.
        given: those predicted.
        baseline: the median of training.

    Example:
        >>> scores = number_scores(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 4.0]), 1.0)
        >>> scores.r2, round(scores.mae, 3), round(scores.rmse, 3), round(scores.baseline_mae, 3)
        (0.5, 0.333, 0.577, 1.0)
    """
    errors = given - truth
    spread = float(np.sum((truth - truth.mean()) ** 2)) if len(truth) else 0.0
    squared = float(np.sum(errors * errors))
    return NumberScores(
        len(truth),
        1 - squared / spread if spread else 0.0,
        _mean(np.abs(errors)),
        float(np.sqrt(_mean(errors * errors))),
        _mean(np.abs(truth - baseline)),
    )


def _ratio(part: Any, whole: Any) -> npt.NDArray[np.float64]:
    part, whole = np.asarray(part, np.float64), np.asarray(whole, np.float64)
    ratio: npt.NDArray[np.float64] = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return ratio


def _mean(values: npt.NDArray[Any]) -> float:
    return float(np.mean(values)) if len(values) else 0.0


def _confusion(truth: npt.NDArray[np.int64], given: npt.NDArray[np.int64], labels: int) -> npt.NDArray[np.int64]:
    """Return how often a text of each label (row) was given each label (column), (labels, labels)."""
    counts = np.bincount(truth * labels + given, minlength=labels * labels)
    return counts.reshape(labels, labels)
