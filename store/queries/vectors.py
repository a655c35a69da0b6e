"""What grouping compares new articles with: the articles of open issues, without their texts."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, and_, cast, delete, or_, select
from sqlalchemy.orm import Session, selectinload

from store.models import Article, ArticleVector, Finding, Issue, IssueArticle


def _open(seen_since: datetime) -> ColumnElement[bool]:
    """Whether new articles may belong to an issue."""
    return and_(Issue.state != "merged", Issue.last_seen_at >= seen_since)


def _current(made_by: str) -> ColumnElement[bool]:
    return and_(
        ArticleVector.article_id == Article.id,
        ArticleVector.made_by == made_by,
        ArticleVector.text_hash == Article.text_hash,
    )


def carried(session: Session, seen_since: datetime, made_by: str, many: int) -> Iterator[Sequence[Row[Any]]]:
    """Articles of open issues, so many at a time, in order of their issues; `data` is None where no vector
    made by this version of the present text is kept."""
    query = (
        select(
            Issue.id.label("issue_id"),
            Issue.kind,
            Article.id.label("article_id"),
            Article.title,
            Article.lead,
            Article.outlet_area,
            Article.published_at,
            Finding.topic,
            Finding.places,
            ArticleVector.data,
        )
        .join(IssueArticle, IssueArticle.issue_id == Issue.id)
        .join(Article, Article.id == IssueArticle.article_id)
        .join(Finding, Finding.article_id == Article.id)
        .outerjoin(ArticleVector, _current(made_by))
        .where(_open(seen_since))
        .order_by(Issue.id, IssueArticle.id)
        .execution_options(yield_per=many)
    )
    yield from session.execute(query).partitions()


def handled_by_people(session: Session, seen_since: datetime) -> Sequence[Issue]:
    """Open issues that people have put articles into, or corrected."""
    query = (
        select(Issue)
        .options(
            selectinload(Issue.articles).selectinload(IssueArticle.article).selectinload(Article.finding)
        )
        .where(
            _open(seen_since),
            or_(cast(Issue.edited, Text) != "[]", Issue.articles.any(IssueArticle.placed)),
        )
        .order_by(Issue.id)
    )
    return session.scalars(query).all()


def without_vector(session: Session, seen_since: datetime, made_by: str, limit: int) -> Sequence[Article]:
    """Articles of open issues of which no current vector is kept."""
    query = (
        select(Article)
        .join(IssueArticle, IssueArticle.article_id == Article.id)
        .join(Issue, Issue.id == IssueArticle.issue_id)
        .outerjoin(ArticleVector, _current(made_by))
        .where(_open(seen_since), ArticleVector.article_id.is_(None))
        .order_by(Article.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def keep_vector(session: Session, article: Article, made_by: str, data: bytes) -> None:
    session.merge(
        ArticleVector(article_id=article.id, text_hash=article.text_hash, made_by=made_by, data=data)
    )


def drop_vectors(session: Session, article_ids: Collection[int]) -> None:
    session.execute(delete(ArticleVector).where(ArticleVector.article_id.in_(article_ids)))
