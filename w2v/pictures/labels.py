"""Where labels go on a picture so that none overlaps another."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_CELL = 64.0  # side of the squares that boxes are looked up by


class Box(NamedTuple):
    """A rectangle; y grows upwards."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: Box) -> bool:
        """Say whether the two share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )


class Places:
    """Boxes that are taken, none overlapping another, within a picture of a given size."""

    def __init__(self, width: float, height: float) -> None:
        self._frame = Box(0, 0, width, height)
        self._cells: defaultdict[tuple[int, int], list[Box]] = defaultdict(list)

    def take(self, box: Box) -> bool:
        """Take the place of `box` if it is free and within the picture, and say so."""
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
    places: Places, points: npt.NDArray[np.float64], sizes: npt.NDArray[np.float64], gap: float
) -> dict[int, Box]:
    """Find room for labels beside their points, the first ones first; those without room go without.

    Args:
        places: what is taken already; gains the boxes returned.
        points: shape (n, 2).
        sizes: shape (n, 2), the width and height of each label, in the same unit; a label of no width is left out.
        gap: distance from a point to its label.

    Returns:
        The box of each label that found room, by the number of its point. Right of the point is tried first, then
        left, above and below: the order in which map makers prefer them (Imhof 1975).
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
            if places.take(box):
                found[number] = box
                break
    return found
