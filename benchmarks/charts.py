"""Results -> charts for docs. `python -m benchmarks pages` draws them again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.corpora import number
from benchmarks.cpus import CPUS
from benchmarks.models import MODELS
from benchmarks.registry import tools
from benchmarks.report import OURS
from benchmarks.results import Results
from benchmarks.tasks.epochs import TRIED
from benchmarks.tasks.growth import AXES
from benchmarks.tasks.quality import SCORES
from benchmarks.theme import INK, LINE, QUIET, SERIES, new_figure, style, svg

_COMPARED = ("w2v", "gensim-corpus-file", "fasttext", "word2vec-c")
_BARS = ("sg100", "sg300", "cbow100", "sg100hs", "cbow100hs")
_ROOFS = {"L1": "first-level cache", "L2": "second-level cache", "L3": "third-level cache", "memory": "memory"}
_CODE = (Path(__file__), Path(__file__).with_name("theme.py"))
_INTENSITIES = (0.2, 20.0)  # flops a byte


class Chart(NamedTuple):
    """A chart: what it shows, for readers who can't see it; the tasks whose results it shows; and how it is drawn."""

    title: str
    tasks: tuple[str, ...]
    draw: Callable[[Results], Figure]


def draw(name: str, found: Results) -> str | None:
    """Return a chart as SVG; None if nothing was measured that it could show."""
    chart = CHARTS[name]
    if not found.of(chart.tasks[0]):
        return None
    return svg(chart.draw(found), chart.title, f"Drawn from results {digest(found, chart.tasks)}")


def digest(found: Results, names: Iterable[str]) -> str:
    """Return a short checksum of all that was measured of some tasks, and of the code that draws it."""
    values = [(*one.subject, one.repeat, dict(one.values)) for name in names for one in found.of(name)]
    code = "".join(path.read_text(encoding="utf-8") for path in _CODE)
    return hashlib.sha256((json.dumps(values) + code).encode()).hexdigest()[:16]


def _speed(found: Results) -> Figure:
    """Bars: millions of words a second of each tool and model, w2v's also for other CPUs."""
    figure = new_figure(7.6, 5.4)
    panels = figure.subplots(len(_BARS), 1, sharex=True)
    for axes, model in zip(panels, _BARS, strict=True):
        bars = [
            (", ".join(filter(None, (tool.title, CPUS[cpu].title))), tool.name, speed)
            for tool in tools().values()
            for cpu in CPUS
            if (speed := found.middle("train", model, tool.name, "words_per_second", cpu))
            and (cpu == "host" or tool.name == OURS)
        ]
        style(axes, MODELS[model].title)
        axes.grid(visible=False, axis="y")
        for place, (title, tool, speed) in enumerate(reversed(bars)):
            color = SERIES[0] if tool == OURS else QUIET
            axes.barh(
                place, speed / 1e6, color=color.stand_in, height=0.7, alpha=1 if title == "w2v" or tool != OURS else 0.6
            )
            axes.annotate(
                f"{speed / 1e6:.2f}", (speed / 1e6, place), (4, 0), textcoords="offset points", color=INK.stand_in,
                fontsize=8, va="center",
            )  # fmt: skip
        axes.set_yticks(range(len(bars)), [title for title, *_ in reversed(bars)])
        axes.tick_params(axis="y", length=0, labelcolor=INK.stand_in)
    panels[-1].set_xlabel("million words a second", color=QUIET.stand_in, fontsize=9)
    heights = [len(axes.get_yticks()) + 1.2 for axes in panels]
    panels[0].get_gridspec().set_height_ratios(heights)
    return figure


def _quality(found: Results) -> Figure:
    """Points: scores against seconds of training, one for each tool, model and number of epochs."""
    shown = [one for one in SCORES if one.name != "simlex999"]
    figure = new_figure(8.4, 6.2)
    panels = figure.subplots(len(shown), 2, sharex="col", squeeze=False)
    for column, model in enumerate(("sg100", "cbow100")):
        for row, score in enumerate(shown):
            axes = panels[row, column]
            bottom = row == len(shown) - 1
            style(
                axes, MODELS[model].title if row == 0 else "", "seconds of training" if bottom else "",
                score.title if column == 0 else "",
            )  # fmt: skip
            for name, color in zip(_COMPARED, SERIES, strict=False):
                points = _points(found, model, name, score.name)
                if not points:
                    continue
                x, y = [point[0] for point in points], [point[1] for point in points]
                axes.plot(x, y, "o-", color=color.stand_in, markersize=5, linewidth=1.5, label=tools()[name].title)
                for place, _, low, high in points:
                    axes.vlines(place, low, high, color=color.stand_in, linewidth=1)
            axes.set_xscale("log")
            axes.xaxis.set_major_formatter("{x:g}")
            axes.minorticks_off()
            axes.margins(x=0.1)
    _legend(figure, panels[0, 0], len(_COMPARED))
    return figure


