"""Pages that sources have named: asked for, read, judged."""

from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from http import HTTPStatus
from typing import Any

from scrapy.http import HtmlResponse, Response

from crawler.frontier import Frontier
from crawler.reading import ReadPage
from crawler.spiders.asking import NEW_PAGE, VISIT, Asker, OutOfTime, marks_of
from crawler.spiders.hints import header, lines
from crawler.spiders.keeper import Keeper
from crawler.spiders.room import Room
from crawler.spiders.telling import Telling
from crawler.troubles import NOT_HTML, ONLY_THE_FEED, OUT_OF_TIME, Trouble, of_error, of_status
from crawler.workers.jobs import Broken, CannotRead, PageJob
from crawler.workers.pool import Workers
from store.queries.links import PendingLink

_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


class Pages:
    def __init__(
        self,
        frontier: Frontier,
        asker: Asker,
        workers: Workers,
        keeper: Keeper,
        room: Room,
        telling: Telling,
        spawn: Callable[[Coroutine[Any, Any, None], str], None],
    ) -> None:
        """`spawn` lets something go on by itself; it is told of the address for which."""
        self._frontier = frontier
        self._asker = asker
        self._workers = workers
        self._keeper = keeper
        self._room = room
        self._telling = telling
        self._spawn = spawn
        self._to_go = 0
        self._added: set[int] = set()

    def add(self, links: Iterable[PendingLink]) -> None:
        for link in links:
            # One may be due for a visit while its source tells that it has changed.
            if link.id in self._added:
                continue
            self._added.add(link.id)
            if not self._frontier.source_of(link).full_text:
                self._keeper.set_back(link, ONLY_THE_FEED)
                continue
            self._to_go += 1
            self._asker.ask(
                link.url,
                VISIT if link.visit else NEW_PAGE,
                partial(self._answered, link),
                partial(self._failed, link),
                marks_of(link.etag, link.last_modified) if link.visit else None,
            )

    def _failed(self, link: PendingLink, error: Exception) -> None:
        self._to_go -= 1
        self._keeper.set_back(link, OUT_OF_TIME if isinstance(error, OutOfTime) else of_error(error))

    def _answered(self, link: PendingLink, response: Response) -> None:
        self._to_go -= 1
        if link.visit and response.status == HTTPStatus.NOT_MODIFIED:
            self._keeper.unchanged(link)
        elif link.visit and response.status in _GONE:
            self._keeper.gone(link)
        elif response.status != HTTPStatus.OK:
            self._keeper.set_back(link, of_status(response.status))
        elif not isinstance(response, HtmlResponse):
            self._keeper.set_back(link, NOT_HTML)
        else:
            job = PageJob(
                self._frontier.source_of(link).key,
                response.body,
                response.url,
                header(response, "Content-Type"),
                lines(response, "X-Robots-Tag"),
            )
            marks = header(response, "ETag"), header(response, "Last-Modified")
            self._spawn(self._read(link, job, *marks), job.url)

    async def _read(
        self, link: PendingLink, job: PageJob, etag: str | None, last_modified: str | None
    ) -> None:
        self._room.take(job.weight)
        try:
            page = await self._workers.read(job)
        except CannotRead as error:
            self._keeper.set_back(link, Trouble(error.what, error.remedy, tried=error.tried))
            return
        finally:
            self._room.give(job.weight)
        if isinstance(page, Broken):
            self._keeper.set_back(link, page_broken(page))
            return
        self._telling.count("pages_read")
        self._telling.pages_read(self._to_go)
        if page.broken_encoding:
            self._telling.odd_encoding(self._frontier.source_of(link), job.url)
        self._judge(ReadPage(link, page, job.url, etag, last_modified))

    def _judge(self, read: ReadPage) -> None:
        if not read.page.article:
            self._refuse(read.link, "not an article", "refused_not_article")
        elif read.page.no_index:
            self._refuse(read.link, "asks not to be indexed", "refused_noindex")
        elif self._frontier.is_too_old(read.link, read.page):
            self._refuse(read.link, "too old when it was first read", "refused_too_old")
        else:
            self._keeper.keep(read)

    def _refuse(self, link: PendingLink, why: str, count: str) -> None:
        self._telling.count(count)
        self._keeper.refuse(link, why)


def page_broken(broken: Broken) -> Trouble:
    return Trouble(
        f"could not be read: {broken.error}",
        "report it with the address: the crawler should know this error",
    )
