"""Read vectors from text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.bench import Bench
from benchmarks.processes import Run, run
from benchmarks.task import SECONDS, Case, Figure, Task
from benchmarks.tool import Tool


class Load(Task):
    """polars and pyarrow read the file as a table, w2v and gensim as vectors."""

    name, title, action, place = "load", "Loading vectors from text", "load", 40
    figures = (SECONDS, Figure("megabytes_per_second", "MB a second", digits=0))
    note = "w2v loads its cached copy of the file in a few milliseconds (`again_seconds` in the results)."

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:  # noqa: ARG002
        """Return the file."""
        self._bytes = bench.vectors().stat().st_size
        return {"path": str(bench.vectors())}

    def figures_of(self, answer: Mapping[str, Any], done: Run, words: int) -> dict[str, float]:
        """Add the speed and the size."""
        speed = self._bytes / 1e6 / answer["seconds"]
        more = {"file_bytes": self._bytes, "megabytes_per_second": speed}
        return {**super().figures_of(answer, done, words), **more}

    def warm_up(self, tool: Tool, case: Case, bench: Bench, environment: Mapping[str, str]) -> None:
        """Compile."""
        run(tool.command(self.action, self.request(case, bench, 1)), environment)


TASK = Load()
