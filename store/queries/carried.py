"""The articles that carry an issue: of all of them what is reckoned with, and some of them whole."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session, joinedload, selectinload

from store.models import Article, Finding, IssueArticle


class Carried(NamedTuple):
    """An article of an issue, without its text."""

    article_id: int
    role: str
    title: str
    lead: str | None
    outlet_key: str
    outlet_name: str
    outlet_area: str | None
    published_at: datetime
    score: float | None
    """None: nothing is found in it yet"""
    has_evidence: bool | None
    places: list[dict[str, Any]] | None


def carried(session: Session, issue_id: int) -> list[Carried]:
    """In the order in which they came to it."""
    query = (
        select(
            IssueArticle.article_id,
            IssueArticle.role,
            Article.title,
            Article.lead,
            Article.outlet_key,
            Article.outlet_name,
            Article.outlet_area,
            Article.published_at,
            Finding.score,
            cast(Finding.evidence, Text) != "[]",
            Finding.places,
        )
        .join(Article, Article.id == IssueArticle.article_id)
        .outerjoin(Finding, Finding.article_id == IssueArticle.article_id)
        .where(IssueArticle.issue_id == issue_id)
        .order_by(IssueArticle.id)
    )
    return [Carried(*row) for row in session.execute(query)]


def members(session: Session, article_ids: Collection[int]) -> Sequence[IssueArticle]:
    """Whole, with what was found in them and what they said before, in the order in which they came."""
    query = (
        select(IssueArticle)
        .where(IssueArticle.article_id.in_(article_ids))
        .options(
            joinedload(IssueArticle.article).options(
                joinedload(Article.finding), selectinload(Article.versions)
            )
        )
        .order_by(IssueArticle.id)
    )
    return session.scalars(query).all()
