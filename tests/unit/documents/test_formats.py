from datetime import UTC, date, datetime

import pytest

from pipeline.formats import (
    date_in_words,
    unit_in_sentence,
    vn_change,
    vn_date,
    vn_datetime,
    vn_number,
    vn_ratio,
    vn_short_datetime,
)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 20), "ngày 20 tháng 11 năm 2026"),
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 3, 10), "ngày 10 tháng 3 năm 2026"),
    ],
)
def test_a_letter_writes_zeros_where_the_decree_does(day: date, words: str) -> None:
    assert date_in_words(day) == words


def test_times_are_shown_as_an_officials_watch_shows_them() -> None:
    evening = datetime(2026, 11, 20, 23, 5, tzinfo=UTC)
    assert vn_date(evening) == "21/11/2026"
    assert vn_datetime(evening) == "06:05 ngày 21/11/2026"
    assert vn_short_datetime(evening) == "06:05 21/11"
    assert vn_date(date(2026, 1, 2)) == "02/01/2026"


@pytest.mark.parametrize(
    ("number", "decimals", "words"),
    [(0, 0, "0"), (1234, 0, "1.234"), (1234.5, 1, "1.234,5"), (1234567.891, 2, "1.234.567,89")],
)
def test_points_between_thousands_and_a_comma_before_decimals(
    number: float, decimals: int, words: str
) -> None:
    assert vn_number(number, decimals) == words


@pytest.mark.parametrize(("change", "words"), [(1234, "+1.234"), (-2, "−2"), (0, "0"), (0.5, "+0,5")])
def test_a_change_bears_its_sign(change: float, words: str) -> None:
    assert vn_change(change) == words


def test_a_ratio_of_nothing_is_a_dash() -> None:
    assert vn_ratio(3, 4) == "3/4 (75%)"
    assert vn_ratio(0, 0) == "–"


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Phường Ba Đình", "phường Ba Đình"),
        ("Thành phố Hà Nội", "thành phố Hà Nội"),
        ("Thành phố Hồ Chí Minh", "Thành phố Hồ Chí Minh"),
        ("Phường 12", "Phường 12"),
    ],
)
def test_a_units_type_is_small_inside_a_sentence(name: str, inside: str) -> None:
    assert unit_in_sentence(name) == inside
