"""Labels for all points of a small image, next to them or with a line to them, so that none covers another or a point.

Labels are placed one by one where they are free. One that has no free place takes the place with the fewest labels in
its way, which then look for another; a label that has often given way is harder to move. Such a search, which minimises
conflicts, labels more points than placing each label once (Christensen, Marks and Shieber 1995 compare such methods).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from w2v.pictures.label_placement import Box, Points

_DIRECTIONS = 24  # in which labels with a line are tried
_RINGS = 9  # distances at which they are tried
_TIDYINGS = 4
_STEPS = 15  # labels to place, times the number of points, before the search gives up

_Flags = npt.NDArray[np.bool_]
_EDGES = [0, 1, 2, 3]  # left, bottom, right, top of a box; x and y of both ends of a line


@dataclass(frozen=True)
class PlacedLabel:
    """A label.

    Attributes:
        box: where it is.
        line: from its point to the label, (x, y, end x, end y); None if they are next to each other.
    """

    box: Box
    line: tuple[float, float, float, float] | None


class _Places:
    """The places of one label that are inside the image and cover no point, best first.

    Attributes:
        boxes: shape (k, 4).
        lines: shape (k, 4); a line of a label next to its point has no length.
    """

    def __init__(self, boxes: Points, lines: Points) -> None:
        self.boxes, self.lines = boxes, lines


def search_labels(
    points: Points, sizes: Points, frame: Box, *, reach: float, gap: float, farthest: float
) -> dict[int, PlacedLabel]:
    """Return a label for as many points as possible, by the number of the point.

    Args:
        points: shape (n, 2).
        sizes: shape (n, 2), the width and height of each label; labels of width 0 are left out.
        frame: where labels may be.
        reach: from the middle of a point to its edge; no label covers a point.
        gap: from the middle of a point to a label next to it.
        farthest: greatest distance from a point to its label.
    """
    places = [
        _places(points, number, size, frame, reach, np.linspace(gap, farthest, _RINGS + 1))
        for number, size in enumerate(sizes)
    ]
    waiting = deque(number for number in range(len(points)) if len(places[number].boxes))
    chosen = np.full(len(points), -1)
    best = chosen.copy()
    boxes, lines = np.zeros((len(points), 4)), np.zeros((len(points), 4))
    weights = np.ones(len(points))
    for _ in range(_STEPS * len(points)):
        if not waiting:
            break
        number = waiting.popleft()
        placed = np.flatnonzero(chosen >= 0)
        in_the_way = _conflicts(places[number], boxes[placed], lines[placed])
        place = int((in_the_way @ weights[placed]).argmin())
        moved = placed[in_the_way[place]]
        weights[moved] += 1
        chosen[moved] = -1
        waiting.extend(moved.tolist())
        chosen[number] = place
        boxes[number], lines[number] = places[number].boxes[place], places[number].lines[place]
        if (chosen >= 0).sum() > (best >= 0).sum():
            best = chosen.copy()
    _tidy(places, best)
    return {number: _label(places[number], int(best[number])) for number in np.flatnonzero(best >= 0).tolist()}


def _tidy(places: list[_Places], chosen: npt.NDArray[np.intp]) -> None:
    """Move each label to its best place that the others leave free: the search leaves some farther away than needed."""
    for _ in range(_TIDYINGS):
        before = chosen.copy()
        for number in np.argsort(-chosen, kind="stable").tolist():
            placed = np.flatnonzero((chosen >= 0) & (np.arange(len(chosen)) != number))
            boxes = np.array([places[other].boxes[chosen[other]] for other in placed.tolist()]).reshape(-1, 4)
            lines = np.array([places[other].lines[chosen[other]] for other in placed.tolist()]).reshape(-1, 4)
            free = np.flatnonzero(~_conflicts(places[number], boxes, lines).any(axis=1))
            chosen[number] = free[0] if len(free) else -1
        if (before == chosen).all():
            break


def _label(places: _Places, place: int) -> PlacedLabel:
    x, y, end_x, end_y = places.lines[place].tolist()
    return PlacedLabel(Box(*places.boxes[place].tolist()), None if (x, y) == (end_x, end_y) else (x, y, end_x, end_y))


def _places(points: Points, number: int, size: Points, frame: Box, reach: float, distances: Points) -> _Places:
    (x, y), (width, height), gap = points[number], size, distances[0]
    slant = gap * 0.7
    # beside the point, above and below it, and across: the order that map makers prefer (Imhof 1975)
    near = [(gap, -height / 2), (-gap - width, -height / 2), (-width / 2, gap), (-width / 2, -gap - height)]
    near += [(right, up) for right in (slant, -slant - width) for up in (slant, -slant - height)]
    turns = 2 * np.pi * np.arange(_DIRECTIONS) / _DIRECTIONS
    far = np.stack(
        [
            np.outer(distances[1:] + width / 2, np.cos(turns)).ravel() - width / 2,
            np.outer(distances[1:] + height / 2, np.sin(turns)).ravel() - height / 2,
        ],
        axis=1,
    )
    corners = np.concatenate([np.array(near), far]) + points[number]
    boxes = np.concatenate([corners, corners + size], axis=1)
    ends = np.stack([np.clip(x, boxes[:, 0], boxes[:, 2]), np.clip(y, boxes[:, 1], boxes[:, 3])], axis=1)
    ends[: len(near)] = x, y
    lines = np.concatenate([np.broadcast_to((x, y), ends.shape), ends], axis=1)
    dots = np.concatenate([points - reach, points + reach], axis=1)
    is_free = ~_boxes_overlap(boxes, dots).any(axis=1)
    is_free &= (width > 0) & (boxes[:, 0] >= frame.left) & (boxes[:, 1] >= frame.bottom)
    is_free &= (boxes[:, 2] <= frame.right) & (boxes[:, 3] <= frame.top)
    others = np.delete(dots, number, axis=0)
    cost = np.hypot(*(lines[:, 2:] - lines[:, :2]).T) + 3 * gap * _lines_cross_boxes(lines, others).sum(axis=1)
    order = np.flatnonzero(is_free)[np.argsort(cost[is_free], kind="stable")]
    return _Places(boxes[order], lines[order])


def _conflicts(places: _Places, boxes: Points, lines: Points) -> _Flags:
    """Return which of the placed labels are in the way of which places, shape (places, labels)."""
    found: _Flags = (
        _boxes_overlap(places.boxes, boxes)
        | _lines_cross_boxes(places.lines, boxes)
        | _lines_cross_boxes(lines, places.boxes).T
        | _lines_cross(places.lines, lines)
    )
    return found


def _boxes_overlap(ones: Points, others: Points) -> _Flags:
    left, bottom, right, top = (ones[:, [edge]] for edge in _EDGES)
    other_left, other_bottom, other_right, other_top = others.T
    found: _Flags = (left < other_right) & (other_left < right) & (bottom < other_top) & (other_bottom < top)
    return found


def _lines_cross_boxes(lines: Points, boxes: Points) -> _Flags:
    """Return which lines have a part inside which boxes (Liang and Barsky 1984)."""
    first, last = np.zeros((len(lines), len(boxes))), np.ones((len(lines), len(boxes)))
    outside = np.zeros(first.shape, dtype=bool)
    for axis in (0, 1):
        start, length = lines[:, [axis]], lines[:, [axis + 2]] - lines[:, [axis]]
        low, high = boxes[:, axis], boxes[:, axis + 2]
        is_flat = length == 0
        outside |= is_flat & ~((low < start) & (start < high))
        safe = np.where(is_flat, 1, length)
        one, other = (low - start) / safe, (high - start) / safe
        first = np.where(is_flat, first, np.maximum(first, np.minimum(one, other)))
        last = np.where(is_flat, last, np.minimum(last, np.maximum(one, other)))
    has_length = (lines[:, [0]] != lines[:, [2]]) | (lines[:, [1]] != lines[:, [3]])
    crosses: _Flags = has_length & ~outside & (first < last)
    return crosses


def _lines_cross(ones: Points, others: Points) -> _Flags:
    """Return which lines cross between their ends."""
    x, y, end_x, end_y = (ones[:, [edge]] for edge in _EDGES)
    other_x, other_y, other_end_x, other_end_y = others.T

    def side(at_x: Points, at_y: Points) -> Points:
        result: Points = (end_x - x) * (at_y - y) - (end_y - y) * (at_x - x)
        return result

    def other_side(at_x: Points, at_y: Points) -> Points:
        result: Points = (other_end_x - other_x) * (at_y - other_y) - (other_end_y - other_y) * (at_x - other_x)
        return result

    return (side(other_x, other_y) * side(other_end_x, other_end_y) < 0) & (
        other_side(x, y) * other_side(end_x, end_y) < 0
    )
