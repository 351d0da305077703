"""Measures jobs: the tools take turns within a case, so that a slow moment of the machine affects all of them."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from benchmarks.bench import Bench
from benchmarks.cpus import CPUS, HOST
from benchmarks.machine import BUSY, waiting
from benchmarks.processes import MeasurementError
from benchmarks.registry import tasks, tools
from benchmarks.results import Measurement
from benchmarks.suites import Job
from benchmarks.task import Case, Task
from benchmarks.tool import Tool

Say = Callable[[str], None]


class Contender(NamedTuple):
    """A tool, and the CPU that it computes for."""

    tool: Tool
    cpu: str

    @property
    def title(self) -> str:
        """The name for messages."""
        return ", ".join(filter(None, (self.tool.title, CPUS[self.cpu].title)))


def select(
    job: Job, cases: Sequence[str], chosen: Sequence[str], cpus: Sequence[str], repeat: int | None
) -> Job | None:
    """Return the job with only these cases, tools and CPUs, if any are named, and at most so many repetitions.

    What other jobs measure is ignored; if no case or no tool is left, there is nothing to do.
    """
    known = job.cases or tuple(case.name for case in tasks()[job.task].cases())
    kept = tuple(name for name in known if name in cases) if cases else job.cases
    able = tuple(name for name in job.tools or tools() if name in chosen) if chosen else job.tools
    if (cases and not kept) or (chosen and not able):
        return None
    return dataclasses.replace(
        job,
        cases=kept,
        tools=able,
        cpus=tuple(cpus) or job.cpus,
        repeat=min(job.repeat, repeat or job.repeat),
    )


def contenders(job: Job, task: Task, case: Case, features: frozenset[str]) -> list[Contender]:
    """Return who is measured: every installed tool that does the case, for every CPU that it can be made to use."""
    found: list[Contender] = []
    for tool in tools().values():
        if (job.tools and tool.name not in job.tools) or not tool.is_installed() or not task.fits(tool, case):
            continue
        asked = job.cpus if not job.forced or tool.name in job.forced else (HOST,)
        able = [cpu for cpu in asked if tool.forced(cpu) is not None and CPUS[cpu].needs <= features]
        found.extend(Contender(tool, cpu) for cpu in able or [HOST])
    return found


def cases_of(job: Job) -> list[Case]:
    """Return the cases of a job, on its text.

    Raises:
        MeasurementError: one has an unknown name.
    """
    known = {case.name: case for case in tasks()[job.task].cases()}
    if unknown := [name for name in job.cases if name not in known]:
        raise MeasurementError(f"{job.task} has no case {', '.join(unknown)}; it has {', '.join(known)}")
    chosen = [known[name] for name in job.cases] if job.cases else list(known.values())
    return [dataclasses.replace(case, corpus=job.corpus) for case in chosen] if job.corpus else chosen


def measure(
    jobs: Sequence[Job], bench: Bench, features: frozenset[str], say: Say, deadline: float = float("inf")
) -> Iterator[Measurement]:
    """Yield measurements as they are made; no case is started after the deadline, in seconds of time.monotonic.

    Raises:
        MeasurementError: some cases failed, which it names; all others were measured.
    """
    failed = []
    for job in jobs:
        task = tasks()[job.task]
        for case in cases_of(job):
            if time.monotonic() > deadline:
                say(f"no time left for {task.title}, {case.title}")
                continue
            try:
                yield from _measure_case(job, task, case, bench, contenders(job, task, case, features), say)
            except MeasurementError as error:
                say(f"FAILED: {task.name} {case.name}: {error}")
                failed.append(f"{task.name} {case.name}: {error}")
    if failed:
        raise MeasurementError("; ".join(failed))


def _measure_case(
    job: Job, task: Task, case: Case, bench: Bench, able: Sequence[Contender], say: Say
) -> Iterator[Measurement]:
    environments = [bench.environment(contender.tool, contender.cpu) for contender in able]
    for contender, environment in zip(able, environments, strict=True):
        if not bench.quick:  # its figures mean nothing
            task.warm_up(contender.tool, case, bench, environment)
    for repeat in range(1, job.repeat + 1):
        for contender, environment in zip(able, environments, strict=True):
            busy = waiting()
            values = task.measure(contender.tool, case, bench, environment, repeat)
            figures = ", ".join(f"{name} {value:,.4g}" for name, value in values.items())
            warning = "; WARNING: other processes want the CPUs" if busy > BUSY else ""
            say(f"{task.name} {case.name}, {contender.title}, {repeat}: {figures}{warning}")
            yield Measurement(
                task.name, case.name, contender.tool.name, contender.cpu, repeat, 0, round(busy, 2), values
            )
