from datetime import date

import pytest

from pipeline.documents.report import parse_period


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
