"""The totals beside those of the period before and of the same period a year earlier."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.documents.report.content import Cell, Column, Number, Table, Total
from pipeline.documents.report.period import period_before, period_of_last_year
from pipeline.documents.report.words import NO_FIGURES
from pipeline.formats import vn_date


@dataclass(frozen=True)
class Compared:
    key: str
    name: str
    start: date
    end: date


def periods_compared(start: date, end: date) -> list[Compared]:
    """The period before and that of last year; one where they are the same, as for a year."""
    before, last_year = period_before(start, end), period_of_last_year(start, end)
    periods = [Compared("before", "kỳ trước", *before)] if before else []
    if last_year and last_year != before:
        periods.append(Compared("last_year", "cùng kỳ năm trước", *last_year))
    return periods


def comparison(totals: Sequence[Total], compared: Sequence[tuple[Compared, Sequence[Total] | None]]) -> Table:
    """A row for each total; without figures of a period, a dash for its number and for the change."""
    columns = [Column("name", "Chỉ số"), Column("now", "Kỳ này")]
    for period, _ in compared:
        days = f"{vn_date(period.start)} – {vn_date(period.end)}"
        columns.append(Column(period.key, f"{period.name.capitalize()} ({days})"))
        columns.append(Column(f"{period.key}_change", f"So với {period.name}", signed=True))
    earlier = [_numbers(then, len(totals)) for _, then in compared]
    rows = tuple(
        (total.name, total.number, *_cells(total.number, then))
        for total, *then in zip(totals, *earlier, strict=True)
    )
    return Table("comparison", "So sánh với các kỳ trước", tuple(columns), rows)


def _numbers(totals: Sequence[Total] | None, count: int) -> list[Cell]:
    return [NO_FIGURES] * count if totals is None else [total.number for total in totals]


def _cells(number: Number, earlier: Sequence[Cell]) -> Iterator[Cell]:
    for then in earlier:
        if isinstance(then, int | float) and number is not None:
            yield from (then, number - then)
        else:
            yield from (then, NO_FIGURES)
