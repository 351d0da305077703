"""Options for maps of words, for curves of training, and for images of both."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

from w2v.options.checks import require, require_between, require_choice, require_seed, shown
from w2v.options.fields import check_types
from w2v.options.threads import MOST_THREADS, available_cpus

PICTURE_FORMATS = (".html", ".png", ".svg", ".pdf")
DEFAULT_MAP = "map.html"
DEFAULT_TRAINING_PLOT = "training.png"

LAYOUTS = ("pca", "tsne")

LEAST_MAP_WORDS = 4
SMALL_MAP_WORDS = 100  # with fewer, a map is a figure that labels every word
MOST_MAP_WORDS = 65_536  # which two bytes number
MOST_MAP_NEIGHBOURS = 100
MOST_MAP_CLUSTERS = 200
MOST_PERPLEXITY = 1000

LEAST_WIDTH, MOST_WIDTH = 2.0, 40.0  # inches
LEAST_FONT_SIZE, MOST_FONT_SIZE = 4.0, 40.0  # points
LEAST_DPI, MOST_DPI = 50, 1200
_SMALL_FONT_SIZE, _FONT_SIZE = 10.0, 7.0  # points
_SMALL_WIDTH, _WIDTH = 7.0, 14.0  # inches; a page of a paper has about seven
_SHARPEST, _PIXELS_ACROSS = 300, 2_100  # what journals ask for, and enough for a screen


@dataclass(frozen=True)
class PictureOptions:
    """What an image looks like, whatever it shows.

    Attributes:
        width: inches; None depends on what is shown.
        font_size: size of the labels in points, 1/72 inch; None depends on what is shown.
        font: name of an installed font, or a font file; None takes one that has the letters.
        dpi: pixels per inch of a PNG; None depends on the width, and is at most 300.
    """

    width: float | None = None
    font_size: float | None = None
    font: str | None = None
    dpi: int | None = None

    def __post_init__(self) -> None:
        """Check all values.

        Raises:
            UsageError: a value has another type, or is out of range.
        """
        check_types(self)
        if self.width is not None:
            require_between("width", self.width, LEAST_WIDTH, MOST_WIDTH)
        if self.font_size is not None:
            require_between("font_size", self.font_size, LEAST_FONT_SIZE, MOST_FONT_SIZE)
        if self.font is not None:
            require(
                isinstance(self.font, str) and bool(self.font.strip()),
                "font",
                shown(self.font),
                "the name of a font, or a font file",
            )
        if self.dpi is not None:
            require_between("dpi", self.dpi, LEAST_DPI, MOST_DPI)

    def width_for(self, words: int) -> float:
        """Return the width in inches of a map with a number of words."""
        return self.width or (_SMALL_WIDTH if words < SMALL_MAP_WORDS else _WIDTH)

    def font_size_for(self, words: int) -> float:
        """Return the size in points of the labels in an image with a number of words."""
        return self.font_size or (_SMALL_FONT_SIZE if words < SMALL_MAP_WORDS else _FONT_SIZE)

    def dpi_for(self, width: float) -> int:
        """Return the pixels per inch of a PNG that is `width` inches wide.

        Example:
            >>> [PictureOptions().dpi_for(width) for width in (3.3, 7.0, 14.0, 30.0)]
            [300, 300, 150, 150]
        """
        return self.dpi or max(_SHARPEST // 2, min(_SHARPEST, round(_PIXELS_ACROSS / width)))


@dataclass(frozen=True)
class MapOptions:
    """What a map of words shows, and how it is laid out.

    Attributes:
        top: number of words to show, the first of the vectors, which are the most frequent.
        neighbours: number of closest words to list for each word.
        clusters: number of groups to colour; None depends on the number of words, and is at most 40.
        layout: "pca", principal components, or "tsne"; None is "pca" for fewer than 100 words.
        perplexity: number of neighbours that a word stays close to in t-SNE: few show small groups, many the large
            structure.
        seed: random seed.
        threads: number of threads.
    """

    top: int = 10_000
    neighbours: int = 10
    clusters: int | None = None
    layout: str | None = None
    perplexity: float = 30.0
    seed: int = 1
    threads: int = dataclasses.field(default_factory=available_cpus)

    def __post_init__(self) -> None:
        """Check all values.

        Raises:
            UsageError: a value has another type, or is out of range.
        """
        check_types(self)
        require_between("top", self.top, LEAST_MAP_WORDS, MOST_MAP_WORDS)
        require_between("neighbours", self.neighbours, 1, MOST_MAP_NEIGHBOURS)
        if self.clusters is not None:
            require_between("clusters", self.clusters, 1, MOST_MAP_CLUSTERS)
        if self.layout is not None:
            require_choice("layout", self.layout, LAYOUTS)
        require(
            1 < self.perplexity <= MOST_PERPLEXITY,
            "perplexity",
            self.perplexity,
            f"more than 1, and at most {MOST_PERPLEXITY}",
        )
        require_seed(self.seed)
        require_between("threads", self.threads, 1, MOST_THREADS)

    def clusters_for(self, words: int) -> int:
        """Return the number of groups to colour for a number of words."""
        return min(40, max(1, round(math.sqrt(words) / 2))) if self.clusters is None else self.clusters

    def layout_for(self, words: int) -> str:
        """Return the layout of a map with a number of words."""
        return self.layout or ("pca" if words < SMALL_MAP_WORDS else "tsne")
