"""What a classifier learns to give: a label, a set of labels or a number for each text."""

from __future__ import annotations

import itertools
import math
import numbers
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.errors import CorpusError, UsageError, W2VError
from w2v.options.checks import shown

Label = str | int | bool

_LARGEST = float(np.finfo(np.float32).max)  # that can be predicted


class Targets(NamedTuple):
    """The targets of n texts, as an objective needs them.

    Attributes:
        task: `multiclass`, `multilabel` or `regression`.
        labels: the different labels, in order; empty for a regression.
        values: (n,) the numbers of labels; (n, labels) zeros and ones for `multilabel`; (n, 1) for a regression.
    """

    task: str
    labels: list[Label]
    values: npt.NDArray[Any]


def encode_targets(targets: Iterable[Any], task: str = "auto", places: Sequence[str] | None = None) -> Targets:
    """Return targets as an objective needs them.

    Args:
        targets: a label for each text (str, int or bool), a set of labels, a row of zeros and ones with a column for
            each label, or a number (float).
        task: the task; `auto` decides by all targets.
        places: where each target stands, file and line, for messages; None counts texts.

    Raises:
        UsageError: targets are missing, don't fit together or don't fit the task, or there is only one label.
        CorpusError: a target is wrong, and `places` says where.

    Example:
        >>> encode_targets(["sea", "land", "sea"])
        Targets(task='multiclass', labels=['land', 'sea'], values=array([1, 0, 1]))
        >>> encode_targets([["sea"], ["sea", "land"], []]).values.tolist()
        [[0.0, 1.0], [1.0, 1.0], [0.0, 0.0]]
    """
    listed = target_list(targets)
    if not listed:
        raise UsageError("there are no texts")
    if task == "auto":
        task = _task_of(listed, places)
    if task == "regression":
        return Targets(task, [], _numbers(listed, places)[:, None])
    sets = label_sets(listed, places=places)
    for i, chosen in enumerate(sets if task == "multiclass" else ()):
        if len(chosen) != 1:
            raise _refusal(
                i, places, f"has {len(chosen)} labels; `task=multiclass` needs one, or use `task=multilabel`"
            )
    rows = _indicators(listed)
    chosen_labels: set[Any] = set(itertools.chain.from_iterable(sets))
    labels: list[Label] = sorted(chosen_labels) if rows is None else list(range(rows.shape[1]))
    if not labels:
        raise UsageError("no text has a label")
    if task == "multiclass" and len(labels) < 2:
        raise UsageError(f"there is only one label, {labels[0]!r}; a classifier needs two")
    place = {label: i for i, label in enumerate(labels)}
    if task == "multiclass":
        return Targets(task, labels, np.array([place[chosen[0]] for chosen in sets]))
    values = np.zeros((len(sets), len(labels)))
    for row, chosen in enumerate(sets):
        values[row, [place[label] for label in chosen]] = 1
    return Targets(task, labels, values)


def target_list(targets: Iterable[Any]) -> list[Any]:
    """Return targets as a list of Python's values; those of a matrix are lists, the rows.

    Raises:
        UsageError: it is no sequence.
    """
    given: Any = targets
    for convert in ("toarray", "to_numpy"):  # sparse matrices of SciPy, columns of pandas
        if hasattr(given, convert):
            given = getattr(given, convert)()
    if isinstance(given, np.ndarray) and given.ndim == 2 and given.shape[1] == 1:
        given = given[:, 0]
    if isinstance(given, str) or not isinstance(given, Iterable) or (isinstance(given, np.ndarray) and not given.ndim):
        raise UsageError(f"the targets must be a list with a target for each text, not {shown(given)}")
    return [value.tolist() if isinstance(value, np.generic | np.ndarray) else value for value in given]


