"""Train vectors, and score them: speed is worth nothing without quality."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.bench import Bench
from benchmarks.models import MODELS
from benchmarks.processes import Run, run
from benchmarks.task import CPU_SECONDS, Case, Figure, Task
from benchmarks.tool import Tool

EPOCHS = 5
SCORES = (
    Figure("wordsim353", "WordSim-353", digits=3),
    Figure("simlex999", "SimLex-999", digits=3),
    Figure("analogies", "analogies", digits=3),
)


class Quality(Task):
    """Word pairs: Spearman's correlation. Analogies: accuracy. Every repetition has another seed."""

    name, title, action, place = "quality", "Quality", "vectors", 100
    figures = (*SCORES, CPU_SECONDS)
    per_process = by_seed = True
    note = (
        f"After {EPOCHS} epochs, the mean of the seeds (and each seed), scored by the same code. Word pairs: Spearman's"
        " correlation; analogies: accuracy over the 30,000 most frequent words. Each tool uses its own defaults."
    )

    def cases(self) -> Iterable[Case]:
        """Return every model."""
        return [Case(name, model.title, model.request(epochs=EPOCHS)) for name, model in MODELS.items()]

    def fits(self, tool: Tool, case: Case) -> bool:
        """Return whether the tool knows the objective."""
        return super().fits(tool, case) and tool.can_train(case.request)

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:
        """Return the text, the file and the model."""
        files = {"corpus": str(bench.corpus_of(case).path), "output": str(bench.output("scored.txt"))}
        return {**files, "threads": bench.threads, "seed": seed, **case.request}

    def measure(
        self, tool: Tool, case: Case, bench: Bench, environment: Mapping[str, str], seed: int
    ) -> dict[str, float]:
        """Train with one seed, and score."""
        request = self.request(case, bench, seed)
        done: Run = run(tool.command(self.action, request), environment)
        evaluation = None if bench.evaluation is None else str(bench.evaluation)
        asked = {"path": request["output"], "questions": str(bench.questions), "evaluation": evaluation}
        found = bench.asked("scores", asked)
        answer = {"seconds": done.seconds, "cpu_seconds": done.cpu_seconds, **found}
        return self.figures_of(answer, done, bench.corpus_of(case).words)


TASK = Quality()
