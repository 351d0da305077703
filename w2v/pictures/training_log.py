"""A training log read back: how loss, speed and learning rate went."""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.errors import PictureError

_FIELDS = ("epoch", "words", "words_per_second", "lr", "loss")

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TrainingCurves:
    """What a training log tells, line by line: arrays of shape (lines,).

    Attributes:
        name: what to call the run: the name of its file.
        epoch: the epoch that was going on, from 1.
        words: tokens gone through since the start.
        words_per_second: speed since the line before, or an earlier one if that was only a moment ago.
        lr: learning rate.
        loss: mean per prediction since the line before, in nats.
    """

    name: str
    epoch: Numbers
    words: Numbers
    words_per_second: Numbers
    lr: Numbers
    loss: Numbers

    @property
    def epoch_starts(self) -> list[float]:
        """The number of words after which each epoch but the first began."""
        return [float(self.words[line]) for line in np.flatnonzero(np.diff(self.epoch) > 0)]


def read_training_log(path: str | os.PathLike[str]) -> TrainingCurves:
    """Read a file of one JSON object a line, as `w2v train --log` writes it, even while it is being written.

    Raises:
        PictureError: the file can't be read, has no lines, or one of them is malformed; the text names it.
    """
    try:
        text = Path(path).read_text("utf-8")
    except OSError as error:
        raise PictureError(f"{path}: can't be read ({error.strerror}); 'w2v train --log FILE' writes one") from error
    except UnicodeDecodeError as error:
        raise PictureError(f"{path}: is not a training log; 'w2v train --log FILE' writes one") from error
    *lines, _unfinished = text.split("\n")
    rows = [_numbers(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not rows:
        raise PictureError(f"{path}: has no finished line yet; try again when training has gone on for a while")
    return TrainingCurves(Path(path).name, *np.array(rows).T)


def _numbers(path: str | os.PathLike[str], number: int, line: str) -> list[float]:
    try:
        record: Any = json.loads(line)
    except ValueError:
        raise PictureError(
            f"{path}, line {number}: is no JSON; 'w2v train --log FILE' writes one object a line"
        ) from None
    values = []
    for field in _FIELDS:
        value = record.get(field) if isinstance(record, dict) else None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise PictureError(f"{path}, line {number}: has no number {field}; is it from 'w2v train --log FILE'?")
        values.append(float(value))
    return values
