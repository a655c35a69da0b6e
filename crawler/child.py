"""The process in which Scrapy runs: see docs/decisions/0008-one-spider-in-a-child-process.md."""

import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from crawler.parent import die_with_the_parent
from crawler.settings import CrawlerSettings
from crawler.sources import configured_sources
from crawler.summary import Tally
from crawler.workers.pool import Workers
from crawler.workers.process import Outfit


@dataclass(frozen=True)
class Task:
    store_url: str
    data_dir: Path
    settings: CrawlerSettings
    clock: Callable[[], datetime]
    mask: Callable[[str], str]
    only: str | None


@dataclass(frozen=True)
class Told:
    """What the child says while it works: a line, and how far it is."""

    line: str
    counts: dict[str, int]


def work(task: Task, parent: Connection) -> None:
    """Crawls; sends what it says as Told, at the end a CrawlSummary."""
    die_with_the_parent()
    # Ctrl-C reaches both processes; the parent ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.getLogger().addHandler(logging.NullHandler())
    tally = Tally(lambda line: parent.send(Told(line, dict(tally.counts))))
    try:
        _crawl(task, tally)
    except (SQLAlchemyError, OSError) as error:
        from crawler.troubles import of_store

        trouble = of_store(error)
        tally.fail("store", "", trouble.what, trouble.remedy)
    parent.send(tally.summary())


def _crawl(task: Task, tally: Tally) -> None:
    # First, for it takes as long to load as what is loaded here meanwhile.
    workers = Workers(Outfit(task.settings, task.mask))
    # Imported here: this module is loaded in the parent too, which needs no Scrapy.
    from scrapy.crawler import AsyncCrawlerProcess

    # Scrapy would load it later, where it takes thrice as long: it looks at the whole stack of calls.
    import crawler.fetching.download  # noqa: F401
    from crawler.fetching.manners import scrapy_settings
    from crawler.fetching.memory import HostMemory
    from crawler.frontier import Frontier
    from crawler.spiders.office import OfficeSpider
    from store import Store

    store = Store(task.store_url, task.data_dir)
    try:
        sources = configured_sources(task.settings, task.only)
        frontier = Frontier(store, task.settings, task.clock, task.mask, sources)
        hosts = HostMemory(store, task.clock)
        process = AsyncCrawlerProcess(scrapy_settings(task.settings, hosts))
        process.crawl(
            OfficeSpider,
            frontier=frontier,
            workers=workers,
            tally=tally,
            settings=task.settings,
            clock=task.clock,
        )
        process.start(install_signal_handlers=False)
        hosts.flush()
    finally:
        workers.close()
        store.close()
