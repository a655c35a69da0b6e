"""How each configured source is: the one definition, for digest, check, desk and `sources list`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from crawler.settings import CrawlerSettings
from crawler.sources import ConfiguredSource, configured_sources
from store.models import Source
from store.queries import sources as queries
from store.queries.sources import PagesRead

HealthState = Literal["unread", "ok", "slowed", "failing", "paused", "layout", "unreadable", "silent"]
"""unread: not polled yet, or never with success; slowed: a poll or two have failed; failing: several in a
row; paused: so many in so many days that it is asked once a week; layout: its pages miss the declared layout;
unreadable: none of its pages holds an article; silent: nothing new for longer than it ever kept silent"""

_FAILED_POLLS = 3
"""One failed poll is weather; three in a row are a changed address or a block."""
_UNREADABLE_PAGES = 3
"""Fewer may be single odd pages; so many and not one that can be read: nothing of the source is read."""
_PAGES_SINCE = timedelta(days=2)
"""Pages that are looked at for that: of the last two days, so that it shows on the next day."""
_LONGER_THAN_EVER = 1.5
"""times the longest usual silence, nights and weekends being in it: what is a little longer is no news"""
_LEAST_SILENCE = timedelta(hours=6)
"""Not even of a source that publishes every minute an office needs to know sooner."""


@dataclass(frozen=True)
class SourceHealth:
    source: ConfiguredSource
    state: HealthState
    row: Source | None
    """what is remembered of it; None: no crawl has seen it yet"""
    silent_after: timedelta | None = None
    """how long it may be silent; None: no crawl has seen it"""
    by_habit: bool = False
    """by its own habit; else as configured: its habit is not known"""
    unreadable_pages: int = 0

    @property
    def ails(self) -> bool:
        """Whether a person should look at it."""
        return self.state not in {"ok", "slowed"}


def health_of(
    session: Session, settings: CrawlerSettings, now: datetime, silent_after: timedelta
) -> list[SourceHealth]:
    """Of every configured source, in the order of the configuration.

    `silent_after`: what counts as silence where a source's own habit is not known.
    """
    configured = configured_sources(settings)
    rows = queries.states(session, {source.key for source in configured})
    # Nearly all sources have pages that could be read; those that could not count where there is no other.
    fine = queries.read_from(session, now - _PAGES_SINCE)
    unread = {row.id for row in rows.values()} - fine
    pages = queries.pages_read(session, unread, now - _PAGES_SINCE) if unread else {}
    found = []
    for source in configured:
        row = rows.get(source.key)
        if row is None:
            found.append(SourceHealth(source, "unread", None))
            continue
        habit = _silent_by_habit(row.usual_silence_seconds)
        allowed = habit or silent_after
        read = PagesRead(1, 0) if row.id in fine else pages.get(row.id, PagesRead(0, 0))
        state = _state(row, read, _silence(row, settings, now) > allowed)
        found.append(SourceHealth(source, state, row, allowed, habit is not None, read.unreadable))
    return found


def ailing(found: Iterable[SourceHealth]) -> list[SourceHealth]:
    return [health for health in found if health.ails]


def _state(row: Source, pages: PagesRead, silent: bool) -> HealthState:
    tests: tuple[tuple[bool, HealthState], ...] = (
        (row.paused_at is not None, "paused"),
        (row.failures >= _FAILED_POLLS, "failing"),
        (row.last_ok_at is None, "unread"),
        (row.layout_changed_at is not None, "layout"),
        (pages.read == 0 and pages.unreadable >= _UNREADABLE_PAGES, "unreadable"),
        (silent, "silent"),
        (row.failures > 0, "slowed"),
    )
    return next((state for holds, state in tests if holds), "ok")


def _silence(row: Source, settings: CrawlerSettings, now: datetime) -> timedelta:
    """For how long the source, and not the crawler, has been silent: what nobody asked it does not count."""
    if row.last_ok_at is None:
        return timedelta(0)
    if row.last_new_at is None:
        return timedelta.max
    heard_until = min(now, row.last_ok_at + timedelta(minutes=settings.longest_poll_minutes))
    return heard_until - row.last_new_at


def _silent_by_habit(usual_silence_seconds: int | None) -> timedelta | None:
    if usual_silence_seconds is None:
        return None
    return max(_LEAST_SILENCE, _LONGER_THAN_EVER * timedelta(seconds=usual_silence_seconds))
