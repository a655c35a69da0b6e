"""How long a host asks to be left alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetching.waits import LONGEST_WAIT, WAIT_AFTER_429, retry_after, wait_of

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        (None, None),
        ("", None),
        ("0", timedelta(0)),
        (" 120 ", timedelta(minutes=2)),
        ("86401", LONGEST_WAIT),
        ("9" * 10, LONGEST_WAIT),
        ("9" * 400, None),
        ("-1", None),
        ("1.5", None),
        ("١٢", None),
        ("Fri, 20 Nov 2026 03:30:00 GMT", timedelta(minutes=30)),
        ("Friday, 20-Nov-26 03:30:00 GMT", timedelta(minutes=30)),
        ("Fri, 20 Nov 2026 10:30:00 +0700", timedelta(minutes=30)),
        ("Fri, 20 Nov 2026 03:30:00 -0000", timedelta(minutes=30)),
        ("Fri, 20 Nov 2020 03:30:00 GMT", timedelta(0)),
        ("Fri, 20 Nov 9999 03:30:00 GMT", LONGEST_WAIT),
        ("Fri, 32 Nov 2026 03:30:00 GMT", None),
        ("tomorrow", None),
    ],
)
def test_what_retry_after_says(value: str | None, wait: timedelta | None) -> None:
    assert retry_after(value, NOW) == wait


@given(st.text(max_size=40))
def test_whatever_it_says_is_survived(value: str) -> None:
    wait = retry_after(value, NOW)
    assert wait is None or timedelta(0) <= wait <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("status", "value", "wait"),
    [
        (200, "60", None),
        (404, "60", None),
        (301, "60", None),
        (500, "60", None),
        (503, None, None),
        (503, "soon", None),
        (503, "60", timedelta(minutes=1)),
        (429, "60", timedelta(minutes=1)),
        (429, None, WAIT_AFTER_429),
        (429, "soon", WAIT_AFTER_429),
    ],
)
def test_which_answers_ask_for_it(status: int, value: str | None, wait: timedelta | None) -> None:
    assert wait_of(status, value, NOW) == wait
