"""A training run as lines of JSON, written while it trains, to be plotted or watched with `tail -f`.

Each line covers the time since the line before:

    {"epoch": 1, "words": 123456, "seconds": 1.2, "words_per_second": 102880.0, "lr": 0.0299, "loss": 2.31,
     "objective": "skipgram ns 5"}

`epoch` counts from 1; `words` and `seconds` count from the start of the run, including the part before it resumed; `lr`
is the current learning rate; `loss` is the mean per prediction, in nats. A line at the end of an epoch may have a
`validation_loss`, the mean over examples that are not trained on. A line comes every second, after each
hundredth of the run, and at the end of each epoch, whichever is first. Threads may end blocks at almost the same time:
where that leaves too little time for a speed, `words_per_second` is measured since an earlier line.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from w2v.errors import OutputError, PictureError
from w2v.files import replacing

_SECONDS = 1.0
_PARTS = 100
_MOST = 2.0  # times the speed of the run; what is faster for less than _SECONDS is chance
_NATS_PER_BIT = math.log(2)


class TrainingLog:
    """Writes the log of one run. A context manager: leaving it writes the last line.

    Args:
        path: the file. It is replaced; but a run that resumes keeps the lines up to where it starts.
        words: tokens that the run has trained on before, over all epochs; 0 at its start.
        seconds: how long that took.
        epoch_words: tokens of an epoch.
        epochs: number of epochs.
        objective: what the loss measures; losses of different objectives can't be compared.
        note: receives a line if the file can't be written. Training goes on then, without the log.
    """

    def __init__(
        self, path: Path, words: int, seconds: float, epoch_words: int, epochs: int, objective: str = "",
        note: Callable[[str], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self._objective = {"objective": objective} if objective else {}
        self._path, self._epoch_words, self._epochs = path, epoch_words, epochs
        self._words, self._seconds = words, seconds
        self._start = self._words, self._seconds
        self._written = deque([self._start], maxlen=_PARTS)  # words and seconds of the last lines
        self._bits, self._predictions, self._lr = 0.0, 0, 0.0
        self._note = note
        self._stream: IO[bytes] | None = None
        try:
            if words:
                kept = "".join(_lines_until(path, words))
                with replacing(path) as stream:
                    stream.write(kept.encode())
            self._stream = path.open("ab" if words else "wb", buffering=0)
        except (OSError, OutputError) as error:
            self._give_up(error)

    def __enter__(self) -> TrainingLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write the last line and close the file."""
        if kind is None or not issubclass(kind, Exception):
            self._write_line()
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.close()

    def add(
        self,
        seconds: float,
        words: int,
        lr: float,
        bits: float,
        predictions: int,
        validation_loss: float | None = None,
    ) -> None:
        """Count a trained block, and write a line when it is time. Only one thread may call this at a time.

        Args:
            seconds: time since the start of the run.
            words: its tokens.
            lr: the learning rate it was trained with.
            bits: the sum of its losses, in bits.
            predictions: number of losses.
            validation_loss: in nats, if the block ends an epoch and there is one.
        """
        epochs_before = self._words // self._epoch_words
        self._words += words
        self._seconds = seconds
        self._lr = lr
        self._bits += bits
        self._predictions += predictions
        words_then, last = self._written[-1]
        share = (self._words - words_then) / (self._epochs * self._epoch_words)
        if share >= 1 / _PARTS or self._seconds - last >= _SECONDS or self._words // self._epoch_words > epochs_before:
            self._write_line(validation_loss)

    def _write_line(self, validation_loss: float | None = None) -> None:
        if not self._predictions:
            return
        line = {
            "epoch": -(-self._words // self._epoch_words),
            "words": self._words,
            "seconds": round(self._seconds, 3),
            "words_per_second": round(self._speed(), 1),
            "lr": float(f"{self._lr:.6g}"),
            "loss": round(_NATS_PER_BIT * self._bits / self._predictions, 6),
            **({} if validation_loss is None else {"validation_loss": round(validation_loss, 6)}),
            **self._objective,
        }
        self._written.append((self._words, self._seconds))
        self._bits, self._predictions = 0.0, 0
        self._write(json.dumps(line) + "\n")

    def _speed(self) -> float:
        """Return the words per second since the latest line that is long enough ago to measure a speed."""
        usual = self._speed_since(*self._start)
        for words, seconds in reversed(self._written):
            speed = self._speed_since(words, seconds)
            if speed <= _MOST * usual or self._seconds - seconds >= _SECONDS:
                return speed
        return usual

    def _speed_since(self, words: int, seconds: float) -> float:
        return (self._words - words) / max(self._seconds - seconds, 1e-9)

    def _write(self, text: str) -> None:
        if self._stream is None:
            return
        rest = text.encode()
        try:
            while rest:  # a disk that is nearly full takes a part
                rest = rest[self._stream.write(rest) :]
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError | OutputError) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
        reason = error if isinstance(error, OSError) else error.__cause__
        strerror = getattr(reason, "strerror", None) or reason
        self._note(f"{self._path}: can't be written ({strerror}); training continues without the log")


