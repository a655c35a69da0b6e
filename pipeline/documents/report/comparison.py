"""The totals beside those of the period before and of the same period a year earlier."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.documents.report.content import Cell, Column, Number, Part, Table, Total
from pipeline.documents.report.period import period_before, period_of_last_year
from pipeline.documents.report.words import NO_FIGURES
from pipeline.formats import vn_date


@dataclass(frozen=True)
class Compared:
    key: str
    name: str
    start: date
    end: date

    @property
    def words(self) -> str:
        return f"{self.name} ({vn_date(self.start)} – {vn_date(self.end)})"


def periods_compared(start: date, end: date) -> list[Compared]:
    """The period before and that of last year; one where they are the same, as for a year."""
    before, last_year = period_before(start, end), period_of_last_year(start, end)
    periods = [Compared("before", "kỳ trước", *before)] if before else []
    if last_year and last_year != before:
        periods.append(Compared("last_year", "cùng kỳ năm trước", *last_year))
    return periods


def comparison(totals: Sequence[Total], compared: Sequence[tuple[Compared, Sequence[Total] | None]]) -> Table:
    """A row for each total; no columns for a period without figures, a dash for what cannot be reckoned."""
    columns = [Column("name", "Chỉ số"), Column("now", "Kỳ này")]
    known = [(period, then) for period, then in compared if then is not None]
    for period, _ in known:
        columns.append(Column(period.key, f"{period.words[:1].upper()}{period.words[1:]}"))
        columns.append(Column(f"{period.key}_change", f"So với {period.name}", signed=True))
    earlier = [[total.number for total in then] for _, then in known]
    rows = tuple(
        (total.name, total.number, *_cells(total.number, then))
        for total, *then in zip(totals, *earlier, strict=True)
    )
    return Table("comparison", "So sánh với các kỳ trước", tuple(columns), rows)


def _cells(number: Number, earlier: Sequence[Number]) -> Iterator[Cell]:
    for then in earlier:
        # Of nothing that could be so it is not known how many more are so now.
        if then is None or number is None or _is_of_none(then) or _is_of_none(number):
            yield from (then, NO_FIGURES)
        else:
            yield from (then, number - then)


def _is_of_none(number: Number) -> bool:
    return isinstance(number, Part) and not number.whole
