"""Placing labels in an image so that none overlaps another: labels of points, and names of groups of points."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_CELL = 64.0  # side of the squares of the grid that holds the boxes
_STEP = 2.0  # side of the squares in which free space is searched

Points = npt.NDArray[np.float64]


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
    """The space for labels in an image of a given size: remembers the boxes that are taken.

    All lengths are in one unit, whichever it is.
    """

    def __init__(self, width: float, height: float) -> None:
        self._frame = Box(0, 0, width, height)
        self._cells: defaultdict[tuple[int, int], list[Box]] = defaultdict(list)

    def take(self, box: Box) -> bool:
        """Take `box` if it is free and inside the image, and return whether it is."""
        frame = self._frame
        if box.left < frame.left or box.bottom < frame.bottom or box.right > frame.right or box.top > frame.top:
            return False
        cells = _cells_of(box)
        if any(box.overlaps(other) for cell in cells for other in self._cells[cell]):
            return False
        for cell in cells:
            self._cells[cell].append(box)
        return True

    def block(self, box: Box) -> None:
        """Keep labels off a box, which may overlap others."""
        for cell in _cells_of(box):
            self._cells[cell].append(box)


def _cells_of(box: Box) -> list[tuple[int, int]]:
    return [
        (column, row)
        for column in range(int(box.left // _CELL), int(box.right // _CELL) + 1)
        for row in range(int(box.bottom // _CELL), int(box.top // _CELL) + 1)
    ]


def place_labels(space: LabelSpace, points: Points, sizes: Points, gap: float) -> dict[int, Box]:
    """Place labels beside their points, in order; labels that don't fit are left out.

    Args:
        space: what is taken already; takes the boxes returned.
        points: shape (n, 2).
        sizes: shape (n, 2), the width and height of each label; labels of width 0 are left out.
        gap: from a point to its label.

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


class FreeSpace:
    """Where an image has no points: finds places for the names of groups that cover none.

    Args:
        points: shape (n, 2), inside the image.
        reach: from the middle of a point to its edge.
        frame: the image.
    """

    def __init__(self, points: Points, reach: float, frame: Box) -> None:
        self._frame = frame
        shape = (int((frame.top - frame.bottom) // _STEP), int((frame.right - frame.left) // _STEP))
        self._taken = np.zeros(shape, dtype=np.int32)
        for x, y in points.tolist():
            self._fill(Box(x - reach, y - reach, x + reach, y + reach))

    def _fill(self, box: Box) -> None:
        bottom, top = (max(0, int((y - self._frame.bottom) // _STEP)) for y in (box.bottom, box.top))
        left, right = (max(0, int((x - self._frame.left) // _STEP)) for x in (box.left, box.right))
        self._taken[bottom : top + 1, left : right + 1] = 1

    def take(self, middle: tuple[float, float], width: float, height: float, farthest: float) -> Box | None:
        """Take the free place for a box of a size whose middle is closest to `middle`, and return it.

        Returns None if each place at most `farthest` away covers a point or an earlier box.
        """
        rows, columns = math.ceil(height / _STEP), math.ceil(width / _STEP)
        if rows >= self._taken.shape[0] or columns >= self._taken.shape[1]:
            return None
        sums = np.pad(self._taken.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
        covered = sums[rows:, columns:] - sums[:-rows, columns:] - sums[rows:, :-columns] + sums[:-rows, :-columns]
        bottom, left = (np.arange(length) * _STEP for length in covered.shape)
        right = left + (self._frame.left + columns * _STEP / 2 - middle[0])
        up = bottom + (self._frame.bottom + rows * _STEP / 2 - middle[1])
        away = np.hypot(right[None, :], up[:, None])
        away[(covered > 0) | (away > farthest)] = np.inf
        row, column = divmod(int(away.argmin()), away.shape[1])
        if not np.isfinite(away[row, column]):
            return None
        x, y = middle[0] + float(right[column]), middle[1] + float(up[row])
        box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        self._fill(box)
        return box