def _lines_until(path: Path, words: int) -> list[str]:
    """Return the lines of an earlier log up to the one with `words` words."""
    if not path.is_file():
        return []
    kept = []
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        for line in stream:
            if not line.endswith("\n") or _words_of(line) > words:  # cut short, or trained again from here on
                break
            kept.append(line)
    return kept


def _words_of(line: str) -> float:
    try:
        entry: Any = json.loads(line)
        return float(entry["words"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return math.inf


_LARGEST = 2.0**63  # of a number in a log
_FIELDS = ("epoch", "words", "words_per_second", "lr", "loss")

_Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TrainingCurves:
    """The lines of a training log: arrays of shape (lines,).

    Attributes:
        name: of the run: the name of its file.
        epoch: number of the epoch, from 1.
        words: tokens processed since the start.
        words_per_second: speed since the line before, or an earlier one if that was only a moment ago.
        lr: learning rate.
        loss: mean per prediction since the line before, in nats.
        validation_loss: mean over examples that are not trained on, in nats; nan in lines that have none.
        objective: what the loss measures, such as "skipgram ns 5"; empty if the log does not say.
    """

    name: str
    epoch: _Numbers
    words: _Numbers
    words_per_second: _Numbers
    lr: _Numbers
    loss: _Numbers
    validation_loss: _Numbers
    objective: str = ""

    @property
    def epoch_starts(self) -> list[float]:
        """The number of words after which each epoch but the first began."""
        return [float(self.words[line]) for line in np.flatnonzero(np.diff(self.epoch) > 0)]


def read_training_log(path: str | os.PathLike[str]) -> TrainingCurves:
    """Read a file of one JSON object a line, even while training writes it.

    Raises:
        PictureError: the file can't be read, has no lines, or one of them is malformed; the text names it.
    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except OSError as error:
        raise PictureError(f"{path}: can't be read ({error.strerror}); train with `log=FILE` to write one") from error
    except UnicodeDecodeError as error:
        raise PictureError(f"{path}: is not a training log; train with `log=FILE` to write one") from error
    *lines, _unfinished = text.split("\n")
    rows = [_numbers(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not rows:
        raise PictureError(f"{path}: has no finished line yet; try again once training has run for a while")
    epoch, words, speed, lr, loss, validation_loss = np.array(rows).T
    return TrainingCurves(Path(path).name, epoch, words, speed, lr, loss, validation_loss, _objective(lines))


def _objective(lines: list[str]) -> str:
    """Return the objective that the last line names; logs of earlier versions name none."""
    record: Any = json.loads(next(line for line in reversed(lines) if line.strip()))
    objective = record.get("objective", "")
    return objective if isinstance(objective, str) else ""


def _numbers(path: str | os.PathLike[str], number: int, line: str) -> list[float]:
    try:
        record: Any = json.loads(line)
    except (ValueError, RecursionError):
        raise PictureError(f"{path}:{number}: is no JSON; train with `log=FILE` to write a log") from None
    values = []
    for field in _FIELDS:
        value = record.get(field) if isinstance(record, dict) else None
        least = -_LARGEST if field == "loss" else 0
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= _LARGEST:
            raise PictureError(f"{path}:{number}: has no number {field}; train with `log=FILE` to write a log")
        values.append(float(value))
    validation = record.get("validation_loss")
    is_number = isinstance(validation, int | float) and abs(validation) <= _LARGEST
    return [*values, float(validation) if is_number else math.nan]
