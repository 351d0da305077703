"""A map of words as an image."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patheffects import withStroke

from w2v.pictures.colors import palette
from w2v.pictures.figures import DPI, GROUND, INK, literal, new_figure, save_figure
from w2v.pictures.fonts import families_for, without
from w2v.pictures.label_placement import Box, LabelSpace, place_labels
from w2v.pictures.word_map import WordMap

_WIDTH, _HEIGHT = 14.0, 10.0  # inches
_TITLE_SPACE = 40.0  # pixels
_MARGIN = 60.0
_NAME_SIZE = 10.0  # points
_LABEL_SIZE = 7.0
_PADDING = 3.0  # pixels around a label
_GAP = 3.0  # pixels from a point to its label
_LEAST_FOR_NAMES = 50  # words; in smaller maps, names of groups would cover words
_MOST_VECTOR_POINTS = 5_000  # above, an SVG holds them as an image: 20,000 would take 10 MB

Points = npt.NDArray[np.float64]


def draw_map(word_map: WordMap, path: str | os.PathLike[str], title: str) -> None:
    """Draw the map as an image.

    Each word is a point in the color of its group, and each group has its name among its words. The first words get
    their labels first; labels don't overlap. Characters that no installed font has are left out.

    Args:
        word_map: the map.
        path: the file; its name says whether it is PNG or SVG.
        title: the title of the image.

    Raises:
        OutputError: the file can't be written; an earlier one is unchanged.
    """
    families, missing = families_for([*word_map.words, title])
    names, words, (title,) = (without(missing, texts) for texts in (word_map.cluster_names, word_map.words, [title]))
    weight = "bold" if len(families) == 1 else "normal"  # many fonts for one script have no bold letters
    bold = FontProperties(family=families, size=_NAME_SIZE, weight=weight)
    plain = FontProperties(family=families, size=_LABEL_SIZE)
    figure, axes, width, height = _canvas(title, bold)
    points = _to_pixels(word_map.positions, width, height)
    labels = word_map.clusters.labels
    colors = palette(len(names), dark=False)
    axes.scatter(
        points[:, 0], points[:, 1], s=_point_area(len(points)), linewidths=0, alpha=0.6,
        c=np.array(colors)[labels], rasterized=len(points) > _MOST_VECTOR_POINTS,
    )  # fmt: skip
    space = LabelSpace(width, height - _TITLE_SPACE)
    middles = np.array([_middle(points[labels == label]) for label in range(len(names))])
    halo = Path(path).suffix.lower() != ".svg"  # an SVG has its own
    if len(words) < _LEAST_FOR_NAMES:
        names = [""] * len(names)
    for number, box in place_labels(space, middles, _sizes(figure, names, bold), -_NAME_SIZE / 2).items():
        _write(axes, names[number], box, font=bold, color=colors[number], halo=3.0 if halo else 0.0)
    for number, box in place_labels(space, points, _sizes(figure, words, plain), _GAP).items():
        _write(axes, words[number], box, font=plain, color=INK, halo=1.5 if halo else 0.0)
    save_figure(figure, path)


def _canvas(title: str, font: FontProperties) -> tuple[Figure, Axes, float, float]:
    """Return a figure, axes that cover it with pixels as units, and its width and height."""
    figure = new_figure(_WIDTH, _HEIGHT)
    width, height = _WIDTH * DPI, _HEIGHT * DPI
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    axes.text(
        _PADDING * 4, height - _TITLE_SPACE / 2, literal(title), fontproperties=font, size=13, color=INK, va="center"
    )
    return figure, axes, width, height


def _to_pixels(positions: npt.NDArray[np.float32], width: float, height: float) -> Points:
    """Return the points of the words in pixels, shape (n, 2).

    The map fills the image: the axes of t-SNE mean nothing, so each has a scale of its own.
    """
    low, high = positions.min(axis=0), positions.max(axis=0)
    room = np.array([width - 2 * _MARGIN, height - 2 * _MARGIN - _TITLE_SPACE])
    placed: Points = (positions - low) / np.maximum(high - low, 1e-9) * room + _MARGIN
    return placed


def _point_area(count: int) -> float:
    """Return the area of a point in square points (1/72 inch); more words get smaller points."""
    return float(np.clip(40_000 / count, 3, 20))


def _middle(points: Points) -> Points:
    """Return the point closest to the median of all points."""
    away = np.hypot(*(points - np.median(points, axis=0)).T)
    closest: Points = points[away.argmin()]
    return closest


def _sizes(figure: Figure, texts: list[str], font: FontProperties) -> Points:
    """Return the width and height of texts in pixels with their padding, shape (n, 2); empty texts have width 0."""
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    height = renderer.get_text_width_height_descent("Ág", font, ismath=False)[1] + 2 * _PADDING
    widths = [
        renderer.get_text_width_height_descent(text, font, ismath=False)[0] if text.strip() else 0 for text in texts
    ]
    return np.array([(width + 2 * _PADDING if width else 0, height) for width in widths], dtype=np.float64).reshape(
        -1, 2
    )


def _write(axes: Axes, text: str, box: Box, *, font: FontProperties, color: str, halo: float) -> None:
    axes.text(
        (box.left + box.right) / 2, (box.bottom + box.top) / 2, literal(text), fontproperties=font, color=color,
        ha="center", va="center_baseline",
        path_effects=[withStroke(linewidth=halo, foreground=GROUND)] if halo else [],
    )  # fmt: skip
