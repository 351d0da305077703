"""A map of words as an image."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patheffects import withStroke

from w2v.memory_need import MemoryNeed
from w2v.options import PictureOptions
from w2v.options.pictures import SMALL_MAP_WORDS
from w2v.pictures.colors import palette
from w2v.pictures.figures import GROUND, INK, QUIET, literal, new_figure, save_figure
from w2v.pictures.fonts import families_for, font_for, joins_letters, matplotlib_version, without
from w2v.pictures.label_placement import Box, FreeSpace, LabelSpace, Points, place_labels
from w2v.pictures.label_search import search_labels
from w2v.pictures.scripts import needs_shaping
from w2v.pictures.word_map import WordMap
from w2v.wording import counted

# Lengths are in points, 1/72 inch, and those of text in sizes of its font.
_POINTS_PER_INCH = 72
_PROPORTION = 5 / 7  # height of a map whose axes mean nothing
_FLATTEST, _TALLEST = 0.4, 1.0  # height of one whose axes do
_LARGER_NAME, _LARGER_TITLE = 1.35, 1.4
_MARGIN = 2.5
_GAP = 0.15  # from the edge of a point to its label
_PADDING = 0.12  # around a label
_FARTHEST = 8.0  # from a point to a label with a line
_FARTHEST_NAME = 0.15  # of the width, from the middle of a group to its name
_MEASURED_DPI = 288  # so that rounding to pixels does not matter
_MOST_VECTOR_POINTS = 5_000  # above, SVG and PDF hold them as an image: 20,000 would take 10 MB
_DRAWING, _PIXEL = 12_000_000, 4  # bytes
_SAMPLE = 300  # words of a group among which its middle is searched


@dataclass(frozen=True)
class MapDrawing:
    """What an image of a map shows.

    Attributes:
        words: number of words.
        labelled: number of words with a label.
        groups: number of groups that were to have a name.
        named: number of groups with their name.
        notes: what a reader should know, such as characters that no installed font has; a line each.
    """

    words: int
    labelled: int
    groups: int
    named: int
    notes: tuple[str, ...]

    @property
    def summary(self) -> str:
        """What has labels, such as "all words have labels"."""
        words = "all words have labels" if self.labelled == self.words else f"{self.labelled} words have labels"
        return words + (f", {self.named} groups names" if self.groups else "")


def draw_map(
    word_map: WordMap, path: str | os.PathLike[str], title: str, options: PictureOptions | None = None
) -> MapDrawing:
    """Draw the map as an image, and return what it shows.

    Each word is a point in the color of its group. The first words get their labels first; labels don't overlap. In a
    map of fewer than 100 words, labels keep off all points, and those without room next to their point get a line to
    it. In a larger one, each group has its name in free space close to its words, or else below the map. A word
    gets no label if no font has all of its characters; but an SVG takes letters from the fonts of its viewer.

    Args:
        word_map: the map.
        path: the file; its name says whether it is PNG, SVG or PDF.
        title: the title of the image; an empty one takes no space.
        options: width, font and resolution.

    Raises:
        UsageError: there is no such font.
        OutputError: the file can't be written; an earlier one is unchanged.
    """
    options = options or PictureOptions()
    image = _Image(word_map, Path(path).suffix.lower(), title, options)
    image.draw()
    save_figure(image.figure, path, options.dpi_for(image.width / _POINTS_PER_INCH), image.stand_ins)
    return MapDrawing(len(word_map.words), image.labelled, len(image.names), image.named, tuple(image.notes))


def drawing_need(words: int, path: Path, options: PictureOptions) -> MemoryNeed:
    """Return the memory that drawing a map of so many words takes: what matplotlib loads, and the pixels of a PNG."""
    width = options.width_for(words)
    pixels = int(width * options.dpi_for(width)) ** 2 if path.suffix.lower() == ".png" else 0  # of a square
    return MemoryNeed.of(work=_DRAWING + _PIXEL * pixels)


class _Image:
    """An image while it is drawn."""

    def __init__(self, word_map: WordMap, kind: str, title: str, options: PictureOptions) -> None:
        self._map, self._kind, count = word_map, kind, len(word_map.words)
        self._is_small = count < SMALL_MAP_WORDS
        self._size = options.font_size_for(count)
        names = [] if self._is_small or len(word_map.clusters.centers) < 2 else word_map.cluster_names
        texts = [title, *word_map.words, *names]
        families, missing = families_for(texts, options.font)
        self.notes = _notes(texts[1:], missing, kind)
        self._title, *self._words = (_encodable(text) for text in texts[: count + 1])
        self.names = [_encodable(name) for name in names]
        if kind != ".svg":
            self._title = without(missing, [title])[0]
            self._words = ["" if set(word) & missing else word for word in self._words]
            self.names = ["" if set(name) & missing else name for name in self.names]
        self._missing = missing
        self.stand_ins: dict[str, str] = {}  # what an SVG has instead of words without a font
        usual = 1 if options.font is None else 2
        weight = "bold" if len(families) == usual else "normal"  # many fonts for one script have no bold letters
        if kind == ".svg":
            families = [*families, "sans-serif"]
        self._plain = FontProperties(family=families, size=self._size)
        self._bold = FontProperties(family=families, size=self._size * _LARGER_NAME, weight=weight)
        self._heading = FontProperties(family=families, size=self._size * _LARGER_TITLE, weight="bold")
        self.labelled = self.named = 0
        self._colors = palette(len(word_map.clusters.centers), dark=False)
        self._above = 2.2 * self._size * _LARGER_TITLE if self._title.strip() else 0.0
        self._below = 1.8 * self._size if word_map.explained else 0.0
        self.width = options.width_for(count) * _POINTS_PER_INCH
        self._radius = _radius(count, self.width)
        self._gap = self._radius + _GAP * self._size
        self._set_frame()
        self._name_sizes = self._sizes(self.names, self._bold)
        self._name_boxes = self._place_names()
        self._legend = self._pack_legend()
        if self._legend:
            self._below += max(self._name_sizes[:, 1]) * len(self._legend)
            self._set_frame()
            self._name_boxes = self._place_names()
        self.figure, self._axes = _canvas(self.width, self.height)

    def _set_frame(self) -> None:
        """Set the height of the image and the part that the map fills."""
        alone = _height(self._map, self.width, self._size * _MARGIN)
        self.height = alone + self._above + self._below
        self._frame = Box(0, self._below, self.width, self.height - self._above)

    def draw(self) -> None:
        """Draw points, names of groups, and labels of words."""
        points = self._points()
        labels = self._map.clusters.labels
        self._axes.scatter(
            points[:, 0], points[:, 1], s=4 * self._radius**2, linewidths=0, alpha=0.9 if self._is_small else 0.6,
            c=np.array(self._colors)[labels], rasterized=len(points) > _MOST_VECTOR_POINTS,
        )  # fmt: skip
        self._write_frame()
        sizes = self._sizes(self._words, self._plain)
        if self._is_small:
            self._label_all(points, sizes)
        else:
            self._label_some(points, sizes)

    def _label_all(self, points: Points, sizes: Points) -> None:
        """Label as many words as possible, away from points, some of them with a line to their point."""
        found = search_labels(
            points, sizes, self._frame, reach=self._radius, gap=self._gap, farthest=_FARTHEST * self._size
        )
        self.labelled = len(found)
        if self.labelled < sum(map(bool, self._words)):
            self.notes.append(
                f"{counted(sum(map(bool, self._words)) - self.labelled, 'word')} have no room for a label;"
                " raise `width`, or lower `font_size`"
            )
        for number, label in found.items():
            if label.line:
                x, y, end_x, end_y = label.line
                self._axes.plot([x, end_x], [y, end_y], color=QUIET, linewidth=0.4, alpha=0.8, zorder=0.5)
            self._write(self._words[number], label.box, self._plain, INK, halo=0.0)

    def _label_some(self, points: Points, sizes: Points) -> None:
        """Give groups their names where they cover no point, and then words their labels where they cover no label."""
        space = LabelSpace(self.width, self.height - self._above)
        for number, box in {**self._name_boxes, **self._legend_boxes()}.items():
            space.take(box)
            self.named += 1
            self._write(self.names[number], box, self._bold, self._colors[number], halo=0.0)
        space.block(Box(0, 0, self.width, self._below))
        found = place_labels(space, points, sizes, self._gap)
        self.labelled = len(found)
        for number, box in found.items():
            self._write(self._words[number], box, self._plain, INK, halo=0.2 * self._size)

    def _points(self) -> Points:
        """Return the points of the words, shape (n, 2)."""
        margin = self._size * _MARGIN
        room = np.array([self.width - 2 * margin, self.height - self._above - self._below - 2 * margin])
        positions = self._map.positions.astype(np.float64)
        low, high = positions.min(axis=0), positions.max(axis=0)
        span = np.maximum(high - low, 1e-9)
        # The axes of t-SNE mean nothing, so that each has a scale of its own and the map fills the image.
        scale = np.full(2, (room / span).min()) if self._map.explained else room / span
        placed: Points = (positions - (low + high) / 2) * scale + room / 2 + margin + np.array([0, self._below])
        return placed

    def _write_frame(self) -> None:
        edge = self._size * 0.8
        if self._above:
            self._axes.text(
                edge, self.height - self._above / 2, self._drawable(self._title), fontproperties=self._heading,
                color=INK, va="center_baseline",
            )  # fmt: skip
        if self._map.explained:
            first, second = (f"{share:.0%}" for share in self._map.explained)
            self._axes.text(
                edge, edge, f"principal components 1 and 2: {first} and {second} of the variance", color=QUIET,
                fontproperties=self._plain, size=self._size * 0.8,
            )  # fmt: skip

    def _place_names(self) -> dict[int, Box]:
        """Return the boxes of the names of groups that have room; the largest group chooses first."""
        points = self._points()
        free = FreeSpace(points, self._radius, self._frame)
        found: dict[int, Box] = {}
        for number, (width, height) in enumerate(self._name_sizes.tolist()):
            middle = _middle(points[self._map.clusters.labels == number])
            box = free.take(middle, width, height, _FARTHEST_NAME * self.width) if width else None
            if box:
                found[number] = box
        return found

    def _pack_legend(self) -> list[list[int]]:
        """Return the groups whose names have no room on the map, in rows as wide as the image."""
        rows: list[list[int]] = []
        left = 0.0
        for number, width in enumerate(self._name_sizes[:, 0].tolist()):
            if not width or number in self._name_boxes:
                continue
            width += self._size
            if not rows or left + width > self.width:
                rows.append([])
                left = self._size
            rows[-1].append(number)
            left += width
        return rows

    def _legend_boxes(self) -> dict[int, Box]:
        """Return the boxes of the names below the map, the first row on top."""
        boxes: dict[int, Box] = {}
        top = self._below
        for row in self._legend:
            left = self._size
            for number in row:
                width, height = self._name_sizes[number].tolist()
                boxes[number] = Box(left, top - height, left + width, top)
                left += width + self._size
            top -= max(self._name_sizes[:, 1])
        return boxes

    def _sizes(self, texts: list[str], font: FontProperties) -> Points:
        """Return the width and height of texts with their padding, shape (n, 2); empty texts have width 0."""
        figure = Figure(dpi=_MEASURED_DPI)
        renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
        size = font.get_size_in_points()
        unit, padding = _POINTS_PER_INCH / _MEASURED_DPI, 2 * _PADDING * size
        height = renderer.get_text_width_height_descent("Ág", font, ismath=False)[1] * unit + padding / 2

        def width(text: str) -> float:
            known = without(self._missing, [text])[0]  # an SVG also has other letters, at most as wide as high
            return float(
                renderer.get_text_width_height_descent(known, font, ismath=False)[0] * unit
                + size * (len(text) - len(known))
            )

        widths = [width(text) + padding if text.strip() else 0.0 for text in texts]
        return np.array([(width, height) for width in widths], dtype=np.float64).reshape(-1, 2)

    def _write(self, text: str, box: Box, font: FontProperties, color: str, *, halo: float) -> None:
        has_halo = halo and self._kind == ".png"  # an SVG has its own; in a PDF, it would turn letters into paths
        self._axes.text(
            (box.left + box.right) / 2, (box.bottom + box.top) / 2, self._drawable(text), fontproperties=font,
            color=color, ha="center", va="center_baseline",
            path_effects=[withStroke(linewidth=halo, foreground=GROUND)] if has_halo else [],
        )  # fmt: skip

    def _drawable(self, text: str) -> str:
        """Return what matplotlib draws; it knows no width of letters without a font, and an SVG needs none."""
        if not set(text) & self._missing:
            return literal(text)
        stand_in = f"label-{len(self.stand_ins)}"
        self.stand_ins[stand_in] = text
        return stand_in


def _radius(words: int, width: float) -> float:
    """Return the radius of the point of a word: more words, and narrower images, have smaller points."""
    usual = 2.2 if words < SMALL_MAP_WORDS else float(np.clip(95 / np.sqrt(words), 0.9, 2.2))
    return usual * min(1.0, width / _POINTS_PER_INCH / 7)


def _height(word_map: WordMap, width: float, margin: float) -> float:
    """Return the height of the map alone; where axes mean something, it has the proportions of the words."""
    if not word_map.explained:
        return width * _PROPORTION
    wide, high = np.ptp(word_map.positions, axis=0).tolist()
    proportion: float = (high / max(wide, 1e-9) * (width - 2 * margin) + 2 * margin) / width
    return width * min(_TALLEST, max(_FLATTEST, proportion))


def _canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure, and axes that cover it with points as units."""
    figure = new_figure(width / _POINTS_PER_INCH, height / _POINTS_PER_INCH)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    return figure, axes


