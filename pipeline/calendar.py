"""Working days and hours: public holidays of the `holidays` library, corrected by the office's own table."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache

import holidays

from pipeline.clock import LOCAL, local
from pipeline.settings import Calendar

KNOWN_YEARS = range(1901, 2101)
"""of which the library can tell holidays by the moon; outside them only weekends are told"""


@lru_cache(maxsize=len(KNOWN_YEARS))
def _public_holidays(country: str, year: int) -> frozenset[date]:
    if year not in KNOWN_YEARS:
        return frozenset()
    return frozenset(holidays.country_holidays(country, years=year).keys())


@lru_cache(maxsize=len(KNOWN_YEARS))
def _swapped(country: str, year: int) -> frozenset[date]:
    """Weekend days worked for a day off of the library's."""
    if year not in KNOWN_YEARS:
        return frozenset()
    return frozenset(holidays.country_holidays(country, years=year).weekend_workdays)


@lru_cache(maxsize=8)
def _names_of_holidays(country: str, year: int) -> dict[date, str]:
    language = {"VN": "vi"}.get(country)
    return dict(holidays.country_holidays(country, years=year, language=language))


def holiday_name(country: str, day: date) -> str | None:
    """In the country's language; None where the day is no holiday that the library knows."""
    return _names_of_holidays(country, day.year).get(day) if day.year in KNOWN_YEARS else None


def _weekdays_until(day: date) -> int:
    """Mondays to Fridays up to and with `day`, from the first day of the calendar, a Monday."""
    weeks, days = divmod(day.toordinal(), 7)
    return weeks * 5 + min(days, 5)


_LAST_SECOND = time(23, 59, 59)
"""Twenty-four hours of a day, as a moment that still bears its date."""


class WorkingCalendar:
    """Counts as the Civil Code does (articles 147 and 148): the first day is not counted, and a last day
    that is no working day rolls to the next one."""

    def __init__(self, settings: Calendar) -> None:
        self._settings = settings
        self._out_of_line_in: dict[int, tuple[tuple[date, int], ...]] = {}

    @cached_property
    def _days_off(self) -> frozenset[date]:
        return frozenset(self._settings.extra_days_off)

    @cached_property
    def _worked(self) -> frozenset[date]:
        return frozenset(self._settings.extra_working_days)

    def is_working_day(self, day: date) -> bool:
        if day in self._worked:
            return True
        if day in self._days_off:
            return False
        if day.weekday() >= 5:
            return day in _swapped(self._settings.country, day.year)
        return day not in _public_holidays(self._settings.country, day.year)

    def next_working_day(self, day: date) -> date:
        """`day` itself where it is one."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def add_working_days(self, start: date, days: int) -> date:
        day = start
        for _ in range(days):
            day = self.next_working_day(day + timedelta(days=1))
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.working_days_between(end, start)
        weekdays = _weekdays_until(end) - _weekdays_until(start)
        return weekdays + sum(works for day, works in self._out_of_line(start, end) if start < day <= end)

    def out_of_line(self, start: date, end: date) -> list[date]:
        """Weekdays off and weekend days worked, after `start` up to and with `end`."""
        return sorted(day for day, _ in self._out_of_line(start, end) if start < day <= end)

    def _out_of_line(self, start: date, end: date) -> Iterator[tuple[date, int]]:
        """Of the years from `start` to `end`, the days that are not what their weekday is: -1 off, 1 worked.

        There are few even where the two lie thousands of years apart: no day is looked at by itself.
        """
        first, last = max(start.year, KNOWN_YEARS.start), min(end.year, KNOWN_YEARS.stop - 1)
        for year in (*range(first, last + 1), *self._own_years):
            if year not in self._out_of_line_in:
                self._out_of_line_in[year] = self._changed_in(year)
            yield from self._out_of_line_in[year]

    @cached_property
    def _own_years(self) -> frozenset[int]:
        """In which the office's own table names days, and the library none."""
        return frozenset(day.year for day in self._days_off | self._worked) - frozenset(KNOWN_YEARS)

    def _changed_in(self, year: int) -> tuple[tuple[date, int], ...]:
        country = self._settings.country
        named = {day for day in self._days_off | self._worked if day.year == year}
        named |= _public_holidays(country, year) | _swapped(country, year)
        changes = ((day, self.is_working_day(day) - (day.weekday() < 5)) for day in named)
        return tuple((day, change) for day, change in changes if change)

    def end_of_day(self, day: date) -> datetime:
        """The last moment in which an answer of that day is in time by the parties' agreement."""
        return datetime.combine(day, self._settings.day_ends, LOCAL)

    def deadline_in_working_days(self, start: datetime, days: int) -> datetime:
        return self.end_of_day(self.add_working_days(local(start).date(), days))

    def deadline_in_working_hours(self, start: datetime, hours: int) -> datetime:
        """Hours run from the moment, and only while the office is open."""
        left, moment = timedelta(hours=hours), local(start)
        while True:
            for opens, closes in self._open_hours(moment.date()):
                begun = max(moment, opens)
                if begun + left <= closes:
                    return begun + left
                left -= max(closes - begun, timedelta(0))
            moment = datetime.combine(moment.date() + timedelta(days=1), time(), LOCAL)

    def _open_hours(self, day: date) -> list[tuple[datetime, datetime]]:
        if not self.is_working_day(day):
            return []
        table = self._settings
        return [
            (datetime.combine(day, opens, LOCAL), datetime.combine(day, closes, LOCAL))
            for opens, closes in (
                (table.day_starts, table.break_starts),
                (table.break_ends, table.day_ends),
            )
        ]

    def legal_deadline_in_working_days(self, start: datetime, days: int) -> datetime:
        return _end_by_law(self.add_working_days(local(start).date(), days))

    def legal_deadline_in_days(self, start: datetime, days: int) -> datetime:
        return _end_by_law(self.next_working_day(local(start).date() + timedelta(days=days)))


def _end_by_law(day: date) -> datetime:
    """A limit in days ends at twenty-four hours of its last day (Civil Code, article 148, clause 6)."""
    return datetime.combine(day, _LAST_SECOND, LOCAL)
