"""The models that tools train: the same options for every tool."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MIN_COUNT = 5
MODEL_NAMES = {"skipgram": "skip-gram", "cbow": "CBOW"}
LOSS_NAMES = {"ns": "", "hs": ", hierarchical softmax", "softmax": ", full softmax"}


@dataclass(frozen=True)
class Model:
    """What is trained. `sample` is the threshold for frequent words, `negative` the samples of negative sampling."""

    model: str
    dim: int
    sample: float = 1e-3
    loss: str = "ns"
    window: int = 5
    negative: int = 5
    min_count: int = MIN_COUNT

    @property
    def title(self) -> str:
        """The name in tables."""
        return f"{MODEL_NAMES[self.model]}{LOSS_NAMES[self.loss]}, d = {self.dim}"

    def request(self, **changes: Any) -> dict[str, Any]:
        """Return all options by name, some of them changed or added."""
        return {**asdict(self), **changes}


MODELS = {
    "sg100": Model("skipgram", 100),
    "sg300": Model("skipgram", 300, sample=1e-4),
    "cbow100": Model("cbow", 100),
    "cbow300": Model("cbow", 300, sample=1e-4),
    "sg100hs": Model("skipgram", 100, loss="hs"),
    "cbow100hs": Model("cbow", 100, loss="hs"),
    "sg300hs": Model("skipgram", 300, sample=1e-4, loss="hs"),
    "cbow300hs": Model("cbow", 300, sample=1e-4, loss="hs"),
}
