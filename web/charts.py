"""A report's charts as SVG drawings, of the same numbers as on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten, wrap

from pipeline.documents.report.content import Chart, Series
from pipeline.formats import vn_number

WIDTH = 900
NAMES = 300
"""for the names of rows"""
FIGURES = 60
"""for figures behind a bar"""
BAR, BETWEEN = 18, 16
HEIGHT = 260
LEFT, BOTTOM = 46, 26
MOST_TICKS = 12
NAME_LENGTH = 38
"""letters in a line"""
LINE = 16


@dataclass(frozen=True)
class Bar:
    series: int
    x: float
    y: float
    width: float
    height: float
    label: str
    figure: str
    """printed behind the bar; empty within a stack"""


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Line:
    series: int
    points: tuple[tuple[float, float], ...]

    @property
    def path(self) -> str:
        return "M" + "L".join(f"{x:g},{y:g}" for x, y in self.points)


@dataclass(frozen=True)
class Drawing:
    chart: Chart
    width: int
    height: float
    bars: tuple[Bar, ...] = ()
    lines: tuple[Line, ...] = ()
    names: tuple[Label, ...] = ()
    """of rows, or below a line's points"""
    grid: tuple[Label, ...] = ()
    """figures at lines across, or down where the bars lie"""

    @property
    def rows(self) -> list[tuple[str, list[int]]]:
        """Name and figures of each category, for whom the drawing says nothing."""
        values = zip(*(series.values for series in self.chart.series), strict=True)
        return [(name, list(row)) for name, row in zip(self.chart.categories, values, strict=True)]


def drawing_of(chart: Chart) -> Drawing:
    if chart.kind == "line":
        return _lines(chart)
    return _stacks(chart) if chart.kind == "stacked" else _bars(chart)


def _bars(chart: Chart) -> Drawing:
    most = max(max(series.values) for series in chart.series)
    unit = (WIDTH - NAMES - FIGURES) / max(most, 1)
    step = len(chart.series) * BAR + BETWEEN
    bars = tuple(
        Bar(
            number,
            NAMES,
            row * step + number * BAR,
            round(series.values[row] * unit, 1),
            BAR - 2,
            _label(name, series, row),
            vn_number(series.values[row]),
        )
        for row, name in enumerate(chart.categories)
        for number, series in enumerate(chart.series)
    )
    return Drawing(
        chart, WIDTH, len(chart.categories) * step, bars, names=_names(chart, step, step - BETWEEN)
    )


def _stacks(chart: Chart) -> Drawing:
    sums = [sum(values) for values in zip(*(series.values for series in chart.series), strict=True)]
    unit = (WIDTH - NAMES - FIGURES) / max(*sums, 1)
    step = BAR + BETWEEN
    bars: list[Bar] = []
    for row, name in enumerate(chart.categories):
        x = float(NAMES)
        shown = [number for number, series in enumerate(chart.series) if series.values[row]]
        for number in shown:
            series = chart.series[number]
            width = round(series.values[row] * unit, 1)
            figure = vn_number(sums[row]) if number == shown[-1] else ""
            bars.append(Bar(number, round(x, 1), row * step, width, BAR, _label(name, series, row), figure))
            x += width
    return Drawing(chart, WIDTH, len(chart.categories) * step, tuple(bars), names=_names(chart, step, BAR))


def _label(name: str, series: Series, row: int) -> str:
    return f"{name}: {series.name.lower()} {vn_number(series.values[row])}"


def _names(chart: Chart, step: float, height: float) -> tuple[Label, ...]:
    return tuple(
        label
        for row, name in enumerate(chart.categories)
        for label in _lines_of(name, row * step + height / 2)
    )


def _lines_of(name: str, middle: float) -> list[Label]:
    """In two lines where it is long; the table below has it whole."""
    lines = shorten(name, 2 * NAME_LENGTH, placeholder="…")
    written = wrap(lines, NAME_LENGTH)[:2]
    top = middle - (len(written) - 1) * LINE / 2
    return [Label(NAMES - 10, top + number * LINE, line) for number, line in enumerate(written)]


def _lines(chart: Chart) -> Drawing:
    most = max(max(series.values) for series in chart.series)
    step = _step(most)
    top = max(step * -(-most // step), step)
    across = (WIDTH - LEFT - 20) / max(len(chart.categories) - 1, 1)
    down = (HEIGHT - BOTTOM - 10) / top

    def place(position: int, value: int) -> tuple[float, float]:
        return round(LEFT + position * across, 1), round(HEIGHT - BOTTOM - value * down, 1)

    lines = tuple(
        Line(number, tuple(place(position, value) for position, value in enumerate(series.values)))
        for number, series in enumerate(chart.series)
    )
    every = -(-len(chart.categories) // MOST_TICKS)
    names = tuple(
        Label(place(position, 0)[0], HEIGHT - 6, name)
        for position, name in enumerate(chart.categories)
        if position % every == 0
    )
    grid = tuple(Label(LEFT - 8, place(0, value)[1], vn_number(value)) for value in range(0, top + 1, step))
    return Drawing(chart, WIDTH, HEIGHT, lines=lines, names=names, grid=grid)


def _step(most: int) -> int:
    """Of some five lines across, at whole and round numbers."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step * 5 >= most:
                return step
        size *= 10


def drawings(charts: Sequence[Chart]) -> list[Drawing]:
    return [drawing_of(chart) for chart in charts]
