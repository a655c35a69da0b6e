"""The schematic map of the office's communes as an SVG drawing, coloured by how many problems each has."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from pipeline.formats import vn_number
from pipeline.territory import Commune, communes_of
from web.cells import Cell as Shape
from web.cells import Drawn, drawn

WIDTH = 1000
LEVELS = 4
LINE_LENGTH = 9
"""letters: a longer name goes on in the next line"""
ACROSS = 11
"""letters that are to fit across a cell; one is about 0.52 of its height wide"""


@dataclass(frozen=True)
class Cell:
    commune: Commune
    outline: str
    x: float
    y: float
    count_y: float
    name: Markup
    """lines of its name, as they fit into the cell, below the count"""


@dataclass(frozen=True)
class Map:
    width: float
    height: float
    letter: float
    """size of a name's letters"""
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Scale:
    """Counts in up to LEVELS classes with about as many communes in each, and the class of none."""

    bounds: tuple[int, ...]
    """the highest count of each class"""

    def level(self, count: int) -> int:
        return bisect_left(self.bounds, count) + 1 if count else 0

    @property
    def legend(self) -> list[tuple[int, str]]:
        lows = [1, *(bound + 1 for bound in self.bounds[:-1])]
        told = [
            vn_number(low) if low == high else f"{vn_number(low)}–{vn_number(high)}"
            for low, high in zip(lows, self.bounds, strict=False)
        ]
        return list(enumerate(["không có", *told]))


def scale_of(counts: Sequence[int]) -> Scale:
    some = sorted(count for count in counts if count)
    ends = (math.ceil(len(some) * part / LEVELS) - 1 for part in range(1, LEVELS + 1))
    return Scale(tuple(sorted({some[end] for end in ends})) if some else ())


@lru_cache(maxsize=4)
def map_of(province_code: str) -> Map:
    """Of the communes whose place is known."""
    communes = [(one, one.place) for one in communes_of(province_code) if one.place is not None]
    drawing = drawn([place for _, place in communes], WIDTH)
    letter = _letter(drawing)
    cells = tuple(
        _cell(commune, cell, letter) for (commune, _), cell in zip(communes, drawing.cells, strict=True)
    )
    return Map(drawing.width, drawing.height, letter, cells)


def _cell(commune: Commune, cell: Shape, letter: float) -> Cell:
    """Count and name are written around its middle."""
    lines = _lines(commune.name)
    top = cell.y - len(lines) * letter * 0.55 - letter * 0.2
    name = Markup("").join(
        Markup('<tspan x="{}" y="{}">{}</tspan>').format(
            cell.x, round(top + letter * (1.7 + number * 1.05), 1), line
        )
        for number, line in enumerate(lines)
    )
    return Cell(commune, _path(cell.corners), cell.x, cell.y, round(top + letter * 0.6, 1), name)


def _letter(drawing: Drawn) -> float:
    """So that a line of a name fits into most cells."""
    widths = sorted(
        max(x for x, _ in cell.corners) - min(x for x, _ in cell.corners) for cell in drawing.cells
    )
    return round(min(16.0, widths[len(widths) // 3] / ACROSS / 0.52), 1) if widths else 0


def _path(corners: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in corners) + "Z"


def _lines(name: str) -> tuple[str, ...]:
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + 1 + len(word) <= LINE_LENGTH:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)
