"""A page with the curves of training runs and their figures, which works offline."""

from __future__ import annotations

import html
import os
import string
from collections.abc import Mapping, Sequence
from importlib.resources import files

import numpy as np

from w2v.files import replacing
from w2v.pictures.colors import palette
from w2v.pictures.figures import GROUND, INK, LINE, QUIET
from w2v.training_log import TrainingCurves


def save_curves_page(runs: Sequence[TrainingCurves], path: str | os.PathLike[str], title: str, svg: str) -> None:
    """Write a page.

    Args:
        runs: the runs, a row of the table each.
        path: the file.
        title: the title of the page.
        svg: the plot, in the colors of a light page; the page replaces them where the browser is dark.

    Raises:
        OutputError: the file can't be written; an earlier one is unchanged.
    """
    colors = _colors(len(runs))
    template = (files("w2v.pictures") / "page" / "curves.html").read_text("utf-8")
    page = string.Template(template).substitute(
        title=html.escape(title),
        svg=_with_variables(svg[svg.index("<svg") :], colors),
        light=_declared({name: light for name, (light, _) in colors.items()}),
        dark=_declared({name: dark for name, (_, dark) in colors.items()}),
        rows="\n".join(map(_row, runs)),
    )
    with replacing(path) as stream:
        stream.write(page.encode())


def _colors(runs: int) -> dict[str, tuple[str, str]]:
    """Return the colors of a page by name, each for a light and a dark browser."""
    pairs = zip(palette(runs, dark=False), palette(runs, dark=True), strict=True)
    return {
        "ground": (GROUND, "#14171b"), "ink": (INK, "#e8eaed"), "quiet": (QUIET, "#9aa2ab"), "line": (LINE, "#3a4048"),
        **{f"run-{number}": pair for number, pair in enumerate(pairs)},
    }  # fmt: skip


def _with_variables(svg: str, colors: Mapping[str, tuple[str, str]]) -> str:
    for name, (light, _) in colors.items():
        svg = svg.replace(light, f"var(--{name})")
    return svg


def _declared(colors: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {color};" for name, color in colors.items())


def _row(run: TrainingCurves) -> str:
    cells = (
        html.escape(run.name), f"{run.epoch[-1]:.0f}", f"{run.words[-1]:,.0f}", f"{run.loss[0]:.4f}",
        f"{run.loss[-1]:.4f}", f"{np.median(run.words_per_second):,.0f}", html.escape(run.objective),
    )  # fmt: skip
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
