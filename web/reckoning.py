"""Reports for the desk: kept once they are reckoned, and reckoned where nobody has to wait for it.

A small office's report takes a moment and is made at once. Where much has been read it takes up to a minute:
it is made in a process of its own, one at a time, while the desk goes on; meanwhile the last one made is
shown, or a page that says so.
"""

import logging
import multiprocessing
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pipeline.documents.report import Period, Report
from pipeline.reporting import given_to, reckon, report_of
from pipeline.settings import Settings
from store import Store
from store.queries.extent import Extent, extent

MANY_ARTICLES = 10_000
"""From here on a report is not made while somebody waits for the page."""
GOOD_FOR = timedelta(minutes=10)
"""So old may figures of a running period be; they say of when they are."""
KEPT = 32
MOST_WAITING = 8
GIVEN_UP_AFTER = 900
"""seconds"""
State = Literal["ready", "renewing", "making", "busy", "failed"]
"""renewing: an older report is shown while the new one is made; busy: too many wait already"""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Known:
    report: Report
    made_at: datetime
    extent: Extent
    """how far the store went then"""
    number: int | None


@dataclass(frozen=True)
class Job:
    store: Store
    settings: Settings
    period: Period
    now: datetime
    extent: Extent
    number: int | None


class Reckoning:
    """Shared by all requests: every method may be called by several threads at once."""

    def __init__(self, many_articles: int = MANY_ARTICLES) -> None:
        self._many = many_articles
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._waiting: OrderedDict[str, Job] = OrderedDict()
        self._failed: set[str] = set()
        self._working = False

    def report(
        self, store: Store, settings: Settings, period: Period, now: datetime
    ) -> tuple[State, Report | None]:
        with store.read() as session:
            reach, given = extent(session), given_to(session, period)
        job = Job(store, settings, period, now, reach, given.number if given else None)
        known = self._of(period.key)
        if known and self._is_good(known, job):
            return "ready", known.report
        if reach.articles < self._many:
            return "ready", self._made_here(job).report
        state = self._ask_for(job)
        return ("renewing", known.report) if known else (state, None)

    def _of(self, key: str) -> Known | None:
        with self._lock:
            return self._known.get(key)

    def _is_good(self, known: Known, job: Job) -> bool:
        """Of a period that is over nothing changes but the number that its report is given."""
        if known.number != job.number:
            return False
        if known.report.is_over:
            return True
        # A large office goes on writing and reading all the time.
        unchanged = known.extent == job.extent or job.extent.articles >= self._many
        return unchanged and timedelta(0) <= job.now - known.made_at < GOOD_FOR

    def _made_here(self, job: Job) -> Known:
        with job.store.read() as session:
            return self._keep(job, report_of(session, job.settings, job.period, job.now))

    def _keep(self, job: Job, report: Report) -> Known:
        known = Known(report, job.now, job.extent, job.number)
        with self._lock:
            self._known[job.period.key] = known
            self._known.move_to_end(job.period.key)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return known

    def _ask_for(self, job: Job) -> State:
        key = job.period.key
        with self._lock:
            if key in self._failed:
                self._failed.discard(key)
                return "failed"
            if key in self._waiting:
                return "making"
            if len(self._waiting) >= MOST_WAITING:
                return "busy"
            self._waiting[key] = job
            if not self._working:
                self._working = True
                # A daemon: the desk must not wait for it to end.
                threading.Thread(target=self._work, name="reports", daemon=True).start()
        return "making"

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                self._keep(job, _made_elsewhere(job))
            except Exception:
                _log.exception("the report of %s was not made", job.period.key)
                with self._lock:
                    self._failed.add(job.period.key)
            finally:
                with self._lock:
                    self._waiting.pop(job.period.key)

    def _next(self) -> Job | None:
        """It stays among those waiting until it is done, so that nobody asks for it anew."""
        with self._lock:
            job = next(iter(self._waiting.values()), None)
            self._working = job is not None
            return job


def _made_elsewhere(job: Job) -> Report:
    """Raises EOFError where the process ends without an answer, TimeoutError where it takes too long."""
    # As far as pipeline knows them: what other rooms have added to them cannot be sent.
    settings = Settings.model_construct(
        **{name: getattr(job.settings, name) for name in Settings.model_fields}
    )
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    arguments = (there, job.store.url, job.store.data_dir, settings, job.period, job.now)
    child = context.Process(target=reckon, args=arguments, name="report", daemon=True)
    child.start()
    there.close()
    try:
        if not here.poll(GIVEN_UP_AFTER):
            raise TimeoutError(f"it took longer than {GIVEN_UP_AFTER} s")
        report = here.recv()
        assert isinstance(report, Report)  # noqa: S101 - what reckon sends
        return report
    finally:
        here.close()
        child.terminate()
        child.join()
