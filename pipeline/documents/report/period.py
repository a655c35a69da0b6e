"""Periods as an operator writes them (2026-W47, 2026-11, 2026-Q4, 2026), and those they are compared with."""

import re
from datetime import date, timedelta

_PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?:W(?P<week>\d{1,2})|Q(?P<quarter>[1-4])|(?P<month>\d{1,2})))?")


def parse_period(written: str) -> tuple[date, date]:
    """First and last day, both included; a week is ISO 8601's, Monday to Sunday.

    Raises ValueError with a sentence that says what may be written.
    """
    match = _PERIOD.fullmatch(written.strip().upper())
    days = _days(int(match["year"]), match["week"], match["quarter"], match["month"]) if match else None
    if days is None:
        raise ValueError(f"{written!r} is no period: write 2026-W47, 2026-11, 2026-Q4 or 2026")
    return days


def _days(year: int, week: str | None, quarter: str | None, month: str | None) -> tuple[date, date] | None:
    """None where the calendar has no such week, month or year."""
    try:
        if week:
            monday = date.fromisocalendar(year, int(week), 1)
            return monday, monday + timedelta(days=6)
        if quarter:
            return _months(year, 3 * int(quarter) - 2, 3)
        return _months(year, date(year, int(month), 1).month, 1) if month else _months(year, 1, 12)
    except ValueError:
        return None


def period_before(start: date, end: date) -> tuple[date, date] | None:
    """As many whole months, or else days, right before; None before the calendar begins."""
    months = _whole_months(start, end)
    try:
        if months:
            return _months(start.year, start.month - months, months)
        return start - (end - start) - timedelta(days=1), start - timedelta(days=1)
    except (ValueError, OverflowError):
        return None


def period_of_last_year(start: date, end: date) -> tuple[date, date] | None:
    """The same months, the week of the same number or the same days; None where last year has none such."""
    months = _whole_months(start, end)
    try:
        if months:
            return _months(start.year - 1, start.month, months)
        if start.weekday() == 0 and end - start == timedelta(days=6):
            year, week, _ = start.isocalendar()
            return _days(year - 1, str(week), None, None)
        return start.replace(year=start.year - 1), end.replace(year=end.year - 1)
    except ValueError:
        return None


def _whole_months(start: date, end: date) -> int:
    """0 where the days begin or end inside a month."""
    count = 12 * (end.year - start.year) + end.month - start.month + 1
    return count if (start, end) == _months(start.year, start.month, count) else 0


def _months(year: int, first: int, count: int) -> tuple[date, date]:
    """`first` may lie before January or after December: 0 is December of the year before."""
    return _month_start(year, first), _month_start(year, first + count) - timedelta(days=1)


def _month_start(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
