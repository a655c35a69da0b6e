"""What the crawler remembers: sources, the addresses they named, the articles read there.

Each function works in the caller's transaction, so that what belongs together is kept or lost together.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from store.models import Article, Link, Source

LinkState = Literal["pending", "stored", "refused", "failed"]


@dataclass(frozen=True)
class SourceIdentity:
    """A source as configured."""

    key: str
    outlet_key: str
    outlet_name: str
    kind: str
    url: str


@dataclass(frozen=True)
class SourceState:
    """A source as remembered."""

    id: int
    key: str
    etag: str | None
    last_modified: str | None
    next_poll_at: datetime | None
    failures: int


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
    """An address still to be read."""

    id: int
    source_id: int
    url: str
    canonical_url: str
    title: str | None
    summary: str | None
    published_at: datetime | None
    attempts: int
    discovered_at: datetime


@dataclass(frozen=True)
class ArticleText:
    """What is to be stored of one article; its texts are masked."""

    url: str
    canonical_url: str
    outlet_key: str
    outlet_name: str
    outlet_area: str | None
    title: str
    lead: str | None
    body: str | None
    published_at: datetime
    published_known: bool


StoreOutcome = Literal["new", "updated", "duplicate", "settled"]
"""settled: the link is no longer pending, another run has dealt with it"""


def text_hash(title: str, lead: str | None, body: str | None) -> str:
    """SHA-256 of the three texts as stored."""
    return hashlib.sha256("\x1f".join((title, lead or "", body or "")).encode()).hexdigest()


def sync_sources(session: Session, configured: Iterable[SourceIdentity]) -> dict[str, SourceState]:
    """Adds the sources that are new and renames outlets that were renamed; the configured ones by key.

    A source no longer configured keeps its row: articles point to it.
    """
    states: dict[str, SourceState] = {}
    for identity in configured:
        source = session.scalar(select(Source).where(Source.key == identity.key))
        if source is None:
            source = Source(
                key=identity.key,
                outlet_key=identity.outlet_key,
                outlet_name=identity.outlet_name,
                kind=identity.kind,
                url=identity.url,
                failures=0,
            )
            session.add(source)
            session.flush()
        source.outlet_name = identity.outlet_name
        states[identity.key] = SourceState(
            source.id, source.key, source.etag, source.last_modified, source.next_poll_at, source.failures
        )
    return states


def known_addresses(session: Session, canonical_urls: Sequence[str]) -> set[str]:
    """Those that a source has named before or that an article has."""
    known: set[str] = set()
    for start in range(0, len(canonical_urls), 500):
        some = canonical_urls[start : start + 500]
        known.update(session.scalars(select(Link.canonical_url).where(Link.canonical_url.in_(some))))
        known.update(session.scalars(select(Article.canonical_url).where(Article.canonical_url.in_(some))))
    return known


def record_poll(
    session: Session,
    source_id: int,
    *,
    now: datetime,
    next_poll_at: datetime,
    etag: str | None,
    last_modified: str | None,
) -> None:
    """A poll that succeeded."""
    source = session.get_one(Source, source_id)
    source.etag = etag
    source.last_modified = last_modified
    source.last_polled_at = source.last_ok_at = now
    source.next_poll_at = next_poll_at
    source.failures = 0
    source.last_error = None


def record_poll_failure(
    session: Session, source_id: int, *, now: datetime, next_poll_at: datetime, error: str
) -> None:
    source = session.get_one(Source, source_id)
    source.last_polled_at = now
    source.next_poll_at = next_poll_at
    source.failures += 1
    source.last_error = error


def add_links(session: Session, source_id: int, links: Sequence[NewLink], now: datetime) -> list[PendingLink]:
    """Adds those not known by now; the ones to be read."""
    known = known_addresses(session, [link.canonical_url for link in links])
    rows = [_new_row(source_id, link, now) for link in links if link.canonical_url not in known]
    if rows:
        session.add_all(rows)
        session.get_one(Source, source_id).last_new_at = now
        session.flush()
    return [_pending(row) for row in rows if row.state == "pending"]


def note_newest(session: Session, source_id: int, canonical_urls: Sequence[str]) -> None:
    """Lets the source be as new as the newest address it names.

    Of two feeds of an outlet one may name only what the other has named before it: it adds no address, and
    yet has not fallen silent.
    """
    source = session.get_one(Source, source_id)
    for start in range(0, len(canonical_urls), 500):
        some = canonical_urls[start : start + 500]
        newest = session.scalar(select(func.max(Link.discovered_at)).where(Link.canonical_url.in_(some)))
        if newest is not None and (source.last_new_at is None or newest > source.last_new_at):
            source.last_new_at = newest


def thin_addresses(session: Session, source_id: int, canonical_urls: Sequence[str]) -> set[str]:
    """Those named by the source first, of whose article only what it told is stored."""
    thin: set[str] = set()
    for start in range(0, len(canonical_urls), 500):
        some = canonical_urls[start : start + 500]
        thin.update(
            session.scalars(
                select(Article.canonical_url)
                .join(Link, Link.canonical_url == Article.canonical_url)
                .where(
                    Article.canonical_url.in_(some),
                    Article.body.is_(None),
                    Article.text_expired_at.is_(None),
                    Link.source_id == source_id,
                )
            )
        )
    return thin


def retell_thin(session: Session, links: Iterable[NewLink]) -> int:
    """Stores what a source tells now of articles that are known from it alone; how many it tells anew."""
    changed = 0
    for link in links:
        article = _article_at(session, link.canonical_url)
        if article is None or article.body is not None or not link.title:
            continue
        told = text_hash(link.title, link.summary, None)
        if article.text_hash != told:
            article.title, article.lead, article.text_hash = link.title, link.summary, told
            session.execute(
                update(Link)
                .where(Link.canonical_url == link.canonical_url)
                .values(title=link.title, summary=link.summary)
            )
            changed += 1
    return changed


def _new_row(source_id: int, link: NewLink, now: datetime) -> Link:
    return Link(
        source_id=source_id,
        url=link.url,
        canonical_url=link.canonical_url,
        title=link.title,
        summary=link.summary,
        published_at=link.published_at,
        state="refused" if link.refused else "pending",
        reason=link.refused,
        attempts=0,
        discovered_at=now,
    )


def pending_links(session: Session, source_ids: Collection[int], now: datetime) -> Iterator[PendingLink]:
    """Those to be read now, the last named first."""
    rows = session.scalars(
        select(Link)
        .where(
            Link.state == "pending",
            Link.source_id.in_(source_ids),
            or_(Link.next_attempt_at.is_(None), Link.next_attempt_at <= now),
        )
        .order_by(Link.discovered_at.desc(), Link.id)
    )
    return (_pending(row) for row in rows)


def _pending(row: Link) -> PendingLink:
    return PendingLink(
        id=row.id,
        source_id=row.source_id,
        url=row.url,
        canonical_url=row.canonical_url,
        title=row.title,
        summary=row.summary,
        published_at=row.published_at,
        attempts=row.attempts,
        discovered_at=row.discovered_at,
    )


def settle_link(session: Session, link_id: int, state: LinkState, reason: str | None = None) -> None:
    """The link needs reading no more."""
    session.execute(
        update(Link)
        .where(Link.id == link_id, Link.state == "pending")
        .values(state=state, reason=reason, next_attempt_at=None)
    )


def postpone_link(
    session: Session, link_id: int, *, next_attempt_at: datetime, reason: str, counts: bool
) -> None:
    """The link is to be tried again; `counts`: this was one of its tries."""
    session.execute(
        update(Link)
        .where(Link.id == link_id, Link.state == "pending")
        .values(next_attempt_at=next_attempt_at, reason=reason, attempts=Link.attempts + int(counts))
    )


def store_article(session: Session, link_id: int, text: ArticleText, now: datetime) -> StoreOutcome:
    """Stores what was read at a link, in place of what its feed alone told, and settles the link."""
    link = session.get_one(Link, link_id)
    if link.state != "pending":
        return "settled"
    thin = _article_at(session, link.canonical_url)
    same = _article_at(session, text.canonical_url)
    if same is None:
        same = thin
    if same is not None and (same is not thin or same.body is not None):
        link.state, link.reason = "refused", f"duplicate: the article is known as {same.canonical_url}"
        return "duplicate"
    if thin is None:
        session.add(_new_article(link.source_id, text, now))
    else:
        _rewrite(thin, text)
    link.state, link.reason, link.next_attempt_at = "stored", None, None
    return "updated" if thin else "new"


def keep_thin(session: Session, texts: Mapping[int, ArticleText], now: datetime) -> set[int]:
    """Stores what feeds tell of articles, by link, unless something is stored already; the links that it was.

    The links stay as they are.
    """
    known = set(
        session.scalars(
            select(Article.canonical_url).where(
                Article.canonical_url.in_([text.canonical_url for text in texts.values()])
            )
        )
    )
    new = {link_id: text for link_id, text in texts.items() if text.canonical_url not in known}
    sources = dict(session.execute(select(Link.id, Link.source_id).where(Link.id.in_(new))).tuples().all())
    session.add_all(_new_article(sources[link_id], text, now) for link_id, text in new.items())
    return set(new)


def _article_at(session: Session, canonical_url: str) -> Article | None:
    return session.scalar(select(Article).where(Article.canonical_url == canonical_url))


def _new_article(source_id: int, text: ArticleText, now: datetime) -> Article:
    article = Article(
        source_id=source_id,
        outlet_key=text.outlet_key,
        outlet_name=text.outlet_name,
        outlet_area=text.outlet_area,
        first_seen_at=now,
    )
    _rewrite(article, text)
    return article


def _rewrite(article: Article, text: ArticleText) -> None:
    article.url, article.canonical_url = text.url, text.canonical_url
    article.title, article.lead, article.body = text.title, text.lead, text.body
    article.published_at, article.published_known = text.published_at, text.published_known
    article.text_hash = text_hash(text.title, text.lead, text.body)
