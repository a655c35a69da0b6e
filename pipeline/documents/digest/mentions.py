"""Articles that stand in no issue: other provinces' concerns, and answers to what nobody here follows."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from pipeline.documents.citation import citation
from pipeline.documents.digest.content import Mention
from pipeline.documents.digest.moment import Moment
from pipeline.locating import locate
from store.models import Article
from store.queries.digest import articles_without_issue


def handled(session: Session, moment: Moment) -> tuple[Mention, ...]:
    """In the office's own province; where the text names none, it may be."""
    home = moment.settings.office.province
    articles = articles_without_issue(session, "answer", moment.since, moment.now)
    return _mentions(article for article in articles if _provinces(article) <= {home})


def elsewhere(session: Session, moment: Moment) -> tuple[Mention, ...]:
    return _mentions(articles_without_issue(session, "concern", moment.since, moment.now))


def _mentions(articles: Iterable[Article]) -> tuple[Mention, ...]:
    mentions = [_mention(article) for article in articles]
    return tuple(sorted(mentions, key=lambda mention: (-mention.urgency, -mention.source.at.timestamp())))


def _mention(article: Article) -> Mention:
    assert article.finding is not None  # noqa: S101 - articles_without_issue joins it
    place = locate(article, article.finding).name or "chưa rõ địa bàn"
    return Mention(place, article.finding.urgency, citation(article, reprint=False))


def _provinces(article: Article) -> frozenset[str]:
    return locate(article, article.finding).provinces if article.finding else frozenset()
