"""What is remembered of the sources: when they were asked, what they answered, how they are.

Each function works in the caller's transaction.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, extract, func, or_, select, update
from sqlalchemy.orm import Session

from store.models import Link, Source

NOT_AN_ARTICLE = "not an article"
"""the crawler's reason on a link"""
UNDER_WAY = "under way"
"""Kept in place of a source's mark, and no ETag, which stands in quotes: what it names is to be looked at
as a whole, whatever has been kept of its beginning. So while a board's pages are turned: found at the next
poll it tells that the walk was broken off, by a kill, by the end of the run's time, by a failure. And so
where the settings by which the source is read have changed."""


@dataclass(frozen=True)
class SourceIdentity:
    """A source as configured."""

    key: str
    outlet_key: str
    outlet_name: str
    kind: str
    url: str
    settings_digest: str | None = None
    """of what is configured of reading it"""


@dataclass(frozen=True)
class SourceState:
    """A source as remembered."""

    id: int
    key: str
    etag: str | None
    last_modified: str | None
    next_poll_at: datetime | None
    last_ok_at: datetime | None
    failures: int
    failing_since: datetime | None
    gap: timedelta | None
    """between two new items; None: nothing is known of it yet"""
    usual_silence: timedelta | None
    """the longest that is usual between two items; None: too few are known to tell"""


@dataclass(frozen=True)
class GoodPoll:
    """A poll that was answered; `named` and `new` are None where the answer was "unchanged"."""

    at: datetime
    next_at: datetime
    etag: str | None
    last_modified: str | None
    gap: timedelta
    usual_silence: timedelta | None
    named: int | None = None
    new: int | None = None


def sync_sources(session: Session, configured: Iterable[SourceIdentity]) -> dict[str, SourceState]:
    """Adds the sources that are new and renames outlets that were renamed; the configured ones by key.

    A source that is to be read otherwise than before is due at once, and its mark is forgotten: a list that
    stays as it is would answer "unchanged" for ever.
    A source no longer configured keeps its row: articles point to it.
    """
    wanted = {identity.key: identity for identity in configured}
    known = {source.key: source for source in session.scalars(select(Source)) if source.key in wanted}
    for key, identity in wanted.items():
        if key not in known:
            known[key] = Source(
                key=key,
                outlet_key=identity.outlet_key,
                outlet_name=identity.outlet_name,
                kind=identity.kind,
                url=identity.url,
                settings_digest=identity.settings_digest,
                failures=0,
            )
            session.add(known[key])
        known[key].outlet_name = identity.outlet_name
        if known[key].settings_digest != identity.settings_digest:
            _begin_anew(known[key], identity.settings_digest)
    session.flush()
    return {key: _state(source) for key, source in known.items()}


def _begin_anew(source: Source, settings_digest: str | None) -> None:
    source.settings_digest = settings_digest
    source.etag, source.last_modified = UNDER_WAY, None
    source.next_poll_at = source.paused_at = None


def ids_but(session: Session, keys: Collection[str]) -> set[int]:
    """The sources that have other keys than these."""
    return {source_id for source_id, key in session.execute(select(Source.id, Source.key)) if key not in keys}


def _state(source: Source) -> SourceState:
    return SourceState(
        id=source.id,
        key=source.key,
        etag=source.etag,
        last_modified=source.last_modified,
        next_poll_at=source.next_poll_at,
        last_ok_at=source.last_ok_at,
        failures=source.failures,
        failing_since=source.failing_since,
        gap=_span(source.gap_seconds),
        usual_silence=_span(source.usual_silence_seconds),
    )