def label_sets(
    listed: Sequence[Any], names: Sequence[Label] | None = None, places: Sequence[str] | None = None
) -> list[list[Label]]:
    """Return the labels of each text.

    Args:
        listed: targets as `target_list` returns them.
        names: the labels that the columns of zeros and ones stand for; None numbers them.
        places: as for `encode_targets`.

    Raises:
        UsageError: a target is no label, or labels differ in type.
        CorpusError: likewise, and `places` says where.
    """
    rows = _indicators(listed)
    if rows is not None and (names is None or len(names) == rows.shape[1]):
        columns = range(rows.shape[1]) if names is None else names
        return [[columns[i] for i in np.flatnonzero(row).tolist()] for row in rows]
    sets = [list(target) if _is_several(target) else [target] for target in listed]
    flat = list(itertools.chain.from_iterable(sets))
    if set(map(type, flat)) in ({str}, {int}, {bool}) and "" not in flat and not _has_surrogate(flat):  # nearly always
        return sets
    kind = _kind(flat[0]) if flat else str
    for i, chosen in enumerate(sets):
        for label in chosen:
            if _kind(label) is None or label == "":
                raise _refusal(i, places, f"the label {shown(label)} must be a str that is not empty, an int or a bool")
            if _has_surrogate([label]):
                raise _refusal(i, places, f"the label {shown(label)} is no valid Unicode; files can't hold it")
            if _kind(label) is not kind:
                raise _refusal(i, places, f"the label {shown(label)} must be of the same type as the labels before it")
    return sets


def _has_surrogate(labels: Sequence[Any]) -> bool:
    """Say whether a label has half of a surrogate pair, which is no character."""
    try:
        "".join(label for label in labels if isinstance(label, str)).encode()
    except UnicodeEncodeError:
        return True
    return False


def _task_of(listed: list[Any], places: Sequence[str] | None) -> str:
    """Return the task that all targets look like: several labels, numbers, or single labels."""
    if not any(map(_is_float, dict(zip(map(type, listed), listed, strict=True)).values())):
        return "multilabel" if any(_is_several(target) for target in listed) else "multiclass"
    for i, target in enumerate(listed):
        if isinstance(target, bool) or not isinstance(target, numbers.Real):
            number = next(n for n, other in enumerate(listed) if _is_float(other))
            raise _refusal(
                i, places,
                f"the target {shown(target)} is no number, but that of {_place(number, places)} is; correct one, or say"
                " which `task` it is",
            )  # fmt: skip
    return "regression"


def _numbers(listed: list[Any], places: Sequence[str] | None) -> npt.NDArray[np.float64]:
    values = np.empty(len(listed))
    for i, target in enumerate(listed):
        if not isinstance(target, numbers.Real):
            raise _refusal(i, places, f"the target {shown(target)} is no number; `task=regression` needs one")
        try:
            values[i] = float(target)
        except OverflowError:
            values[i] = math.inf
        if not abs(values[i]) <= _LARGEST:
            raise _refusal(i, places, f"the target {shown(target)} is no finite number, or too large; leave it out")
    return values


def _indicators(listed: Sequence[Any]) -> npt.NDArray[np.bool_] | None:
    """Return rows of zeros and ones, two or more columns, as an array; None if the targets are something else."""
    width = len(listed[0]) if listed and isinstance(listed[0], list | tuple) else 0
    if width < 2 or not all(isinstance(row, list | tuple) and len(row) == width for row in listed):
        return None
    if not all(isinstance(value, numbers.Real) and value in (0, 1) for row in listed for value in row):
        return None
    return np.array(listed, np.bool_)


def _is_float(target: Any) -> bool:
    return isinstance(target, numbers.Real) and not isinstance(target, int)


def _is_several(target: Any) -> bool:
    return isinstance(target, Iterable) and not isinstance(target, str | bytes)


def _kind(label: Any) -> type | None:
    """Return the type of a label, None if it is none."""
    return next((kind for kind in (str, bool, int) if isinstance(label, kind)), None)


def _place(i: int, places: Sequence[str] | None) -> str:
    return f"text {i + 1}" if places is None else places[i]


def _refusal(i: int, places: Sequence[str] | None, message: str) -> W2VError:
    return (UsageError if places is None else CorpusError)(f"{_place(i, places)}: {message}")
