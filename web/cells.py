"""A schematic map of places of which only a point is known: a cell for each, among its neighbours.

True to direction, not to scale: where points lie dense they are moved apart, so that every cell can be read
and hit with a finger; what lies far off, an island, is moved near. No boundary of any unit is drawn.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""(n, 2): x to the right, y down"""
Corner = tuple[float, float]

ROUNDS = 300
FAR = 2.5
"""times the distance at which nearly all have a neighbour: what lies farther off is an island"""
REACH = 0.8
"""of a cell from its point, in spacings: half a spacing would leave gaps, a whole one blurs the outline"""
SIDES = 12


@dataclass(frozen=True)
class Cell:
    x: float
    y: float
    corners: tuple[Corner, ...]


@dataclass(frozen=True)
class Drawn:
    width: float
    height: float
    cells: tuple[Cell, ...]
    """one for each point, in their order"""


def drawn(places: Sequence[tuple[float, float]], width: float) -> Drawn:
    """`places`: latitude and longitude in degrees; `width` of the drawing."""
    if not places:
        return Drawn(width, 0, ())
    points, spacing = _spread(_nearer(_projected(places)))
    reach = REACH * spacing
    low, high = points.min(axis=0) - reach, points.max(axis=0) + reach
    scale = width / (high[0] - low[0])
    points, reach = (points - low) * scale, reach * scale
    cells = tuple(_cell(points, number, reach) for number in range(len(points)))
    return Drawn(width, math.ceil((high[1] - low[1]) * scale), cells)


def _projected(places: Sequence[tuple[float, float]]) -> Points:
    """As flat as a province is."""
    given = np.array(places, dtype=float)
    middle = math.cos(math.radians(given[:, 0].mean()))
    return np.column_stack((given[:, 1] * middle, -given[:, 0]))


def _distances(points: Points) -> Points:
    apart: Points = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    return apart


def _nearer(points: Points) -> Points:
    """With every group of points that lies far from all others moved towards the rest, in its direction."""
    if len(points) < 2:
        return points
    points = points.copy()
    while True:
        apart = _distances(points)
        far = FAR * float(np.quantile(apart.min(axis=1), 0.95))
        main, *others = _groups(apart, far)
        if not others:
            return points
        gaps = [(float(apart[np.ix_(main, group)].min()), group) for group in others]
        gap, group = min(gaps, key=lambda one: one[0])
        near = np.unravel_index(int(apart[np.ix_(main, group)].argmin()), (len(main), len(group)))
        way = points[main[near[0]]] - points[group[near[1]]]
        points[group] += way * (1 - 0.9 * far / gap)


def _groups(apart: Points, far: float) -> list[list[int]]:
    """Of points linked by steps shorter than `far`; the largest first."""
    left, groups = set(range(len(apart))), []
    while left:
        group, edge = [], [left.pop()]
        while edge:
            at = edge.pop()
            group.append(at)
            near = [other for other in left if apart[at, other] <= far]
            left.difference_update(near)
            edge.extend(near)
        groups.append(group)
    return sorted(groups, key=lambda group: (-len(group), min(group)))


def _spread(points: Points) -> tuple[Points, float]:
    """Points moved apart until hardly two are nearer than the spacing, which is returned with them."""
    points = points.copy()
    count = len(points)
    extent = float(np.prod(np.maximum(np.ptp(points, axis=0), 1e-3)))
    spacing = 0.8 * math.sqrt(extent / count)
    for _ in range(ROUNDS if count > 1 else 0):
        way = points[:, None] - points[None]
        apart = np.maximum(np.linalg.norm(way, axis=2), 1e-9)
        push = np.clip(spacing - apart, 0, None) / apart * 0.25
        np.fill_diagonal(push, 0)
        points += (way * push[..., None]).sum(axis=1)
    return points, spacing


def _cell(points: Points, number: int, reach: float) -> Cell:
    """What is nearer to this point than to any other, and no farther than `reach`."""
    x, y = (float(value) for value in points[number])
    turn = 2 * math.pi / SIDES
    corners: list[Corner] = [
        (x + reach * math.cos(turn * side), y + reach * math.sin(turn * side)) for side in range(SIDES)
    ]
    for other in np.argsort(np.linalg.norm(points - points[number], axis=1))[1:]:
        to_x, to_y = (float(value) for value in points[other])
        if math.hypot(to_x - x, to_y - y) > 2 * reach:
            break
        corners = _cut(corners, ((x + to_x) / 2, (y + to_y) / 2), (to_x - x, to_y - y))
    return Cell(round(x, 1), round(y, 1), tuple((round(a, 1), round(b, 1)) for a, b in corners))


def _cut(corners: list[Corner], middle: Corner, way: Corner) -> list[Corner]:
    """The part of a convex shape that lies before `middle`, seen along `way`."""

    def beyond(corner: Corner) -> float:
        return (corner[0] - middle[0]) * way[0] + (corner[1] - middle[1]) * way[1]

    kept: list[Corner] = []
    for one, following in zip(corners, [*corners[1:], corners[0]], strict=True):
        here, there = beyond(one), beyond(following)
        if here <= 0:
            kept.append(one)
        if (here < 0 < there) or (there < 0 < here):
            share = here / (here - there)
            kept.append((one[0] + share * (following[0] - one[0]), one[1] + share * (following[1] - one[1])))
    return kept