def _span(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def record_poll(
    session: Session, source_id: int, poll: GoodPoll, newest_known_at: datetime | None = None
) -> None:
    """`newest_known_at`: when the newest address that it names became known.

    Of two feeds of an outlet one may name only what the other has named before it: it adds no address, and
    yet has not fallen silent.
    """
    source = session.get_one(Source, source_id)
    source.etag, source.last_modified = poll.etag, poll.last_modified
    source.last_polled_at = source.last_ok_at = poll.at
    source.next_poll_at = poll.next_at
    source.gap_seconds = max(1, round(poll.gap.total_seconds()))
    usual = poll.usual_silence
    source.usual_silence_seconds = None if usual is None else round(usual.total_seconds())
    source.failures, source.failing_since, source.paused_at = 0, None, None
    source.last_error = source.error_kind = None
    if poll.named is not None:
        source.items_named, source.items_new = poll.named, poll.new
    if newest_known_at and (source.last_new_at is None or newest_known_at > source.last_new_at):
        source.last_new_at = newest_known_at


def record_poll_failure(
    session: Session,
    source_id: int,
    *,
    now: datetime,
    next_poll_at: datetime,
    error: str,
    kind: str,
    paused: bool,
) -> None:
    source = session.get_one(Source, source_id)
    source.last_polled_at = now
    source.next_poll_at = next_poll_at
    source.failures += 1
    source.failing_since = source.failing_since or now
    source.last_error, source.error_kind = error, kind
    if paused:
        source.paused_at = source.paused_at or now


def resume(session: Session, keys: Collection[str]) -> None:
    """Makes sources due at once, paused or not."""
    session.execute(update(Source).where(Source.key.in_(keys)).values(next_poll_at=None, paused_at=None))


def note_layouts(
    session: Session, source_id: int, missed: Sequence[bool], *, changed_after: int, now: datetime
) -> None:
    """Whether pages of the source missed their declared layout, in the order in which they were read."""
    source = session.get_one(Source, source_id)
    for miss in missed:
        source.layout_misses = source.layout_misses + 1 if miss else 0
    if source.layout_misses == 0:
        source.layout_changed_at = None
    elif source.layout_misses >= changed_after and source.layout_changed_at is None:
        source.layout_changed_at = now


def states(session: Session, keys: Collection[str]) -> dict[str, Source]:
    """The sources of these keys that have been seen by a crawl."""
    return {source.key: source for source in session.scalars(select(Source)) if source.key in keys}


@dataclass(frozen=True)
class Habit:
    """How a source publishes, as far back as was asked for."""

    items: int
    known_for: timedelta
    longest: timedelta
    second_longest: timedelta
    """silences between two items"""


def habit(session: Session, source_id: int, since: datetime) -> Habit:
    """By the times of what the source named first."""
    # When an item was found tells of the crawler's pauses as well: it stands only where its own time lies
    # ahead of it or is not known.
    published = case((Link.published_at < Link.discovered_at, Link.published_at), else_=Link.discovered_at)
    times = (
        select(extract("epoch", published).label("at"))
        .where(Link.source_id == source_id, Link.discovered_at >= since, published >= since)
        .subquery()
    )
    silence = func.coalesce(times.c.at - func.lag(times.c.at).over(order_by=times.c.at), 0)
    silences = select(times.c.at, silence.label("silence")).subquery()
    rank = func.row_number().over(order_by=silences.c.silence.desc())
    ranked = select(silences, rank.label("rank")).subquery()
    items, known_for, longest, second = session.execute(
        select(
            func.count(),
            func.max(ranked.c.at) - func.min(ranked.c.at),
            func.max(case((ranked.c.rank == 1, ranked.c.silence))),
            func.max(case((ranked.c.rank == 2, ranked.c.silence))),
        )
    ).one()
    return Habit(items, _seconds(known_for), _seconds(longest), _seconds(second))


def _seconds(number: Any) -> timedelta:
    return timedelta(seconds=float(number or 0))


def items_since(session: Session, since: datetime) -> dict[int, int]:
    """By source, how many addresses it named first after `since`."""
    rows = session.execute(
        select(Link.source_id, func.count())
        # Source by source, each from that hour on.
        .where(Link.source_id.in_(select(Source.id)), Link.discovered_at > since)
        .group_by(Link.source_id)
    )
    return dict(rows.all())


@dataclass(frozen=True)
class PagesRead:
    read: int
    unreadable: int
    """that held no article, or were kept from the crawler"""


def read_from(session: Session, since: datetime) -> set[int]:
    """Sources that named, after `since`, a page which could be read."""
    page = select(Link.id).where(
        Link.source_id == Source.id,
        Link.discovered_at > since,
        Link.state == "stored",
        Link.read_at.is_not(None),
    )
    return set(session.scalars(select(Source.id).where(page.exists())))


def pages_read(session: Session, source_ids: Collection[int], since: datetime) -> dict[int, PagesRead]:
    """By source, of what it named after `since`; pages that it names and nobody asks for count as neither."""
    refused = or_(Link.reason == NOT_AN_ARTICLE, Link.state == "failed", Link.reason.like("answers 4%"))
    # Of a page that was read the reason tells what the last visit found wrong.
    unreadable = and_(refused, Link.read_at.is_(None))
    rows = session.execute(
        select(
            Link.source_id,
            func.count(case((and_(Link.state == "stored", Link.read_at.is_not(None)), 1))),
            func.count(case((unreadable, 1))),
        )
        .where(Link.source_id.in_(source_ids), Link.discovered_at > since)
        .group_by(Link.source_id)
    )
    return {source_id: PagesRead(read, refused) for source_id, read, refused in rows}
