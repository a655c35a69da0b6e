"""Periods as an operator writes them: 2026-W47, 2026-11, 2026-Q4, 2026."""

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
        return _months(year, int(month), 1) if month else _months(year, 1, 12)
    except ValueError:
        return None


def _months(year: int, first: int, count: int) -> tuple[date, date]:
    after = first + count
    next_start = date(year + (after - 1) // 12, (after - 1) % 12 + 1, 1)
    return date(year, first, 1), next_start - timedelta(days=1)
