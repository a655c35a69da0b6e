"""What a report says, before any layout."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.clock import local

Cell = str | int


@dataclass(frozen=True)
class Column:
    key: str
    heading: str
    signed: bool = False
    """a change: shown with plus or minus"""


@dataclass(frozen=True)
class Table:
    """One breakdown; every row has a cell for every column, the first names what it counts."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def records(self) -> list[dict[str, Cell]]:
        keys = [column.key for column in self.columns]
        return [dict(zip(keys, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Total:
    key: str
    name: str
    number: int


@dataclass(frozen=True)
class Report:
    office: str
    parent: str
    place: str
    signer_post: str
    contact_unit: str
    start: date
    end: date
    """both days included"""
    as_of: datetime
    """what is overdue or answered is so at this moment"""
    totals: tuple[Total, ...]
    tables: tuple[Table, ...]
    definitions: tuple[tuple[str, str], ...]

    @property
    def is_over(self) -> bool:
        return local(self.as_of).date() > self.end

    def total(self, key: str) -> int:
        return next(total.number for total in self.totals if total.key == key)

    def table(self, key: str) -> Table:
        return next(table for table in self.tables if table.key == key)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; tables as lists of records."""
        return {
            "office": self.office,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "as_of": self.as_of.isoformat(),
            "totals": {total.key: total.number for total in self.totals},
            "tables": {table.key: table.records() for table in self.tables},
            "definitions": dict(self.definitions),
        }
