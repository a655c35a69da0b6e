"""What is typed as a day or a moment."""

from datetime import date

import pytest

from tests.office import at
from web.formats import read_date, read_moment


def test_days_and_moments_are_read() -> None:
    assert read_date("22/11/2026") == date(2026, 11, 22)
    assert read_moment("22/11/2026 07:05") == at("2026-11-22 07:05")
    assert (read_date("01/01/1990"), read_date("31/12/2100")) == (date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "day", ["31/12/1989", "01/01/2101", "01/01/0001", "31/12/9999", "31/02/2026", "", "x"]
)
def test_what_is_no_day_of_our_time_is_refused(day: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_date(day)
    with pytest.raises(ValueError, match=r".*"):
        read_moment(f"{day} 00:00")
