"""A plot of training runs: loss, speed and learning rate by words processed."""

from __future__ import annotations

import html
import os
from collections.abc import Sequence
from pathlib import Path

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter

from w2v.files import replacing
from w2v.pictures.colors import palette
from w2v.pictures.figures import GROUND, INK, LINE, QUIET, literal, new_figure, save_figure, svg_bytes
from w2v.pictures.fonts import families_for, without
from w2v.training_log import TrainingCurves

_WIDTH, _HEIGHT = 9.0, 8.0  # inches
_PANELS = {
    "loss": "mean loss per prediction (nats)",
    "words_per_second": "words per second",
    "lr": "learning rate",
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="w2v plot-training">
<title>{title}</title>
<style>
body {{ margin: 2rem auto; max-width: 60rem; padding: 0 1rem; background: {ground}; color: {ink}; }}
body {{ font: 15px/1.5 system-ui, sans-serif; }}
svg {{ width: 100%; height: auto; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; }}
th, td {{ padding: 0.2rem 1rem 0.2rem 0; text-align: right; border-bottom: 1px solid {line}; }}
:is(th, td):first-child {{ text-align: left; }}
</style>
</head>
<body>
<h1>{title}</h1>
{svg}
<table>
<tr><th>log</th><th>epochs</th><th>words</th><th>first loss</th><th>last loss</th><th>mean words per second</th></tr>
{rows}
</table>
</body>
</html>
"""


def draw_curves(runs: Sequence[TrainingCurves], path: str | os.PathLike[str], title: str) -> None:
    """Plot one run, or compare several.

    Args:
        runs: one curve each.
        path: the file; its name says whether it is PNG, SVG or a page that works offline.
        title: the title of the plot.

    Raises:
        OutputError: the file can't be written; an earlier one is unchanged.
    """
    is_page = Path(path).suffix.lower() == ".html"  # the page has a heading of its own
    families, missing = families_for([title, *(run.name for run in runs)])
    shown, *names = without(missing, ["" if is_page else title, *(run.name for run in runs)])
    with rc_context({"font.family": families}):
        figure = _figure(runs, names, shown)
        if not is_page:
            save_figure(figure, path)
            return
        svg = svg_bytes(figure).decode()
    page = _PAGE.format(
        title=html.escape(title), ground=GROUND, ink=INK, line=LINE, svg=svg[svg.index("<svg") :],
        rows="\n".join(map(_row, runs)),
    )  # fmt: skip
    with replacing(path) as stream:
        stream.write(page.encode())


def _figure(runs: Sequence[TrainingCurves], names: Sequence[str], title: str) -> Figure:
    figure = new_figure(_WIDTH, _HEIGHT)
    figure.set_layout_engine("constrained")
    panels = figure.subplots(len(_PANELS), 1, sharex=True, height_ratios=(2, 1, 1))
    colors = palette(len(runs), dark=False)
    for axes, (field, label) in zip(panels, _PANELS.items(), strict=True):
        for run, name, color in zip(runs, names, colors, strict=True):
            values = getattr(run, field)
            marker = "o" if len(values) < 3 else ""
            axes.plot(run.words, values, color=color, linewidth=1.6, marker=marker, label=literal(name))
        _style(axes, label)
        if field != "loss":
            axes.set_ylim(bottom=0)
    if len(runs) == 1:
        for axes in panels:
            for start in runs[0].epoch_starts:
                axes.axvline(start, color=QUIET, linewidth=0.8, linestyle=":")
    else:
        panels[0].legend(frameon=False)
    panels[1].yaxis.set_major_formatter(EngFormatter(sep=""))
    panels[-1].xaxis.set_major_formatter(EngFormatter(sep=""))
    dotted = "; dotted: start of an epoch" if len(runs) == 1 and runs[0].epoch_starts else ""
    panels[-1].set_xlabel(f"words processed{dotted}", color=QUIET)
    if title:
        figure.suptitle(literal(title), color=INK, weight="bold")
    return figure


def _style(axes: Axes, label: str) -> None:
    axes.set_title(label, loc="left", color=INK, fontsize=10)
    axes.set_facecolor(GROUND)
    axes.grid(color=LINE, linewidth=0.7)
    axes.tick_params(colors=QUIET, length=0)
    axes.spines[:].set_visible(False)


def _row(run: TrainingCurves) -> str:
    cells = (
        html.escape(run.name), f"{run.epoch[-1]:.0f}", f"{run.words[-1]:,.0f}", f"{run.loss[0]:.4f}",
        f"{run.loss[-1]:.4f}", f"{run.words_per_second.mean():,.0f}",
    )  # fmt: skip
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
