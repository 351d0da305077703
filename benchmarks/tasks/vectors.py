"""The whole way from a text to a file of vectors, start of the program included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.bench import Bench
from benchmarks.models import MODELS
from benchmarks.processes import run
from benchmarks.task import CPU_SECONDS, PEAK, SECONDS, SPEED, Case, Task
from benchmarks.tool import Tool

EPOCHS = 5


class WholeCommand(Task):
    """What a user waits for."""

    name, title, action, place = "vectors", "The whole command", "vectors", 30
    figures = (SECONDS, SPEED, CPU_SECONDS, PEAK)
    per_process = True
    note = f"From the start of the program to the saved file, {EPOCHS} epochs; compiled code is in w2v's cache."

    def cases(self) -> Iterable[Case]:
        """Return the default model of w2v, and the default of the others."""
        return [Case(name, MODELS[name].title, MODELS[name].request(epochs=EPOCHS)) for name in ("sg100", "cbow100")]

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:
        """Return the text, the file and the model."""
        files = {"corpus": str(bench.corpus_of(case).path), "output": str(bench.output("whole-command.txt"))}
        return {**files, "threads": bench.threads, "seed": seed, **case.request}

    def warm_up(self, tool: Tool, case: Case, bench: Bench, environment: Mapping[str, str]) -> None:
        """Compile."""
        request = self.request(case, bench, 1)
        request["corpus"] = str(bench.corpus_of(case).warm_up)
        run(tool.command(self.action, request), environment)

    def figures_of(self, answer: Mapping[str, Any], done: Any, words: int) -> dict[str, float]:
        """Count the words of all epochs."""
        return super().figures_of(answer, done, words * EPOCHS)


TASK = WholeCommand()
