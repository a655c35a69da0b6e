"""Articles known from what sources tell of them alone: their pages are not read, or not yet.

Each function works in the caller's transaction.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.models import Article
from store.queries import links as link_queries
from store.queries.article_texts import ArticleText, new_article, say
from store.queries.links import NewLink
from store.same_text import Text


def keep_thin(session: Session, texts: Mapping[int, ArticleText], now: datetime) -> set[int]:
    """Stores what feeds tell of articles, by link, unless something is stored already; the links that it was.

    The links stay as they are.
    """
    addresses = [text.canonical_url for text in texts.values()]
    known = {
        address
        for some in link_queries.parts(addresses)
        for address in session.scalars(select(Article.canonical_url).where(Article.canonical_url.in_(some)))
    }
    links = link_queries.rows(session, texts)
    new = {
        link_id: new_article(links[link_id].source_id, text, now)
        for link_id, text in texts.items()
        if text.canonical_url not in known and links[link_id].article_id is None
    }
    session.add_all(new.values())
    session.flush()
    for link_id, article in new.items():
        links[link_id].article_id = article.id
    return set(new)


def retell_thin(session: Session, told: Mapping[int, NewLink], now: datetime) -> int:
    """Stores what a source tells now of articles that are known from it alone, by link; how many anew."""
    changed = 0
    links = link_queries.rows(session, told)
    thin = select(Article).where(Article.body.is_(None), Article.text_expired_at.is_(None))
    by_id = {
        article.id: article
        for some in link_queries.parts([link.article_id for link in links.values()])
        for article in session.scalars(thin.where(Article.id.in_(some)))
    }
    for link_id, link in links.items():
        article, news = by_id.get(link.article_id or 0), told[link_id]
        if article is None or not news.title:
            continue
        link.title, link.summary = news.title, news.summary
        changed += say(session, article, Text(news.title, news.summary, None), now)
    return changed
