"""Articles that a stage still has to deal with."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from store.models import Article, Finding, Link


def untagged(session: Session, limit: int, leave_out: Collection[int] = ()) -> list[Article]:
    """Articles without a finding, or whose text is another than the finding was made of; oldest first."""
    # Their ids first: these stand in an index, and articles need not be read to be passed over.
    ids = session.scalars(
        select(Article.id)
        .outerjoin(Article.finding)
        .where(
            Article.text_expired_at.is_(None),
            or_(Finding.id.is_(None), Finding.text_hash != Article.text_hash),
            Article.id.not_in(list(leave_out)),
        )
        .order_by(Article.first_seen_at, Article.id)
        .limit(limit)
    ).all()
    query = (
        select(Article).options(joinedload(Article.finding)).where(Article.id.in_(ids)).order_by(Article.id)
    )
    return list(session.scalars(query))


def ungrouped(session: Session, limit: int) -> list[Article]:
    """Tagged articles that no issue has been sought for, in order of publication.

    The order does not depend on when each was fetched, so a killed run ends like an undisturbed one.
    """
    query = (
        select(Article)
        .join(Article.finding)
        .options(contains_eager(Article.finding), selectinload(Article.membership))
        .where(Finding.grouped_at.is_(None))
        .order_by(Article.published_at, Article.canonical_url)
        .limit(limit)
    )
    return list(session.scalars(query))


def with_expiring_text(session: Session, seen_before: datetime, limit: int) -> list[Article]:
    """Articles whose text has been kept as long as the office keeps texts, with their earlier versions."""
    query = (
        select(Article)
        .options(selectinload(Article.versions))
        .where(Article.text_expired_at.is_(None), Article.first_seen_at < seen_before)
        .order_by(Article.first_seen_at)
        .limit(limit)
    )
    return list(session.scalars(query))


def forget_told(session: Session, article_ids: Collection[int]) -> int:
    """Drops what sources told of these articles; of how many addresses."""
    return _forget(session, Link.article_id.in_(article_ids))


def forget_told_before(session: Session, named_before: datetime, limit: int) -> int:
    """Drops what sources told of addresses named that long ago, but for those still to be read; how many."""
    some = (
        select(Link.id)
        .where(_TOLD, Link.discovered_at < named_before, Link.state != "pending")
        .order_by(Link.discovered_at)
        .limit(limit)
    )
    return _forget(session, Link.id.in_(session.scalars(some).all()))


_TOLD = or_(Link.title.is_not(None), Link.summary.is_not(None))


def _forget(session: Session, which: ColumnElement[bool]) -> int:
    dropped = session.execute(
        update(Link).where(which, _TOLD).values(title=None, summary=None).returning(Link.id)
    )
    return len(dropped.all())
