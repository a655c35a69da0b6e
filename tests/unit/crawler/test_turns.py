"""The turns of a host whose robots.txt asks for a long delay."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.settings import Settings

from crawler.fetching.guard import place_of
from crawler.fetching.manners import scrapy_settings
from crawler.fetching.memory import HostMemory
from crawler.fetching.middlewares import SLOT
from crawler.fetching.obedience import Pace
from crawler.settings import CrawlerSettings
from crawler.troubles import HostWaits
from store import Store

HOME = "https://bao.example.vn"
SETTINGS = CrawlerSettings(contact="phong@example.vn", outlets=(), max_run_seconds=480)
BEGIN = datetime(2026, 11, 20, 8, tzinfo=UTC)


class Host:
    """A host that asks for a delay, and a clock that only waiting moves."""

    def __init__(self, store: Store, delay: float, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = BEGIN
        self.memory = HostMemory(store, lambda: self.now)
        self.memory.learn_delay(place_of(HOME), delay)
        self.run()
        monkeypatch.setattr(asyncio, "sleep", self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def run(self) -> None:
        crawler: Any = SimpleNamespace(settings=Settings(scrapy_settings(SETTINGS, self.memory)))
        self._pace = Pace.from_crawler(crawler)

    def ask(self, path: str) -> float:
        """The second at which it is sent; raises HostWaits."""
        request = Request(HOME + path, meta={SLOT: "bao.example.vn"})
        asyncio.run(self._pace.process_request(request))
        return (self.now - BEGIN).total_seconds()


def test_polls_and_pages_have_their_turns_in_one_run(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = Host(sqlite_store, 60, monkeypatch)
    assert [host.ask(path) for path in ("/rss-1", "/rss-2", "/tin/1", "/tin/2")] == [0, 60, 120, 180]
    # The next run begins ten seconds after the last request of this one.
    host.now += timedelta(seconds=10)
    host.run()
    assert host.ask("/rss-1") == 240


def test_a_turn_that_comes_too_late_is_left_to_the_next_run(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = Host(sqlite_store, 130, monkeypatch)
    assert host.ask("/rss-1") == 0
    with pytest.raises(HostWaits) as waits:
        host.ask("/tin/1")
    assert waits.value.until == BEGIN + timedelta(seconds=130)
    host.now += timedelta(seconds=11)
    assert host.ask("/tin/1") == 130
