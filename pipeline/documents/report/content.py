"""What a report says, before any layout."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pipeline.clock import local
from pipeline.documents.issuing import Head
from pipeline.documents.report.period import Period


class Part(int):
    """So many of a whole, which is always shown with it on paper: 12/15."""

    whole: int

    def __new__(cls, number: int, whole: int) -> "Part":
        part = super().__new__(cls, number)
        part.whole = whole
        return part

    def __getnewargs__(self) -> tuple[int, int]:  # type: ignore[override]  # an int has one
        """So that a report made in another process comes over whole."""
        return int(self), self.whole


Number = int | float | None
"""None: there is nothing to reckon with"""
Cell = str | date | Number


@dataclass(frozen=True)
class Column:
    key: str
    heading: str
    signed: bool = False
    """a change: shown with plus or minus"""
    text: bool = False
    """words, and so wider than a number"""
    printed: bool = True
    """False: only in the workbook and the CSV; paper is too narrow, or says it within another column"""


@dataclass(frozen=True)
class Table:
    """One breakdown; every row has a cell for every column, the first names what it counts."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sum: tuple[Cell, ...] | None = None
    """the row of all; None where rows overlap or tell no counts"""
    printed: bool = True

    def records(self) -> list[dict[str, Cell]]:
        keys = [column.key for column in self.columns]
        return [dict(zip(keys, row, strict=True)) for row in self.rows]

    @property
    def all_rows(self) -> tuple[tuple[Cell, ...], ...]:
        return (*self.rows, self.sum) if self.sum else self.rows


@dataclass(frozen=True)
class Total:
    key: str
    name: str
    number: Number


@dataclass(frozen=True)
class Series:
    name: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Chart:
    key: str
    title: str
    kind: Literal["bars", "stacked", "line"]
    categories: tuple[str, ...]
    series: tuple[Series, ...]

    @property
    def is_empty(self) -> bool:
        return not any(any(series.values) for series in self.series)


@dataclass(frozen=True)
class Absent:
    """Who took no part, or not yet: names of a group, of how many."""

    key: str
    words: str
    names: tuple[str, ...]
    whole: int


@dataclass(frozen=True)
class Report:
    head: Head
    period: Period
    as_of: datetime
    """what is overdue or answered is so at this moment"""
    totals: tuple[Total, ...]
    tables: tuple[Table, ...]
    charts: tuple[Chart, ...]
    absent: tuple[Absent, ...]
    uncompared: tuple[str, ...]
    """earlier periods of which there are no figures, in words"""
    definitions: tuple[tuple[str, str], ...]

    @property
    def is_over(self) -> bool:
        return local(self.as_of).date() > self.period.end

    def total(self, key: str) -> Number:
        return next(total.number for total in self.totals if total.key == key)

    def count(self, key: str) -> int:
        number = self.total(key)
        assert isinstance(number, int)  # noqa: S101 - asked of counts only
        return number

    def table(self, key: str) -> Table:
        return next(table for table in self.tables if table.key == key)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; tables as lists of records."""
        return {
            "office": self.head.office,
            "number": self.head.number,
            "period": self.period.key,
            "start": self.period.start.isoformat(),
            "end": self.period.end.isoformat(),
            "as_of": self.as_of.isoformat(),
            "totals": {total.key: total.number for total in self.totals},
            "tables": {table.key: [_plain(row) for row in table.records()] for table in self.tables},
            "absent": {
                group.key: {"names": list(group.names), "whole": group.whole} for group in self.absent
            },
            "definitions": dict(self.definitions),
        }


def _plain(record: dict[str, Cell]) -> dict[str, str | Number]:
    return {name: cell.isoformat() if isinstance(cell, date) else cell for name, cell in record.items()}
