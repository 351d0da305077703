"""Measures w2v and gensim on one corpus: speed, memory and quality, as Markdown tables.

python -m benchmarks.compare CORPUS --eval-dir DIR --json results.json
"""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from benchmarks import report
from benchmarks.parts import MEASURE, warm_up
from benchmarks.plan import (
    ANALOGY_FILE,
    CONFIGURATIONS,
    GENSIM_INPUTS,
    NEED_EVAL_DIR,
    PAIR_FILES,
    PARTS,
    Measurement,
    Settings,
)
from benchmarks.processes import MeasurementError, ask


def _names(option: str, known: Iterable[str], text: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare an option that takes some of the known names, separated by commas."""
    every = ",".join(known)

    def split(context: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
        names = tuple(value.split(","))
        if unknown := set(names) - set(every.split(",")):
            raise click.BadParameter(f"{', '.join(sorted(unknown))}: not among {every}", context, parameter)
        return names

    return click.option(option, default=every, callback=split, metavar="NAMES", help=text)


@click.command(context_settings={"show_default": True})
@click.argument("corpus", type=click.Path(exists=True, dir_okay=False, path_type=Path, resolve_path=True))
@click.option(
    "--eval-dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path, resolve_path=True),
    help=f"Folder with {', '.join(PAIR_FILES.values())} and {ANALOGY_FILE}; quality and evaluate need it.",
)
@_names("--parts", PARTS, "What to measure.")
@_names("--configurations", CONFIGURATIONS, "What to train; end-to-end is always sg100.")
@_names("--gensim-inputs", GENSIM_INPUTS, "Gensim's input modes to measure; quality takes the first.")
@click.option("--repeat", type=click.IntRange(min=1), default=3, help="Measurements of each kind.")
@click.option("--seeds", type=click.IntRange(min=1), default=3, help="Models trained for quality.")
@click.option("--epochs", type=click.IntRange(min=1), default=5, help="Epochs, end to end and for quality.")
@click.option("--threads", type=click.IntRange(min=1), default=2, help="Threads of either tool.")
@click.option(
    "--baselines",
    type=click.Path(exists=True, file_okay=False, path_type=Path, resolve_path=True),
    help="Folder for gensim's vectors for quality. Vectors that an earlier run left there are reused; it must have had "
    "the same corpus and epochs.",
)
@click.option("--json", "json_path", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures to FILE.")
def main(
    corpus: Path,
    eval_dir: Path | None,
    parts: tuple[str, ...],
    configurations: tuple[str, ...],
    baselines: Path | None,
    json_path: Path | None,
    **numbers: Any,
) -> None:
    """Measure w2v and gensim on CORPUS, a sentence a line, words separated by spaces, plain or compressed.

    Each part prints its table when it ends. All parts take more than an hour on 17 million words, almost all of it for
    gensim.
    """
    if importlib.util.find_spec("gensim") is None:
        raise click.ClickException("gensim is not installed: in w2v's folder, pip install '.[bench]'")
    if eval_dir is None:
        parts = tuple(part for part in parts if part not in NEED_EVAL_DIR)
    elif missing := [name for name in (*PAIR_FILES.values(), ANALOGY_FILE) if not (eval_dir / name).is_file()]:
        raise click.ClickException(f"{eval_dir} has no {', '.join(missing)}")
    with tempfile.TemporaryDirectory(prefix="w2v-benchmark-") as folder:
        try:
            settings = Settings(
                **_prepare(corpus, folder),
                folder=Path(folder),
                baselines=baselines or Path(folder),
                configurations=tuple(CONFIGURATIONS[name] for name in configurations),
                eval_dir=eval_dir,
                **numbers,
            )
            _measure(settings, parts, json_path)
        except MeasurementError as error:
            raise click.ClickException(str(error)) from error


def _prepare(corpus: Path, folder: str) -> dict[str, Any]:
    prepared = ask("benchmarks.prepare", "prepare", {"source": str(corpus), "folder": folder}, {})
    return {name: Path(value) if isinstance(value, str) else value for name, value in prepared.items()}


def _measure(settings: Settings, parts: tuple[str, ...], json_path: Path | None) -> None:
    machine = ask("benchmarks.run_w2v", "machine", {}, {})
    click.echo(report.conditions(settings, machine) + "\n")
    warm_up(settings)
    measurements: list[Measurement] = []
    for part in parts:
        for measurement in MEASURE[part](settings):
            measurements.append(measurement)
            _say(measurement)
        click.echo(report.table(part, measurements, settings))
        if json_path is not None:
            _store(json_path, settings, machine, measurements)


def _say(measurement: Measurement) -> None:
    figures = ", ".join(f"{name} {value:,.4g}" for name, value in measurement.values.items())
    where = f"{measurement.part} {measurement.subject}, {measurement.contender}, {measurement.repeat}"
    click.echo(f"{where}: {figures}", err=True)


def _store(path: Path, settings: Settings, machine: dict[str, Any], measurements: list[Measurement]) -> None:
    everything = {
        "machine": machine,
        "settings": dataclasses.asdict(settings),
        "measurements": [dataclasses.asdict(measurement) for measurement in measurements],
    }
    path.write_text(json.dumps(everything, indent=1, default=str) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
