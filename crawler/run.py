"""One crawl: every source that is due, and every page still to be read."""

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from crawler.child import Task, Told, work
from crawler.polls import SOON
from crawler.settings import CrawlerSettings
from crawler.sources import configured_sources
from crawler.summary import CrawlFailure, CrawlSummary
from store import Store
from store.queries.due import anything_due

__all__ = ["CrawlFailure", "CrawlSummary", "crawl"]

_GRACE_SECONDS = 120
"""beyond max_run_seconds and the last timeout_seconds, for starting, reading and the last transaction"""


def crawl(
    store_url: str,
    data_dir: Path,
    settings: CrawlerSettings,
    clock: Callable[[], datetime],
    mask: Callable[[str], str],
    progress: Callable[[str], None] | None = None,
    only: str | None = None,
) -> CrawlSummary:
    """Crawls in a process of its own; what goes wrong is in the summary, never raised.

    `clock` and `mask` travel to that process: they must be picklable. Every text goes through `mask` before
    it is stored. `only`: the key of the one outlet to be read. The schema must be there (`Store.migrate`).
    """
    if only is not None and only not in {outlet.key for outlet in settings.outlets}:
        return _failed(only, "is no outlet's key", "name one of crawler.outlets, or leave `only` out")
    if not _anything_due(store_url, data_dir, settings, clock, only):
        return CrawlSummary()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    task = Task(store_url, data_dir, settings, clock, mask, only)
    child = context.Process(target=work, args=(task, theirs), name="dansinh-crawl")
    child.start()
    theirs.close()
    try:
        seconds = settings.max_run_seconds + settings.timeout_seconds + _GRACE_SECONDS
        return _listen(ours, seconds, progress or _silent)
    finally:
        child.kill()
        child.join()
        ours.close()


def _anything_due(
    store_url: str, data_dir: Path, settings: CrawlerSettings, clock: Callable[[], datetime], only: str | None
) -> bool:
    """Looked up here, for the scheduler calls often, and a process costs more than a second of work."""
    sources = configured_sources(settings, only)
    store = Store(store_url, data_dir)
    try:
        with store.read() as session:
            return anything_due(
                session,
                {source.key: source.settings_digest for source in sources},
                {source.key for source in sources if source.full_text},
                clock() + SOON,
            )
    except (SQLAlchemyError, OSError):
        # The crawl itself will meet it again, and tell.
        return True
    finally:
        store.close()


def _listen(child: Connection, seconds: float, progress: Callable[[str], None]) -> CrawlSummary:
    deadline = time.monotonic() + seconds
    counts: dict[str, int] = {}
    while child.poll(max(0.0, deadline - time.monotonic())):
        try:
            message = child.recv()
        except EOFError:
            return replace(
                _failed(
                    "crawl",
                    "ended before its work was done",
                    "run it again: it goes on where it stopped; if it lasts, see whether memory runs out",
                ),
                counts=counts,
            )
        if isinstance(message, CrawlSummary):
            return message
        if isinstance(message, Told):
            counts = message.counts
            progress(message.line)
    return replace(
        _failed(
            "crawl", f"did not end within {seconds:.0f} seconds", "run it again: it goes on where it stopped"
        ),
        counts=counts,
    )


def _failed(source: str, what: str, remedy: str) -> CrawlSummary:
    return CrawlSummary(failures=[CrawlFailure(source, "", what, remedy)])


def _silent(_line: str) -> None:
    pass
