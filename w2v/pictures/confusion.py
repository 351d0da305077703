"""How often each label was taken for each other one, as an image or a page."""

from __future__ import annotations

import html
import os
import string
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from w2v.files import replacing
from w2v.options import PictureOptions
from w2v.pictures.extras import require

_MOST_COUNTS = 30  # labels; with more, cells are too small for counts
_CELL, _LEAST, _MOST = 0.36, 3.4, 14.0  # inches
_LETTER = 0.085  # inches that a letter of a label takes
_LONGEST_LABEL = 24  # characters
_FONT_SIZE = 9.0  # points
_DARK = 0.55  # share of a row from which on its cell needs light text

_STEPS = 20  # shades of a page

Counts = npt.NDArray[np.int64]


def draw_confusion(
    table: Counts,
    labels: Sequence[str],
    path: str | os.PathLike[str],
    title: str,
    options: PictureOptions | None = None,
) -> None:
    """Draw a confusion matrix: a row for each true label, a column for each given one, the darker the larger its share.

    Args:
        table: (labels, labels), how often a text of each label (row) was given each label (column).
        labels: their names.
        path: the file; its name says whether it is PNG, SVG, PDF or a page that works offline.
        title: the title.
        options: width, font and resolution; a page needs none.

    Raises:
        MissingExtraError: an image needs matplotlib, and it is not installed.
        UsageError: there is no such font.
        OutputError: the file can't be written; an earlier one is unchanged.
    """
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    if Path(path).suffix.lower() == ".html":
        _save_page(table, shares, labels, path, title)
        return
    require("matplotlib", "drawing an image")
    _save_image(table, shares, labels, path, title, options or PictureOptions())


def _save_page(
    table: Counts, shares: npt.NDArray[np.float64], labels: Sequence[str], path: str | os.PathLike[str], title: str
) -> None:
    template = (files("w2v.pictures") / "page" / "confusion.html").read_text("utf-8")
    names = [html.escape(label) for label in labels]
    rows = [
        f"<tr><th scope=row>{name}</th>"
        + "".join(
            f'<td class="s{round(_STEPS * share)}" title="{name} given {other}: {share:.1%}">{count or ""}</td>'
            for other, count, share in zip(names, counts.tolist(), row.tolist(), strict=True)
        )
        + f"<td class=sum>{counts.sum():,}</td></tr>"
        for name, counts, row in zip(names, table, shares, strict=True)
    ]
    head = "".join(f"<th scope=col><span>{name}</span></th>" for name in names)
    page = string.Template(template).substitute(title=html.escape(title), head=head, rows="\n".join(rows))
    with replacing(path) as stream:
        stream.write(page.encode())


def _save_image(
    table: Counts,
    shares: npt.NDArray[np.float64],
    labels: Sequence[str],
    path: str | os.PathLike[str],
    title: str,
    options: PictureOptions,
) -> None:
    from matplotlib import rc_context
    from matplotlib.colors import LinearSegmentedColormap

    from w2v.pictures.colors import palette
    from w2v.pictures.figures import GROUND, INK, QUIET, literal, new_figure, save_figure
    from w2v.pictures.fonts import families_for, without

    families, missing = families_for([title, *labels], options.font)
    shown, *names = without(missing, [title, *labels])
    names = [name if len(name) <= _LONGEST_LABEL else f"{name[: _LONGEST_LABEL - 1]}…" for name in names]
    margin = 0.9 + _LETTER * max(map(len, names))
    width = options.width or min(_MOST, max(_LEAST, margin + _CELL * len(labels)))
    size = options.font_size or _FONT_SIZE * min(1.0, max(0.35, (width - margin) / len(labels) / _CELL))
    with rc_context({"font.family": [*families, "sans-serif"], "font.size": size}):
        figure = new_figure(width, width + 0.3)
        figure.set_layout_engine("constrained")
        axes = figure.add_subplot()
        blue = palette(1, dark=False)[0]
        axes.imshow(shares, cmap=LinearSegmentedColormap.from_list("share", [GROUND, blue]), vmin=0, vmax=1)
        places = range(len(labels))
        axes.set_xticks(places, [literal(name) for name in names], rotation=90)
        axes.set_yticks(places, [literal(name) for name in names])
        axes.tick_params(colors=INK, length=0)
        axes.spines[:].set_visible(False)
        axes.set_xlabel("given label", color=QUIET)
        axes.set_ylabel("true label", color=QUIET)
        if len(labels) <= _MOST_COUNTS:
            for row, column in zip(*np.nonzero(table), strict=True):
                color = GROUND if shares[row, column] >= _DARK else INK
                axes.text(column, row, f"{table[row, column]}", ha="center", va="center", color=color)
        if shown:
            figure.suptitle(literal(shown), color=INK, weight="bold")
        save_figure(figure, path, options.dpi_for(width), halo=False)
