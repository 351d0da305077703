"""Read a text and count its words."""

from __future__ import annotations

from typing import Any

from benchmarks.bench import Bench
from benchmarks.models import MIN_COUNT
from benchmarks.task import SPEED, Case, Task


class Scan(Task):
    """One thread in word2vec.c, which also writes the words."""

    name, title, action, place = "scan", "Reading and counting", "scan", 10
    figures = (SPEED,)

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:  # noqa: ARG002
        """Return the text and the least count of a word."""
        return {**bench.texts(case), "threads": bench.threads, "min_count": MIN_COUNT}


TASK = Scan()
