"""Label texts with a classifier."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench
from benchmarks.processes import MeasurementError, Run, answer_of, run
from benchmarks.task import CPU_SECONDS, PEAK, Case, Figure, Task
from benchmarks.tasks.classify import FEW_LINES, LINES, labelled_texts
from benchmarks.tool import Tool


class Labels(Task):
    """Texts of twenty words, the whole command."""

    name, title, action, place = "labels", "Labelling texts", "labels", 81
    figures = (Figure("lines_per_second", "thousand texts a second", 1e-3, 0), CPU_SECONDS, PEAK)
    per_process = True
    note = "Texts of 20 words, the whole command."

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:  # noqa: ARG002
        """Return the texts; the tool's classifier joins them."""
        self._lines = FEW_LINES if bench.quick else LINES
        return {"model": "", "lines": labelled_texts(bench)["lines"], "threads": bench.threads}

    def measure(
        self, tool: Tool, case: Case, bench: Bench, environment: Mapping[str, str], seed: int
    ) -> dict[str, float]:
        """Measure with a classifier that is trained before the clock starts."""
        texts = labelled_texts(bench)
        model = bench.output(f"{tool.name}-{Path(texts['name']).name}.classifier")
        if not Path(model).exists():
            options = {"epochs": 1, "word_ngrams": 1, "threads": bench.threads, "seed": 1}
            own = {"train": texts["train"], "test": texts["test"], "model": str(model)}
            run(tool.command("classify", {**own, **options}), environment)
            run(tool.command(self.action, {**self.request(case, bench, seed), "model": str(model)}), environment)
        done: Run = run(
            tool.command(self.action, {**self.request(case, bench, seed), "model": str(model)}), environment
        )
        labels = done.output.count("\n") if tool.name == "w2v" else answer_of(done)["texts"]
        if labels != self._lines:
            raise MeasurementError(f"{tool.title} gave {labels} labels to {self._lines} texts")
        figures = self.figures_of({"seconds": done.seconds, "cpu_seconds": done.cpu_seconds}, done, 0)
        return {**figures, "lines_per_second": self._lines / done.seconds}


TASK = Labels()
