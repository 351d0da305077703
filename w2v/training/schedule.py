"""The learning rate over the course of training."""

from __future__ import annotations

from dataclasses import dataclass

FINAL_SHARE = 1e-4  # of the first learning rate, as in word2vec.c


@dataclass(frozen=True)
class LinearSchedule:
    """Falls in a straight line from `initial` to FINAL_SHARE of it."""

    initial: float

    def rate(self, done: float) -> float:
        """Return the learning rate when a share `done`, 0..1, of all tokens has been trained on."""
        return self.initial * (1.0 - (1.0 - FINAL_SHARE) * min(1.0, done))
