"""An issue's days as bars, in the units of an SVG drawing."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.formats import vn_date, vn_number
from pipeline.growth import Day, Growth

HEIGHT, STEP, BAR = 48, 9, 7


@dataclass(frozen=True)
class Bar:
    kind: str
    """voice | other: reprints and answers, drawn upon the voices"""
    x: int
    y: float
    height: float
    label: str


@dataclass(frozen=True)
class Curve:
    width: int
    height: int
    base: int
    bar_width: int
    bars: tuple[Bar, ...]
    label: str


def curve_of(growth: Growth) -> Curve:
    most = max(max(day.voices + day.others for day in growth.days), 1)
    bars = tuple(bar for number, day in enumerate(growth.days) for bar in _bars(day, number * STEP + 1, most))
    told = [day for day in growth.days if day.voices + day.others]
    label = "Số bài theo ngày: " + "; ".join(_label(day) for day in told)
    return Curve(len(growth.days) * STEP + 2, HEIGHT + 1, HEIGHT, BAR, bars, label)


def _bars(day: Day, x: int, most: int) -> Iterator[Bar]:
    unit, top = (HEIGHT - 2) / most, float(HEIGHT)
    for kind, count in (("voice", day.voices), ("other", day.others)):
        if count:
            height = round(count * unit, 1)
            top = round(top - height, 1)
            yield Bar(kind, x, top, height, _label(day))


def _label(day: Day) -> str:
    told = [f"{vn_number(day.voices)} bài phản ánh"] if day.voices else []
    told += [f"{vn_number(day.others)} bài đăng lại, trả lời"] if day.others else []
    return f"{vn_date(day.day)}: {', '.join(told)}"
