"""How cost grows: speed and memory of training as one thing changes and all else stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from benchmarks.bench import Bench
from benchmarks.corpora import number
from benchmarks.models import MODELS
from benchmarks.processes import run
from benchmarks.task import PEAK, SPEED, Case, Task
from benchmarks.tool import Tool


class Axis(NamedTuple):
    """What changes, for titles of charts, and its values in order; `corpus` turns a value into the spec of a text."""

    title: str
    values: tuple[str, ...]
    corpus: str = "zipf:4M:50k"


AXES = {
    "threads": Axis("threads", ("1", "2", "4", "8", "32"), "zipf:12M:50k"),
    "dim": Axis("dimensions", ("25", "50", "100", "200", "300", "500", "1000")),
    "vocabulary": Axis("words in the vocabulary", ("10k", "50k", "200k", "500k", "1M", "2M"), "zipf:8M:{}"),
    "window": Axis("window", ("1", "2", "5", "10", "20")),
    "negative": Axis("negative samples", ("1", "2", "5", "10", "20")),
    "length": Axis("words in the text", ("200k", "2M", "20M", "200M"), "zipf:{}:50k"),
    # for docs/scale.md, with LARGE_DIM dimensions
    "large": Axis("words in the vocabulary, 300 dimensions", ("200k", "1M", "2M"), "zipf:8M:{}"),
}
LARGE_DIM = MODELS["sg300"].dim


class Growth(Task):
    """Skip-gram with negative sampling on made-up text, d = 100, window 5, 5 negative samples, unless they change."""

    name, title, action, place = "growth", "How cost grows", "train", 110
    figures = (SPEED, PEAK)
    compares = False
    note = "Skip-gram, d = 100, window 5, 5 negative samples, but for what changes; made-up text."

    def cases(self) -> Iterable[Case]:
        """Return every value of every axis."""
        return [self._case(name, axis, value) for name, axis in AXES.items() for value in axis.values]

    def fits(self, tool: Tool, case: Case) -> bool:
        """Return whether the tool trains."""
        return super().fits(tool, case) and tool.can_train(case.request)

    def __init__(self) -> None:
        self._compiled: set[tuple[str, int]] = set()

    def warm_up(self, tool: Tool, case: Case, bench: Bench, environment: Mapping[str, str]) -> None:
        """Compile, which would count as peak memory; w2v compiles anew for another number of negative samples."""
        kernel = tool.name, case.request["negative"]
        if kernel not in self._compiled:
            self._compiled.add(kernel)
            request = self.request(case, bench, 1)
            run(tool.command(self.action, {**request, "corpus": request["warm_up"]}), environment)

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:
        """Return the text and the model."""
        return {**bench.texts(case), "threads": bench.threads, "seed": seed, **case.request}

    @staticmethod
    def _case(name: str, axis: Axis, value: str) -> Case:
        model = MODELS["sg300" if name == "large" else "sg100"]
        changed = {name: number(value)} if name in ("threads", "dim", "window", "negative") else {}
        request = model.request(min_count=1, **changed)
        return Case(f"{name}={value}", f"{axis.title}: {value}", request, axis.corpus.format(value))


TASK = Growth()
