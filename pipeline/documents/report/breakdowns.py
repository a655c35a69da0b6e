"""The tables of a report: the same measures, broken down by topic, agency, unit and outlet."""

from collections.abc import Iterable, Sequence

import pandas as pd

from pipeline.documents.report.content import Cell, Column, Number, Part, Table
from pipeline.documents.report.frames import WHOLE, Frames
from pipeline.documents.report.measures import MEASURES, MEDIAN, OF, OUTCOMES, measures
from pipeline.documents.report.words import HEADINGS, SUM

Numbers = dict[str, Number]
UNPRINTED = ("good_examples", "due", *OUTCOMES)
"""due stands on paper behind the stroke of on_time; outcomes have a table of their own"""
SHOWN = tuple(name for name in MEASURES if name != "good_examples")


def whole(data: Frames) -> Numbers:
    """Every measure of the whole period; zero where nothing was."""
    found = _rows(measures(data, WHOLE))
    return found[0][1] if found else {name: None if name == MEDIAN else 0 for name in MEASURES}


def tables(data: Frames) -> Iterable[Table]:
    total = whole(data)
    topics = _rows(measures(data, "topic_name"))
    yield _table("topics", "Theo lĩnh vực", "Lĩnh vực", topics, SHOWN, total)
    yield _outcomes(topics, total)
    agencies = _rows(measures(data.by_agency(), "agency_name"))
    # An agency's articles and outlets tell nothing of it: they are in the workbook.
    yield _table("agencies", "Theo cơ quan nhận phiếu", "Cơ quan", agencies, SHOWN)
    units = _rows(measures(data, "unit"))
    yield _table("units", "Theo địa bàn", "Địa bàn", units, SHOWN, total)
    yield _outlets(data)


def _outlets(data: Frames) -> Table:
    read = data.read.groupby("outlet_name")["read"].sum()
    found = dict(_rows(measures(data.by_outlet(), "outlet_name")))
    empty: Numbers = {name: None if name == MEDIAN else 0 for name in MEASURES}
    rows = [
        (str(name), {**found.get(str(name), empty), "read": int(count)})
        for name, count in zip(read.index, read.tolist(), strict=True)
    ]
    # Others than those read in the period wrote of its issues too: what they wrote was counted before.
    keys = ("read", *(name for name in SHOWN if name != "outlets"))
    return _table("outlets", "Theo cơ quan báo chí", "Cơ quan báo chí", rows, keys)


def _outcomes(topics: Sequence[tuple[str, Numbers]], total: Numbers) -> Table:
    rows = [(name, numbers) for name, numbers in topics if numbers["closed"]]
    return _table(
        "outcomes",
        "Kết thúc theo kết quả",
        "Lĩnh vực",
        rows,
        ("closed", *OUTCOMES),
        total if rows else None,
        unprinted=(),
    )


def _rows(counted: pd.DataFrame) -> list[tuple[str, Numbers]]:
    return [
        (str(name), dict(zip(counted.columns, map(_number, row), strict=True)))
        for name, row in zip(counted.index, counted.astype(object).to_numpy().tolist(), strict=True)
    ]


def _number(value: int | float) -> Number:
    if pd.isna(value):
        return None
    return float(value) if isinstance(value, float) else int(value)


def _table(
    key: str,
    title: str,
    heading: str,
    rows: Sequence[tuple[str, Numbers]],
    keys: Sequence[str],
    total: Numbers | None = None,
    *,
    unprinted: Sequence[str] = UNPRINTED,
) -> Table:
    """Rows by what was told or done most, of equals by name."""
    columns = [Column(name, HEADINGS[name], printed=name not in unprinted) for name in keys]
    ordered = sorted(rows, key=lambda row: ([-(row[1][name] or 0) for name in keys], row[0]))
    return Table(
        key,
        title,
        (Column("name", heading), *columns),
        tuple((name, *_cells(numbers, keys)) for name, numbers in ordered if _tells(numbers)),
        (SUM, *_cells(total, keys)) if total and rows else None,
    )


def _tells(numbers: Numbers) -> bool:
    """Not only of a good example, which this table does not count."""
    return any(number for name, number in numbers.items() if name != "good_examples")


def _cells(numbers: Numbers, keys: Sequence[str]) -> Iterable[Cell]:
    for name in keys:
        yield part(name, numbers)


def part(name: str, numbers: Numbers) -> Number:
    """The number with the whole it is a part of, where it is one."""
    number, of = numbers[name], OF.get(name)
    whole_number = numbers[of] if of else None
    return Part(number, whole_number) if isinstance(number, int) and isinstance(whole_number, int) else number
