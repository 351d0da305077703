"""How long programs take to start: help, the first query, the first update of training, and what compiling costs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench
from benchmarks.processes import ROOT, MeasurementError, run
from benchmarks.task import CPU_SECONDS, PEAK, SECONDS, Case, Task
from benchmarks.tool import Tool

WORDS, DIM = 57_000, 100
_TEXT = ROOT / "corpora" / "english.txt"
_POLL_SECONDS = 0.001
_PATIENCE = 120.0


class Start(Task):
    """Only w2v has commands for all of it; gensim answers the first query from Python."""

    name, title, action, place = "start", "Start", "similar", 75
    figures = (SECONDS, CPU_SECONDS, PEAK)
    per_process = True
    note = (
        "The first query loads the vectors: w2v its cached copy, gensim the text. The first update of training, on the"
        " bundled corpus, comes after reading the text. w2v's compiled code is in its cache, but for the last line:"
        " what the first run ever compiles."
    )

    def cases(self) -> Iterable[Case]:
        """Return what is started."""
        return [
            Case("help", "`w2v --help`"),
            Case("similar", f"first query, {WORDS:,} words x {DIM}"),
            Case("update", "first update of `w2v train`"),
            Case("compile", "compiling everything that `w2v train` needs"),
        ]

    def fits(self, tool: Tool, case: Case) -> bool:
        """Return whether the tool has such a command."""
        return tool.name == "w2v" or (case.name == "similar" and super().fits(tool, case))

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:  # noqa: ARG002
        """Return the vectors to query."""
        return {
            **bench.made("random_vectors", {"words": WORDS // (57 if bench.quick else 1), "dim": DIM}),
            "word": "king",
        }

    def warm_up(self, tool: Tool, case: Case, bench: Bench, environment: Mapping[str, str]) -> None:
        """Let w2v keep its copy of the vectors, which it does not of a file that has just changed; compile."""
        if case.name == "similar":
            request = self.request(case, bench, 1)
            while time.time() - Path(request["path"]).stat().st_mtime < 3:
                time.sleep(0.1)
            run(tool.command(self.action, request), environment)
        elif case.name == "update":
            _first_update(bench, environment)

    def measure(
        self, tool: Tool, case: Case, bench: Bench, environment: Mapping[str, str], seed: int
    ) -> dict[str, float]:
        """Start once."""
        if case.name == "update":
            return {"seconds": _first_update(bench, environment)}
        if case.name == "similar":
            return super().measure(tool, case, bench, environment, seed)
        if case.name == "help":
            done = run([sys.executable, "-m", "w2v", "--help"], environment)
            return {"seconds": done.seconds, "cpu_seconds": done.cpu_seconds, "peak_bytes": done.peak_bytes}
        with tempfile.TemporaryDirectory() as cache:
            cold, warm = (run(_train(bench), {**environment, "NUMBA_CACHE_DIR": cache}) for _ in range(2))
        spent = cold.cpu_seconds - warm.cpu_seconds
        return {"seconds": cold.seconds - warm.seconds, "cpu_seconds": spent, "peak_bytes": cold.peak_bytes}


def _train(bench: Bench) -> list[str]:
    output = str(bench.output("start.txt"))
    return [sys.executable, "-m", "w2v", "train", str(_TEXT), "--output", output, "--epochs", "1", "--quiet"]


def _first_update(bench: Bench, environment: Mapping[str, str]) -> float:
    """Return the seconds from the start of `w2v train` to the first line of its log, which follows the first blocks."""
    log = bench.output("start.jsonl")
    log.unlink(missing_ok=True)
    started = time.perf_counter()
    command = [*_train(bench), "--log", str(log)]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stderr=subprocess.PIPE) as process:
        try:
            while time.perf_counter() - started < _PATIENCE:
                if log.exists() and log.stat().st_size:
                    return time.perf_counter() - started
                if process.poll():
                    break
                time.sleep(_POLL_SECONDS)
        finally:
            process.kill()
    raise MeasurementError("`w2v train` ended, or took too long, before it wrote a line of its log")


TASK = Start()
