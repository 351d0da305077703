"""Maps of words, as interactive pages or images, and plots of training.

`word_map` makes a map out of the `neighbours` and the `layout` of words; `map_page` and `map_image` draw it, the image
with `label_placement` and `fonts`. `training_curves` plots runs, `confusion` what a classifier mistakes for what.
`figures`, `colors` and `scripts` are shared.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from w2v.pictures.confusion import draw_confusion
from w2v.pictures.extras import require
from w2v.pictures.map_page import save_page
from w2v.pictures.word_map import WordMap, make_map, map_need

if TYPE_CHECKING:
    from w2v.options import PictureOptions
    from w2v.pictures.map_image import MapDrawing
    from w2v.training_log import TrainingCurves

__all__ = [
    "WordMap",
    "draw_confusion",
    "draw_curves",
    "draw_map",
    "make_map",
    "map_need",
    "require_matplotlib",
    "save_page",
]


def require_matplotlib(font: str | None = None) -> None:
    """Check, before long work, that images can be drawn, with a font if one is named.

    Raises:
        MissingExtraError: matplotlib is not installed.
        UsageError: there is no such font.
    """
    require("matplotlib", "drawing an image")
    if font is not None:
        from w2v.pictures.fonts import families_for

        families_for([], font)


def draw_map(
    word_map: WordMap, path: str | os.PathLike[str], title: str, options: PictureOptions | None = None
) -> MapDrawing:
    """Draw a map as an image, and return what it shows; see `w2v.pictures.map_image.draw_map`.

    Raises:
        MissingExtraError: matplotlib is not installed.
        UsageError: there is no such font.
        OutputError: the file can't be written; an earlier one is unchanged.
    """
    require_matplotlib()
    from w2v.pictures import map_image

    return map_image.draw_map(word_map, path, title, options)


def draw_curves(
    runs: Sequence[TrainingCurves], path: str | os.PathLike[str], title: str, options: PictureOptions | None = None
) -> None:
    """Plot training runs; see `w2v.pictures.training_curves.draw_curves`.

    Raises:
        MissingExtraError: matplotlib is not installed.
        UsageError: there is no such font.
        OutputError: the file can't be written; an earlier one is unchanged.
    """
    require_matplotlib()
    from w2v.pictures import training_curves

    training_curves.draw_curves(runs, path, title, options)
