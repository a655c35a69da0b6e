"""The invented sources of a day as web servers: what is out at this hour, and nothing else."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cached_property
from typing import Any

from bench.invented.day import Source
from bench.invented.words import place_name
from bench.newspapers import number_of
from bench.serving import NOT_HERE, SPAWN, Headers, response
from pipeline.clock import LOCAL, Clock

_LISTED = 30
"""items in a feed"""
_BEFORE_ANYTHING = datetime(2026, 1, 1, tzinfo=LOCAL)
_HTML = "text/html; charset=utf-8"
_RSS = "application/rss+xml; charset=utf-8"


def _counters() -> Any:
    return SPAWN.Array("q", 3)


@dataclass
class Town:
    """A site of bench.serving: source number n is a feed on host number n, and what is out at this hour."""

    publishers: list[Source]
    offset: Any = field(default_factory=lambda: SPAWN.Value("d", 0.0))
    """seconds by which its clock is ahead of the computer's"""
    counts: Any = field(default_factory=_counters)
    """polls, those answered with a body, pages"""

    def set(self, clock: Clock) -> None:
        self.offset.value = clock.offset.total_seconds()

    @cached_property
    def _clock(self) -> Clock:
        return Clock()

    def answer(self, host: str, path: str, headers: Headers) -> bytes:
        if path == "/robots.txt":
            return NOT_HERE
        publisher = self.publishers[number_of(host)]
        if path == "/feed.xml":
            return self._feed(publisher, host, headers)
        self.counts[2] += 1
        return response(_article(publisher, int(path.rpartition("-")[2].removesuffix(".htm"))), _HTML)

    def _feed(self, publisher: Source, host: str, headers: Headers) -> bytes:
        self.counts[0] += 1
        out = publisher.published(self._clock() + timedelta(seconds=self.offset.value))
        newest = publisher.items[out - 1] if out else _BEFORE_ANYTHING
        etag, date = f'"{out}"', format_datetime(newest)
        told = {"etag": [f"ETag: {etag}"], "date": [f"Last-Modified: {date}"], "none": []}[publisher.mark]
        same = (publisher.mark == "etag" and headers.get(b"if-none-match") == etag.encode()) or (
            publisher.mark == "date" and headers.get(b"if-modified-since") == date.encode()
        )
        if same:
            return response(b"", _RSS, *told, status="304 Not Modified")
        self.counts[1] += 1
        return response(_listing(publisher, host, out).encode(), _RSS, *told)


def _listing(publisher: Source, host: str, out: int) -> str:
    items = "".join(
        f"<item><title>{_title(publisher, number)}</title>"
        f"<link>http://{host}/tin-hu-cau-{number + 100_000}.htm</link>"
        f"<pubDate>{format_datetime(publisher.items[number])}</pubDate></item>"
        for number in reversed(range(max(0, out - _LISTED), out))
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Tin</title>{items}</channel></rss>'


def _title(publisher: Source, number: int) -> str:
    return f"Chuyện ở {place_name(publisher.number * 1000 + number)} sau cơn mưa"


def _article(publisher: Source, number: int) -> bytes:
    number -= 100_000
    title = _title(publisher, number)
    time = publisher.items[number].isoformat(timespec="seconds")
    text = "".join(
        f"<p>{title}: nước rút chậm ở điểm thứ {count}, bà con phải kê cao đồ đạc và chờ được trả lời.</p>"
        for count in range(6)
    )
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:title" content="{title}">'
        f'<meta property="article:published_time" content="{time}">'
        f'</head><body><h1>{title}</h1><div class="article-body">{text}</div></body></html>'
    ).encode()
