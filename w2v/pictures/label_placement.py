"""Placing labels in an image so that none overlaps another."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_CELL = 64.0  # pixels; side of the squares of the grid that holds the boxes


class Box(NamedTuple):
    """A rectangle; y grows upwards."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: Box) -> bool:
        """Return whether the two share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )


class LabelSpace:
    """The space for labels in an image of a given size: remembers the boxes that are taken."""

    def __init__(self, width: float, height: float) -> None:
        self._frame = Box(0, 0, width, height)
        self._cells: defaultdict[tuple[int, int], list[Box]] = defaultdict(list)

    def take(self, box: Box) -> bool:
        """Take `box` if it is free and inside the image, and return whether it is."""
        frame = self._frame
        if box.left < frame.left or box.bottom < frame.bottom or box.right > frame.right or box.top > frame.top:
            return False
        cells = [
            (column, row)
            for column in range(int(box.left // _CELL), int(box.right // _CELL) + 1)
            for row in range(int(box.bottom // _CELL), int(box.top // _CELL) + 1)
        ]
        if any(box.overlaps(other) for cell in cells for other in self._cells[cell]):
            return False
        for cell in cells:
            self._cells[cell].append(box)
        return True


def place_labels(
    space: LabelSpace, points: npt.NDArray[np.float64], sizes: npt.NDArray[np.float64], gap: float
) -> dict[int, Box]:
    """Place labels beside their points, in order; labels that don't fit are left out.

    Args:
        space: what is taken already; takes the boxes returned.
        points: shape (n, 2), in pixels.
        sizes: shape (n, 2), the width and height of each label in pixels; labels of width 0 are left out.
        gap: pixels from a point to its label.

    Returns:
        The boxes of the labels that fit, by the number of their point. A label goes right of its point, or else left,
        above or below: the order that map makers prefer (Imhof 1975).
    """
    found: dict[int, Box] = {}
    for number, ((x, y), (width, height)) in enumerate(zip(points.tolist(), sizes.tolist(), strict=True)):
        if not width:
            continue
        corners = (
            (x + gap, y - height / 2),
            (x - gap - width, y - height / 2),
            (x - width / 2, y + gap),
            (x - width / 2, y - gap - height),
        )
        for left, bottom in corners:
            box = Box(left, bottom, left + width, bottom + height)
            if space.take(box):
                found[number] = box
                break
    return found
