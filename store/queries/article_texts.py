"""What an article says, and what it said before.

Each function works in the caller's transaction.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from store.models import Article, ArticleVersion
from store.same_text import Text, says_the_same


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

    @property
    def said(self) -> Text:
        return Text(self.title, self.lead, self.body)


def text_hash(title: str, lead: str | None, body: str | None) -> str:
    """SHA-256 of the three texts as stored."""
    return hashlib.sha256("\x1f".join((title, lead or "", body or "")).encode()).hexdigest()


def new_article(source_id: int, text: ArticleText, now: datetime) -> Article:
    article = Article(
        source_id=source_id,
        outlet_key=text.outlet_key,
        outlet_name=text.outlet_name,
        outlet_area=text.outlet_area,
        first_seen_at=now,
    )
    rewrite(article, text)
    return article


def rewrite(article: Article, text: ArticleText) -> None:
    article.url, article.canonical_url = text.url, text.canonical_url
    article.title, article.lead, article.body = text.said
    article.published_at, article.published_known = text.published_at, text.published_known
    article.text_hash = text_hash(*text.said)


def withdraw(article: Article, lead: str | None) -> bool:
    """Its outlet asks that no copy of the text be kept: neither of this nor of earlier versions.

    `lead`: what may stand for the text. False where nothing is left to be withdrawn.
    """
    texts = [article.body, *(text for version in article.versions for text in (version.lead, version.body))]
    if article.lead in {None, lead} and not any(texts):
        return False
    article.lead, article.body = lead, None
    article.text_hash = text_hash(article.title, lead, None)
    for version in article.versions:
        version.lead = version.body = None
    return True


def say(session: Session, article: Article, said: Text, now: datetime) -> bool:
    """Lets the article say it from now on; False where it says it already, but for spaces and typography."""
    before = Text(article.title, article.lead, article.body)
    if says_the_same(said, before):
        return False
    session.add(
        ArticleVersion(
            article=article,
            title=before.title,
            lead=before.lead,
            body=before.body,
            published_at=article.published_at,
            text_hash=article.text_hash,
            seen_at=article.changed_at or article.first_seen_at,
            replaced_at=now,
        )
    )
    article.title, article.lead, article.body = said
    article.text_hash, article.changed_at = text_hash(*said), now
    return True
