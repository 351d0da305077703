"""The tools and tasks: every module in `benchmarks/tools/` with a TOOL, and in `benchmarks/tasks/` with a TASK."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import Any

import benchmarks.tasks
import benchmarks.tools
from benchmarks.task import Task
from benchmarks.tool import Tool


@cache
def tools() -> dict[str, Tool]:
    """Return all tools by name, w2v first."""
    found: dict[str, Tool] = {tool.name: tool for tool in _all(benchmarks.tools, "TOOL")}
    return {"w2v": found.pop("w2v"), **found}


@cache
def tasks() -> dict[str, Task]:
    """Return all tasks by name, in the order of the report."""
    found: list[Task] = sorted(_all(benchmarks.tasks, "TASK"), key=lambda task: (task.place, task.name))
    return {task.name: task for task in found}


def _all(package: Any, attribute: str) -> list[Any]:
    modules = [import_module(f"{package.__name__}.{found.name}") for found in pkgutil.iter_modules(package.__path__)]
    return [getattr(module, attribute) for module in modules if hasattr(module, attribute)]
