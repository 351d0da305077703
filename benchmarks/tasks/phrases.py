"""Find phrases and write the text with them joined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.bench import Bench
from benchmarks.models import MIN_COUNT
from benchmarks.processes import MeasurementError, Run, ask, run
from benchmarks.task import PEAK, SECONDS, Case, Task
from benchmarks.tool import Tool

_THRESHOLD = 10.0  # gensim's default


class Phrases(Task):
    """The whole way from text to text, with gensim's score."""

    name, title, action, place = "phrases", "Phrases", "phrases", 70
    figures = (SECONDS, PEAK)
    per_process = True
    note = "Both write the same text, byte for byte; the harness checks that."

    def __init__(self) -> None:
        self._written: dict[str, int] = {}

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:  # noqa: ARG002
        """Return the text, the file and the options."""
        files = {"corpus": str(bench.corpus_of(case).path), "output": str(bench.output("phrases.txt"))}
        return {**files, "threads": bench.threads, "min_count": MIN_COUNT, "threshold": _THRESHOLD}

    def warm_up(self, tool: Tool, case: Case, bench: Bench, environment: Mapping[str, str]) -> None:
        """Compile."""
        request = {**self.request(case, bench, 1), "corpus": str(bench.corpus_of(case).warm_up)}
        run(tool.command(self.action, request), environment)

    def check(self, request: Mapping[str, Any], done: Run) -> dict[str, Any]:  # noqa: ARG002
        """Refuse a text that differs from that of the tool before."""
        facts = ask("benchmarks.inputs", "text_facts", {"folder": "", "path": request["output"]}, {})
        if self._written.setdefault(request["corpus"], facts["crc32"]) != facts["crc32"]:
            raise MeasurementError("tools wrote different texts")
        return {"joined_words": facts["words"]}


TASK = Phrases()