def _middle(points: Points) -> tuple[float, float]:
    """Return the point closest to all others: in the densest part, where a group has several."""
    sample = points[:_SAMPLE]
    away = np.hypot(*(sample[:, None] - sample[None]).transpose(2, 0, 1)).sum(axis=1)
    x, y = sample[away.argmin()].tolist()
    return x, y


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _notes(texts: list[str], missing: set[str], kind: str) -> list[str]:
    """Return what a reader of the image should know about its letters."""
    notes = []
    concerned = [text for text in texts if set(text) & missing]
    if concerned and kind != ".svg":
        some = sorted(missing)
        font, _ = Counter(map(font_for, some)).most_common(1)[0]
        shown = " ".join(_encodable(character) for character in some[:5]) + (" …" if len(some) > 5 else "")
        notes.append(
            f"{counted(len(concerned), 'label')} left out: no installed font has {shown}; install a font such as"
            f" {font}, or name a font file with `font`; .svg and .html use the fonts of their viewer"
        )
    if kind != ".svg" and not joins_letters() and any(map(needs_shaping, texts)):
        notes.append(
            f"matplotlib {matplotlib_version()} can't join letters or draw them from right to left, so Arabic, Hebrew"
            " and Indian words are unreadable here; use matplotlib 3.11 or newer, or .svg or .html"
        )
    return notes
