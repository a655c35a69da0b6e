"""Articles that a stage still has to deal with."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from store.models import Article, Finding


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
