"""Measurements, and the files that keep them: JSON, a line for each measurement.

{
"runs": [{"cpu": "AMD EPYC", "commit": "f8a39a5", "corpus": "books.txt, 4,000,000 words", ...}],
"measurements": [
{"task": "train", "case": "sg100", "tool": "w2v", "cpu": "host", "repeat": 1, "run": 0, "waiting": 0.0,
 "values": {"seconds": 0.71, ...}},
...
]
}
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import mean, median
from typing import Any

from benchmarks.processes import MeasurementError

_DIGITS = 6  # of figures


@dataclass(frozen=True)
class Measurement:
    """One measurement.

    Attributes:
        task, case, tool, cpu: what was measured, by name.
        repeat: number of the repetition, from 1; the seed, where there is one.
        run: which run of the harness it belongs to, from 0.
        waiting: how many other processes wanted a CPU when it started, for each CPU.
        values: figures by name, to six digits.
    """

    task: str
    case: str
    tool: str
    cpu: str
    repeat: int
    run: int
    waiting: float
    values: Mapping[str, float]

    def __post_init__(self) -> None:
        """Round the figures, so that a report of the measurement and one of its file agree."""
        object.__setattr__(self, "values", dict(_significant(self.values)))

    @property
    def subject(self) -> tuple[str, str, str, str]:
        """What was measured."""
        return self.task, self.case, self.tool, self.cpu


@dataclass
class Results:
    """The measurements of some runs.

    Attributes:
        runs: the conditions of each run: machine, versions, commit, text, threads.
        measurements: in the order in which they were made.
    """

    runs: list[dict[str, Any]] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)

    def values(self, task: str, case: str, tool: str, figure: str, cpu: str = "host") -> list[float]:
        """Return a figure of every repetition; empty if it was not measured."""
        return [
            one.values[figure]
            for one in self.measurements
            if one.subject == (task, case, tool, cpu) and figure in one.values
        ]

    def middle(self, task: str, case: str, tool: str, figure: str, cpu: str = "host") -> float | None:
        """Return the median of the repetitions; None if there are none."""
        found = self.values(task, case, tool, figure, cpu)
        return median(found) if found else None

    def average(self, task: str, case: str, tool: str, figure: str, cpu: str = "host") -> float | None:
        """Return the mean of the repetitions; None if there are none."""
        found = self.values(task, case, tool, figure, cpu)
        return mean(found) if found else None

    def of(self, task: str) -> list[Measurement]:
        """Return the measurements of a task."""
        return [one for one in self.measurements if one.task == task]

    def conditions(self, task: str) -> list[dict[str, Any]]:
        """Return the conditions of the runs that measured a task."""
        return [self.runs[number] for number in sorted({one.run for one in self.of(task)})]

    def add(self, other: Results) -> Results:
        """Return both; where both measured the same, only what `other` found."""
        newer = {one.subject for one in other.measurements}
        kept = [one for one in self.measurements if one.subject not in newer]
        moved = [replace(one, run=one.run + len(self.runs)) for one in other.measurements]
        return Results([*self.runs, *other.runs], [*kept, *moved]).without_empty_runs()

    def without_empty_runs(self) -> Results:
        """Return the same without runs of which no measurement is left."""
        used = sorted({one.run for one in self.measurements})
        place = {number: new for new, number in enumerate(used)}
        moved = [replace(one, run=place[one.run]) for one in self.measurements]
        return Results([self.runs[number] for number in used], moved)

    def write(self, path: Path) -> None:
        """Write a file."""
        lines = ",\n".join(json.dumps(asdict(one), ensure_ascii=False) for one in self.measurements)
        runs = json.dumps(self.runs, indent=1, ensure_ascii=False)
        partial = path.with_name(f"{path.name}.partial")
        partial.write_text(f'{{\n"runs": {runs},\n"measurements": [\n{lines}\n]\n}}\n', encoding="utf-8")
        partial.replace(path)


def read(path: Path) -> Results:
    """Read a file.

    Raises:
        MeasurementError: it is none of ours.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return Results(stored["runs"], [Measurement(**one) for one in stored["measurements"]])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MeasurementError(f"{path}: no results of `python -m benchmarks run`: {error}") from error


def read_all(paths: Iterable[Path]) -> Results:
    """Read files; of what two of them measured, the later one counts."""
    found = Results()
    for path in paths:
        found = found.add(read(path))
    return found


def _significant(values: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    for name, value in values.items():
        yield name, value if isinstance(value, int) else float(f"{value:.{_DIGITS}g}")