def _points(found: Results, model: str, tool: str, score: str) -> list[tuple[float, float, float, float]]:
    """Return seconds of training, the mean score and the least and greatest of the seeds, by epochs.

    Seconds are those of the measured speed: scores take hours, in which a machine is seldom quiet.
    """
    speed = found.middle("train", model, tool, "words_per_second")
    points = []
    for epochs in TRIED:
        scores = found.values("epochs", f"{model}-e{epochs}", tool, score)
        if scores and speed:
            words = found.conditions("epochs")[0]["words"]
            points.append((epochs * words / speed, sum(scores) / len(scores), min(scores), max(scores)))
    return points


def _growth(found: Results, figure_name: str, title: str, *, logarithmic: bool) -> Figure:
    figure = new_figure(8.4, 5.0)
    panels = figure.subplots(2, 3, sharey=True)
    for axes, (name, axis) in zip(panels.flat, AXES.items(), strict=False):  # the first six
        style(axes, axis.title, "", title if axes in panels[:, 0] else "")
        points = [
            (number(value), value, speed * 1e-6)
            for value in axis.values
            if (speed := found.middle("growth", f"{name}={value}", OURS, figure_name))
        ]
        axes.plot([x for x, _, _ in points], [y for *_, y in points], "o-", color=SERIES[0].stand_in, markersize=4)
        axes.set_xscale("log")
        axes.set_xticks([x for x, *_ in points], [label for _, label, _ in points])
        axes.minorticks_off()
    if logarithmic:
        panels[0, 0].set_yscale("log")
        ticks = [tick for tick in (100, 200, 500, 1000, 2000, 5000, 10_000) if tick < panels[0, 0].get_ylim()[1]]
        panels[0, 0].set_yticks(ticks, [f"{tick:,}" for tick in ticks])
        for axes in panels.flat:
            axes.minorticks_off()
    else:
        panels[0, 0].set_ylim(bottom=0)
    return figure


def _roofline(found: Results) -> Figure:
    """Kernels below the ceilings of the machine, one thread."""
    figure = new_figure(7.6, 5.0)
    axes = figure.subplots()
    style(axes, "", "useful flops for a byte of rows that is read or written", "GFLOP/s")
    axes.set_xscale("log")
    axes.set_yscale("log")
    measured = found.of("roofline")
    peak = max(one.values["peak"] for one in measured) / 1e9
    low, high = _INTENSITIES
    for name, title in _ROOFS.items():
        rate = max(one.values[f"bytes_per_second_{name}"] for one in measured) / 1e9
        edge = min(high, peak / rate)
        axes.plot([low, edge], [low * rate, edge * rate], color=QUIET.stand_in, linewidth=1)
        axes.text(
            low * 1.05, low * rate * 1.12, title, color=QUIET.stand_in, fontsize=8, rotation=38, rotation_mode="anchor"
        )
    axes.axhline(peak, color=QUIET.stand_in, linewidth=1)
    axes.text(high, peak * 1.04, f"peak, {peak:.0f} GFLOP/s", color=QUIET.stand_in, fontsize=8, ha="right")
    cases = [name for name in MODELS if found.values("roofline", name, OURS, "share")]
    for place, case in enumerate(cases):
        values = [
            found.middle("roofline", case, OURS, key) or 0.0 for key in ("intensity", "flops_per_second", "share")
        ]
        color = SERIES[place % len(SERIES)].stand_in
        label = f"{MODELS[case].title}: {values[2]:.0%}"
        axes.plot(values[0], values[1] / 1e9, "osD^v<>p"[place % 8], color=color, markersize=8, label=label)
    axes.set_xlim(low, high)
    axes.set_ylim(5, peak * 1.6)
    axes.set_xticks([0.25, 0.5, 1, 2, 5, 10, 20], ["0.25", "0.5", "1", "2", "5", "10", "20"])
    ticks = [tick for tick in (5, 10, 20, 50, 100, 200) if tick < peak * 1.6]
    axes.set_yticks(ticks, list(map(str, ticks)))
    axes.minorticks_off()
    legend = axes.legend(loc="lower right", fontsize=8, frameon=True, facecolor="none", edgecolor=LINE.stand_in)
    for text in legend.get_texts():
        text.set_color(INK.stand_in)
    return figure


def _legend(figure: Figure, axes: Axes, columns: int) -> None:
    handles, labels = axes.get_legend_handles_labels()
    legend = figure.legend(handles, labels, loc="outside upper left", ncols=columns, frameon=False, fontsize=9)
    for text in legend.get_texts():
        text.set_color(INK.stand_in)


CHARTS = {
    "benchmark-speed": Chart("Speed of training by tool and model", ("train",), _speed),
    "benchmark-quality": Chart("Quality against seconds of training", ("epochs", "train"), _quality),
    "benchmark-growth-speed": Chart(
        "Speed of training as one thing grows",
        ("growth",),
        lambda found: _growth(found, "words_per_second", "million words a second", logarithmic=False),
    ),
    "benchmark-growth-memory": Chart(
        "Peak memory of training as one thing grows",
        ("growth",),
        lambda found: _growth(found, "peak_bytes", "peak memory, MB", logarithmic=True),
    ),
    "benchmark-roofline": Chart("Kernels below the ceilings of the machine", ("roofline",), _roofline),
}
