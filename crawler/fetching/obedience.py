"""robots.txt between the spider and the network: who may be asked for what, and how often."""

import asyncio
from collections import defaultdict
from datetime import timedelta
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.fetching.guard import Place, Refused, place_of
from crawler.fetching.memory import HostMemory
from crawler.fetching.middlewares import MEMORY, SLOT
from crawler.fetching.robots import LONGEST, Rules, text_of
from crawler.fetching.waits import wait_of
from crawler.robots_tags import product_token
from crawler.troubles import HostDown, HostWaits, RobotsForbid, RobotsUnknown, TooManyRedirects, of_status

_FOR_ROBOTS = "for_robots"
PATIENCE = "DANSINH_PATIENCE"
"""the setting that says how many seconds a request may wait for its turn; what must wait longer is left to
the runs to come"""
_IN_QUEUE_SECONDS = 30.0
"""a delay up to this is kept by the host's queue alone; a longer one is kept over runs as well"""


class Robots:
    """Asks each host for robots.txt once a day, whichever run it is, and obeys it (RFC 9309)."""

    def __init__(self, crawler: Crawler, hosts: HostMemory) -> None:
        self._crawler = crawler
        self._hosts = hosts
        self._token = product_token(crawler.settings["USER_AGENT"])
        self._asked: dict[str, asyncio.Task[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, crawler.settings[MEMORY])

    async def process_request(self, request: Request) -> None:
        if request.meta.get(_FOR_ROBOTS):
            return
        place = place_of(request.url)
        if place.origin not in self._asked:
            self._asked[place.origin] = asyncio.ensure_future(self._rules(place))
        try:
            # Shielded: the others of this host wait for the same answer though one of them is given up.
            rules = await asyncio.shield(self._asked[place.origin])
        except HostWaits:
            self._asked.pop(place.origin, None)
            raise
        if not rules.allow(request.url):
            raise RobotsForbid

    async def _rules(self, place: Place) -> Rules:
        if self._hosts.robots_rests(place):
            raise RobotsUnknown
        if not self._hosts.robots_known(place):
            await self._ask(place)
        rules = Rules(self._hosts.state(place).robots_text, self._token)
        self._hosts.learn_delay(place, rules.delay)
        return rules

    async def _ask(self, place: Place) -> None:
        request = Request(
            f"{place.origin}/robots.txt",
            # Twice what is read, so that one that is a little too long is still obeyed.
            meta={_FOR_ROBOTS: True, "download_maxsize": 2 * LONGEST},
            callback=NO_CALLBACK,
        )
        try:
            answer = await self._crawler.engine.download_async(request)
        except TooManyRedirects:
            self._hosts.robots_read(place, None)
        except (HostDown, HostWaits, RobotsUnknown):
            raise
        except Refused as error:
            # The configuration's doing, or a redirect's: once it is mended the next run asks at once.
            raise RobotsUnknown from error
        except Exception as error:
            self._unreachable(place, RobotsUnknown(), error)
        else:
            self._take(place, answer)

    def _take(self, place: Place, answer: Response) -> None:
        if answer.status == 429 or answer.status >= 500:
            told = answer.headers.get("Retry-After")
            wait = wait_of(answer.status, told.decode("latin-1") if told else None, self._hosts.now())
            self._unreachable(place, RobotsUnknown(of_status(answer.status).what), wait=wait)
        else:
            self._hosts.robots_read(place, text_of(answer.body) if answer.status == 200 else None)

    def _unreachable(
        self,
        place: Place,
        unknown: RobotsUnknown,
        cause: Exception | None = None,
        wait: timedelta | None = None,
    ) -> None:
        if not self._hosts.robots_failed(place, wait):
            raise unknown from cause


class Pace:
    """Keeps the delay that robots.txt asks for, between all requests to a host and over all runs."""

    def __init__(self, crawler: Crawler, hosts: HostMemory) -> None:
        self._crawler = crawler
        self._hosts = hosts
        self._usual = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._patience = timedelta(seconds=crawler.settings.getfloat(PATIENCE))
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, crawler.settings[MEMORY])

    async def process_request(self, request: Request) -> None:
        place = place_of(request.url)
        delay = self._hosts.delay(place)
        if delay <= self._usual:
            return
        # What a page redirects to is part of asking for that page, and robots.txt of asking at all.
        part = request.meta.get("redirect_times") or request.meta.get(_FOR_ROBOTS)
        if delay > _IN_QUEUE_SECONDS and not part:
            await self._keep_over_runs(place, timedelta(seconds=delay))
        else:
            self._keep_in_queue(request.meta[SLOT], min(delay, _IN_QUEUE_SECONDS))

    async def _keep_over_runs(self, place: Place, delay: timedelta) -> None:
        async with self._turns[place.host]:
            last = self._hosts.last_asked(place)
            if last is not None and (rest := last + delay - self._hosts.now()) > timedelta(0):
                if rest > self._patience:
                    raise HostWaits(last + delay)
                await asyncio.sleep(rest.total_seconds())
            self._hosts.asked(place)

    def _keep_in_queue(self, key: str, delay: float) -> None:
        downloader: Any = self._crawler.engine.downloader
        downloader.per_slot_settings[key] = {"concurrency": 1, "delay": delay}
        slot = downloader.slots.get(key)
        if slot is not None and slot.delay < delay:
            slot.delay, slot.concurrency = delay, 1
