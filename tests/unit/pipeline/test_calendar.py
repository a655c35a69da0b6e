"""Working days: the library's holidays, the office's table, and the Civil Code's way of counting."""

from datetime import date, datetime, timedelta

import pytest
from pydantic import ValidationError

from pipeline.calendar import WorkingCalendar
from pipeline.settings import Calendar
from tests.office import at, on

SWAPPED = Calendar(extra_days_off=(on("2026-01-02"),), extra_working_days=(on("2026-01-10"),))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-11-20", True),  # a Friday
        ("2026-11-21", False),  # Saturday
        ("2026-11-22", False),  # Sunday
        ("2026-11-24", False),  # Vietnam Culture Day, Resolution 28/2026/QH16
        ("2025-11-24", True),  # not yet a day off
        ("2026-02-17", False),  # Tết
        ("2027-02-08", False),  # Tết
        ("2026-09-02", False),  # National Day
        ("2026-01-02", False),  # swapped away
        ("2026-01-10", True),  # the Saturday worked for it
    ],
)
def test_knows_working_days(day: str, working: bool) -> None:
    assert WorkingCalendar(SWAPPED).is_working_day(on(day)) is working


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-01-02", True),
        ("2026-01-10", False),
        ("2026-08-31", False),  # a swap that the library knows
        ("2026-08-22", True),  # the Saturday worked for it
        ("2014-12-27", True),  # worked for 2/1/2015
        ("2019-01-05", True),  # worked for 31/12/2018
    ],
)
def test_without_the_offices_table_only_the_librarys_swaps_are_known(day: str, working: bool) -> None:
    assert WorkingCalendar(Calendar()).is_working_day(on(day)) is working


def test_the_offices_table_overrules_the_library() -> None:
    table = Calendar(
        extra_days_off=(on("2026-08-22"),), extra_working_days=(on("2026-08-31"), on("2027-02-04"))
    )
    calendar = WorkingCalendar(table)
    assert not calendar.is_working_day(on("2026-08-22"))
    assert calendar.is_working_day(on("2026-08-31"))
    assert calendar.is_working_day(on("2027-02-04"))  # of Tết 2027, not announced yet


@pytest.mark.parametrize(
    ("start", "days", "deadline"),
    [
        ("2026-11-16 09:00", 1, "2026-11-17 17:00"),  # the first day is not counted
        ("2026-11-20 09:00", 1, "2026-11-23 17:00"),  # over the weekend
        ("2026-11-20 09:00", 2, "2026-11-25 17:00"),  # over the weekend and 24/11
        ("2026-01-01 09:00", 6, "2026-01-10 17:00"),  # the swapped Saturday counts
        ("2026-02-13 16:00", 1, "2026-02-23 17:00"),  # over Tết
        ("2026-11-21 23:30", 1, "2026-11-23 17:00"),  # begun on a Saturday night
    ],
)
def test_counts_working_days(start: str, days: int, deadline: str) -> None:
    assert WorkingCalendar(SWAPPED).deadline_in_working_days(at(start), days) == at(deadline)


@pytest.mark.parametrize(
    ("start", "days", "deadline"),
    [
        ("2026-10-20 09:00", 30, "2026-11-19 23:59:59"),
        ("2026-10-25 09:00", 30, "2026-11-25 23:59:59"),  # 24/11 rolls to the 25th
        ("2026-10-22 09:00", 30, "2026-11-23 23:59:59"),  # a Saturday rolls to Monday
        ("2026-07-23 09:00", 30, "2026-08-22 23:59:59"),  # a Saturday that is worked does not
        ("2026-01-17 09:00", 30, "2026-02-23 23:59:59"),  # the first day of Tết 2026
        ("2027-01-11 09:00", 30, "2027-02-11 23:59:59"),  # the last day of Tết 2027
    ],
)
def test_counts_calendar_days_and_rolls_the_last_one(start: str, days: int, deadline: str) -> None:
    assert WorkingCalendar(Calendar()).legal_deadline_in_days(at(start), days) == at(deadline)


@pytest.mark.parametrize(
    ("start", "hours", "deadline"),
    [
        ("2026-11-16 09:30", 2, "2026-11-16 11:30"),
        ("2026-11-16 10:00", 4, "2026-11-16 15:00"),  # not at noon
        ("2026-11-16 12:30", 1, "2026-11-16 14:00"),  # come in at noon
        ("2026-11-16 08:00", 8, "2026-11-16 17:00"),  # a whole day
        ("2026-11-16 08:01", 8, "2026-11-17 08:01"),
        ("2026-11-16 17:00", 1, "2026-11-17 09:00"),  # the office has just closed
        ("2026-11-16 06:15", 4, "2026-11-16 12:00"),  # before it opens
        ("2026-11-20 16:30", 4, "2026-11-23 11:30"),  # over the weekend
        ("2026-11-23 16:00", 8, "2026-11-25 16:00"),  # over 24/11
        ("2026-01-09 16:00", 2, "2026-01-10 09:00"),  # into the swapped Saturday
        ("2026-02-13 16:30", 1, "2026-02-23 08:30"),  # over Tết
    ],
)
def test_counts_working_hours(start: str, hours: int, deadline: str) -> None:
    assert WorkingCalendar(SWAPPED).deadline_in_working_hours(at(start), hours) == at(deadline)


def test_a_day_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValidationError, match="in the order of the day"):
        Calendar.model_validate({"day_ends": "07:00"})


def test_a_moment_in_utc_is_counted_from_its_local_day() -> None:
    late_evening_utc = datetime.fromisoformat("2026-11-16T18:00+00:00")  # 01:00 of the 17th in Hà Nội
    deadline = WorkingCalendar(Calendar()).deadline_in_working_days(late_evening_utc, 1)
    assert deadline == at("2026-11-18 17:00")


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 11, 20), date(2026, 11, 20), 0),
        (date(2026, 11, 20), date(2026, 11, 23), 1),
        (date(2026, 11, 20), date(2026, 11, 25), 2),
        (date(2026, 11, 25), date(2026, 11, 20), -2),
    ],
)
def test_counts_the_working_days_between(start: date, end: date, days: int) -> None:
    assert WorkingCalendar(Calendar()).working_days_between(start, end) == days


@pytest.mark.parametrize("start", ["2025-12-28", "2026-01-02", "2026-02-12", "2026-08-15"])
def test_the_days_between_are_those_that_are_worked(start: str) -> None:
    calendar = WorkingCalendar(SWAPPED)
    first = on(start)
    worked = 0
    for after in range(1, 400):
        day = first + timedelta(days=after)
        worked += calendar.is_working_day(day)
        assert calendar.working_days_between(first, day) == worked


def test_an_absurd_day_costs_no_more_than_a_near_one(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []
    plain = WorkingCalendar.is_working_day

    def counting(self: WorkingCalendar, day: date) -> bool:
        looked_at.append(day)
        return plain(self, day)

    monkeypatch.setattr(WorkingCalendar, "is_working_day", counting)
    days = WorkingCalendar(Calendar()).working_days_between(on("2026-11-20"), date.max)
    # 7 973 years, of which the library knows 75 with some 11 holidays each.
    assert days == pytest.approx(7973.1 * 365.2425 * 5 / 7, abs=1000)
    assert len(looked_at) < 3000
