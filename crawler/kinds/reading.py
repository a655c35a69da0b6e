"""An answer of a source, read according to the source's kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.kinds.boards import read_board
from crawler.kinds.feeds import parse_feed
from crawler.kinds.listings import read_listing
from crawler.kinds.naming import Reading
from crawler.kinds.sitemaps import parse_sitemap
from crawler.settings import SourceKind
from crawler.sources import ConfiguredSource
from crawler.times import parse_time

if TYPE_CHECKING:
    # Not loaded: the processes that read know no network.
    from scrapy.http import Response


@dataclass(frozen=True)
class Answer:
    body: bytes
    url: str
    content_type: str | None
    max_bytes: int
    now: datetime | None = None
    """when it came; without it no time can be found to lie in the future"""
    last_modified: datetime | None = None


def answer_of(response: Response, max_bytes: int, now: datetime | None = None) -> Answer:
    return Answer(
        body=response.body,
        url=response.url,
        content_type=_header(response, "Content-Type"),
        max_bytes=max_bytes,
        now=now,
        last_modified=parse_time(_header(response, "Last-Modified")),
    )


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def read_source(source: ConfiguredSource, answer: Answer) -> Reading:
    """What a fetched source names, by its kind; raises UnreadableSource. A folder is read by read_folder."""
    return _READERS[source.kind](source, answer)


def _feed(_source: ConfiguredSource, answer: Answer) -> Reading:
    feed = parse_feed(answer.body, answer.url, answer.content_type, answer.now, answer.last_modified)
    return Reading(
        named=feed.items,
        broken_encoding=feed.broken_encoding,
        ttl=feed.pace.ttl,
        skip_hours=feed.pace.skip_hours,
        skip_days=feed.pace.skip_days,
        notices=feed.notices,
    )


def _sitemap(_source: ConfiguredSource, answer: Answer) -> Reading:
    # Packed, a sitemap is a tenth of itself; the limit holds for what comes over the network.
    sitemap = parse_sitemap(answer.body, answer.url, 10 * answer.max_bytes, answer.content_type)
    return Reading(named=sitemap.pages, children=sitemap.children, notices=sitemap.notices)


def _listing(source: ConfiguredSource, answer: Answer) -> Reading:
    return Reading(named=read_listing(answer.body, answer.url, source.article_links, answer.content_type))


def _board(source: ConfiguredSource, answer: Answer) -> Reading:
    board = read_board(answer.body, answer.url, source.article_links, source.next_page, answer.content_type)
    return Reading(named=board.named, next_page=board.next_page, notices=board.notices)


_READERS: dict[SourceKind, Callable[[ConfiguredSource, Answer], Reading]] = {
    "feed": _feed,
    "sitemap": _sitemap,
    "listing": _listing,
    "board": _board,
}
