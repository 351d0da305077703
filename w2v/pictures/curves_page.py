"""A page with the curves of training runs and their figures, which works offline."""

from __future__ import annotations

import html
import os
import string
from collections.abc import Mapping, Sequence
from importlib.resources import files

import numpy as np

from w2v.files import replacing
from w2v.training_log import TrainingCurves


def save_curves_page(
    runs: Sequence[TrainingCurves], path: str | os.PathLike[str], title: str, svgs: Mapping[str, str]
) -> None:
    """Write a page.

    Args:
        runs: the runs, a row of the table each.
        path: the file.
        title: the title of the page.
        svgs: the plot, for a `light` and a `dark` page.

    Raises:
        OutputError: the file can't be written; an earlier one is unchanged.
    """
    template = (files("w2v.pictures") / "page" / "curves.html").read_text("utf-8")
    page = string.Template(template).substitute(
        title=html.escape(title),
        svgs="\n".join(f'<div class="{name}">{svg[svg.index("<svg") :]}</div>' for name, svg in svgs.items()),
        rows="\n".join(map(_row, runs)),
    )
    with replacing(path) as stream:
        stream.write(page.encode())


def _row(run: TrainingCurves) -> str:
    cells = (
        html.escape(run.name), f"{run.epoch[-1]:.0f}", f"{run.words[-1]:,.0f}", f"{run.loss[0]:.4f}",
        f"{run.loss[-1]:.4f}", f"{np.median(run.words_per_second):,.0f}", html.escape(run.objective),
    )  # fmt: skip
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
