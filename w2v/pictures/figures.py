"""Figures of matplotlib: made without its global state, and saved whole or not at all."""

from __future__ import annotations

import html
import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from w2v.file_kinds import DRAWN_BY, PDF_MARK
from w2v.files import replacing

GROUND, INK, QUIET, LINE = "#ffffff", "#1f2328", "#646b73", "#d9dce0"

# The halos of matplotlib would turn each letter into a path, a hundred times as large.
_HALO = "<style>text {{ paint-order: stroke; stroke: {ground}; stroke-width: 2px; stroke-linejoin: round }}</style>"


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure; width and height are in inches."""
    return Figure(figsize=(width, height), facecolor=GROUND)


def save_figure(
    figure: Figure,
    path: str | os.PathLike[str],
    dpi: int,
    texts: Mapping[str, str] | None = None,
    *,
    halo: bool = True,
) -> None:
    """Write a figure as PNG, SVG or PDF, by the name of the file. The same figure gives the same bytes.

    Args:
        figure: the figure.
        path: the file.
        dpi: pixels per inch of a PNG, and of images within the others.
        texts: for an SVG, as in `svg_bytes`.
        halo: likewise.

    Raises:
        OutputError: the file can't be written; an earlier one is unchanged.
    """
    kind = Path(path).suffix.lower()
    with replacing(path) as stream:
        if kind == ".svg":
            stream.write(svg_bytes(figure, dpi, texts=texts, halo=halo))
        elif kind == ".pdf":
            stream.write(_pdf_bytes(figure, dpi))
        else:
            figure.savefig(stream, format="png", dpi=dpi, metadata={"Software": DRAWN_BY})


def svg_bytes(figure: Figure, dpi: int, *, texts: Mapping[str, str] | None = None, halo: bool = True) -> bytes:
    """Return a figure as SVG, whose text readers can select and search.

    Args:
        figure: the figure.
        dpi: pixels per inch of images within it.
        texts: what to write instead of some words: text with letters that matplotlib has no font for.
        halo: whether text has a halo in the color of the ground, to be read over lines.
    """
    image = io.BytesIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": DRAWN_BY}):
        figure.savefig(image, format="svg", dpi=dpi, metadata={"Creator": DRAWN_BY, "Date": None})
    style = _HALO.format(ground=GROUND).encode() if halo else b""
    svg = image.getvalue().replace(b"<defs>", b"<defs>" + style, 1)
    for stand_in, text in (texts or {}).items():
        svg = svg.replace(f">{stand_in}</text>".encode(), f">{html.escape(text, quote=False)}</text>".encode(), 1)
    return svg


def _pdf_bytes(figure: Figure, dpi: int) -> bytes:
    """Return a figure as PDF, its fonts embedded as TrueType, which journals ask for."""
    image = _MarkedPdf()
    with rc_context({"pdf.fonttype": 42}):
        figure.savefig(image, format="pdf", dpi=dpi, metadata={"Creator": DRAWN_BY, "CreationDate": None})
    return image.getvalue()


class _MarkedPdf(io.BytesIO):
    """A PDF with a comment near its start that names w2v: matplotlib writes names near the end."""

    def write(self, data: Any) -> int:
        """Write data, and the mark after the first line, which says that a PDF follows."""
        if self.tell() == 0:
            return super().write(data) + super().write(PDF_MARK)
        return super().write(data)


def literal(text: str) -> str:
    """Return text with its dollar signs escaped: matplotlib reads a formula between two of them."""
    return text.replace("$", r"\$")
