"""The one spider of an office: polls every source that is due, then reads the pages they named.

One spider, and not one for each kind or source, because what is polite is decided per host, and hosts are
shared: see docs/decisions/0008-one-spider-in-a-child-process.md.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Self, TypeVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import HtmlResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from twisted.python.failure import Failure

from crawler.addresses import host_of
from crawler.extraction import Extracted, extract
from crawler.frontier import Frontier, Setback
from crawler.kinds.naming import Reading, UnreadableSource
from crawler.kinds.reading import answer_of, read_source
from crawler.polling import NO_HINTS, Hints
from crawler.reading import ReadPage
from crawler.sources import ConfiguredSource
from crawler.spiders.hosts import HostQueues
from crawler.summary import Tally
from crawler.troubles import (
    NOT_HTML,
    ONLY_THE_FEED,
    OUT_OF_TIME,
    HostDown,
    Trouble,
    of_error,
    of_status,
    of_store,
)
from store.queries.links import PendingLink
from store.queries.sources import SourceState

_T = TypeVar("_T")
_SETBACKS_AT_ONCE = 100
_STORAGE_FAILURES = 3
"""in a row; after them the crawl stops: pages it cannot keep are asked for in vain"""


class OfficeSpider(Spider):
    name = "office"

    def __init__(
        self,
        frontier: Frontier,
        tally: Tally,
        mask: Callable[[str], str],
        max_bytes: int,
        at_once: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._mask = mask
        self._frontier = frontier
        self._tally = tally
        self._max_bytes = max_bytes
        self._queues = HostQueues(at_once)
        self._setbacks: list[Setback] = []
        self._storage_failures = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.broken, signal=signals.spider_error)
        return spider

    def broken(self, failure: Failure, response: Response | Failure) -> None:
        """An error of this program: told, never only logged; the links concerned stay to be read."""
        error = _error(failure)
        url = response.url if isinstance(response, Response) else ""
        self._tally.fail("crawl", url, f"met an error of its own: {error!r}", "report it with this line")

    async def start(self) -> AsyncIterator[Request]:
        left_over = self._frontier.pending()
        for source, state in self._frontier.due_sources():
            yield self._poll(source, state)
        for request in self._pages(left_over):
            yield request

    # Sources

    def _poll(self, source: ConfiguredSource, state: SourceState) -> Request:
        marks = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
        return Request(
            source.url,
            headers={name: value for name, value in marks.items() if value},
            callback=self.polled,
            errback=self.not_polled,
            cb_kwargs={"source": source},
            meta={"source": source},
            priority=20,
            dont_filter=True,
        )

    def polled(self, response: Response, source: ConfiguredSource) -> Iterator[Request]:
        self._tally.count("sources_polled")
        if response.status == 304:
            self._tally.count("sources_unchanged")
            self._stored(source.url, lambda: self._frontier.unchanged(source))
            return
        if response.status != 200:
            self._poll_failed(source, of_status(response.status))
            return
        reading = self._read(response, source)
        if reading is None:
            return
        # An index is asked again each time: its own mark says nothing of the sitemaps that it names.
        marks = Hints(_header(response, "ETag"), _header(response, "Last-Modified"))
        yield from self._record(source, reading, NO_HINTS if reading.children else marks)
        for child in reading.children:
            yield Request(
                child,
                callback=self.child_read,
                errback=self.child_not_read,
                cb_kwargs={"source": source},
                meta={"source": source},
                priority=20,
                dont_filter=True,
            )

    def child_read(self, response: Response, source: ConfiguredSource) -> Iterator[Request]:
        if response.status != 200:
            self._tell(source, response.url, of_status(response.status))
            return
        reading = self._read(response, source)
        if reading is not None:
            yield from self._record(source, reading)

    def child_not_read(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        self._tell(request.meta["source"], request.url, of_error(_error(failure)))

    def not_polled(self, failure: Failure) -> None:
        self._tally.count("sources_polled")
        source: ConfiguredSource = failure.request.meta["source"]  # type: ignore[attr-defined]
        self._poll_failed(source, of_error(_error(failure)))

    def _read(self, response: Response, source: ConfiguredSource) -> Reading | None:
        try:
            reading = read_source(source, answer_of(response, self._max_bytes))
        except UnreadableSource as error:
            self._poll_failed(
                source, Trouble(error.what, error.remedy, count="not_xml" if source.kind != "listing" else "")
            )
        except Exception as error:
            # A page may be broken in a way that no library foresaw; the other sources go on.
            self._poll_failed(source, of_error(error))
        else:
            if reading.broken_encoding:
                self._tally.count("bad_encoding")
                self._odd_encoding(source, response.url)
            return reading
        return None

    def _record(
        self, source: ConfiguredSource, reading: Reading, hints: Hints = NO_HINTS
    ) -> Iterator[Request]:
        recorded = self._stored(source.url, lambda: self._frontier.record(source, reading.named, hints))
        if recorded is None:
            return
        self._tally.count("links_new", len(recorded.pending))
        self._tally.count("refused_too_old", recorded.too_old)
        self._tally.count("articles_updated", recorded.retold)
        self._tally.tell(f"{source.key}: {len(recorded.pending)} new of {len(reading.named)} named")
        if recorded.left_over:
            self._tally.notice(
                source.key,
                source.url,
                f"names {recorded.left_over} new pages beyond max_items_per_source: the next poll takes them",
                "raise crawler.max_items_per_source if they should not wait",
            )
        yield from self._pages(recorded.pending)

    def _poll_failed(self, source: ConfiguredSource, trouble: Trouble) -> None:
        self._tell(source, source.url, trouble, always=True)
        if trouble.count != "not_xml":
            self._tally.count("sources_failed")
        self._stored(
            source.url, lambda: self._frontier.poll_failed(source, f"{trouble.what}; {trouble.remedy}")
        )

    # Pages

    def _pages(self, links: Sequence[PendingLink]) -> Iterator[Request]:
        to_read = []
        for link in links:
            if self._frontier.source_of(link).full_text:
                to_read.append(link)
            else:
                self._set_back(link, ONLY_THE_FEED)
        yield from self._ask(self._queues.add(to_read))

    def _ask(self, links: Sequence[PendingLink]) -> Iterator[Request]:
        for link in links:
            yield Request(
                link.url,
                callback=self.fetched,
                errback=self.not_fetched,
                cb_kwargs={"link": link},
                meta={"link": link},
                dont_filter=True,
            )

    def fetched(self, response: Response, link: PendingLink) -> Iterator[Request]:
        # Before the page is read, for the host need not wait for that.
        yield from self._ask(self._queues.done(link))
        if response.status != 200:
            self._set_back(link, of_status(response.status))
        elif not isinstance(response, HtmlResponse):
            self._set_back(link, NOT_HTML)
        else:
            self._take(response, link)

    def not_fetched(self, failure: Failure) -> Iterator[Request]:
        request: Request = failure.request  # type: ignore[attr-defined]
        link: PendingLink = request.meta["link"]
        error = _error(failure)
        trouble = of_error(error)
        if isinstance(error, HostDown) and host_of(request.url) == host_of(link.url):
            for spared in self._queues.drop(host_of(link.url)):
                self._set_back(spared, trouble)
        yield from self._ask(self._queues.done(link))
        self._set_back(link, trouble)

    def _take(self, response: HtmlResponse, link: PendingLink) -> None:
        try:
            page = extract(response.body, response.url, _header(response, "Content-Type"))
            self._tally.count("pages_read")
            self._judge(link, page, response.url)
        except CloseSpider:
            raise
        except Exception as error:
            # As in _read: one page of a make that no library foresaw must not stop the rest.
            self._set_back(link, of_error(error))

    def _judge(self, link: PendingLink, page: Extracted, url: str) -> None:
        if page.broken_encoding:
            self._tally.count("bad_encoding")
            self._odd_encoding(self._frontier.source_of(link), url)
        if not page.article:
            self._refuse(link, "not an article", "refused_not_article")
        elif self._frontier.is_too_old(link, page):
            self._refuse(link, "too old when it was first read", "refused_too_old")
        else:
            self._keep(link, page, url)

    def _keep(self, link: PendingLink, page: Extracted, url: str) -> None:
        masked = replace(
            page,
            title=self._mask(page.title) if page.title else None,
            lead=self._mask(page.lead) if page.lead else None,
            body=self._mask(page.body) if page.body else None,
        )
        outcomes = self._stored(url, lambda: self._frontier.keep([ReadPage(link, masked, url)]))
        outcome = outcomes[0] if outcomes else None
        if outcome in {"new", "updated"}:
            self._tally.count(f"articles_{outcome}")
            if page.published is None and link.published_at is None:
                self._tell_no_date(link, url)
            if self._tally.counts["pages_read"] % 20 == 0:
                self._tally.tell(f"{self._tally.counts['pages_read']} pages read, {len(self._queues)} to go")
        elif outcome == "duplicate":
            self._tally.count("refused_duplicate")

    def _tell_no_date(self, link: PendingLink, url: str) -> None:
        self._tally.count("no_date")
        self._tally.notice(
            self._frontier.source_of(link).key,
            url,
            "names no time of publication: the time it was first seen stands for it",
            "nothing to do; a feed of this outlet would name the times",
        )

    def _odd_encoding(self, source: ConfiguredSource, url: str) -> None:
        self._tally.notice(
            source.key,
            url,
            "is not in the encoding that it declares: some letters may be lost",
            "tell the outlet if it lasts",
        )

    def _refuse(self, link: PendingLink, why: str, count: str) -> None:
        self._tally.count(count)
        self._stored(link.url, lambda: self._frontier.refuse([(link, why)]))

    def _set_back(self, link: PendingLink, trouble: Trouble) -> None:
        self._tell(self._frontier.source_of(link), link.url, trouble)
        self._setbacks.append(Setback(link, trouble))
        if len(self._setbacks) >= _SETBACKS_AT_ONCE:
            self._note_setbacks()

    def _note_setbacks(self) -> None:
        setbacks, self._setbacks = self._setbacks, []
        if not setbacks:
            return
        kept = self._stored(setbacks[0].link.url, lambda: self._frontier.set_back(setbacks)) or []
        self._tally.count("articles_new", len(kept))
        self._tally.count("articles_thin", len(kept))
        for link in kept:
            if link.published_at is None:
                self._tell_no_date(link, link.url)

    def closed(self, reason: str) -> None:
        if reason == "closespider_timeout":
            for link in self._queues.drain():
                self._set_back(link, OUT_OF_TIME)
        self._note_setbacks()

    # Telling

    def _tell(self, source: ConfiguredSource, url: str, trouble: Trouble, *, always: bool = False) -> None:
        if trouble.count:
            self._tally.count(trouble.count)
        if trouble.is_failure or always:
            self._tally.fail(source.key, url, trouble.what, trouble.remedy)

    def _stored(self, url: str, write: Callable[[], _T]) -> _T | None:
        """What `write` gives; None if the store refused: that is told, and the link stays to be read."""
        try:
            result = write()
        except (SQLAlchemyError, OSError) as error:
            self._storage_failures += 1
            trouble = of_store(error)
            self._tally.count(trouble.count)
            self._tally.fail("store", url, trouble.what, trouble.remedy)
            if self._storage_failures >= _STORAGE_FAILURES:
                raise CloseSpider("store") from error
            return None
        self._storage_failures = 0
        return result


def _error(failure: Failure) -> BaseException:
    return failure.value or RuntimeError("failed without an error")


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
