"""Pictures of words and of training: maps to look around in, and curves."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from w2v.pictures.extras import require
from w2v.pictures.web_page import save_page
from w2v.pictures.word_map import WordMap, make_map

if TYPE_CHECKING:
    from w2v.training_log import TrainingCurves

__all__ = [
    "WordMap",
    "draw_curves",
    "draw_map",
    "make_map",
    "require_matplotlib",
    "save_page",
]


def require_matplotlib() -> None:
    """Make sure before long work that images can be drawn.

    Raises:
        MissingExtraError: matplotlib is not there.
    """
    require("matplotlib", "drawing an image")


def draw_map(word_map: WordMap, path: str | os.PathLike[str], title: str) -> None:
    """Draw a map as an image: `w2v.pictures.drawing.draw_map`, which says more.

    Raises:
        MissingExtraError: matplotlib is not there.
        OutputError: the file can't be written; what stood there is unchanged.
    """
    require_matplotlib()
    from w2v.pictures import drawing

    drawing.draw_map(word_map, path, title)


def draw_curves(runs: Sequence[TrainingCurves], path: str | os.PathLike[str], title: str) -> None:
    """Draw how training went: `w2v.pictures.curves.draw_curves`, which says more.

    Raises:
        MissingExtraError: matplotlib is not there.
        OutputError: the file can't be written; what stood there is unchanged.
    """
    require_matplotlib()
    from w2v.pictures import curves

    curves.draw_curves(runs, path, title)
