"""The one spider of an office: polls every source that is due, then reads the pages they named.

One spider, and not one for each kind or source, because what is polite is decided per host, and hosts are
shared: see docs/decisions/0008-one-spider-in-a-child-process.md.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import datetime
from typing import Any

from scrapy import Request, Spider

from crawler.fetching.manners import TOGETHER
from crawler.frontier import Frontier
from crawler.settings import CrawlerSettings
from crawler.spiders.asking import Asker
from crawler.spiders.folders import Folders
from crawler.spiders.keeper import Keeper
from crawler.spiders.lanes import Lanes
from crawler.spiders.pages import Pages
from crawler.spiders.parts import Parts
from crawler.spiders.room import Room
from crawler.spiders.sources import Sources
from crawler.spiders.telling import Telling
from crawler.summary import Tally
from crawler.workers.pool import Workers

_PLACES_UNDELAYED = 64
_PLACES_DELAYED = 512
"""requests under way at once. Where hosts are given time, most of these wait for it; where they are not, more
at once would bring nothing but pages that wait to be read."""


class OfficeSpider(Spider):
    name = "office"
    custom_settings = {  # noqa: RUF012 - as Scrapy wants it
        # The run's time is kept here, so that what has come is still read and stored.
        "CLOSESPIDER_TIMEOUT": 0,
        # Nothing comes through Scrapy's queue, and nobody asks for its figures; some of what would be loaded
        # for them takes as long to load as all the rest.
        "EXTENSIONS_BASE": {},
        "SPIDER_MIDDLEWARES_BASE": {},
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
    }

    def __init__(
        self,
        frontier: Frontier,
        workers: Workers,
        tally: Tally,
        settings: CrawlerSettings,
        clock: Callable[[], datetime],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._frontier = frontier
        self._workers = workers
        self._telling = Telling(tally, frontier)
        self._settings = settings
        self._clock = clock

    async def start(self) -> AsyncIterator[Request]:
        try:
            await self._crawl()
        except Exception as error:
            self._telling.own_error(error, "")
        # Everything is asked for from lanes of our own, nothing through Scrapy's queue.
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def _crawl(self) -> None:
        self._workers.open()
        room, tasks = Room(), asyncio.TaskGroup()
        lanes = self._lanes(tasks, room)
        keeper = Keeper(self._frontier, self._telling, room, lanes.end)
        writing = asyncio.create_task(keeper.run())
        seconds = self._settings.max_run_seconds
        ending = asyncio.get_running_loop().call_later(seconds, lanes.end)
        try:
            async with asyncio.timeout(seconds + self._settings.timeout_seconds), tasks:
                await self._begin(keeper, lanes, room, tasks)
        except TimeoutError:
            # What was under way until then has been set back.
            pass
        finally:
            ending.cancel()
            keeper.close()
            await writing

    def _lanes(self, tasks: asyncio.TaskGroup, room: Room) -> Lanes:
        delayed = self._settings.per_host_delay_seconds > 0
        return Lanes(
            tasks,
            room,
            self._telling.own_error,
            # Two where hosts are given time, so that the next one is there when its time comes.
            at_once=2 if delayed else TOGETHER,
            places=_PLACES_DELAYED if delayed else _PLACES_UNDELAYED,
        )

    async def _begin(self, keeper: Keeper, lanes: Lanes, room: Room, tasks: asyncio.TaskGroup) -> None:
        assert self.crawler.engine is not None  # noqa: S101 - it runs this very coroutine
        parts = Parts(
            self._frontier,
            self._workers,
            keeper,
            room,
            self._telling,
            self._settings,
            self._clock,
            lambda work, url: tasks.create_task(self._guarded(work, url)),
        )
        asker = Asker(self.crawler.engine.download_async, lanes)
        pages = Pages(parts, asker)
        Sources(parts, asker, pages, Folders(parts)).poll(self._frontier.due_sources())
        pages.add(await keeper.write("", self._frontier.pending) or ())
        pages.add(await keeper.write("", self._frontier.visits) or ())

    async def _guarded(self, work: Coroutine[Any, Any, None], url: str) -> None:
        """An error in one errand must not stop the others."""
        try:
            await work
        except Exception as error:
            self._telling.own_error(error, url)
