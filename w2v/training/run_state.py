"""How far a run has come: what all threads have done so far, and where an interrupted run resumes."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from w2v.errors import TrainingError
from w2v.training.schedule import Turn

_NATS_PER_BIT = math.log(2)

# Receives the seconds since the start of the run, and of a block its words, learning rate, bits and predictions.
BlockObserver = Callable[[float, int, float, float, int], None]


@dataclass(frozen=True)
class RunState:
    """What training has done since the start of the run; nothing yet by default.

    Attributes:
        blocks: blocks trained on, over all epochs; they are trained in order.
        words: tokens trained on, over all epochs, before subsampling.
        seconds: wall time.
        bits: sum of the losses of each epoch that has begun, in bits.
        predictions: number of predictions of each epoch that has begun.
    """

    blocks: int = 0
    words: int = 0
    seconds: float = 0.0
    bits: tuple[float, ...] = ()
    predictions: tuple[int, ...] = ()

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> RunState:
        """Return the state whose attributes a JSON object has.

        Raises:
            KeyError: one is missing.
            TypeError: one is of another type.
        """
        bits, predictions = (tuple(facts[name]) for name in ("bits", "predictions"))
        return cls(int(facts["blocks"]), int(facts["words"]), float(facts["seconds"]), bits, predictions)

    @property
    def losses(self) -> list[float]:
        """Mean loss per prediction of each epoch that has begun, in nats."""
        return [_NATS_PER_BIT * b / p for b, p in zip(self.bits, self.predictions, strict=True) if p]

    @property
    def loss(self) -> float:
        """The last epoch's mean loss per prediction, in nats."""
        return self.losses[-1]


class Tally:
    """Adds up what all threads do; its methods may be called from any thread.

    Args:
        start: where the run starts.
        initial_lr: the learning rate at the start of the run, for messages.
        observer: is called for each block, by one thread at a time.
    """

    def __init__(self, start: RunState, initial_lr: float, observer: BlockObserver | None) -> None:
        self._initial_lr = initial_lr
        self._lock = threading.Lock()
        self._observer = observer
        self._blocks, self._words, self._lr = start.blocks, start.words, 0.0
        self._before, self._began = start.seconds, time.perf_counter()
        self._bits, self._predictions = list(start.bits), list(start.predictions)  # of each epoch that has begun

    def add(self, turn: Turn, words: int, bits: float, predictions: int) -> None:
        """Count one block: its tokens, the sum of its losses in bits, and the number of its predictions.

        Raises:
            TrainingError: the loss is not finite.
        """
        epoch, _, lr = turn
        if not math.isfinite(bits):
            raise TrainingError(
                f"the loss is no longer a finite number, in epoch {epoch + 1} at learning rate {lr:.4g};"
                f" try a smaller `lr` than {self._initial_lr:g}"
            )
        with self._lock:
            while len(self._bits) <= epoch:
                self._bits.append(0.0)
                self._predictions.append(0)
            self._blocks += 1
            self._words += words
            self._lr = lr
            self._bits[epoch] += bits
            self._predictions[epoch] += predictions
            if self._observer is not None:
                self._observer(self._seconds(), words, lr, bits, predictions)

    def state(self) -> RunState:
        """Return the state of the run as of now."""
        with self._lock:
            bits, predictions = tuple(self._bits), tuple(self._predictions)
            return RunState(self._blocks, self._words, self._seconds(), bits, predictions)

    @property
    def words(self) -> int:
        """Tokens trained on so far."""
        return self._words

    def facts(self) -> dict[str, str]:
        """Return what progress shows beside the words: the learning rate, and the mean loss once there is one."""
        losses = self.state().losses
        return {"lr": f"{self._lr:.5f}", **({"loss": f"{losses[-1]:.4f}"} if losses else {})}

    def _seconds(self) -> float:
        return self._before + time.perf_counter() - self._began
