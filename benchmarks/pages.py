"""Tables in README.md and docs, made from the committed results.

A page holds blocks, whose text is made again by `python -m benchmarks pages`:

    <!-- benchmarks: train -->
    | | w2v | gensim | ratio |
    <!-- end of benchmarks -->

A block is named after a task, or after one of BLOCKS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.cluster_model import speedup_table
from benchmarks.models import MODELS
from benchmarks.processes import ROOT, MeasurementError
from benchmarks.registry import tasks, tools
from benchmarks.report import OURS, cases_of, conditions, merged_runs, number, table, task_table, times
from benchmarks.results import Results
from benchmarks.scaling import memory_table, time_table
from benchmarks.task import Figure, Task
from benchmarks.tasks.quality import SCORES

_BLOCK = re.compile(r"(<!-- benchmarks: ([\w-]+) -->\n).*?(<!-- end of benchmarks -->)", re.DOTALL)
_GENSIM = "gensim-corpus-file"
# What README.md shows: task, case, figure (the first one unless named), words in front of its title.
_SUMMARY = (
    ("train", "sg100", "", ""),
    ("train", "sg300", "", ""),
    ("train", "cbow100", "", ""),
    ("train", "sg100hs", "", ""),
    ("train", "cbow100hs", "", ""),
    ("vectors", "sg100", "", "the whole command, 5 epochs,"),
    ("vectors", "sg100", "peak_bytes", "its"),
    ("scan", "scan", "", "reading and counting,"),
    ("load", "load", "", "loading vectors from text,"),
    ("save", "save", "", "saving them,"),
    ("queries", "one-by-one", "", "neighbours of a word,"),
    ("queries", "together", "", "neighbours of many words together,"),
    ("analogies", "analogies", "", "answering all analogies,"),
    ("phrases", "phrases", "", "finding and joining phrases,"),
    ("start", "similar", "", "the first query, 57,000 words,"),
)

_SCORED = ("sg100", "cbow100")  # what README.md shows of quality


def pages() -> list[Path]:
    """Return the pages that have blocks."""
    every = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in every if "<!-- benchmarks: " in page.read_text(encoding="utf-8")]


def renewed(text: str, found: Results) -> str:
    """Return a page with its blocks made again.

    Raises:
        MeasurementError: a block has a name that nothing has.
    """

    def made(block: re.Match[str]) -> str:
        return f"{block[1]}{_text(block[2], found)}\n{block[3]}"

    return _BLOCK.sub(made, text)


def _text(name: str, found: Results) -> str:
    if name in BLOCKS:
        return BLOCKS[name](found)
    if name not in tasks():
        raise MeasurementError(f"a page has a block {name}; there are {', '.join([*tasks(), *BLOCKS])}")
    return task_table(found, name)


def _conditions(found: Results) -> str:
    """Every run, with the tasks that it measured."""
    lines = []
    for run, places in merged_runs(found.runs):
        measured = [task.title for task in tasks().values() if any(one.run in places for one in found.of(task.name))]
        lines.append(f"- {', '.join(measured)}: {conditions(run)}")
    return "\n".join(lines)


def _summary(found: Results) -> str:
    """The most important figures of w2v and gensim."""
    rows = [["", OURS, "gensim", "ratio"]]
    for name, case, key, title in _SUMMARY:
        task = tasks()[name]
        figure = _figure(task, key)
        ours, theirs = (found.middle(name, case, tool, figure.name) for tool in (OURS, _GENSIM))
        if ours is None or theirs is None:
            continue
        own = title or next(f"{label}," for name_, _, label in cases_of(found, task) if name_ == case)
        better = (theirs / ours) if not figure.more_is_better else ours / theirs
        cells = [number(value, figure) for value in (ours, theirs)]
        rows.append([f"{own} {figure.title}", *cells, times(better)])
    for case in _SCORED:
        scores = [[found.average("quality", case, tool, score.name) for score in SCORES] for tool in (OURS, _GENSIM)]
        if all(value is not None for values in scores for value in values):
            cells = [" / ".join(f"{value:.3f}" for value in values) for values in scores]
            rows.append([f"{MODELS[case].title}: {' / '.join(score.title for score in SCORES)}", *cells, ""])
    runs = {one.run for name, *_ in _SUMMARY for one in found.of(name)}
    where = "\n\n".join(conditions(run) for run, _ in merged_runs([found.runs[i] for i in sorted(runs)]))
    return f"{table(rows)}\n\n{where}"


def _behind(found: Results) -> str:
    """Whatever another tool does better than w2v."""
    rows = [["", "tool", OURS, "the other", "ratio"]]
    for task in tasks().values():
        if not task.compares:
            continue
        for case, cpu, title in cases_of(found, task):
            rows += _rows_behind(found, task, case, cpu, title)
    return table(rows) if len(rows) > 1 else "Nothing that was measured."


def _rows_behind(found: Results, task: Task, case: str, cpu: str, title: str) -> Iterator[list[str]]:
    for figure in task.figures:
        ours = found.middle(task.name, case, OURS, figure.name, cpu)
        for tool in tools().values():
            theirs = found.middle(task.name, case, tool.name, figure.name, cpu)
            if tool.name == OURS or not ours or not theirs or figure.more_is_better is None:
                continue
            better = ours / theirs if figure.more_is_better else theirs / ours
            if better < 1:
                name = title if title == task.title else f"{task.title}: {title}"
                yield [
                    f"{name}, {figure.title}",
                    tool.title,
                    number(ours, figure),
                    number(theirs, figure),
                    times(better),
                ]


def _figure(task: Task, key: str) -> Figure:
    return next((one for one in task.figures if one.name == key), task.figures[0])


BLOCKS: dict[str, Callable[[Results], str]] = {
    "conditions": _conditions,
    "summary": _summary,
    "behind": _behind,
    "cluster": speedup_table,
    "scale-time": time_table,
    "scale-memory": memory_table,
}
