"""Train for one epoch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from benchmarks.bench import Bench
from benchmarks.models import MODELS, Model
from benchmarks.task import SPEED, Case, Task
from benchmarks.tool import Tool


class Train(Task):
    """Every model and training objective, without reading the text where a tool can do that before."""

    name, title, action, place = "train", "Training", "train", 20
    figures = (SPEED,)
    with_tool_notes = True
    note = "One epoch, without reading the text."

    def cases(self) -> Iterable[Case]:
        """Return the models that several tools train, and the full softmax on a text that is small enough for it."""
        shared = [Case(name, model.title, model.request()) for name, model in MODELS.items()]
        softmax = Model("skipgram", 100, loss="softmax")
        return [*shared, Case("sg100softmax", f"{softmax.title}, 5,000 words", softmax.request(), "zipf:100k:5k")]

    def fits(self, tool: Tool, case: Case) -> bool:
        """Return whether the tool knows the objective."""
        return super().fits(tool, case) and tool.can_train(case.request)

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:
        """Return the text and the model."""
        return {**bench.texts(case), "threads": bench.threads, "seed": seed, **case.request}


TASK = Train()
