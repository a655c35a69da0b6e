from datetime import date

import pytest

from pipeline.documents.report import ended, parse_period
from pipeline.documents.report.period import Period, period_before, period_of_last_year
from tests.office import settings

WINDOWS = [
    {"key": "sau-thang", "name": "sáu tháng đầu", "starts": "12-15", "ends": "06-14"},
    {"key": "he", "name": "mùa hè", "starts": "06-01", "ends": "08-31"},
]
CALENDAR = settings()
SHIFTED = settings(
    reports={"year_starts": "12-15", "windows": WINDOWS, "written": ["week", "month", "quarter", "year"]}
)
TODAY = date(2026, 11, 20)


def days(written: str) -> tuple[date, date]:
    period = parse_period(written, CALENDAR, TODAY)
    return period.start, period.end


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2026-W47", date(2026, 11, 16), date(2026, 11, 22)),
        ("2026-w01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_periods(written: str, start: date, end: date) -> None:
    assert days(written) == (start, end)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2026-13",
        "2026-00",
        "2025-W53",
        "2026-W00",
        "2026-Q5",
        "nay",
        "26",
        "0000",
        "2026-he",
        "2026-03-02..2026-03-01",
    ],
)
def test_what_is_no_period_is_refused_with_what_may_be_written(written: str) -> None:
    with pytest.raises(ValueError, match=r"write 2026-W47, 2026-11, 2026-Q4, 2026, .*ct-2026"):
        parse_period(written, CALENDAR, TODAY)


@pytest.mark.parametrize(
    ("written", "before", "last_year"),
    [
        ("2026-W47", "2026-W46", "2025-W47"),
        ("2026-W01", "2025-W52", "2025-W01"),
        ("2026-W53", "2026-W52", None),
        ("2027-W01", "2026-W53", "2026-W01"),
        ("2026-11", "2026-10", "2025-11"),
        ("2026-01", "2025-12", "2025-01"),
        ("2028-02", "2028-01", "2027-02"),
        ("2026-Q1", "2025-Q4", "2025-Q1"),
        ("2026-Q4", "2026-Q3", "2025-Q4"),
        ("2026", "2025", "2025"),
        ("0001", None, None),
        ("0001-W01", None, None),
    ],
)
def test_what_a_period_is_compared_with(written: str, before: str | None, last_year: str | None) -> None:
    assert period_before(*days(written)) == (before and days(before))
    assert period_of_last_year(*days(written)) == (last_year and days(last_year))


def test_any_other_days_are_compared_with_as_many() -> None:
    window = date(2025, 12, 15), date(2026, 12, 14)
    year_earlier = date(2024, 12, 15), date(2025, 12, 14)
    assert period_before(*window) == period_of_last_year(*window) == year_earlier
    leap_day = date(2028, 2, 29), date(2028, 2, 29)
    assert period_before(*leap_day) == (date(2028, 2, 28), date(2028, 2, 28))
    assert period_of_last_year(*leap_day) is None


@pytest.mark.parametrize(
    ("written", "start", "end", "name"),
    [
        ("2026", date(2025, 12, 15), date(2026, 12, 14), "năm 2026"),
        ("2026-sau-thang", date(2025, 12, 15), date(2026, 6, 14), "sáu tháng đầu năm 2026"),
        ("2026-HE", date(2026, 6, 1), date(2026, 8, 31), "mùa hè năm 2026"),
        ("ct-2026", date(2026, 1, 1), date(2030, 12, 31), "Phối hợp giải quyết vấn đề dân sinh"),
        ("2026-03-02..2026-03-05", date(2026, 3, 2), date(2026, 3, 5), "từ 02/03/2026 đến 05/03/2026"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "quý IV năm 2026"),
    ],
)
def test_windows_of_the_configuration_and_whole_terms(
    written: str, start: date, end: date, name: str
) -> None:
    period = parse_period(written, SHIFTED, TODAY)
    assert (period.start, period.end, period.name) == (start, end, name)
    assert parse_period(period.key, SHIFTED, TODAY) == period


def test_a_window_of_months_is_compared_with_the_months_before_and_those_of_last_year() -> None:
    half = date(2025, 12, 15), date(2026, 6, 14)
    assert period_before(*half) == (date(2025, 6, 15), date(2025, 12, 14))
    assert period_of_last_year(*half) == (date(2024, 12, 15), date(2025, 6, 14))


def test_a_term_is_compared_with_no_part_of_itself() -> None:
    assert period_of_last_year(date(2026, 1, 1), date(2030, 12, 31)) is None


@pytest.mark.parametrize(
    ("today", "keys"),
    [
        (date(2026, 11, 23), ["2026-W47", "2026-10", "2026-Q3"]),
        (date(2026, 12, 14), ["2026-W50", "2026-11", "2026-Q3"]),
        (date(2026, 12, 15), ["2026", "2026-W50", "2026-11", "2026-Q3"]),
        (date(2027, 1, 1), ["2026", "2026-W52", "2026-12", "2026-Q4"]),
        (date(2026, 6, 14), ["2026-W23", "2026-05", "2026-Q1"]),
        (date(2026, 6, 15), ["2026-sau-thang", "2026-W24", "2026-05", "2026-Q1"]),
        (date(2026, 8, 14), ["2026-W32", "2026-07", "2026-Q2"]),
    ],
)
def test_what_is_written_when_it_has_ended(today: date, keys: list[str]) -> None:
    assert [period.key for period in ended(SHIFTED, today)] == keys


def test_only_weeks_are_written_where_nothing_else_is_said() -> None:
    found = list(ended(CALENDAR, date(2027, 1, 4)))
    assert [period.key for period in found] == ["2026-W53"]
    assert isinstance(found[0], Period)
