"""Write vectors as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.bench import Bench
from benchmarks.processes import run
from benchmarks.task import Case, Task
from benchmarks.tool import Tool


class Save(Task):
    """The vectors that `load` reads."""

    name, title, action, place = "save", "Saving vectors as text", "save", 41

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:  # noqa: ARG002
        """Return both files."""
        return {"path": str(bench.vectors()), "output": str(bench.output("saved.txt"))}

    def warm_up(self, tool: Tool, case: Case, bench: Bench, environment: Mapping[str, str]) -> None:
        """Compile."""
        run(tool.command(self.action, self.request(case, bench, 1)), environment)


TASK = Save()
