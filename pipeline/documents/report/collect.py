"""From the store to what the report of a period says."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from pipeline.clock import LOCAL, local
from pipeline.documents.issuing import head_of
from pipeline.documents.report.absent import absent
from pipeline.documents.report.breakdowns import part, tables, whole
from pipeline.documents.report.charts import charts
from pipeline.documents.report.comparison import Compared, comparison, periods_compared
from pipeline.documents.report.content import Number, Report, Total
from pipeline.documents.report.frames import Collected, Frames, collected, frames
from pipeline.documents.report.measures import MEASURES
from pipeline.documents.report.period import Period
from pipeline.documents.report.registers import registers
from pipeline.documents.report.words import DEFINITIONS, HEADINGS, TOTALS
from pipeline.routing import programme_on
from pipeline.settings import Settings


def collect_report(
    session: Session,
    settings: Settings,
    period: Period,
    *,
    now: datetime,
    number: int | None = None,
    day: date | None = None,
) -> Report:
    """What is overdue or answered is so at the end of the period, or `now` where that comes first.

    `number` and `day` where it has been issued; else there is room for a number, and it bears the day after
    the period.
    """
    start, end = period.start, period.end
    as_of = min(local(now), _end_of(end))
    periods = periods_compared(start, end)
    moments = [as_of, *(_end_of(then.end) for then in periods)]
    first_day = min([start, *(then.start for then in periods)])
    known = collected(session, first_day, min(moments), max(moments))
    data = frames(session, settings, known, start, end, as_of, to_spread=True)
    totals = _totals(data)
    compared = [(then, _totals_then(session, settings, known, then)) for then in periods]
    other_contents = registers(session, _start_of(start), _end_of(end), as_of)
    shown = (comparison(totals, compared), *tables(data), *other_contents)
    return Report(
        head=head_of(settings.office, "report", number, day or as_of.date(), _copies(settings, as_of.date())),
        period=period,
        as_of=as_of,
        totals=totals,
        tables=shown,
        charts=charts(data, shown, start, min(end, as_of.date())),
        absent=absent(data, settings, start, end),
        uncompared=tuple(then.words for then, totals_then in compared if totals_then is None),
        definitions=DEFINITIONS,
    )


def _copies(settings: Settings, day: date) -> list[str]:
    """The parties of the programme in force, whom the account is owed to."""
    programme = programme_on(settings, day)
    parties = [party for party in programme.parties if party != settings.office.name] if programme else []
    return [f"- {party};" for party in (settings.office.parent, *parties)]


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, LOCAL)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, LOCAL)


def _totals_then(
    session: Session, settings: Settings, known: Collected, period: Compared
) -> tuple[Total, ...] | None:
    """As of the period's end; None where nothing was read in it: no zero stands for what nobody counted."""
    data = frames(session, settings, known, period.start, period.end, _end_of(period.end))
    return _totals(data) if len(data.read) else None


def _totals(data: Frames) -> tuple[Total, ...]:
    names = HEADINGS | TOTALS
    return tuple(Total(key, names[key], number) for key, number in _numbers(data))


def _numbers(data: Frames) -> Iterator[tuple[str, Number]]:
    yield "read", int(data.read["read"].sum())
    yield "read_outlets", int(data.read["outlet"].nunique())
    figures = whole(data)
    for name in MEASURES:
        yield name, part(name, figures)
        if name == "overdue":
            late = data.referrals[data.referrals["overdue"] == 1]
            yield "overdue_issues", int(late["issue"].nunique())
    yield from _left_over(data)


def _left_over(data: Frames) -> Iterator[tuple[str, Number]]:
    """How much is open at the end, from whatever period."""
    waiting = data.standing
    late = waiting[waiting["overdue"] == 1]
    yield "open_issues", data.open_issues
    yield "waiting", len(waiting)
    yield "waiting_overdue", len(late)
    yield "waiting_overdue_issues", int(late["issue"].nunique())
