from datetime import date

import pytest

from pipeline.documents.report import parse_period
from pipeline.documents.report.period import period_before, period_of_last_year


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
    assert parse_period(written) == (start, end)


@pytest.mark.parametrize(
    "written", ["", "2026-13", "2026-00", "2025-W53", "2026-W00", "2026-Q5", "nay", "26"]
)
def test_what_is_no_period_is_refused_with_what_may_be_written(written: str) -> None:
    with pytest.raises(ValueError, match="2026-W47, 2026-11, 2026-Q4 or 2026"):
        parse_period(written)


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
    period = parse_period(written)
    assert period_before(*period) == (before and parse_period(before))
    assert period_of_last_year(*period) == (last_year and parse_period(last_year))


def test_any_other_days_are_compared_with_as_many() -> None:
    window = date(2025, 12, 15), date(2026, 12, 14)
    year_earlier = date(2024, 12, 15), date(2025, 12, 14)
    assert period_before(*window) == period_of_last_year(*window) == year_earlier
    leap_day = date(2028, 2, 29), date(2028, 2, 29)
    assert period_before(*leap_day) == (date(2028, 2, 28), date(2028, 2, 28))
    assert period_of_last_year(*leap_day) is None
