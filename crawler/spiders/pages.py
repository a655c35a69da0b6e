"""Pages that sources have named: asked for, read, judged."""

from collections.abc import Iterable
from functools import partial
from http import HTTPStatus

from scrapy.http import HtmlResponse, Response

from crawler.addresses import leads_home
from crawler.reading import ReadPage
from crawler.spiders.asking import NEW_PAGE, VISIT, Asker, OutOfTime, marks_of
from crawler.spiders.hints import header, lines
from crawler.spiders.parts import Parts
from crawler.troubles import NOT_HTML, ONLY_THE_FEED, OUT_OF_TIME, Trouble, of_error, of_status
from crawler.workers.jobs import Broken, CannotRead, PageJob
from store.queries.links import PendingLink

_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_THERE = frozenset({HTTPStatus.OK, HTTPStatus.NOT_MODIFIED})


class Pages:
    def __init__(self, parts: Parts, asker: Asker) -> None:
        self._parts = parts
        self._frontier = parts.frontier
        self._keeper = parts.keeper
        self._telling = parts.telling
        self._asker = asker
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
        if link.visit and self._is_gone(link, response):
            self._keeper.gone(link)
        elif link.visit and response.status == HTTPStatus.NOT_MODIFIED:
            self._keeper.unchanged(link)
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
            self._parts.spawn(self._read(link, job, *marks), job.url)

    def _is_gone(self, link: PendingLink, response: Response) -> bool:
        """Not there any more; some outlets say so by leading to their home page."""
        if response.status in _GONE:
            return True
        # A home page that is out of order says nothing: a guard or a server under repair may lead there too.
        home = str(self._frontier.source_of(link).outlet.home)
        return response.status in _THERE and leads_home(link.url, response.url, home)

    async def _read(
        self, link: PendingLink, job: PageJob, etag: str | None, last_modified: str | None
    ) -> None:
        self._parts.room.take(job.weight)
        try:
            page = await self._parts.workers.read(job)
        except CannotRead as error:
            self._keeper.set_back(link, Trouble(error.what, error.remedy, tried=error.tried))
            return
        finally:
            self._parts.room.give(job.weight)
        if isinstance(page, Broken):
            self._keeper.set_back(link, page_broken(page))
            return
        self._telling.count("pages_read")
        self._telling.pages_read(self._to_go)
        if page.broken_encoding:
            self._telling.odd_encoding(self._frontier.source_of(link), job.url)
        self._judge(ReadPage(link, page, job.url, etag, last_modified))

    def _judge(self, read: ReadPage) -> None:
        if read.link.visit and read.page.no_index and not read.page.article:
            self._telling.count("refused_noindex")
            self._keeper.not_to_be_kept(read.link)
        elif not read.page.article:
            self._refuse(read.link, "not an article", "refused_not_article")
        elif read.page.no_index and not read.link.visit:
            self._refuse(read.link, "asks not to be indexed", "refused_noindex")
        elif self._frontier.is_too_old(read.link, read.page):
            self._refuse(read.link, "too old when it was first read", "refused_too_old")
        else:
            if read.no_copy:
                self._telling.count("refused_noindex" if read.page.no_index else "refused_noarchive")
            self._keeper.keep(read)

    def _refuse(self, link: PendingLink, why: str, count: str) -> None:
        self._telling.count(count)
        self._keeper.refuse(link, why)


def page_broken(broken: Broken) -> Trouble:
    return Trouble(
        f"could not be read: {broken.error}",
        "report it with the address: the crawler should know this error",
    )
