"""What is remembered of hosts from run to run, in both databases."""

from copy import deepcopy
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from crawler.fetching.guard import Place, place_of
from crawler.fetching.memory import HostMemory
from store import Store
from store.models import Base, Host
from tests.integration.crawler.conftest import NOW, FixedClock

HTTPS, HTTP = place_of("https://bao.example.vn"), place_of("http://bao.example.vn")
OTHER = place_of("https://bao.example.vn:8443")


class Runs:
    """Run after run, each with a memory of its own."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = FixedClock()
        self.now = HostMemory(store, self.clock)

    def next(self, later: timedelta) -> HostMemory:
        self.now.flush()
        self.clock.now += later
        self.now = HostMemory(self.store, self.clock)
        return self.now


def test_what_robots_txt_said_is_known_for_a_day(store: Store) -> None:
    runs = Runs(store)
    assert not runs.now.robots_known(HTTPS)
    runs.now.robots_read(HTTPS, "User-agent: *\nDisallow: /ẩn")
    later = runs.next(timedelta(hours=23))
    assert later.robots_known(HTTPS)
    assert later.state(HTTPS).robots_text == "User-agent: *\nDisallow: /ẩn"
    # Each scheme and port has a robots.txt of its own (RFC 9309, 2.3).
    assert not later.robots_known(HTTP)
    assert not later.robots_known(OTHER)
    assert not runs.next(timedelta(hours=1)).robots_known(HTTPS)


def test_a_host_rests_longer_the_longer_it_fails(store: Store) -> None:
    runs = Runs(store)
    rests = []
    for _ in range(7):
        assert not runs.now.robots_failed(HTTPS, None)
        until = runs.now.state(HTTPS).wait_until
        assert until is not None
        rests.append(int((until - runs.clock.now).total_seconds() // 60))
        assert runs.now.robots_rests(HTTPS)
        runs.next(until - runs.clock.now)
        assert not runs.now.robots_rests(HTTPS)
    assert rests == [5, 5, 10, 20, 40, 60, 60]
    # The other scheme has its own, and no one has asked for patience.
    assert runs.now.waits_until(HTTP) is None

    runs.now.robots_read(HTTPS, None)
    runs.now.robots_failed(HTTPS, timedelta(hours=3))
    assert runs.now.state(HTTPS).wait_until == runs.clock.now + timedelta(hours=3)


def test_a_robots_txt_is_given_up_after_a_month(store: Store) -> None:
    runs = Runs(store)
    runs.now.robots_failed(HTTPS, None)
    assert not runs.next(timedelta(days=29)).robots_failed(HTTPS, None)
    runs.next(timedelta(days=1))
    assert runs.now.robots_failed(HTTPS, None)
    assert not runs.now.robots_rests(HTTPS)


def test_a_host_that_asked_for_patience_has_it_in_every_scheme(store: Store) -> None:
    runs = Runs(store)
    runs.now.wait(HTTPS, timedelta(hours=2))
    until = NOW + timedelta(hours=2)
    for place in (HTTPS, HTTP, place_of("http://bao.example.vn:443")):
        assert runs.next(timedelta(0)).waits_until(place) == until
    for place in (OTHER, place_of("https://khac.example.vn")):
        assert runs.now.waits_until(place) is None
    assert runs.next(timedelta(hours=2)).waits_until(HTTPS) is None
    runs.now.wait(HTTP, timedelta(days=9))
    assert runs.now.waits_until(HTTPS) == runs.clock.now + timedelta(days=1)


def test_the_time_it_was_last_asked_is_known_in_every_scheme(store: Store) -> None:
    runs = Runs(store)
    assert runs.now.last_asked(HTTPS) is None
    runs.now.asked(HTTP)
    assert runs.next(timedelta(hours=1)).last_asked(HTTPS) == NOW


def rows(store: Store) -> dict[str, datetime | None]:
    with store.read() as session:
        return {row.host: row.wait_until for row in session.scalars(select(Host))}


def test_only_what_changed_is_written_and_nothing_is_lost(sqlite_store: Store) -> None:
    memory = HostMemory(sqlite_store, FixedClock())
    assert deepcopy({"setting": memory})["setting"] is memory
    memory.waits_until(HTTPS)
    memory.flush()
    assert rows(sqlite_store) == {}
    memory.wait(HTTP, timedelta(hours=1))
    Base.metadata.tables["host"].drop(sqlite_store.engine)
    with pytest.raises(SQLAlchemyError):
        memory.flush()
    Base.metadata.tables["host"].create(sqlite_store.engine)
    memory.flush()
    assert rows(sqlite_store) == {"http://bao.example.vn": NOW + timedelta(hours=1)}


@pytest.mark.parametrize(
    ("place", "origin"),
    [
        (Place("https", "a.vn", 443), "https://a.vn"),
        (Place("http", "::1", 80), "http://[::1]"),
        (Place("http", "::1", 8080), "http://[::1]:8080"),
    ],
)
def test_the_name_a_host_is_remembered_by(place: Place, origin: str) -> None:
    assert place.origin == origin
