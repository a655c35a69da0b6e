"""Whose turn it is: errands wait in a lane per host, a few of each host are under way at once."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Protocol

from crawler.addresses import host_of

_PATIENCE = 2.0
"""seconds after which a request counts among the slow ones and gives its place to another"""


class Room(Protocol):
    async def some(self) -> None:
        """Returns when there is room for another page."""


@dataclass(frozen=True)
class Errand:
    """Something to be asked of a host."""

    url: str
    urgency: int
    """the lower the sooner, within its lane"""
    carry_out: Callable[[], Awaitable[bool]]
    """asks; whether the host has answered"""
    leave: Callable[[], None]
    """called in place of carry_out when the run is over before its turn has come"""


@dataclass(eq=False)
class _Lane:
    waiting: list[tuple[int, int, Errand]] = field(default_factory=list)
    running: int = 0
    window: int = 1
    """how many may run: one until the host has shown that it answers, so that hosts that hang hold little"""


class Lanes:
    """Keeps the long queue out of Scrapy's, where a host that is slow would fill all places."""

    def __init__(
        self,
        tasks: asyncio.TaskGroup,
        room: Room,
        broken: Callable[[Exception, str], None],
        at_once: int,
        places: int,
    ) -> None:
        """`broken` is told of errors that an errand should not have raised, with the errand's address."""
        self._tasks = tasks
        self._room = room
        self._broken = broken
        self._at_once = at_once
        self._places = asyncio.Semaphore(places)
        self._lanes: dict[str, _Lane] = defaultdict(_Lane)
        self._turn = count()
        self._over = False

    def __len__(self) -> int:
        return sum(len(lane.waiting) + lane.running for lane in self._lanes.values())

    def add(self, errand: Errand) -> None:
        if self._over:
            errand.leave()
            return
        lane = self._lanes[host_of(errand.url)]
        heappush(lane.waiting, (errand.urgency, next(self._turn), errand))
        self._fill(lane)

    def end(self) -> None:
        """Starts nothing more; what is under way comes to its end."""
        self._over = True
        for lane in self._lanes.values():
            for _, _, errand in lane.waiting:
                errand.leave()
            lane.waiting.clear()

    def _fill(self, lane: _Lane) -> None:
        while lane.waiting and lane.running < lane.window:
            lane.running += 1
            _, _, errand = heappop(lane.waiting)
            self._tasks.create_task(self._run(lane, errand))

    async def _run(self, lane: _Lane, errand: Errand) -> None:
        well = False
        try:
            await self._room.some()
            async with self._place():
                if self._over:
                    errand.leave()
                else:
                    well = await errand.carry_out()
        except Exception as error:
            self._broken(error, errand.url)
        finally:
            lane.window = min(self._at_once, lane.window + 1) if well else 1
            lane.running -= 1
            self._fill(lane)

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        await self._places.acquire()
        slow = asyncio.get_running_loop().call_later(_PATIENCE, self._places.release)
        try:
            yield
        finally:
            if not slow.cancelled() and slow.when() > asyncio.get_running_loop().time():
                slow.cancel()
                self._places.release()
