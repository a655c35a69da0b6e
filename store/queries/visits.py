"""Pages that are looked at again: what it means that they say the same, or are not there.

Each function works in the caller's transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.models import Article, Link
from store.queries import links as link_queries
from store.queries.article_texts import withdraw

NextVisit = Callable[[int], datetime | None]
"""when a page is looked at again that has been visited so many times"""
_NOT_FOUND = "not found when it was looked at again"
_NOT_TO_BE_KEPT = "shows no article any more and asks not to be indexed"
_MOST_LOOKS = 4
"""in a row, and as soon as they may be; a page that says something else each time waits for its next visit"""


def still_there(session: Session, link_ids: Sequence[int], now: datetime, next_visit: NextVisit) -> None:
    """Their pages answer, at a visit, that nothing has changed."""
    for article in _visited(session, looked_at(session, link_ids, now, next_visit)).values():
        article.gone_at = None


def looked_at(
    session: Session, link_ids: Sequence[int], now: datetime, next_visit: NextVisit
) -> dict[int, Link]:
    """Pages that were visited, whatever came of it; the links."""
    links = link_queries.rows(session, link_ids)
    for link in links.values():
        link.visits += 1
        link.read_at, link.visit_at = now, next_visit(link.visits)
        link.attempts, link.reason = 0, None
    return links


def not_there(
    session: Session,
    link_ids: Sequence[int],
    now: datetime,
    next_visit: NextVisit,
    *,
    look_again_at: datetime,
) -> None:
    """Pages not found at a visit: their articles are gone once two visits in a row have said so, for one may
    have met a server that was just being mended."""
    for _, article in _surely(session, link_ids, now, next_visit, _NOT_FOUND, look_again_at):
        article.gone_at = article.gone_at or now


def not_to_be_kept(
    session: Session,
    link_ids: Sequence[int],
    now: datetime,
    next_visit: NextVisit,
    *,
    look_again_at: datetime,
    last_look_at: datetime,
) -> None:
    """Pages that show no article any more and ask that nothing be kept: of their articles no text is, once
    two visits in a row have said so, for a guard against floods of requests may have spoken.

    It may have spoken twice: where no visit is left there is one more, at `last_look_at`.
    """
    for link, article in _surely(session, link_ids, now, next_visit, _NOT_TO_BE_KEPT, look_again_at):
        if withdraw(article, None) and link.visit_at is None:
            link.visit_at = last_look_at
        # By the mark of a page whose text is not there any more nothing can be "unchanged".
        link.etag = link.last_modified = None


def _surely(
    session: Session,
    link_ids: Sequence[int],
    now: datetime,
    next_visit: NextVisit,
    what: str,
    look_again_at: datetime,
) -> list[tuple[Link, Article]]:
    """Articles, with their links, of which two visits in a row have said the same instead of showing them.

    An old address of an article that has moved says nothing of the article.
    """
    links = link_queries.rows(session, link_ids)
    articles = _visited(session, links)
    sure = []
    for link in links.values():
        article = articles.get(link.article_id or 0)
        said_before = link.reason == what
        link.attempts += 1
        link.read_at, link.reason = now, what
        if not said_before and link.attempts < _MOST_LOOKS:
            link.visit_at = look_again_at
            continue
        link.visits += 1
        link.visit_at = next_visit(link.visits)
        if said_before and article is not None and _is_its_address(link, article):
            sure.append((link, article))
    return sure


def _is_its_address(link: Link, article: Article) -> bool:
    """Whether the article stands there now: by the name it gives itself, or by the one it is read at."""
    return article.canonical_url == link.canonical_url or article.url == link.url


def _visited(session: Session, links: Mapping[int, Link]) -> dict[int, Article]:
    ids = {link.article_id for link in links.values() if link.article_id is not None}
    return {article.id: article for article in session.scalars(select(Article).where(Article.id.in_(ids)))}
