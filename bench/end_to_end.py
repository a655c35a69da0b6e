"""A whole crawl against a bare Scrapy download of the same pages, and against other projects' extractors."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import rivals
from bench.ceiling import pages_a_second
from bench.newspapers import NOW, Newspapers
from bench.serving import Server, addresses
from bench.table import Absence, Figure, Line, Progress
from crawler.run import crawl
from crawler.settings import CrawlerSettings
from nlp.privacy import mask_text
from pipeline.clock import Clock
from store import Store

GOAL = 0.6
_HOSTS = 10
"""two of each family of pages"""
_ASKED_OF_THE_SERVER = 2000
_TOGETHER: dict[str, Any] = {
    "CONCURRENT_REQUESTS": 32,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "DOWNLOAD_DELAY": 0,
    "ROBOTSTXT_OBEY": False,
    "RETRY_ENABLED": False,
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
}
"""as many at once as the crawler asks of hosts that want no delay; else Scrapy as it comes"""
_READER = Path(__file__).with_name("reader.py")


@dataclass(frozen=True)
class Speed:
    pages: int
    seconds: float
    texts: int = 0

    @property
    def rate(self) -> float:
        return self.pages / self.seconds

    def with_(self, other: "Speed") -> "Speed":
        return Speed(self.pages + other.pages, self.seconds + other.seconds)


def measure(pages: int, rivals_pages: int, progress: Progress, *, against_rivals: bool) -> list[Line]:
    """`pages`: of the whole crawls; `rivals_pages`: how many of them the slower ones are given."""
    site = Newspapers(per_host=max(1, pages // _HOSTS))
    with Server(site, addresses(_HOSTS)) as server:
        urls = site.urls(server.hosts)
        lines: list[Line] = []
        progress(f"downloading {len(urls)} pages with bare Scrapy")
        bare = downloaded(urls)
        for declared in (True, False):
            progress(f"crawling them, layouts {'declared' if declared else 'not declared'}")
            ours = crawled(site.settings(server.hosts, declared=declared), len(urls))
            progress("downloading them with bare Scrapy")
            before, bare = bare, downloaded(urls)
            # Once before and once after, for a machine that slows down or wakes up meanwhile.
            lines.append(_whole(ours, before.with_(bare), declared=declared))
        lines.append(_ceiling(pages_a_second(urls[:_ASKED_OF_THE_SERVER]), bare))
        if against_rivals:
            lines += _against_rivals(urls[:rivals_pages], ours, progress)
    return lines


def _whole(crawl: Speed, bare: Speed, *, declared: bool) -> Figure:
    return Figure(
        f"whole crawl, layouts {'declared' if declared else 'not declared'}",
        "bare Scrapy download, same pages",
        crawl.rate / bare.rate,
        GOAL,
        seen=f"{crawl.rate:.0f} and {bare.rate:.0f} pages/s",
    )


def _ceiling(rate: float, bare: Speed) -> Figure:
    return Figure(
        "the local server itself",
        "bare Scrapy download",
        rate / bare.rate,
        2.0,
        seen=f"{rate:.0f} and {bare.rate:.0f} pages/s; below 2 it would hold up what is measured",
    )


def _against_rivals(urls: Sequence[str], ours: Speed, progress: Progress) -> list[Line]:
    lines: list[Line] = []
    for reader in ("newspaper4k", "news-please"):
        what = "whole crawl, layouts not declared"
        python = rivals.python(reader, progress)
        if isinstance(python, str):
            lines.append(Absence(f"{what}, against {reader}", python))
            continue
        progress(f"downloading {len(urls)} pages with Scrapy and reading them with {reader}")
        theirs = downloaded(urls, reader, python)
        lines.append(
            Figure(
                what, f"Scrapy with {reader}, same pages", ours.rate / theirs.rate, 1.0,
                seen=f"{ours.rate:.0f} and {theirs.rate:.0f} pages/s; {theirs.texts} of {theirs.pages} read",
            )
        )  # fmt: skip
    return lines


def downloaded(urls: Sequence[str], reader: str = "nothing", python: Path = Path(sys.executable)) -> Speed:
    job = json.dumps({"urls": list(urls), "settings": _TOGETHER})
    done = subprocess.run(
        [python, "-W", "ignore", _READER, reader],
        input=job,
        capture_output=True,
        text=True,
        check=True,
        timeout=1800,
    )
    said = json.loads(done.stdout.splitlines()[-1])
    if said["pages"] != len(urls):
        raise RuntimeError(f"{reader}: {said['pages']} of {len(urls)} pages came")
    return Speed(said["pages"], said["seconds"], said["texts"])


def crawled(settings: CrawlerSettings, pages: int) -> Speed:
    """With its own store, its masking and the start of its processes: what an office waits for."""
    with tempfile.TemporaryDirectory(prefix="dansinh-bench-") as folder:
        store = Store("sqlite:///dansinh.db", Path(folder))
        store.migrate()
        store.close()
        began = time.monotonic()
        summary = crawl("sqlite:///dansinh.db", Path(folder), settings, Clock.starting_at(NOW), mask_text)
        seconds = time.monotonic() - began
    if summary.counts.get("articles_new") != pages or summary.failures:
        raise RuntimeError(f"not all {pages} pages were stored: {summary}")
    return Speed(pages, seconds)
