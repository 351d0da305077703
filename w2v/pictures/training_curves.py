"""A plot of training runs: loss, speed and learning rate by words processed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, MaxNLocator

from w2v.options import PictureOptions
from w2v.pictures.colors import palette
from w2v.pictures.curves_page import save_curves_page
from w2v.pictures.figures import GROUND, INK, LINE, QUIET, literal, new_figure, save_figure, svg_bytes
from w2v.pictures.fonts import families_for, without
from w2v.training_log import TrainingCurves

_WIDTH, _PAGE_WIDTH = 9.0, 12.0  # inches
_ROW, _NARROW_ROW = 3.0, 1.9  # height of a row of panels in inches
_PAGE_PROPORTION = 0.56  # height of a figure in a page that fits a window of 1400 x 900 pixels
_NARROW = 6.0  # inches; narrower figures have one panel in a row
_MOST_IN_ROW = 3  # panels
_FONT_SIZE = 9.0  # points
_WHOLE = 0.99  # share of the words of the epoch before from which the last epoch counts as whole
_MOST_MARKS = 12  # epochs with a mark
_LEGEND_ROWS = 10
_LONGEST_NAME = 40  # characters of a name in a legend
_SMOOTHED = 0.1  # share of the lines whose median is a point of the smooth curve
_LEAST_SMOOTHED = 5  # lines

Numbers = npt.NDArray[np.float64]


def draw_curves(
    runs: Sequence[TrainingCurves], path: str | os.PathLike[str], title: str, options: PictureOptions | None = None
) -> None:
    """Plot one run, or compare several.

    Losses of different training objectives are not of one scale: each objective has a panel of its own.

    Args:
        runs: one curve each.
        path: the file; its name says whether it is PNG, SVG, PDF or a page that works offline.
        title: the title of the plot.
        options: width, font and resolution; a page needs none.

    Raises:
        UsageError: there is no such font.
        OutputError: the file can't be written; an earlier one is unchanged.
    """
    options = options or PictureOptions()
    is_page = Path(path).suffix.lower() == ".html"  # the page has a heading of its own
    families, missing = families_for([title, *(run.name for run in runs)], options.font)
    shown, *names = without(missing, ["" if is_page else title, *(run.name for run in runs)])
    size = options.font_size or _FONT_SIZE
    with rc_context({"font.family": [*families, "sans-serif"], "font.size": size}):
        if is_page:
            svg = svg_bytes(_figure(runs, names, "", _PAGE_WIDTH, is_page=True), options.dpi_for(_PAGE_WIDTH))
            save_curves_page(runs, path, title, svg.decode())
            return
        width = options.width or _WIDTH
        save_figure(_figure(runs, names, shown, width), path, options.dpi_for(width))


def smoothed(values: Numbers) -> Numbers:
    """Return the rolling median of n values, each of the values around it: fewer at the ends, all of few values.

    Example:
        >>> smoothed(np.array([1.0, 1, 9, 1, 1, 1, 2, 1]))
        array([1., 1., 1., 1., 1., 1., 1., 1.])
    """
    half = max(_LEAST_SMOOTHED, round(_SMOOTHED * len(values))) // 2
    return np.array([np.median(values[max(0, place - half) : place + half + 1]) for place in range(len(values))])


def marked_epochs(run: TrainingCurves) -> list[tuple[int, float]]:
    """Return the epochs whose ends have a mark, with the words after which they end: at most a dozen, evenly spaced."""
    last_lines = np.flatnonzero(np.diff(run.epoch) > 0).tolist()
    if last_lines:
        before = run.words[last_lines[-2]] if len(last_lines) > 1 else 0.0
        ended = run.words[last_lines[-1]]
        if run.words[-1] - ended >= _WHOLE * (ended - before):  # otherwise the run goes on
            last_lines.append(len(run.words) - 1)
    step = next(step for step in _steps() if len(last_lines) / step <= _MOST_MARKS)
    ends = [(int(run.epoch[line]), float(run.words[line])) for line in last_lines]
    return [(epoch, end) for epoch, end in ends if epoch % step == 0]


def _steps() -> list[int]:
    return [factor * 10**power for power in range(9) for factor in (1, 2, 5)]


def _figure(
    runs: Sequence[TrainingCurves],
    names: Sequence[str],
    title: str,
    width: float,
    *,
    is_page: bool = False,
) -> Figure:
    objectives = list(dict.fromkeys(run.objective for run in runs))
    in_row = 1 if width < _NARROW else min(_MOST_IN_ROW, max(2, len(objectives)))
    loss_rows = -(-len(objectives) // in_row)
    rows = loss_rows + (2 if in_row == 1 else 1)
    height = rows * (_NARROW_ROW if in_row == 1 else _ROW) + 0.4
    figure = new_figure(width, max(height, width * _PAGE_PROPORTION) if is_page else height)
    figure.set_layout_engine("constrained")
    grid = figure.add_gridspec(rows, 6)
    share = 6 // in_row
    colors = palette(len(runs), dark=False)
    panels = []
    for number, objective in enumerate(objectives):
        row, column = divmod(number, in_row)
        end = 6 if number == len(objectives) - 1 else (column + 1) * share
        axes = figure.add_subplot(grid[row, column * share : end])
        shown = [entry for entry in zip(runs, names, colors, strict=True) if entry[0].objective == objective]
        for run, name, color in shown:
            _plot(axes, run, run.loss, color, name if len(runs) > 1 else "training", marks_epochs=True)
            _plot_validation(axes, run, color, name if len(runs) > 1 else "")
        _style(axes, _loss_title(objective, len(objectives)))
        if len(runs) > 1 or _is_validated(runs[0]):
            axes.legend(frameon=False, labelcolor=INK, fontsize="small", ncols=1 + len(shown) // _LEGEND_ROWS)
        panels.append(axes)
    for place, draw in enumerate((_draw_speed, _draw_rate)):
        spot = grid[loss_rows + place, :] if in_row == 1 else grid[loss_rows, 3 * place : 3 * place + 3]
        axes = figure.add_subplot(spot)
        draw(axes, runs, colors)
        axes.set_ylim(bottom=0)
        panels.append(axes)
    if len(runs) == 1:
        _mark_epochs(panels, runs[0])
    for axes in panels:
        axes.set_xlim(left=0)
        if in_row > 2 or axes is not panels[0]:
            axes.xaxis.set_major_locator(MaxNLocator(5))
    figure.supxlabel(_x_label(runs, objectives, ";\n" if in_row == 1 else "; "), color=QUIET, fontsize="medium")
    if title:
        figure.suptitle(literal(title), color=INK, weight="bold")
    return figure


def _draw_speed(axes: Axes, runs: Sequence[TrainingCurves], colors: Sequence[str]) -> None:
    note = ""
    for run, color in zip(runs, colors, strict=True):
        values = run.words_per_second
        if len(values) >= _LEAST_SMOOTHED:
            note = "rolling median; faint: as measured"
            axes.plot(*_gaps(run.words, values), color=color, linewidth=0.8, alpha=0.3)
            values = smoothed(values)
        _plot(axes, run, values, color, "", marks_epochs=False)
    _style(axes, "words per second")
    axes.set_title(note, loc="right", color=QUIET, fontsize="small")
    axes.yaxis.set_major_formatter(EngFormatter(sep=""))


def _draw_rate(axes: Axes, runs: Sequence[TrainingCurves], colors: Sequence[str]) -> None:
    for run, color in zip(runs, colors, strict=True):
        _plot(axes, run, run.lr, color, "", marks_epochs=False)
    _style(axes, "learning rate")


def _plot(axes: Axes, run: TrainingCurves, values: Numbers, color: str, name: str, *, marks_epochs: bool) -> None:
    few = len(values) < 3
    axes.plot(
        *_gaps(run.words, values),
        color=color,
        linewidth=1.6,
        marker="o" if few else "",
        label=literal(_shortened(name)),
    )
    if marks_epochs and not few:
        ends = [end for _, end in marked_epochs(run)]
        at = np.flatnonzero(np.isin(run.words, ends))
        axes.plot(run.words[at], values[at], "o", color=color, markersize=4)


def _is_validated(run: TrainingCurves) -> bool:
    return not np.isnan(run.validation_loss).all()


def _plot_validation(axes: Axes, run: TrainingCurves, color: str, name: str) -> None:
    """Draw the validation loss, if there is any, as a dashed line from epoch to epoch."""
    if not _is_validated(run):
        return
    at = ~np.isnan(run.validation_loss)
    axes.plot(
        *_gaps(run.words[at], run.validation_loss[at]),
        color=color,
        linewidth=1.2,
        linestyle="--",
        marker="s",
        markersize=4,
        markerfacecolor=GROUND,
        label=literal(f"{_shortened(name)} (validation)" if name else "validation"),
    )


def _gaps(words: Numbers, values: Numbers) -> tuple[Numbers, Numbers]:
    """Return both with a gap wherever words decrease, as in logs that were joined: no line goes back."""
    places = np.flatnonzero(np.diff(words) < 0) + 1
    return np.insert(words, places, np.nan), np.insert(values, places, np.nan)


def _mark_epochs(panels: Sequence[Axes], run: TrainingCurves) -> None:
    epochs = marked_epochs(run)
    for axes in panels:
        for _, end in epochs:
            axes.axvline(end, color=QUIET, linewidth=0.8, linestyle=":", zorder=0)
    for epoch, end in epochs:
        panels[0].annotate(
            str(epoch), (end, 1), xycoords=("data", "axes fraction"), xytext=(-2, -2), textcoords="offset points",
            ha="right", va="top", color=QUIET, fontsize="small",
        )  # fmt: skip


def _x_label(runs: Sequence[TrainingCurves], objectives: Sequence[str], separator: str) -> str:
    parts = ["words processed"]
    if any(map(marked_epochs, runs)):
        parts.append("dots: ends of epochs" if len(runs) > 1 else "dotted lines and numbers: ends of epochs")
    if len(objectives) > 1:
        parts.append("losses of different objectives can't be compared")
    elif len(runs) > 1 and not objectives[0]:
        parts.append("these logs name no objective; compare only losses of the same objective")
    return separator.join(parts)


def _loss_title(objective: str, count: int) -> str:
    is_squared = objective.endswith("regression")
    if count > 1:
        return f"mean {'squared error' if is_squared else 'loss (nats)'}\n{objective or 'objective not in the log'}"
    measure = "squared error, in variances of the targets" if is_squared else "loss per prediction (nats)"
    return f"mean {measure}{f', {objective}' if objective else ''}"


def _shortened(name: str) -> str:
    half = _LONGEST_NAME // 2
    return name if len(name) <= _LONGEST_NAME else f"{name[: half - 1]}…{name[-half:]}"


def _style(axes: Axes, label: str) -> None:
    axes.set_title(label, loc="left", color=INK, fontsize="medium")
    axes.set_facecolor(GROUND)
    axes.grid(color=LINE, linewidth=0.7)
    axes.tick_params(colors=QUIET, length=0)
    axes.spines[:].set_visible(False)
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))
