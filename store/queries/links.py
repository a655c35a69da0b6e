"""The addresses that sources named: which are known, which are to be read, which to be looked at again.

Each function works in the caller's transaction.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

from sqlalchemy import ColumnElement, Row, Select, and_, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from store.models import Article, Link

T = TypeVar("T")
LinkState = Literal["pending", "stored", "refused", "failed"]
IS_PENDING = Link.state == literal("pending", literal_execute=True)
"""In the statement itself, not beside it: a database uses the index of pending links only if it sees it."""
_AT_ONCE = 500
"""values in one question: well below what both databases take"""


@dataclass(frozen=True)
class NewLink:
    """An address not seen before; its texts are masked."""

    url: str
    canonical_url: str
    title: str | None
    summary: str | None
    published_at: datetime | None
    refused: str | None = None
    """why it is not to be read"""


@dataclass(frozen=True)
class PendingLink:
    """An address to be read, or (`visit`) to be looked at again."""

    id: int
    source_id: int
    url: str
    canonical_url: str
    title: str | None
    summary: str | None
    published_at: datetime | None
    discovered_at: datetime
    visit: bool = False
    visits: int = 0
    etag: str | None = None
    last_modified: str | None = None
    reason: str | None = None
    """what was wrong when it was last asked for"""


@dataclass(frozen=True)
class KnownAddress:
    """An address that was named before, with what its source told of it then."""

    link: PendingLink
    read_at: datetime | None
    """None: it was not read, or its page is not looked at"""
    thin: bool
    """only what its source told is stored of its article"""


def known_addresses(session: Session, canonical_urls: Sequence[str]) -> dict[str, KnownAddress | None]:
    """Those named before, and those that an article has, though no source has named them: None."""
    known: dict[str, KnownAddress | None] = {}
    for some in parts(canonical_urls):
        for row in session.execute(_KNOWN.where(Link.canonical_url.in_(some))):
            known[row.canonical_url] = KnownAddress(_pending(row), row.read_at, row.thin is not None)
        rest = [url for url in some if url not in known]
        if rest:
            articles = select(Article.canonical_url).where(Article.canonical_url.in_(rest))
            known.update(dict.fromkeys(session.scalars(articles)))
    return known


def parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Few enough for one question."""
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


_COLUMNS: tuple[Any, ...] = (
    Link.id,
    Link.source_id,
    Link.url,
    Link.canonical_url,
    Link.title,
    Link.summary,
    Link.published_at,
    Link.discovered_at,
    Link.visits,
    Link.etag,
    Link.last_modified,
    Link.reason,
)
_KNOWN: Select[Any] = select(*_COLUMNS, Link.read_at, Article.id.label("thin")).outerjoin(
    Article,
    and_(Article.id == Link.article_id, Article.body.is_(None), Article.text_expired_at.is_(None)),
)


def _pending(row: Row[Any], *, visit: bool = False) -> PendingLink:
    return PendingLink(
        id=row.id,
        source_id=row.source_id,
        url=row.url,
        canonical_url=row.canonical_url,
        title=row.title,
        summary=row.summary,
        published_at=row.published_at,
        discovered_at=row.discovered_at,
        visit=visit,
        visits=row.visits,
        etag=row.etag,
        last_modified=row.last_modified,
        reason=row.reason,
    )


def add_links(session: Session, source_id: int, links: Sequence[NewLink], now: datetime) -> list[PendingLink]:
    """Adds those not known by now; the ones to be read."""
    known = known_addresses(session, [link.canonical_url for link in links])
    new = [link for link in links if link.canonical_url not in known]
    if not new:
        return []
    ids = session.scalars(
        insert(Link).returning(Link.id, sort_by_parameter_order=True),
        [_values(source_id, link, now) for link in new],
    )
    return [
        _of_new(link_id, source_id, link, now)
        for link_id, link in zip(ids, new, strict=True)
        if link.refused is None
    ]


