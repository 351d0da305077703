"""Answer queries, one by one and all together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.bench import Bench
from benchmarks.processes import MeasurementError, Run, answer_of, run
from benchmarks.task import Case, Figure, Task
from benchmarks.tool import Tool

_N = 10
_WORDS = 1_000
_MOST_DIFFERENT = 0.01  # of the answers: sums are rounded in another order, and near neighbours change places


class Queries(Task):
    """The ten nearest words of a thousand words."""

    name, title, action, place = "queries", "Queries", "queries", 50
    figures = (Figure("queries_per_second", "queries a second", digits=0),)
    note = f"The {_N} nearest words of {_WORDS:,} words. gensim answers one query at a time."

    def __init__(self) -> None:
        self._answers: dict[str, list[str]] = {}

    def cases(self) -> Iterable[Case]:
        """Return both ways to ask."""
        return [Case("one-by-one", "one by one"), Case("together", "all together", {"action": "batch"})]

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:  # noqa: ARG002
        """Return the vectors and the words."""
        path = str(bench.vectors())
        return {"path": path, **bench.made("query_words", {"path": path, "count": _WORDS}), "n": _N}

    def measure(
        self, tool: Tool, case: Case, bench: Bench, environment: Mapping[str, str], seed: int
    ) -> dict[str, float]:
        """Measure once; refuse answers that differ from those of the tool before."""
        request = self.request(case, bench, seed)
        done: Run = run(tool.command(case.request.get("action", self.action), request), environment)
        answer = answer_of(done)
        words = request["words"]
        before = self._answers.setdefault(request["path"], answer["answers"])
        different = sum(a != b for a, b in zip(before, answer["answers"], strict=True)) / len(words)
        if different > _MOST_DIFFERENT:
            raise MeasurementError(f"{tool.title}: {different:.0%} of the nearest words differ from another tool's")
        return {**self.figures_of(answer, done, 0), "queries_per_second": len(words) / answer["seconds"]}


TASK = Queries()
