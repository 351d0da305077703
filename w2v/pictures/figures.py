"""Figures of matplotlib: made without its global state, and saved whole or not at all."""

from __future__ import annotations

import io
import os
from pathlib import Path

from matplotlib import rc_context
from matplotlib.figure import Figure

from w2v.file_kinds import DRAWN_BY
from w2v.files import replacing

DPI = 150
GROUND, INK, QUIET, LINE = "#fbfaf7", "#1f2328", "#646b73", "#d9dce0"

# The halos of matplotlib would turn each letter into a path, a hundred times as large.
_HALO = b"<style>text { paint-order: stroke; stroke: %s; stroke-width: 2px }</style>" % GROUND.encode()


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure; width and height are in inches."""
    return Figure(figsize=(width, height), dpi=DPI, facecolor=GROUND)


def save_figure(figure: Figure, path: str | os.PathLike[str]) -> None:
    """Write a figure as PNG or SVG, by the name of the file. The same figure gives the same bytes.

    Raises:
        OutputError: the file can't be written; an earlier one is unchanged.
    """
    with replacing(path) as stream:
        if Path(path).suffix.lower() == ".svg":
            stream.write(svg_bytes(figure))
        else:
            figure.savefig(stream, format="png", dpi=DPI, metadata={"Software": DRAWN_BY})


def svg_bytes(figure: Figure) -> bytes:
    """Return a figure as SVG. Its text has a halo, and readers can select and search it."""
    image = io.BytesIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "w2v"}):
        figure.savefig(image, format="svg", dpi=DPI, metadata={"Creator": DRAWN_BY, "Date": None})
    return image.getvalue().replace(b"<defs>", b"<defs>" + _HALO, 1)


def literal(text: str) -> str:
    """Return text with its dollar signs escaped: matplotlib reads a formula between two of them."""
    return text.replace("$", r"\$")
