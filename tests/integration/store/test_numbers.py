"""Numbers run without gaps, whoever takes them at once and whatever fails in between."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from store import Store
from store.models import Issue, IssuedNumber, Referral
from store.queries.numbers import issue_number, next_number

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


def drafts(store: Store, count: int) -> list[int]:
    """Drafted referrals, each of an issue of its own."""
    issue = {
        "title": "x", "topic": "traffic", "urgency": 2, "score": 0.9, "commune_candidates": [], "edited": [],
        "first_seen_at": NOW, "last_seen_at": NOW, "detected_at": NOW,
    }  # fmt: skip
    referral = {
        "agency_key": "a", "agency_name": "A", "role": "lead", "programme_key": "p", "rule": "r",
        "request": "x", "basis": "x", "statutory": [], "drafted_at": NOW,
    }  # fmt: skip
    with store.begin() as session:
        rows = [Referral(issue=Issue(**issue), **referral) for _ in range(count)]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def number_letter(store: Store, referral_id: int, *, killed: bool) -> None:
    with store.begin() as session:
        referral = session.get_one(Referral, referral_id)
        referral.number, referral.number_year = next_number(session, 2025), 2025
        session.flush()
        if killed:
            raise Killed


def test_letters_that_are_approved_at_once_leave_no_gap(store: Store) -> None:
    referral_ids = drafts(store, RUNNERS * EACH)

    def runner(number: int) -> None:
        for turn, referral_id in enumerate(referral_ids[number::RUNNERS]):
            try:
                number_letter(store, referral_id, killed=(turn + number) % 3 == 0)
            except Killed:
                number_letter(store, referral_id, killed=False)

    with ThreadPoolExecutor(RUNNERS) as pool:
        list(pool.map(runner, range(RUNNERS)))
    with store.read() as session:
        given = session.scalars(select(Referral.number).order_by(Referral.number)).all()
    assert list(given) == list(range(1, RUNNERS * EACH + 1))


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
