"""Articles that a stage still has to deal with."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from store.models import Article, Finding, Link


def untagged(session: Session, limit: int, leave_out: Collection[int] = ()) -> list[Article]:
    """Articles without a finding, or whose text is another than the finding was made of; oldest first."""
    query = (
        select(Article)
        .outerjoin(Article.finding)
        .options(contains_eager(Article.finding))
        .where(
            Article.text_expired_at.is_(None),
            or_(Finding.id.is_(None), Finding.text_hash != Article.text_hash),
            Article.id.not_in(list(leave_out)),
        )
        .order_by(Article.id)
        .limit(limit)
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
    """Articles whose text has been kept as long as the office keeps texts."""
    query = (
        select(Article)
        .where(Article.text_expired_at.is_(None), Article.first_seen_at < seen_before)
        .order_by(Article.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def links_with_expiring_text(session: Session, named_before: datetime, limit: int) -> list[Link]:
    """Links that still bear what their source told, though their article's text has expired, or, where none
    is stored, though nothing is left to be read and they were named that long ago."""
    expired = select(Article.id).where(
        Article.canonical_url == Link.canonical_url, Article.text_expired_at.is_not(None)
    )
    query = (
        select(Link)
        .where(
            or_(Link.title.is_not(None), Link.summary.is_not(None)),
            or_(and_(Link.state != "pending", Link.discovered_at < named_before), expired.exists()),
        )
        .order_by(Link.id)
        .limit(limit)
    )
    return list(session.scalars(query))
