"""What the desk's accounts and its history ask of the store, on both databases."""

from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from pipeline.clock import Clock
from store import Store
from store.history import record
from store.models import Attempt, Event, User
from store.queries.audit import EventFilter, Place, abouts, events
from store.queries.users import accounts
from tests.office import at
from web import passwords
from web.accounts import Accounts, Description, check_password
from web.second_factor import SecondFactor
from web.sessions import Limits, Sessions
from web.throttle import PER_NAME_AND_ADDRESS, Throttle

NOW = at("2026-11-20 09:00")
PASSWORD = "gio mua dong bac"


class Standing(Clock):
    def __call__(self) -> datetime:
        return NOW


STANDING = Standing()


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def test_an_account_from_its_beginning_to_its_end(store: Store) -> None:
    run = Accounts(store, STANDING, "command:desk")
    key = run.add("van-thu", Description("Văn thư", "reader", sso_name="Van.Thu"), PASSWORD)
    assert check_password(store, "van-thu", PASSWORD) == key
    sessions = Sessions(store, STANDING, Limits(timedelta(hours=10), timedelta(hours=2)))
    token = sessions.open(key, "Chrome, Windows")
    user = sessions.find(token)
    assert user
    assert (user.role, user.has_password, user.has_second_factor, user.vouched) == (
        "reader",
        True,
        False,
        False,
    )
    factor = SecondFactor(store, STANDING)
    factor.offer(user)
    offer = factor.offered(user, "Dân Sinh")
    assert offer
    code = pyotp.TOTP(offer.secret).at(NOW)
    recovery = factor.confirm(user, code)
    assert recovery
    assert [factor.accepts(key, one) for one in (code, recovery[0], recovery[0])] == [False, True, False]
    assert sessions.find(sessions.renew(user)) is not None
    assert sessions.find(token) is None
    run.close(key, "Chuyển công tác")
    assert check_password(store, "van-thu", PASSWORD) is None
    assert not sessions.of(key)
    with store.read() as session:
        assert [user.name for user in accounts(session, active=False, after="", limit=9)] == ["van-thu"]
        told = session.scalars(select(Event.action).where(Event.entity == "user").order_by(Event.id)).all()
        assert told == ["added", "second_factor_added", "closed"]
        assert session.scalar(select(func.count()).select_from(User)) == 1


def test_tries_are_counted_and_forgotten(store: Store) -> None:
    throttle = Throttle(store)
    admitted = [throttle.admits("a", "10.0.0.1", None, NOW) for _ in range(PER_NAME_AND_ADDRESS + 1)]
    assert admitted == [True] * PER_NAME_AND_ADDRESS + [False]
    assert throttle.admits("a", "10.0.0.1", "known", NOW)
    throttle.succeeded("a", "10.0.0.1", "known")
    assert throttle.admits("a", "10.0.0.1", None, NOW + timedelta(minutes=15))
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 3


@pytest.mark.parametrize(
    ("wanted", "after", "expected"),
    [
        ({}, None, [5, 4, 3, 2, 1, 0]),
        ({}, 3, [2, 1, 0]),
        ({"by_people": True}, None, [4, 2, 0]),
        ({"by_people": True}, 2, [0]),
        ({"entity": "referral"}, None, [3, 0]),
        ({"since": NOW - timedelta(minutes=3), "until": NOW}, None, [4, 3, 2]),
        ({"things": {"issue": [1], "referral": []}}, None, [4, 1]),
        ({"things": {"issue": [], "referral": []}}, None, []),
    ],
    ids=range(8),
)
def test_a_page_of_the_history(
    store: Store, wanted: dict[str, Any], after: int | None, expected: list[int]
) -> None:
    with store.begin() as session:
        for n in range(6):
            told = {"entity": "issue" if n % 3 else "referral", "entity_id": n % 3}
            actor = "stage:group" if n % 2 else "lead:truong-phong"
            record(session, at=NOW - timedelta(minutes=5 - n), actor=actor, action=f"{n}", **told)  # type: ignore[arg-type]
    with store.read() as session:
        ids = {event.action: event.id for event in session.scalars(select(Event))}
        place = None if after is None else Place(NOW - timedelta(minutes=5 - after), ids[str(after)])
        found = events(session, EventFilter(**wanted), place, 9)
        assert [int(event.action) for event in found] == expected
        assert abouts(session, found).undone == frozenset()
