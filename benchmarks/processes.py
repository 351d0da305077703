"""One measurement, one fresh process: its time, its peak memory, its answer."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


class MeasurementError(Exception):
    """A measured process failed; the text names its command and ends with its last line."""


@dataclass(frozen=True)
class Run:
    """A process that succeeded.

    Attributes:
        seconds: from start to end, including the start of Python and all imports.
        cpu_seconds: of all its threads.
        peak_bytes: largest resident set, as the kernel accounts it.
        output: its standard output.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str


def run(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Run `command` in the project's folder and measure it; `environment` adds to this process's own.

    Raises:
        MeasurementError: it did not exit with 0.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        if process.returncode != 0:
            errors.seek(0)
            lines = errors.read().decode(errors="replace").strip().splitlines() or ["no message"]
            raise MeasurementError(f"{shlex.join(command)} exited with {process.returncode}: {lines[-1]}")
        unit = 1 if sys.platform == "darwin" else 1024
        return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit, output.read().decode())


def worker(place: str, action: str, request: Mapping[str, Any]) -> list[str]:
    """Return the command that calls `action` of an object, named as `module:object`, in a process of its own."""
    return [sys.executable, "-m", "benchmarks.worker", place, action, json.dumps(request)]


def ask(place: str, action: str, request: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Call `action` in a process of its own and return its answer.

    Raises:
        MeasurementError: the worker failed.
    """
    return answer_of(run(worker(place, action, request), environment))


def answer_of(done: Run) -> dict[str, Any]:
    """Return the answer of a worker: the last line that it printed."""
    answer: dict[str, Any] = json.loads(done.output.splitlines()[-1])
    return answer
