"""Results -> Markdown: a table for each task, with medians, spread and ratios."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean
from typing import Any

from benchmarks.cpus import CPUS, HOST
from benchmarks.registry import tasks, tools
from benchmarks.results import Results
from benchmarks.task import Figure, Task
from benchmarks.tasks.quality import SCORES

OURS = "w2v"
_OF_TOOLS = ("versions", "labelled")  # depend on what was measured, not on the machine or the text


def report(found: Results) -> str:
    """Return all tables, each with its title, behind the conditions."""
    parts = [conditions(run) for run, _ in merged_runs(found.runs)]
    for task in tasks().values():
        if found.of(task.name):
            parts += [f"## {task.title}", task_table(found, task.name)]
    return "\n\n".join(parts)


def merged_runs(runs: Sequence[dict[str, Any]]) -> list[tuple[dict[str, Any], list[int]]]:
    """Return runs with their places; runs that differ only in the tools or labelled texts are merged."""
    together: dict[str, tuple[dict[str, Any], list[int]]] = {}
    for place, run in enumerate(runs):
        same = {name: value for name, value in run.items() if name not in _OF_TOOLS}
        merged, places = together.setdefault(repr(sorted(same.items())), ({}, []))
        versions = {**merged.get("versions", {}), **run.get("versions", {})}
        merged.update({**run, "versions": versions})
        places.append(place)
    return list(together.values())


def conditions(run: dict[str, Any]) -> str:
    """Return a paragraph about the machine, the versions, the text and the day."""
    versions = ", ".join(f"{name} {version}" for name, version in run["versions"].items() if name != OURS)
    remark = f" {run['remark']}" if run.get("remark") else ""
    labelled = f"; labelled texts: {run['labelled']}" if run.get("labelled") else ""
    return (
        f"{run['cpu']}, {run['cpus']} CPUs, {run['simd']}, {run['system']}, Python {run['python']}; w2v at commit"
        f" {run['commit']}, {versions}; {run['corpus']}{labelled}; {run['threads']} threads; {run['date']}.{remark}"
    )


def task_table(found: Results, name: str) -> str:
    """Return the table of a task, with its note and its tools' notes."""
    task = tasks()[name]
    if not found.of(name):
        return "Not measured yet."
    if task.by_seed:
        body = _quality(found, task)
    elif len(task.figures) > 1:
        body = _by_tool(found, task)
    else:
        body = _by_case(found, task)
    used = {one.tool for one in found.of(name)}
    shown = [tool.note for key, tool in tools().items() if key in used and task.with_tool_notes]
    notes = [task.note, *dict.fromkeys(shown)]
    busy = [one for one in found.of(name) if one.waiting > 0.3]
    if busy:
        notes.append(f"**{len(busy)} of {len(found.of(name))} measurements were made while other processes ran.**")
    return "\n\n".join([body, " ".join(filter(None, notes))]).strip()


def ratio(found: Results, task: Task, case: str, tool: str, cpu: str = HOST) -> float | None:
    """Return how many times as good w2v is as another tool, by the first figure; below 1 where the other is better.

    Where w2v computed for another CPU and the other tool did not, its figure is that of the machine as it is.
    """
    figure = task.figures[0]
    ours, theirs = (found.middle(task.name, case, one, figure.name, cpu) for one in (OURS, tool))
    theirs = theirs or found.middle(task.name, case, tool, figure.name)
    if not ours or not theirs:
        return None
    return ours / theirs if figure.more_is_better else theirs / ours


