"""Reports for the desk: kept once they are reckoned, and reckoned where nobody has to wait for it.

A small office's report takes a moment: it is made at once and kept by the process that made it. Where much
has been read it takes up to half a minute: it is made aside with all its files, one at a time, while the desk
goes on, and lies in the office's folder for every process of the desk; meanwhile the last one made is shown,
or a page that says so.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from pipeline.documents.report import Period, Report
from pipeline.documents.templating import TemplateMistake
from pipeline.kept_reports import KEPT_FOR, Stamp, kept, kept_file, made_of, path_of
from pipeline.reporting import DOCUMENT, file_of, given_to, report_of
from pipeline.settings import Settings
from store import Store
from store.queries.extent import extent
from web.aside import Aside, Job

MANY_ARTICLES = 10_000
"""From here on a report is not made while somebody waits for the page."""
GOOD_FOR = timedelta(minutes=10)
"""So old may figures of a running period be; they say of when they are."""
SETTLED_AFTER = timedelta(days=1)
"""By then what was read in a period has been tagged and grouped, and no decision of it can be undone."""
KEPT = 32
State = Literal["ready", "renewing", "making", "busy", "failed"]
"""renewing: an older report is shown while the new one is made; busy: too many wait already"""


@dataclass(frozen=True)
class Known:
    stamp: Stamp
    report: Report
    lies: tuple[int, int] | None = None
    """which file it was read from, where it was"""


class Reckoning:
    """Shared by all requests: every method may be called by several threads at once."""

    def __init__(self, many_articles: int = MANY_ARTICLES) -> None:
        self._many = many_articles
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._aside = Aside(self._is_made)

    def report(
        self, store: Store, settings: Settings, period: Period, now: datetime
    ) -> tuple[State, Report | None]:
        return self._report(self._job(store, settings, period, now))

    def file(
        self, store: Store, settings: Settings, period: Period, now: datetime, name: str
    ) -> tuple[State, bytes | None]:
        """One of its files, of the figures that the page shows.

        Raises KeyError where a report has no such file, TemplateMistake where the office's template is wrong.
        """
        job = self._job(store, settings, period, now)
        state, report = self._report(job)
        if report is None:
            return state, None
        if not self._is_large(job):
            return state, file_of(settings, report, name)
        content = kept_file(_path(job), name)
        if content is None and name == DOCUMENT:
            raise TemplateMistake("the report was made without its document; `dansinh check` tells more")
        if content is None:
            raise KeyError(name)
        return state, content

    def _job(self, store: Store, settings: Settings, period: Period, now: datetime) -> Job:
        with store.read() as session:
            reach, given = extent(session), given_to(session, period)
        number = given.number if given else None
        stamp = Stamp(made_of(settings), number, now, reach.articles, reach.events)
        return Job(store, settings, period, stamp)

    def _is_large(self, job: Job) -> bool:
        return job.stamp.articles >= self._many

    def _report(self, job: Job) -> tuple[State, Report | None]:
        known = self._lying(job) if self._is_large(job) else self._of(job.period.key)
        if known and self._is_good(known, job):
            return "ready", known.report
        if not self._is_large(job):
            return "ready", self._made_here(job).report
        state = self._aside.ask_for(job)
        return ("renewing", known.report) if known else (state, None)

    def _of(self, key: str) -> Known | None:
        with self._lock:
            return self._known.get(key)

    def _lying(self, job: Job) -> Known | None:
        """What lies in the office's folder, read once; None where it tells of something else."""
        try:
            found = _path(job).stat()
        except OSError:
            return None
        lies, known = (found.st_ino, found.st_mtime_ns), self._of(job.period.key)
        if known is None or known.lies != lies:
            read = kept(_path(job))
            if read is None:
                return None
            known = self._remember(job.period.key, Known(*read, lies))
        return known if _fits(known.stamp, job.stamp) else None

    def _is_made(self, job: Job) -> bool:
        known = self._lying(job)
        return known is not None and self._is_good(known, job)

    def _is_good(self, known: Known, job: Job) -> bool:
        made, asked = known.stamp, job.stamp
        if not _fits(made, asked):
            return False
        # Another process may have made it for who asked a little later.
        age = asked.made_at - made.made_at
        if known.report.is_over and made.made_at - known.report.as_of >= SETTLED_AFTER:
            return -GOOD_FOR < age < KEPT_FOR
        # A large office goes on writing and reading all the time.
        unchanged = (made.articles, made.events) == (asked.articles, asked.events) or self._is_large(job)
        return unchanged and -GOOD_FOR < age < GOOD_FOR

    def _made_here(self, job: Job) -> Known:
        with job.store.read() as session:
            report = report_of(session, job.settings, job.period, job.stamp.made_at)
        return self._remember(job.period.key, Known(job.stamp, report))

    def _remember(self, key: str, known: Known) -> Known:
        with self._lock:
            self._known[key] = known
            self._known.move_to_end(key)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return known


def _fits(made: Stamp, asked: Stamp) -> bool:
    """Not where it was made of other things, nor of another store: one put back to an earlier day or new."""
    same = (made.made_of, made.number) == (asked.made_of, asked.number)
    return same and made.articles <= asked.articles and made.events <= asked.events


def _path(job: Job) -> Path:
    return path_of(job.store.data_dir, job.period.key)
