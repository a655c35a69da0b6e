"""How far a store goes: whether anything has come since it was last looked at, in one quick question."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.models import Article, Event


@dataclass(frozen=True)
class Extent:
    """The last numbers given; no more rows than these."""

    articles: int
    events: int


def extent(session: Session) -> Extent:
    articles = select(func.max(Article.id)).scalar_subquery()
    events = select(func.max(Event.id)).scalar_subquery()
    last_article, last_event = session.execute(select(articles, events)).one()
    return Extent(last_article or 0, last_event or 0)
