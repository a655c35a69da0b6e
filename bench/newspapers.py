"""A few invented newspapers, each on a host of its own: a feed of all their articles, and the articles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from bench.invented.families import FAMILIES
from bench.invented.pages import UNIQUE, Family, page
from bench.invented.words import place_name
from bench.serving import NOT_HERE, Headers, response
from crawler.settings import CrawlerSettings
from pipeline.clock import LOCAL

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=LOCAL)
PUBLISHED = NOW - timedelta(hours=1)
_ADDRESS = "https://bao.example.vn/dia-chi"
"""stands in the templates for an article's own address"""
_FIRST = 1_000_000
_HTML = "text/html; charset=utf-8"
_RSS = "application/rss+xml; charset=utf-8"


@dataclass
class Newspapers:
    """A site of bench.serving: host number n has pages of one family, no two alike."""

    per_host: int
    families: Sequence[Family] = FAMILIES

    @cached_property
    def _templates(self) -> list[bytes]:
        return [page(family, seed, _ADDRESS, PUBLISHED).encode() for seed, family in enumerate(self.families)]

    def answer(self, host: str, path: str, _headers: Headers) -> bytes:
        if path == "/robots.txt":
            return NOT_HERE
        if path == "/feed.xml":
            return response(self._feed(host).encode(), _RSS)
        number = int(path.rpartition("-")[2].removesuffix(".htm")) - _FIRST
        return response(self.body(host, number), _HTML)

    def body(self, host: str, number: int) -> bytes:
        place = number_of(host)
        unique = place_name(place * self.per_host + number)
        template = self._templates[place % len(self.families)]
        return template.replace(UNIQUE.encode(), unique.encode()).replace(
            _ADDRESS.encode(), self.url(host, number).encode()
        )

    def _feed(self, host: str) -> str:
        items = "".join(
            f"<item><title>{place_name(number)}</title><link>{self.url(host, number)}</link>"
            f"<pubDate>{PUBLISHED:%a, %d %b %Y %H:%M:%S +0700}</pubDate></item>"
            for number in range(self.per_host)
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Tin</title>{items}</channel></rss>'

    def url(self, host: str, number: int) -> str:
        return f"http://{host}/tin-hu-cau-de-do-toc-do-{_FIRST + number}.htm"

    def urls(self, hosts: Sequence[str]) -> list[str]:
        """Of all articles, in turn from each host."""
        return [self.url(host, number) for number in range(self.per_host) for host in hosts]

    def settings(self, hosts: Sequence[str], *, declared: bool, **options: Any) -> CrawlerSettings:
        """An office that reads them; `declared`: it says how their pages are laid out."""
        return office(
            [
                {
                    "key": f"bao-{number_of(host)}",
                    "name": f"Báo {number_of(host)}",
                    "kind": "newspaper",
                    "home": f"http://{host}/",
                    "sources": [{"kind": "feed", "url": f"http://{host}/feed.xml"}],
                    "layouts": [self.families[number_of(host) % len(self.families)].layout]
                    if declared
                    else [],
                }
                for host in hosts
            ],
            private_hosts=list(hosts),
            max_items_per_source=self.per_host,
            **options,
        )


def office(outlets: list[dict[str, Any]], **options: Any) -> CrawlerSettings:
    """It asks for no delay: what is measured is the crawler and not its patience."""
    return CrawlerSettings.model_validate(
        {
            "contact": "phong@example.vn",
            "per_host_delay_seconds": 0,
            "max_run_seconds": 3600,
            "outlets": outlets,
            **options,
        }
    )


def number_of(host: str) -> int:
    """127.0.0.2 is number 0."""
    *_, high, low = host.partition(":")[0].split(".")
    return int(high) * 250 + int(low) - 2
