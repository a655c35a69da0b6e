"""Cells of a schematic map, drawn from points."""

import math
from itertools import combinations, pairwise

import pytest

from pipeline.territory import communes_of
from web.area_map import map_of, scale_of
from web.cells import Cell, drawn

TOWN_AND_COUNTRY = [
    *((20.0 + 0.001 * (n // 4), 105.0 + 0.001 * (n % 4)) for n in range(16)),
    *((20.0 + 0.2 * (n // 3), 105.1 + 0.2 * (n % 3)) for n in range(9)),
]


def inside(cell: Cell, x: float, y: float) -> bool:
    """Corners run one way around: a point inside lies on the same side of every edge."""
    edges = pairwise([*cell.corners, cell.corners[0]])
    sides = [(bx - ax) * (y - ay) - (by - ay) * (x - ax) for (ax, ay), (bx, by) in edges]
    return all(side > 0 for side in sides)


def test_each_point_has_a_cell_of_its_own_that_holds_it_and_no_other() -> None:
    cells = drawn(TOWN_AND_COUNTRY, 600).cells
    for number, cell in enumerate(cells):
        assert [inside(cell, other.x, other.y) for other in cells].index(True) == number
        assert sum(inside(cell, other.x, other.y) for other in cells) == 1


def test_cells_lie_within_the_drawing() -> None:
    drawing = drawn(TOWN_AND_COUNTRY, 600)
    corners = [corner for cell in drawing.cells for corner in cell.corners]
    assert all(-0.1 <= x <= drawing.width + 0.1 and -0.1 <= y <= drawing.height + 1 for x, y in corners)


def test_directions_are_kept() -> None:
    north, south, east = drawn([(21.5, 105.5), (20.5, 105.5), (21.0, 106.2)], 300).cells
    assert north.y < east.y < south.y
    assert east.x > north.x


def test_an_island_is_drawn_near() -> None:
    land = [(12.0 + 0.1 * (n // 5), 108.0 + 0.1 * (n % 5)) for n in range(25)]
    cells = drawn([*land, (8.0, 114.0)], 600).cells
    gaps = [math.dist((cells[-1].x, cells[-1].y), (cell.x, cell.y)) for cell in cells[:-1]]
    assert min(gaps) < 300
    assert cells[-1].x > max(cell.x for cell in cells[:-1])


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_map_of_few(count: int) -> None:
    assert len(drawn([(21.0, 105.0 + n) for n in range(count)], 300).cells) == count


@pytest.mark.parametrize("province", ["01", "79"])
def test_cells_can_be_hit_with_a_finger(province: str) -> None:
    """The two cities with the densest wards, drawn 640 px wide: 24 px at the least (WCAG 2.5.8)."""
    found = map_of(province)
    assert len(found.cells) == len(communes_of(province))
    nearest = min(math.dist((a.x, a.y), (b.x, b.y)) for a, b in combinations(found.cells, 2))
    assert nearest * 640 / found.width >= 24


@pytest.mark.parametrize(
    ("counts", "legend"),
    [
        ([], ["không có"]),
        ([0, 0], ["không có"]),
        ([0, 1, 1, 1], ["không có", "1"]),
        ([1, 2, 3, 4], ["không có", "1", "2", "3", "4"]),
        ([1, 1, 1, 1, 1, 9, 12, 1500], ["không có", "1", "2–9", "10–1.500"]),
    ],
)
def test_classes_hold_about_as_many_communes_each(counts: list[int], legend: list[str]) -> None:
    scale = scale_of(counts)
    assert [label for _, label in scale.legend] == legend
    assert all((scale.level(count) == 0) == (count == 0) for count in counts)
    assert max((scale.level(count) for count in counts), default=0) == len(legend) - 1
