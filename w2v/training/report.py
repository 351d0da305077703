"""What training has done so far: what a run reports at its end, and where an interrupted one goes on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_NATS_PER_BIT = math.log(2)


@dataclass(frozen=True)
class Report:
    """What training has done, since the start of the run; nothing yet if nothing is given.

    Attributes:
        blocks: blocks trained on, over all epochs; they are trained in order.
        words: tokens trained on, over all epochs, before subsampling.
        seconds: wall time.
        bits: sum of the losses of each epoch that has begun, in bits.
        predictions: how many predictions they are the losses of.
    """

    blocks: int = 0
    words: int = 0
    seconds: float = 0.0
    bits: tuple[float, ...] = ()
    predictions: tuple[int, ...] = ()

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Report:
        """Return the report whose attributes a JSON object has.

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
