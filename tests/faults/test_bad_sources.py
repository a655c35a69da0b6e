"""Two hundred sources, a third of which misbehave each in its own way: the others lose nothing by them.

The same good sources are read twice, alone and among the bad ones; what is compared is the time at which
the last good article is in the store.
"""

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.run import CrawlSummary, crawl
from crawler.settings import CrawlerSettings
from pipeline.clock import Clock
from store import Store
from store.models import Article, Source
from tests.faults.misbehaving import (
    Host,
    Servers,
    length_too_short,
    neighbourhood,
    redirect_loop,
    unasked_304,
)
from tests.office import at

MORE = 1.2
NOISE_SECONDS = 3.0
"""what two runs of the very same sources may differ by on a machine that others use too"""
TIMEOUT_SECONDS = 5.0
DELAY_SECONDS = 1.0
"""between two requests to one host, as at a real office; without it a third more work would be measured"""

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


@dataclass(frozen=True)
class Outcome:
    summary: CrawlSummary
    titles: Counter[str]
    """of good hosts' articles"""
    stored_after: float
    """seconds from the start until the last of them was there"""
    took: float
    errors: dict[str, str | None]
    """outlet -> what its source's last poll met"""


def read_all(folder: Path, hosts: Sequence[Host], forbidden: Host) -> Outcome:
    folder.mkdir()
    store = Store("sqlite:///dansinh.db", folder)
    store.migrate()
    wanted = sum(len(host.titles()) for host in hosts if host.good)
    began = time.monotonic()
    with watching(folder / "dansinh.db", wanted) as arrival:
        summary = crawl(
            "sqlite:///dansinh.db", folder, settings(hosts), Clock.starting_at(at("2026-11-20 09:00")), plain
        )
    took = time.monotonic() - began
    with store.read() as session:
        titles = Counter(
            article.title
            for article in session.scalars(select(Article))
            if article.outlet_key.startswith("tot-")
        )
        errors = {source.outlet_key: source.last_error for source in session.scalars(select(Source))}
    store.close()
    return Outcome(summary, titles, arrival.get("at", began + 1e9) - began, took, errors)


def plain(text: str) -> str:
    return text


def settings(hosts: Sequence[Host]) -> CrawlerSettings:
    return CrawlerSettings.model_validate(
        {
            "contact": "phong@example.vn",
            "per_host_delay_seconds": DELAY_SECONDS,
            "timeout_seconds": TIMEOUT_SECONDS,
            "max_page_bytes": 1_000_000,
            "max_run_seconds": 100,
            "private_hosts": [host.address for host in hosts],
            "outlets": [
                {
                    "key": host.key,
                    "name": host.key,
                    "kind": "newspaper",
                    "home": host.base,
                    "sources": [{"kind": "feed", "url": f"{host.base}/feed.xml"}],
                }
                for host in hosts
            ],
        }
    )


@contextmanager
def watching(database: Path, wanted: int) -> Iterator[dict[str, float]]:
    """When (time.monotonic) the store held all of the good hosts' articles: under "at", if ever."""
    arrival: dict[str, float] = {}
    done = threading.Event()

    def watch() -> None:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=30)) as connection:
            while not done.wait(0.1):
                query = "select count(*) from article where outlet_key like 'tot-%' and body is not null"
                if connection.execute(query).fetchone()[0] >= wanted:
                    arrival["at"] = time.monotonic()
                    return

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield arrival
    finally:
        done.set()
        thread.join()


def test_bad_sources_hold_up_no_good_one(tmp_path: Path) -> None:
    hosts = neighbourhood()
    good = [host for host in hosts if host.good]
    assert len(hosts) == 200
    assert len(hosts) - len(good) == 66
    with Servers(hosts) as servers:
        alone = read_all(tmp_path / "alone", good, servers.forbidden)
        among = read_all(tmp_path / "among", hosts, servers.forbidden)
        asked_for_the_forbidden = servers.forbidden.asked

    print(  # noqa: T201
        f"last good article after {alone.stored_after:.1f} s alone, {among.stored_after:.1f} s among bad "
        f"ones; the crawls took {alone.took:.1f} s and {among.took:.1f} s"
    )
    expected = Counter(title for host in good for title in host.titles())
    assert alone.titles == expected
    assert among.titles == expected, expected - among.titles
    assert [failure for failure in among.summary.failures if failure.source in {"crawl", "store"}] == []
    assert asked_for_the_forbidden == []
    assert not_told(hosts, among) == []
    assert among.stored_after <= alone.stored_after * MORE + NOISE_SECONDS


def not_told(hosts: Sequence[Host], outcome: Outcome) -> list[str]:
    """Bad hosts whose source is not marked as failed though its feed, or leave to ask for it, is not had."""
    return [
        host.key
        for host in hosts
        if outcome.errors.get(host.key) is None
        and (host.kind != "plain" or (host.place in {"robots", "feed"} and not believed(host)))
    ]


def believed(host: Host) -> bool:
    """Whether what it does may be taken for an answer with nothing in it."""
    if host.place == "robots":
        # RFC 9309, 2.3.1.2: after five redirects a robots.txt may be held not to be there.
        return host.way is redirect_loop
    return host.way in {unasked_304, length_too_short}
