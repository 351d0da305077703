"""Charts that suit light and dark pages: matplotlib draws with stand-ins for colors, which become style sheets' names.

An SVG that a page shows as an image learns whether the reader prefers dark pages. It brings a ground of its own, and so
can be read on any page.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from w2v.pictures.figures import svg_bytes

_FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


class Color(NamedTuple):
    """A color: its stand-in while matplotlib draws, and what it is on light and on dark pages."""

    stand_in: str
    light: str
    dark: str


GROUND = Color("#010101", "#ffffff", "#161b22")
INK = Color("#010102", "#1f2328", "#e6edf3")
QUIET = Color("#010103", "#59636e", "#9da7b3")
LINE = Color("#010104", "#d9dce0", "#30363d")
SERIES = tuple(
    Color(f"#0102{number:02x}", light, dark)
    for number, (light, dark) in enumerate(
        [
            ("#1a63c4", "#6cb0ff"),
            ("#c2500f", "#ff9d5c"),
            ("#1d7a46", "#5ccb8c"),
            ("#8a3fb8", "#d09bf5"),
            ("#8a6d00", "#e3c04f"),
            ("#b3275e", "#ff86b3"),
        ]
    )
)
_COLORS = (GROUND, INK, QUIET, LINE, *SERIES)


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure; width and height are in inches."""
    figure = Figure(figsize=(width, height), facecolor=GROUND.stand_in)
    figure.set_layout_engine("constrained", w_pad=0.12, h_pad=0.08)
    return figure


def style(axes: Axes, title: str = "", x: str = "", y: str = "") -> None:
    """Give axes their titles, quiet lines and a grid."""
    axes.set_facecolor(GROUND.stand_in)
    axes.set_title(title, color=INK.stand_in, fontsize=10, loc="left")
    axes.set_xlabel(x, color=QUIET.stand_in, fontsize=9)
    axes.set_ylabel(y, color=QUIET.stand_in, fontsize=9)
    axes.tick_params(which="both", colors=QUIET.stand_in, labelsize=8, length=3)
    axes.minorticks_off()
    axes.grid(visible=True, color=LINE.stand_in, linewidth=0.8)
    axes.set_axisbelow(True)
    for name, spine in axes.spines.items():
        spine.set_visible(name in ("left", "bottom"))
        spine.set_color(LINE.stand_in)


def svg(figure: Figure, title: str, description: str) -> str:
    """Return a figure as SVG: text that readers can select, colors for light and dark pages.

    Args:
        figure: drawn with the stand-ins of colors.
        title: for readers who can't see it.
        description: likewise; says what the results were that it shows.
    """
    text = svg_bytes(figure, 100, halo=False).decode()
    for number, color in enumerate(_COLORS):
        text = text.replace(color.stand_in, f"var(--c{number})")
    text = re.sub(r"font: ([\w. ]*?)([\d.]+px) [^;\"]*", rf"font: \1\2 {_FONTS}", text)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    light, dark = (
        " ".join(f"--c{number}: {getattr(color, kind)};" for number, color in enumerate(_COLORS))
        for kind in ("light", "dark")
    )
    sheet = f"<style>svg {{ {light} }} @media (prefers-color-scheme: dark) {{ svg {{ {dark} }} }}</style>"
    told = f"<title>{html.escape(title)}</title>\n<desc>{html.escape(description)}</desc>\n"
    head, tag, body = text.partition("<defs>")
    return "\n".join(line.rstrip() for line in f"{head}{told}{tag}{sheet}{body}".splitlines()) + "\n"
