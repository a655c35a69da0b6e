"""A day replayed: how many polls bring a body, and how long after its publication an article is stored.

The clock is the office's own for rehearsals: it is set to each step of the day and goes on from there, so
that the time a crawl really takes is part of what is measured. Steps are those of
`dansinh schedule --every 5`.
"""

import tempfile
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from pathlib import Path
from statistics import quantiles

from sqlalchemy import select

from bench.invented.day import sources, total
from bench.newspapers import number_of, office
from bench.serving import Server, addresses
from bench.table import Absence, Figure, Line, Progress
from bench.town import Town
from crawler.run import crawl
from crawler.settings import CrawlerSettings
from nlp.privacy import mask_text
from pipeline.clock import LOCAL, Clock
from store import Store
from store.models import Article, Source

BODIES_GOAL = 0.15
DELAY_GOAL = 0.95
_GRACE = timedelta(seconds=30)
_STEP = timedelta(minutes=5)
_ENOUGH = 2
"""articles, for a median"""
_DAY = datetime(2026, 11, 19, tzinfo=LOCAL)
_BEFORE = timedelta(hours=12)
"""of items that were out before the first poll"""


Hours = tuple[float, float, float]
"""of the day: the first poll; from when on it counts, each source's interval having settled; the end"""


@dataclass(frozen=True)
class Delay:
    taken: timedelta
    interval: timedelta


@dataclass
class Watch:
    """What was seen while the day went by."""

    polls: int = 0
    bodies: int = 0
    pages: int = 0
    intervals: list[tuple[datetime, dict[str, timedelta]]] = field(default_factory=list)
    """at the begin of each step: how long after its last poll each outlet's source is polled next"""

    def add(self, counts: Sequence[int]) -> None:
        self.polls += counts[0]
        self.bodies += counts[1]
        self.pages += counts[2]

    def interval_at(self, outlet: str, stored: datetime) -> timedelta:
        """The one that was in force before the article was stored."""
        last = bisect_right(self.intervals, stored, key=itemgetter(0))
        return self.intervals[last - 1][1].get(outlet, timedelta(0))


def measure(number: int, hours: Hours, progress: Progress) -> list[Line]:
    """Polls `number` sources over some hours of a day."""
    begin, counted, end = (_DAY + timedelta(hours=hour) for hour in hours)
    publishers = sources(number, begin - _BEFORE, end)
    progress(f"replaying {begin:%H:%M} to {end:%H:%M} of {number} sources, {total(publishers)} articles")
    town = Town(publishers)
    with Server(town, addresses(number)) as server, tempfile.TemporaryDirectory() as folder:
        replay = Replay(town, Path(folder), _settings(server.hosts), counted, progress)
        try:
            seen = replay.run(begin, end)
            delays = replay.delays(seen)
        finally:
            replay.store.close()
    return [_saved(seen), _punctual(delays)]


def _settings(hosts: Sequence[str]) -> CrawlerSettings:
    return office(
        [
            {
                "key": f"nguon-{number_of(host)}",
                "name": f"Nguồn {number_of(host)}",
                "kind": "newspaper",
                "home": f"http://{host}/",
                "sources": [{"kind": "feed", "url": f"http://{host}/feed.xml"}],
            }
            for host in hosts
        ],
        private_hosts=list(hosts),
    )


class Replay:
    def __init__(
        self, town: Town, folder: Path, settings: CrawlerSettings, counted: datetime, progress: Progress
    ) -> None:
        self.store = Store("sqlite:///dansinh.db", folder)
        self.store.migrate()
        self._town = town
        self._folder = folder
        self._settings = settings
        self._counted = counted
        self._progress = progress

    def run(self, begin: datetime, end: datetime) -> Watch:
        seen = Watch()
        step = begin
        while step < end:
            seen.intervals.append((step, _intervals(self.store)))
            before = list(self._town.counts)
            self._crawl(step)
            if step >= self._counted:
                seen.add([now - then for now, then in zip(self._town.counts, before, strict=True)])
            if step.minute == 0:
                self._progress(f"{step:%H:%M}, {seen.polls} polls counted")
            step += _STEP
        return seen

    def _crawl(self, moment: datetime) -> None:
        clock = Clock.starting_at(moment)
        self._town.set(clock)
        summary = crawl("sqlite:///dansinh.db", self._folder, self._settings, clock, mask_text)
        if summary.failures:
            raise RuntimeError(f"at {moment:%H:%M}: {summary.failures[0]}")

    def delays(self, seen: Watch) -> list[Delay]:
        """Of the articles published since what is counted began."""
        query = select(Article.outlet_key, Article.published_at, Article.first_seen_at).where(
            Article.published_at >= self._counted
        )
        with self.store.read() as session:
            return [
                Delay(stored - published, seen.interval_at(outlet, stored))
                for outlet, published, stored in session.execute(query)
            ]


def _intervals(store: Store) -> dict[str, timedelta]:
    with store.read() as session:
        rows = session.execute(select(Source.outlet_key, Source.last_polled_at, Source.next_poll_at))
        return {outlet: following - last for outlet, last, following in rows if last and following}


def _saved(seen: Watch) -> Line:
    what = "polls that transfer a body"
    if not seen.polls:
        return Absence(what, "no source was polled while it counted")
    return Figure(
        what,
        "all polls of a replayed day",
        seen.bodies / seen.polls,
        BODIES_GOAL,
        "less",
        percent=True,
        seen=f"{seen.bodies:,} of {seen.polls:,} polls; {seen.pages:,} pages asked for",
    )


def _punctual(delays: Sequence[Delay]) -> Line:
    what = "articles stored within poll interval + 30 s"
    if len(delays) < _ENOUGH:
        return Absence(what, f"only {len(delays)} were published while it ran")
    in_time = sum(delay.taken <= delay.interval + _GRACE for delay in delays)
    minutes = [delay.taken.total_seconds() / 60 for delay in delays]
    median, latest = quantiles(minutes, n=2)[0], quantiles(minutes, n=20)[-1]
    return Figure(
        what,
        "all of a replayed day",
        in_time / len(delays),
        DELAY_GOAL,
        percent=True,
        seen=f"of {len(delays):,}; half {median:.0f} min after publication, 95 % within {latest:.0f} min",
    )
