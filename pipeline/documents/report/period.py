"""Periods as an operator asks for them, and those they are compared with.

2026-W47, 2026-11, 2026-Q4, 2026; a window of the configuration, as 2026-KEY; a programme's whole term, by its
key; any days, as 2026-01-05..2026-03-20.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pipeline.formats import vn_date
from pipeline.settings import Programme, Settings, Window

Kind = Literal["week", "month", "quarter", "year", "window", "term", "days"]
ONE_DAY = timedelta(days=1)
MADE_UP_FOR = timedelta(days=60)
"""An office that begins now is not told of the years before it did."""
ROMAN = ("I", "II", "III", "IV")
_PERIOD = re.compile(
    r"(?P<year>\d{4})(?:-(?:W(?P<week>\d{1,2})|Q(?P<quarter>[1-4])|(?P<month>\d{1,2})|(?P<window>[a-z][a-z0-9-]+)))?",
    re.IGNORECASE,
)
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")
_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Period:
    """Days, both included."""

    key: str
    """as it is asked for again; its folder bears this name"""
    kind: Kind
    name: str
    """in Vietnamese, as it stands inside a title"""
    start: date
    end: date


def parse_period(written: str, settings: Settings, today: date) -> Period:
    """`today` ends a programme's term that has no end.

    Raises ValueError with a sentence that says what may be written.
    """
    asked = written.strip()
    try:
        found = _calendar(asked, settings) or _days(asked) or _term(asked, settings, today)
    except ValueError:
        found = None  # the calendar has no such week, month or year
    if found is None:
        raise ValueError(f"{written!r} is no period: write {', '.join(_examples(settings))}")
    return found


def _examples(settings: Settings) -> Iterator[str]:
    yield from ("2026-W47", "2026-11", "2026-Q4", "2026", "2026-01-05..2026-03-20")
    yield from (f"2026-{window.key}" for window in settings.reports.windows)
    yield from (programme.key for programme in settings.programmes if _FOLDER.fullmatch(programme.key))


def _calendar(asked: str, settings: Settings) -> Period | None:
    match = _PERIOD.fullmatch(asked)
    if match is None:
        return None
    year = int(match["year"])
    if match["week"]:
        return week(year, int(match["week"]))
    if match["quarter"]:
        return quarter(year, int(match["quarter"]))
    if match["month"]:
        return month(year, int(match["month"]))
    if match["window"]:
        named = (one for one in settings.reports.windows if one.key == match["window"].lower())
        return next((window(year, one) for one in named), None)
    return whole_year(year, settings)


def week(year: int, number: int) -> Period:
    """ISO 8601's, Monday to Sunday."""
    monday = date.fromisocalendar(year, number, 1)
    name = f"tuần {number} năm {year}"
    return Period(f"{year}-W{number:02}", "week", name, monday, monday + 6 * ONE_DAY)


def last_week(today: date) -> Period:
    """The week that ended before that of `today`."""
    year, number, _ = (today - 7 * ONE_DAY).isocalendar()
    return week(year, number)


def month(year: int, number: int) -> Period:
    first = date(year, number, 1)
    return Period(
        f"{year}-{number:02}", "month", f"tháng {number} năm {year}", first, _shift(first, 1) - ONE_DAY
    )


def quarter(year: int, number: int) -> Period:
    first = date(year, 3 * number - 2, 1)
    name = f"quý {ROMAN[number - 1]} năm {year}"
    return Period(f"{year}-Q{number}", "quarter", name, first, _shift(first, 3) - ONE_DAY)


def whole_year(year: int, settings: Settings) -> Period:
    starts = settings.reports.year_starts
    begun = date.fromisoformat(f"{year if starts == '01-01' else year - 1:04}-{starts}")
    return Period(f"{year:04}", "year", f"năm {year}", begun, _shift(begun, 12) - ONE_DAY)


def window(year: int, settings: Window) -> Period:
    end = date.fromisoformat(f"{year:04}-{settings.ends}")
    start = date.fromisoformat(f"{year - (settings.starts > settings.ends):04}-{settings.starts}")
    return Period(f"{year:04}-{settings.key}", "window", f"{settings.name} năm {year}", start, end)


def _days(asked: str) -> Period | None:
    match = _DAYS.fullmatch(asked)
    if match is None:
        return None
    start, end = (date.fromisoformat(day) for day in match.groups())
    if end < start:
        return None
    return Period(asked, "days", f"từ {vn_date(start)} đến {vn_date(end)}", start, end)


def _term(asked: str, settings: Settings, today: date) -> Period | None:
    return next((_whole(one, today) for one in settings.programmes if one.key == asked), None)


def _whole(programme: Programme, today: date) -> Period | None:
    """None where its key names no folder."""
    if not _FOLDER.fullmatch(programme.key):
        return None
    end = programme.valid_to or max(today, programme.valid_from)
    return Period(programme.key, "term", programme.name, programme.valid_from, end)


def ended(settings: Settings, today: date) -> Iterator[Period]:
    """The last period of each kind that the configuration wants written and that has ended before `today`."""
    for year in (today.year, today.year - 1):
        candidates = [window(year, one) for one in settings.reports.windows]
        if "year" in settings.reports.written:
            candidates.append(whole_year(year, settings))
        for candidate in candidates:
            if candidate.end < today <= candidate.end + MADE_UP_FOR:
                yield candidate
    yield from _ended_in_year(settings, today)


def _ended_in_year(settings: Settings, today: date) -> Iterator[Period]:
    written = settings.reports.written
    if "week" in written:
        yield last_week(today)
    last = today.replace(day=1) - ONE_DAY
    if "month" in written:
        yield month(last.year, last.month)
    if "quarter" in written:
        done = _shift(today.replace(day=1), -((today.month - 1) % 3)) - ONE_DAY
        yield quarter(done.year, (done.month + 2) // 3)


def period_before(start: date, end: date) -> tuple[date, date] | None:
    """As many whole months, or else days, right before; None before the calendar begins."""
    months = _whole_months(start, end)
    try:
        if months:
            return _shift(start, -months), start - ONE_DAY
        return start - (end - start) - ONE_DAY, start - ONE_DAY
    except (ValueError, OverflowError):
        return None


def period_of_last_year(start: date, end: date) -> tuple[date, date] | None:
    """The same months, the week of the same number or the same days; None where last year has none such, or
    where the period is longer than a year."""
    try:
        days = _a_year_earlier(start, end)
    except ValueError:
        return None
    return days if days[1] < start else None


def _a_year_earlier(start: date, end: date) -> tuple[date, date]:
    if _whole_months(start, end):
        return _shift(start, -12), _shift(end + ONE_DAY, -12) - ONE_DAY
    if start.weekday() == 0 and end - start == 6 * ONE_DAY:
        year, number, _ = start.isocalendar()
        last = week(year - 1, number)
        return last.start, last.end
    return start.replace(year=start.year - 1), end.replace(year=end.year - 1)


def _whole_months(start: date, end: date) -> int:
    """0 where the days are no whole number of months, counted from whatever day of the month."""
    following = end + ONE_DAY if end < date.max else end
    count = 12 * (following.year - start.year) + following.month - start.month
    return count if following.day == start.day else 0


def _shift(day: date, months: int) -> date:
    """The same day of a month so many later; raises ValueError where that month has no such day."""
    counted = 12 * day.year + day.month - 1 + months
    return date(counted // 12, counted % 12 + 1, day.day)