def spread(values: Sequence[float], figure: Figure) -> str:
    """Return the median, with the least and the greatest in brackets if there are several values.

    Example:
        >>> from benchmarks.task import SPEED
        >>> spread([2e6, 1e6, 4e6], SPEED)
        '2.00 (1.00–4.00)'
    """
    ordered = sorted(values)
    middle = ordered[len(ordered) // 2] if len(ordered) % 2 else mean(ordered[len(ordered) // 2 - 1 :][:2])
    low, median, high = (number(value, figure) for value in (ordered[0], middle, ordered[-1]))
    return median if len(ordered) == 1 else f"{median} ({low}–{high})"


def number(value: float, figure: Figure) -> str:
    """Return a value in a figure's unit."""
    return f"{value * figure.unit:,.{figure.digits}f}"


def times(value: float | None) -> str:
    """Return a ratio for a table, bold where w2v is ahead.

    Example:
        >>> times(12.34), times(0.5), times(None)
        ('**12.3 x**', '0.50 x', '')
    """
    if value is None:
        return ""
    return f"**{value:.1f} x**" if value >= 1 else f"{value:.2f} x"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; the first row is its head. Numbers are in all columns but the first and `tool`."""
    rule = [":--" if place == 0 or name == "tool" else "--:" for place, name in enumerate(rows[0])]
    return "\n".join(f"| {' | '.join(row)} |" for row in [rows[0], rule, *rows[1:]])


def cases_of(found: Results, task: Task) -> list[tuple[str, str, str]]:
    """Return name, CPU and title of every case that was measured, forced CPUs behind the case itself."""
    titles = {case.name: case.title for case in task.cases()}
    measured = {(one.case, one.cpu) for one in found.of(task.name)}
    return [
        (name, cpu, ", ".join(filter(None, (title, CPUS[cpu].title))))
        for name, title in titles.items()
        for cpu in CPUS
        if (name, cpu) in measured
    ]


def _tools_of(found: Results, task: Task) -> list[str]:
    used = {one.tool for one in found.of(task.name)}
    return [name for name in tools() if name in used]


def _by_case(found: Results, task: Task) -> str:
    """Rows are cases and columns tools: for tasks with one figure."""
    names, figure = _tools_of(found, task), task.figures[0]
    others = [name for name in names if name != OURS]
    rows = [[figure.title, *(tools()[name].title for name in names), *(["ratio"] if others else [])]]
    for case, cpu, title in cases_of(found, task):
        cells = [found.values(task.name, case, name, figure.name, cpu) for name in names]
        ratios = [ratio(found, task, case, name, cpu) for name in others]
        best = min((one for one in ratios if one is not None), default=None)
        row = [title, *(spread(values, figure) if values else "" for values in cells)]
        rows.append([*row, *([times(best)] if others else [])])
    note = "\n\nRatios are to the best of the other tools." if len(others) > 1 else ""
    return table(rows) + note


def _by_tool(found: Results, task: Task) -> str:
    """Rows are cases and tools, columns figures: for tasks with several."""
    names = _tools_of(found, task)
    several = len(names) > 1
    shown = [one for one in task.figures if any(one.name in m.values for m in found.of(task.name))]
    rows = [["", *(["tool"] if several else []), *(one.title for one in shown), *(["ratio"] if several else [])]]
    for case, cpu, title in cases_of(found, task):
        for name in names:
            cells = [found.values(task.name, case, name, one.name, cpu) for one in shown]
            if not any(cells):
                continue
            texts = [spread(values, one) if values else "" for values, one in zip(cells, shown, strict=True)]
            own = [tools()[name].title] if several else []
            last = [times(ratio(found, task, case, name, cpu)) if name != OURS else ""] if several else []
            rows.append([title, *own, *texts, *last])
    return table(rows)


def _quality(found: Results, task: Task) -> str:
    """Means of the seeds, and each seed."""
    shown = [one for one in SCORES if any(one.name in m.values for m in found.of(task.name))]
    rows = [["", "tool", *(one.title for one in shown)]]
    for case, cpu, title in cases_of(found, task):
        for name in _tools_of(found, task):
            seeds = [found.values(task.name, case, name, one.name, cpu) for one in shown]
            if any(seeds):
                cells = [f"{mean(v):.3f} ({', '.join(f'{x:.3f}' for x in v)})" if v else "" for v in seeds]
                rows.append([title, tools()[name].title, *cells])
    return table(rows)
