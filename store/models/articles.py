"""What was read, and what the tagger says of it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, index_where

if TYPE_CHECKING:
    from store.models.issues import IssueArticle


class Article(Base):
    """One published text at one address; its texts are masked before they come here."""

    __tablename__ = "article"
    id: Mapped[int] = mapped_column(primary_key=True)
    canonical_url: Mapped[str] = mapped_column(Text, unique=True)
    url: Mapped[str] = mapped_column(Text)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    outlet_key: Mapped[str]
    outlet_name: Mapped[str]
    outlet_area: Mapped[str | None]
    title: Mapped[str] = mapped_column(Text)
    lead: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text)
    """None: only the feed's title and summary are known, or the text has expired"""
    published_at: Mapped[datetime]
    published_known: Mapped[bool] = mapped_column(default=True)
    """False: the page names no time and published_at is when it was first seen"""
    first_seen_at: Mapped[datetime]
    text_hash: Mapped[str]
    """SHA-256 of title, lead and body as stored; a finding is stale when it was made of another"""
    text_expired_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    """when the crawler last found title or text changed; what they were stands in ArticleVersion"""
    gone_at: Mapped[datetime | None]
    """when its page was found taken down (404, 410, or led home); None: it is there, as far as is known"""

    versions: Mapped[list["ArticleVersion"]] = relationship(
        back_populates="article", order_by="ArticleVersion.id"
    )
    finding: Mapped["Finding | None"] = relationship(back_populates="article")
    membership: Mapped["IssueArticle | None"] = relationship(
        back_populates="article", foreign_keys="IssueArticle.article_id"
    )
    __table_args__ = (
        Index("ix_article_published_at", "published_at"),
        Index("ix_article_text_hash", "text_hash"),
        Index("ix_article_first_seen_at", "first_seen_at", "outlet_key"),
        # With all that is asked of articles each five minutes, so that no text need be read for it.
        index_where("ix_article_unexpired", "first_seen_at", "text_hash", where="text_expired_at IS NULL"),
    )


class ArticleVersion(Base):
    """What an article said before it was changed; its texts are masked, and expire with the article's."""

    __tablename__ = "article_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    title: Mapped[str] = mapped_column(Text)
    lead: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime]
    text_hash: Mapped[str]
    seen_at: Mapped[datetime]
    """when this version was first read"""
    replaced_at: Mapped[datetime]
    """when the next one was"""

    article: Mapped[Article] = relationship(back_populates="versions")


class Finding(Base):
    """What the tagger says of one article."""

    __tablename__ = "finding"
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), unique=True)
    kind: Mapped[str] = mapped_column(index=True)
    """concern | answer | commendation | none"""
    score: Mapped[float]
    topic: Mapped[str | None]
    topics: Mapped[list[Any]]
    urgency: Mapped[int]
    places: Mapped[list[Any]]
    """as in the `tag` filter: code, province_code, name, level, as_written; and candidates: the communes
    that a name may mean"""
    evidence: Mapped[list[Any]]
    """as in the `tag` filter: start, end, text, why; and field, a column of the article:
    title | lead | body"""
    restricted: Mapped[bool] = mapped_column(default=False)
    """touches religion, ethnicity, political views or protest: waits for a person"""
    text_hash: Mapped[str]
    tagger: Mapped[str]
    """version of terms, weights and units that made it"""
    tagged_at: Mapped[datetime]
    grouped_at: Mapped[datetime | None] = mapped_column(index=True)

    article: Mapped[Article] = relationship(back_populates="finding")
