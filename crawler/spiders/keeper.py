"""Storing while the crawl goes on: one thread writes, in order, and what lies ready is written together."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from crawler.frontier import Frontier, Setback
from crawler.reading import ReadPage
from crawler.spiders.room import Room
from crawler.spiders.telling import Telling
from crawler.troubles import Trouble, of_error, of_store
from store.queries.keeping import StoreOutcome
from store.queries.links import PendingLink

_T = TypeVar("_T")
_MOST = 100
"""of each sort in one transaction, so that the desk need not wait long for its turn to write"""
_PAUSE = 0.5
"""seconds from one batch to the next: what comes meanwhile is written together"""
_WEIGHT = 32_000
"""bytes of a page that was read and waits to be written, with all that is kept of it: about five hundred fill
the room"""
_FAILURES = 3
"""in a row; after them the crawl stops: pages it cannot keep are asked for in vain"""


@dataclass
class _Batch:
    pages: list[ReadPage] = field(default_factory=list)
    refusals: list[tuple[PendingLink, str]] = field(default_factory=list)
    setbacks: list[Setback] = field(default_factory=list)
    unchanged: list[PendingLink] = field(default_factory=list)
    gone: list[PendingLink] = field(default_factory=list)
    not_to_be_kept: list[PendingLink] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(map(len, self._sorts))

    @property
    def _sorts(self) -> tuple[list[Any], ...]:
        return self.pages, self.refusals, self.setbacks, self.unchanged, self.gone, self.not_to_be_kept

    def parts(self) -> "Iterator[_Batch]":
        """Of at most _MOST of each sort: when a run ends, all links left over come at once."""
        for start in range(0, max(map(len, self._sorts)), _MOST):
            yield _Batch(*(sort[start : start + _MOST] for sort in self._sorts))


class Keeper:
    """What is not committed when the process is killed is still pending in the store."""

    def __init__(self, frontier: Frontier, telling: Telling, room: Room, stop: Callable[[], None]) -> None:
        """`stop` is called when the store refuses everything."""
        self._frontier = frontier
        self._telling = telling
        self._room = room
        self._stop = stop
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keeper")
        self._batch = _Batch()
        self._something = asyncio.Event()
        self._enough = asyncio.Event()
        self._failures = 0
        self._refuses = False
        self._closed = False

    # What comes in

    def keep(self, page: ReadPage) -> None:
        self._room.take(_WEIGHT)
        self._batch.pages.append(page)
        self._came(len(self._batch.pages))

    def refuse(self, link: PendingLink, why: str) -> None:
        self._batch.refusals.append((link, why))
        self._came(len(self._batch.refusals))

    def set_back(self, link: PendingLink, trouble: Trouble) -> None:
        if self._refuses:
            return
        self._telling.page_trouble(link, trouble)
        self._batch.setbacks.append(Setback(link, trouble))
        self._came(len(self._batch.setbacks))

    def unchanged(self, link: PendingLink) -> None:
        self._batch.unchanged.append(link)
        self._came(len(self._batch.unchanged))

    def gone(self, link: PendingLink) -> None:
        self._batch.gone.append(link)
        self._came(len(self._batch.gone))

    def not_to_be_kept(self, link: PendingLink) -> None:
        self._batch.not_to_be_kept.append(link)
        self._came(len(self._batch.not_to_be_kept))

    def _came(self, number: int) -> None:
        self._something.set()
        if number >= _MOST:
            self._enough.set()

    # What goes out

    async def run(self) -> None:
        """Writes batch after batch until it is closed and all is written."""
        while not self._closed or len(self._batch):
            await self._something.wait()
            await self._flush()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._enough.wait(), _PAUSE)
        self._thread.shutdown()

    def close(self) -> None:
        self._closed = True
        self._something.set()
        self._enough.set()

    async def write(self, url: str, write: Callable[[], _T]) -> _T | None:
        """What `write` gives; None if the store refused: that is told, and what it was about is still due."""
        if self._refuses:
            return None
        try:
            result = await self._in_thread(write)
        except (SQLAlchemyError, OSError) as error:
            self._failed(url, error)
            return None
        self._failures = 0
        return result

    async def _in_thread(self, write: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, write)

    def _failed(self, url: str, error: Exception) -> None:
        self._failures += 1
        self._telling.store_trouble(url, of_store(error))
        if self._failures >= _FAILURES:
            self._refuses = True
            self._stop()

    async def _flush(self) -> None:
        batch, self._batch = self._batch, _Batch()
        if not self._closed:
            self._something.clear()
            self._enough.clear()
        for part in batch.parts():
            await self._write_out(part)

    async def _write_out(self, batch: _Batch) -> None:
        for write in (
            self._keep,
            self._refuse,
            self._set_back,
            self._still_there,
            self._not_there,
            self._not_to_be_kept,
        ):
            try:
                await write(batch)
            except Exception as error:
                self._telling.own_error(error, "")

    async def _keep(self, batch: _Batch) -> None:
        if not batch.pages:
            return
        try:
            if not self._refuses:
                await self._keep_all(batch.pages)
        finally:
            self._room.give(_WEIGHT * len(batch.pages))

    async def _keep_all(self, pages: list[ReadPage]) -> None:
        try:
            outcomes = await self._in_thread(lambda: self._frontier.keep(pages))
        except Exception:
            # One of them cannot be kept: the others must not suffer for it.
            for page in pages:
                await self._keep_one(page)
            return
        self._failures = 0
        for page, outcome in zip(pages, outcomes, strict=True):
            self._tell(page, outcome)

    async def _keep_one(self, page: ReadPage) -> None:
        try:
            outcomes = await self.write(page.url, lambda: self._frontier.keep([page]))
        except Exception as error:
            self.set_back(page.link, of_error(error))
            return
        for outcome in outcomes or ():
            self._tell(page, outcome)

    def _tell(self, page: ReadPage, outcome: StoreOutcome) -> None:
        if outcome == "duplicate":
            self._telling.count("refused_duplicate")
        elif outcome == "unchanged":
            self._telling.count("visits_unchanged")
        elif outcome in {"new", "updated", "changed", "curtailed"}:
            self._telling.count(f"articles_{outcome}")
        if outcome in {"new", "updated"} and page.page.published is None and page.link.published_at is None:
            self._telling.no_date(page.link, page.url)

    async def _refuse(self, batch: _Batch) -> None:
        if batch.refusals:
            await self.write(batch.refusals[0][0].url, lambda: self._frontier.refuse(batch.refusals))

    async def _set_back(self, batch: _Batch) -> None:
        if not batch.setbacks:
            return
        url = batch.setbacks[0].link.url
        kept = await self.write(url, lambda: self._frontier.set_back(batch.setbacks)) or []
        self._telling.count("articles_new", len(kept))
        self._telling.count("articles_thin", len(kept))
        for link in kept:
            if link.published_at is None:
                self._telling.no_date(link, link.url)

    async def _still_there(self, batch: _Batch) -> None:
        if batch.unchanged:
            await self.write(batch.unchanged[0].url, lambda: self._frontier.page_unchanged(batch.unchanged))
            self._telling.count("visits_unchanged", len(batch.unchanged))

    async def _not_there(self, batch: _Batch) -> None:
        if batch.gone:
            await self.write(batch.gone[0].url, lambda: self._frontier.gone(batch.gone))
            self._telling.count("visits_gone", len(batch.gone))

    async def _not_to_be_kept(self, batch: _Batch) -> None:
        if links := batch.not_to_be_kept:
            await self.write(links[0].url, lambda: self._frontier.not_to_be_kept(links))
