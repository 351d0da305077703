"""Measures classifiers of w2v and fastText on labelled texts: accuracy, training, prediction, vectors of texts.

python -m benchmarks.classify TRAIN TEST
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

import click

from benchmarks.processes import MeasurementError, ask, run
from benchmarks.report import spread

_SCRIPT = str(Path(__file__).with_name("fasttext_script.py"))
_PARTS = ("train", "predict", "encode")

Figures = Mapping[str, float]


@click.command(context_settings={"show_default": True})
@click.argument("train", type=click.Path(exists=True, dir_okay=False, path_type=Path, resolve_path=True))
@click.argument("test", type=click.Path(exists=True, dir_okay=False, path_type=Path, resolve_path=True))
@click.option("--parts", default=",".join(_PARTS), metavar="NAMES", help="What to measure.")
@click.option("--word-ngrams", default="1,2", metavar="N,N", help="Longest n-grams to measure.")
@click.option("--epochs", type=click.IntRange(min=1), default=10, help="Epochs of either tool.")
@click.option("--seeds", type=click.IntRange(min=1), default=3, help="Measurements of each kind, each with its seed.")
@click.option("--threads", type=click.IntRange(min=1), default=2, help="Threads of either tool.")
@click.option("--lines", type=click.IntRange(min=1), default=1_000_000, help="Lines of 20 words to label and encode.")
@click.option("--hidden", default="", metavar="N,N", help="Hidden layers of w2v's classifier.")
@click.option(
    "--vectors",
    type=click.Path(exists=True, dir_okay=False, path_type=Path, resolve_path=True),
    help="Vectors of words that w2v's classifier starts from.",
)
def main(
    train: Path,
    test: Path,
    parts: str,
    word_ngrams: str,
    epochs: int,
    seeds: int,
    threads: int,
    lines: int,
    hidden: str,
    vectors: Path | None,
) -> None:
    """Measure w2v and fastText on the labelled lines of TRAIN and TEST, `__label__LABEL text`, plain or compressed.

    Both have the same epochs, 100 dimensions and threads, fastText with a learning rate of 0.5 and w2v with its own.
    The tools take turns, and each measurement is a process of its own.
    """
    tools = ("w2v", "fastText") if importlib.util.find_spec("fasttext") else ("w2v",)
    chosen = {"epochs": epochs, "threads": threads}
    shape = {"hidden": [int(size) for size in hidden.split(",") if size], "vectors": vectors and str(vectors)}
    try:
        with tempfile.TemporaryDirectory(prefix="w2v-classify-") as folder:
            environment = {"NUMBA_CACHE_DIR": str(Path(folder, "numba"))}
            request = {"train": str(train), "test": str(test), "folder": folder, "lines": lines}
            texts = ask("benchmarks.run_classify", "prepare", request, environment)["texts"]
            _say_conditions(texts, tools, chosen, shape)
            for longest in map(int, word_ngrams.split(",")):
                options = {**chosen, "word_ngrams": longest}
                if "train" in parts.split(","):
                    _training(Path(folder), tools, options, shape, seeds, environment)
                if "predict" in parts.split(","):
                    _prediction(Path(folder), tools, options, shape, seeds, lines, environment)
            if "encode" in parts.split(","):
                _encoding(Path(folder), seeds, environment)
    except MeasurementError as error:
        raise click.ClickException(str(error)) from error


def _say_conditions(texts: int, tools: Sequence[str], options: Mapping[str, Any], shape: Mapping[str, Any]) -> None:
    machine = ask("benchmarks.run_w2v", "machine", {}, {})
    versions = [f"{name} {machine['packages'][name]}" for name in ("w2v", "numba", "numpy")]
    if "fastText" in tools:
        versions.append(f"fasttext-wheel {importlib.metadata.version('fasttext-wheel')}")
    click.echo(
        f"{machine['cpu']}, {machine['cores']} cores, {machine['simd']}; {machine['system']}; Python"
        f" {machine['python']}, {', '.join(versions)}.\n{texts:,} texts, {options['epochs']} epochs,"
        f" {options['threads']} threads, hidden layers of w2v: {shape['hidden'] or 'none'}, vectors:"
        f" {Path(shape['vectors']).name if shape['vectors'] else 'none'}.\n"
    )


def _train(
    tool: str,
    folder: Path,
    options: Mapping[str, Any],
    shape: Mapping[str, Any],
    seed: int,
    environment: Mapping[str, str],
) -> dict[str, float]:
    """Train and score one classifier, which stays in the folder."""
    train, test, model = (str(folder / name) for name in ("train.txt", "test.txt", f"{tool}.model"))
    if tool == "w2v":
        request = {"train": train, "test": test, "model": model, "seed": seed, **options, **shape}
        return ask("benchmarks.run_classify", "train", request, environment)
    named = [text for name, value in options.items() for text in (f"--{name.replace('_', '-')}", str(value))]
    found: dict[str, float] = json.loads(
        run([sys.executable, _SCRIPT, "train", model, train, test, *named, "--seed", str(seed)], {}).output
    )
    return found


def _training(
    folder: Path,
    tools: Sequence[str],
    options: Mapping[str, Any],
    shape: Mapping[str, Any],
    seeds: int,
    environment: Mapping[str, str],
) -> None:
    measured: dict[str, list[Figures]] = {tool: [] for tool in tools}
    for seed in range(1, seeds + 1):
        for tool in tools:
            measured[tool].append(_train(tool, folder, options, shape, seed, environment))
            click.echo(f"training, {tool}: {measured[tool][-1]}", err=True)
    click.echo(f"**Training, runs of at most {options['word_ngrams']} words**\n")
    click.echo("| | accuracy | seconds | CPU seconds | ratio of time |\n| :-- | --: | --: | --: | --: |")
    for tool in tools:
        scores = [figures["accuracy"] for figures in measured[tool]]
        accuracy = f"{mean(scores):.4f} ({', '.join(f'{score:.4f}' for score in scores)})"
        seconds = [[figures[f"training_{kind}"] for figures in measured[tool]] for kind in ("seconds", "cpu_seconds")]
        ratio = _ratio(tool, tools, measured, "training_seconds")
        click.echo(f"| {tool} | {accuracy} | {spread(seconds[0])} | {spread(seconds[1])} | {ratio} |")
    click.echo("")


def _prediction(
    folder: Path,
    tools: Sequence[str],
    options: Mapping[str, Any],
    shape: Mapping[str, Any],
    repeat: int,
    lines: int,
    environment: Mapping[str, str],
) -> None:
    text, measured = str(folder / "lines.txt"), dict[str, list[Figures]]()
    predict = [sys.executable, "-m", "w2v", "classify", "predict", str(folder / "w2v.model"), text]
    commands = {
        "w2v": [*predict, "--threads", str(options["threads"])],
        "fastText": [sys.executable, _SCRIPT, "predict", str(folder / "fastText.model"), text],
    }
    for tool in tools:
        if not (folder / f"{tool}.model").exists():
            _train(tool, folder, options, shape, 1, environment)
        measured[tool] = []
    short = folder / "warm-up.txt"
    short.write_bytes((folder / "test.txt").read_bytes()[:10_000])
    run([str(short) if part == text else part for part in commands["w2v"]], environment)  # compiles
    for _ in range(repeat):
        for tool in tools:
            done = run(commands[tool], environment)
            labels = done.output.count("\n")
            if labels != lines:
                raise MeasurementError(f"{tool} wrote {labels} labels for {lines} lines")
            figures = {"seconds": done.seconds, "cpu_seconds": done.cpu_seconds, "peak_bytes": float(done.peak_bytes)}
            measured[tool].append(figures)
            click.echo(f"prediction, {tool}: {figures}", err=True)
    click.echo(f"**Labels for {lines:,} lines of 20 words, whole command, runs of at most {options['word_ngrams']}**\n")
    click.echo("| | thousand lines a second | CPU seconds | peak memory, MB | ratio of time |")
    click.echo("| :-- | --: | --: | --: | --: |")
    for tool in tools:
        speeds = [lines / figures["seconds"] / 1e3 for figures in measured[tool]]
        cpu, peaks = ([figures[name] for figures in measured[tool]] for name in ("cpu_seconds", "peak_bytes"))
        ratio = _ratio(tool, tools, measured, "seconds")
        click.echo(f"| {tool} | {spread(speeds, 1, 0)} | {spread(cpu)} | {spread(peaks, 1e-6, 0)} | {ratio} |")
    click.echo("")
    for tool in tools:
        (folder / f"{tool}.model").unlink()


def _encoding(folder: Path, repeat: int, environment: Mapping[str, str]) -> None:
    request = {"train": str(folder / "train.txt"), "lines": str(folder / "lines.txt")}
    measured = [ask("benchmarks.run_classify", "encode", request, environment) for _ in range(repeat)]
    speeds, of_cpu = (
        [figures["texts"] / figures[name] * 60 for figures in measured] for name in ("seconds", "cpu_seconds")
    )
    click.echo(
        f"**Vectors of texts of 20 words**: {spread(speeds, 1e-6)} million texts a minute on one thread,"
        f" {spread(of_cpu, 1e-6)} million a minute of CPU."
    )


def _ratio(tool: str, tools: Sequence[str], measured: Mapping[str, Sequence[Figures]], name: str) -> str:
    """Return how many times as long the other tool took as w2v."""
    if tool != "w2v" or len(tools) == 1:
        return ""
    other, own = (median(figures[name] for figures in measured[one]) for one in (tools[1], tools[0]))
    return f"**{other / own:.1f} x**"


if __name__ == "__main__":
    main()