def _values(source_id: int, link: NewLink, now: datetime) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "url": link.url,
        "canonical_url": link.canonical_url,
        "title": link.title,
        "summary": link.summary,
        "published_at": link.published_at,
        "state": "refused" if link.refused else "pending",
        "reason": link.refused,
        "attempts": 0,
        "visits": 0,
        "discovered_at": now,
    }


def _of_new(link_id: int, source_id: int, link: NewLink, now: datetime) -> PendingLink:
    return PendingLink(
        id=link_id,
        source_id=source_id,
        url=link.url,
        canonical_url=link.canonical_url,
        title=link.title,
        summary=link.summary,
        published_at=link.published_at,
        discovered_at=now,
    )


def of_sources(source_ids: Collection[int]) -> ColumnElement[bool]:
    """To sort out the few links that are pending or due. A sum, for SQLite would else take the sources' own
    index, and with it look at all that they ever named."""
    return (Link.source_id + 0).in_(source_ids)


def pending_links(session: Session, source_ids: Collection[int], now: datetime) -> list[PendingLink]:
    """Those to be read now, the last named first."""
    rows = session.execute(
        select(*_COLUMNS)
        .where(
            IS_PENDING,
            of_sources(source_ids),
            or_(Link.next_attempt_at.is_(None), Link.next_attempt_at <= now),
        )
        .order_by(Link.discovered_at.desc(), Link.id)
    )
    return [_pending(row) for row in rows]


def due_visits(session: Session, source_ids: Collection[int], now: datetime, limit: int) -> list[PendingLink]:
    """Pages to be looked at again now, the last read first: what is new may still change."""
    rows = session.execute(
        select(*_COLUMNS)
        .where(Link.visit_at <= now, of_sources(source_ids))
        .order_by(Link.read_at.desc(), Link.id)
        .limit(limit)
    )
    return [_pending(row, visit=True) for row in rows]


def forget_visits(session: Session, due_before: datetime) -> None:
    """What should have been visited that long ago is no news any more."""
    session.execute(update(Link).where(Link.visit_at < due_before).values(visit_at=None))


def ask_for_visits(session: Session, titles: Mapping[int, str | None], now: datetime) -> None:
    """Makes pages due to be looked at, by link; with the title that their source tells now, or None."""
    due = [{"id": link_id, "visit_at": now} for link_id in titles]
    told = [{"id": link_id, "title": title} for link_id, title in titles.items() if title is not None]
    for values in (due, told):
        if values:
            session.execute(update(Link), values)


def adopt(session: Session, source_id: int, link_ids: Sequence[int], now: datetime) -> list[PendingLink]:
    """Gives the source those of the links that are still to be read; the ones to be read now."""
    adopted: list[PendingLink] = []
    for some in parts(link_ids):
        waiting = and_(IS_PENDING, Link.id.in_(some))
        due = or_(Link.next_attempt_at.is_(None), Link.next_attempt_at <= now)
        session.execute(update(Link).where(waiting).values(source_id=source_id))
        adopted += map(_pending, session.execute(select(*_COLUMNS).where(waiting, due)))
    return adopted


def give_up(session: Session, source_ids: Collection[int], named_before: datetime, reason: str) -> None:
    """Settles as failed what these sources named that long ago and nobody has read."""
    old = and_(IS_PENDING, of_sources(source_ids), Link.discovered_at < named_before)
    session.execute(update(Link).where(old).values(state="failed", reason=reason, next_attempt_at=None))


def rows(session: Session, link_ids: Iterable[int]) -> dict[int, Link]:
    """The links themselves, to be changed."""
    found: dict[int, Link] = {}
    for some in parts(list(link_ids)):
        found.update({link.id: link for link in session.scalars(select(Link).where(Link.id.in_(some)))})
    return found


def settle(link: Link, state: LinkState, reason: str | None = None) -> None:
    """The link needs reading no more."""
    if link.state == "pending":
        link.state, link.reason, link.next_attempt_at = state, reason, None


def postpone(link: Link, *, until: datetime, reason: str, counts: bool) -> None:
    """The link is to be tried again; `counts`: this was one of its tries."""
    if link.state == "pending":
        link.next_attempt_at, link.reason = until, reason
        link.attempts += int(counts)
