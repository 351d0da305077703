"""What a task is: a small class in `benchmarks/tasks/` that says what tools do, and which figures come out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from benchmarks.models import MODELS
from benchmarks.processes import Run, answer_of, run

if TYPE_CHECKING:
    from benchmarks.bench import Bench
    from benchmarks.tool import Tool


@dataclass(frozen=True)
class Figure:
    """One figure of a task.

    Attributes:
        name: the key in results.
        title: with its unit, for tables.
        unit: what a value is multiplied with for tables.
        digits: digits behind the point.
        more_is_better: None for figures that say nothing about quality.
    """

    name: str
    title: str
    unit: float = 1.0
    digits: int = 2
    more_is_better: bool | None = True


SECONDS = Figure("seconds", "seconds", more_is_better=False)
CPU_SECONDS = Figure("cpu_seconds", "CPU seconds", more_is_better=False)
SPEED = Figure("words_per_second", "million words a second", 1e-6)
PEAK = Figure("peak_bytes", "peak memory, MB", 1e-6, 0, more_is_better=False)


@dataclass(frozen=True)
class Case:
    """One thing to measure within a task.

    Attributes:
        name: on the command line and in results.
        title: in tables.
        request: arguments of the action.
        corpus: the spec of its text, if it needs one of its own.
    """

    name: str
    title: str
    request: Mapping[str, Any] = field(default_factory=dict)
    corpus: str | None = None


def varied(models: Iterable[str], changes: Mapping[str, tuple[str, Mapping[str, Any]]]) -> list[Case]:
    """Return a case for each model and change: by the end of its name, the end of its title, and the options.

    Example:
        >>> [(case.name, case.title) for case in varied(["sg100"], {"e2": ("epochs: 2", {"epochs": 2})})]
        [('sg100-e2', 'skip-gram, d = 100, epochs: 2')]
    """
    return [
        Case(f"{name}-{end}", f"{MODELS[name].title}, {title}", MODELS[name].request(**options))
        for name in models
        for end, (title, options) in changes.items()
    ]


class Task:
    """One task.

    Attributes:
        name: the module's name with dashes, on the command line and in results.
        title: heading in reports.
        action: the method of a tool.
        place: where it stands in reports.
        figures: what is shown; the first one is compared.
        per_process: whether the whole process is measured, from its start to its end.
        by_seed: whether every repetition has another seed: reports show the mean, and each.
        compares: whether pages list what other tools do better.
        with_tool_notes: whether reports show the notes of its tools.
        note: what readers must know.
    """

    name: str
    title: str
    action: str
    place: int
    figures: Sequence[Figure] = (SECONDS,)
    per_process: bool = False
    by_seed: bool = False
    compares: bool = True
    with_tool_notes: bool = False
    note: str = ""

    def cases(self) -> Iterable[Case]:
        """Return what is measured, in order: one thing, unless overridden."""
        return [Case(self.name, self.title)]

    def fits(self, tool: Tool, case: Case) -> bool:  # noqa: ARG002
        """Return whether a tool does a case."""
        return tool.can(self.action)

    def request(self, case: Case, bench: Bench, seed: int) -> dict[str, Any]:
        """Return the arguments of the action."""
        raise NotImplementedError

    def warm_up(self, tool: Tool, case: Case, bench: Bench, environment: Mapping[str, str]) -> None:
        """Do before the first measurement what a user did long ago, such as compiling."""

    def measure(
        self, tool: Tool, case: Case, bench: Bench, environment: Mapping[str, str], seed: int
    ) -> dict[str, float]:
        """Measure once, in a process of its own."""
        request = self.request(case, bench, seed)
        done = run(tool.command(self.action, request), environment)
        if not self.per_process:
            return self.figures_of(answer_of(done), done, bench.corpus_of(case).words)
        answer = {"seconds": done.seconds, "cpu_seconds": done.cpu_seconds}
        return self.figures_of({**answer, **self.check(request, done)}, done, bench.corpus_of(case).words)

    def check(self, request: Mapping[str, Any], done: Run) -> dict[str, Any]:  # noqa: ARG002
        """Look at what a whole process wrote; return further figures."""
        return {}

    def figures_of(self, answer: Mapping[str, Any], done: Run, words: int) -> dict[str, float]:
        """Return the figures of one measurement; `words` are those of its text."""
        figures = {name: value for name, value in answer.items() if isinstance(value, int | float)}
        figures["peak_bytes"] = done.peak_bytes
        if any(figure.name == SPEED.name for figure in self.figures):
            figures["words_per_second"] = words / figures["seconds"]
        return figures
