"""The learning rate over the course of training."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LinearSchedule:
    """Falls in a straight line from `initial` to `final`."""

    initial: float
    final: float

    def rate(self, done: float) -> float:
        """Return the learning rate when a share `done`, 0..1, of all tokens has been trained on."""
        return self.initial + (self.final - self.initial) * min(1.0, done)
