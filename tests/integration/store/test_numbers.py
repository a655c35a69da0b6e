"""Numbers run without gaps, whoever takes them at once and whatever fails in between."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from store import Store
from store.models import IssuedNumber
from store.queries.numbers import issue_number

NOW = datetime(2026, 11, 20, tzinfo=UTC)
RUNNERS, EACH = 4, 12


class Killed(Exception):
    pass


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    name = "sqlite_store" if request.param == "sqlite" else "postgres_store"
    found: Store = request.getfixturevalue(name)
    return found


def take(store: Store, key: str, *, killed: bool = False, series: str = "report", year: int = 2026) -> int:
    with store.begin() as session:
        number = issue_number(session, series, year, key, NOW)
        if killed:
            raise Killed
    return number


def numbers(store: Store, series: str = "report") -> list[int]:
    with store.read() as session:
        query = select(IssuedNumber.number).where(IssuedNumber.series == series)
        return sorted(session.scalars(query.order_by(IssuedNumber.number)))


def test_runners_that_take_numbers_at_once_and_die_leave_no_gap(store: Store) -> None:
    def runner(number: int) -> None:
        for turn in range(EACH):
            killed = (turn + number) % 3 == 0
            try:
                take(store, f"{number}/{turn}", killed=killed)
            except Killed:
                take(store, f"{number}/{turn}")

    with ThreadPoolExecutor(RUNNERS) as pool:
        list(pool.map(runner, range(RUNNERS)))
    assert numbers(store) == list(range(1, RUNNERS * EACH + 1))


def test_a_document_keeps_its_number(store: Store) -> None:
    assert [take(store, key) for key in ("a", "b", "a", "b", "c")] == [1, 2, 1, 2, 3]
    assert numbers(store) == [1, 2, 3]


def test_each_series_and_year_counts_by_itself(store: Store) -> None:
    taken = [
        take(store, "a"),
        take(store, "b", series="dispatch"),
        take(store, "c", year=2027),
        take(store, "d"),
    ]
    assert taken == [1, 1, 1, 2]
