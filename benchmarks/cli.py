"""The command line: measure, report, and keep the pages and charts in step with the results."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from benchmarks import machine, results
from benchmarks.bench import PAIR_FILES, QUESTIONS, Bench
from benchmarks.corpora import BUNDLED, prepare
from benchmarks.cpus import CPUS
from benchmarks.processes import ROOT, MeasurementError, ask
from benchmarks.registry import tasks, tools
from benchmarks.running import measure, select
from benchmarks.suites import SUITES, Job

COMMITTED = Path(__file__).parent / "results"
_FOLDER = click.Path(file_okay=False, path_type=Path, resolve_path=True)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path, resolve_path=True)


def committed() -> list[Path]:
    """Return the files of results that pages and charts show, in the order in which later ones replace others."""
    return sorted(COMMITTED.glob("*.json"))


class Group(click.Group):
    """Shows a failed measurement as one line."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(context)
        except MeasurementError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Group, context_settings={"show_default": True})
def main() -> None:
    """Measure w2v and other tools, and keep README.md and docs in step with what was found."""


def _several(option: str, known: list[str], text: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(option, multiple=True, type=click.Choice(known), help=f"{text} May be repeated.")


@main.command("run")
@click.argument("corpus", required=False)
@click.option("--suite", type=click.Choice(list(SUITES)), help="What to measure.")
@_several("--task", list(tasks()), "Measure this task, all of its cases.")
@click.option("--case", multiple=True, metavar="NAME", help="Measure only this case. May be repeated.")
@_several("--tool", list(tools()), "Measure only this tool.")
@_several("--cpu", list(CPUS), "Compute for this CPU; the other tools are measured as they are.")
@click.option("--quick", is_flag=True, help="The same as --suite quick.")
@click.option("--repeat", type=click.IntRange(min=1), help="Repetitions, at most; also the seeds of quality.")
@click.option("--threads", type=click.IntRange(min=1), default=2, help="Threads of each tool.")
@click.option("--minutes", type=float, help="Start nothing new after so many minutes.")
@click.option("--evaluation", type=_FOLDER, help=f"Folder with {', '.join(PAIR_FILES.values())} and {QUESTIONS}.")
@click.option("--labelled", type=_FILE, nargs=2, help="Labelled texts to train a classifier on, and to test it.")
@click.option("--folder", type=_FOLDER, default=ROOT / "build" / "benchmarks", help="Folder for texts and outputs.")
@click.option("--json", "path", type=click.Path(dir_okay=False, path_type=Path), help="Add the results to FILE.")
@click.option("--remark", help="What readers should know about this run; kept with the results.")
def run_command(
    corpus: str | None,
    suite: str | None,
    task: tuple[str, ...],
    case: tuple[str, ...],
    tool: tuple[str, ...],
    cpu: tuple[str, ...],
    quick: bool,
    repeat: int | None,
    threads: int,
    minutes: float | None,
    evaluation: Path | None,
    labelled: tuple[Path, Path] | None,
    folder: Path,
    path: Path | None,
    remark: str | None,
) -> None:
    r"""Measure on CORPUS, the bundled one by default, and print a report in Markdown.

    \b
    CORPUS is one of
      bundled       corpora/english.txt; bundled:100k is its start
      FILE          a sentence a line, words separated by spaces, plain or compressed
      FILE:4M       its first four million words
      zipf:4M:50k   made-up text of so many words, with a vocabulary of 50,000
    """
    _require_evaluation(evaluation)
    suite = "quick" if quick else suite
    if suite is None and not task:
        raise click.UsageError(f"name a --suite ({', '.join(SUITES)}) or a --task")
    jobs = list(SUITES[suite]) if suite else [Job(name) for name in task]
    chosen = [select(job, case, tool, cpu, repeat) for job in jobs if not task or job.task in task]
    jobs = [job for job in chosen if job is not None]
    if not jobs:
        raise click.UsageError(
            f"nothing to measure: no such case: {', '.join(case)}; `python -m benchmarks list` shows them"
        )
    names = [name for name, one in tools().items() if one.is_installed() and (not tool or name in tool)]
    facts = ask("benchmarks.machine", "describe", {"names": names}, {})
    features = frozenset(facts.pop("features"))
    corpus = corpus or (f"{BUNDLED}:100k" if suite == "quick" else BUNDLED)
    bench = Bench(prepare(corpus, folder / "corpora"), folder, threads, evaluation, labelled, suite == "quick")
    conditions = {
        "date": date.today().isoformat(),
        **facts,
        "corpus": bench.corpus.title,
        "words": bench.corpus.words,
        "threads": threads,
    }
    if labelled:
        conditions["labelled"] = labelled[0].name
    found = results.Results([{**conditions, **({"remark": remark} if remark else {})}])
    deadline = time.monotonic() + 60 * minutes if minutes else float("inf")
    if (busy := machine.waiting()) > machine.BUSY:
        _say(f"WARNING: {busy:.1f} other processes for each CPU want to run: figures are not to be trusted")
    earlier = results.read(path) if path is not None and path.exists() else results.Results()
    from benchmarks.report import report

    try:
        for measurement in measure(jobs, bench, features, _say, deadline):
            found.measurements.append(measurement)
            if path is not None:  # whatever happens later, this much is kept
                earlier.add(found).write(path)
    finally:
        click.echo(report(found))


@main.command("report")
@click.argument("files", nargs=-1, type=_FILE)
def report_command(files: tuple[Path, ...]) -> None:
    """Print FILES of results in Markdown; without any, the committed ones."""
    from benchmarks.report import report

    click.echo(report(results.read_all(files or committed())))


@main.command("pages")
@click.option("--check", is_flag=True, help="Change nothing; fail if a page does not agree with the results.")
def pages_command(check: bool) -> None:
    """Make the tables in README.md and docs, and the charts, from the committed results."""
    from benchmarks.pages import pages, renewed

    found = results.read_all(committed())
    stale = []
    for page in pages():
        before = page.read_text(encoding="utf-8")
        after = renewed(before, found)
        if after != before:
            stale.append(page)
            if not check:
                page.write_text(after, encoding="utf-8")
    stale += _charts(found, check=check)
    for page in stale:
        _say(f"{page.relative_to(ROOT)}: {'does not agree with the results' if check else 'made again'}")
    if check and stale:
        raise click.ClickException("some pages are not up to date; `python -m benchmarks pages` makes them again")


def _charts(found: results.Results, *, check: bool) -> list[Path]:
    """Draw what is not drawn from these results; return which charts those are."""
    from benchmarks.charts import CHARTS, digest, draw

    stale = []
    for name, chart in CHARTS.items():
        path = ROOT / "docs" / "images" / f"{name}.svg"
        drawn = path.read_text(encoding="utf-8") if path.exists() else ""
        if found.of(chart.tasks[0]) and digest(found, chart.tasks) not in drawn:
            stale.append(path)
            text = None if check else draw(name, found)
            if text is not None:
                path.write_text(text, encoding="utf-8")
    return stale


@main.command("list")
def list_command() -> None:
    """List the tools, with what is installed, the tasks with their cases, and the suites."""
    for tool in tools().values():
        click.echo(f"tool  {tool.name:20} {tool.version() if tool.is_installed() else 'not installed'}")
    for task in tasks().values():
        click.echo(f"task  {task.name:20} {task.title}: {', '.join(case.name for case in task.cases())}")
    for name, jobs in SUITES.items():
        click.echo(f"suite {name:20} {', '.join(dict.fromkeys(job.task for job in jobs))}")


def _require_evaluation(folder: Path | None) -> None:
    wanted = (*PAIR_FILES.values(), QUESTIONS)
    if folder is not None and (missing := [name for name in wanted if not (folder / name).is_file()]):
        raise click.UsageError(f"{folder} has no {', '.join(missing)}")


def _say(text: str) -> None:
    click.echo(text, err=True)
