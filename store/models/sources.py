"""What is asked: sources, their hosts, the links that they name."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, index_where


class Source(Base):
    """Health and polling state of one configured source; what it is stands in config.yaml."""

    __tablename__ = "source"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """outlet key, kind and address: "song-han-moi feed http://…"."""
    outlet_key: Mapped[str]
    outlet_name: Mapped[str]
    kind: Mapped[str]
    url: Mapped[str] = mapped_column(Text)
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None]
    settings_digest: Mapped[str | None]
    """of what the configuration says of reading it; None: nothing in particular"""
    last_polled_at: Mapped[datetime | None]
    next_poll_at: Mapped[datetime | None]
    last_ok_at: Mapped[datetime | None]
    last_new_at: Mapped[datetime | None]
    """when the newest address it names became known"""
    failures: Mapped[int] = mapped_column(default=0)
    """failed polls in a row"""
    failing_since: Mapped[datetime | None]
    """when the first of them failed"""
    last_error: Mapped[str | None] = mapped_column(Text)
    """in the operator's words, with what to do"""
    error_kind: Mapped[str | None]
    """the crawler's kind of trouble, to be told in other words"""
    gap_seconds: Mapped[int | None]
    """between two new items, as its own pace tells; None: nothing is known of it yet"""
    usual_silence_seconds: Mapped[int | None]
    """the longest that is usual between two items; None: too few are known to tell"""
    items_named: Mapped[int | None]
    """addresses in the last answer that was not "unchanged\""""
    items_new: Mapped[int | None]
    """those of them not seen before"""
    paused_at: Mapped[datetime | None]
    """when it was given up for now after failing for long: asked again only now and then"""
    layout_misses: Mapped[int] = mapped_column(default=0)
    """pages in a row in which the declared layout found nothing, or far less than there is"""
    layout_changed_at: Mapped[datetime | None]
    """when those became too many for chance; None: the layout is as declared"""


class Host(Base):
    """What politeness towards one host must remember from one run to the next."""

    __tablename__ = "host"
    id: Mapped[int] = mapped_column(primary_key=True)
    host: Mapped[str] = mapped_column(unique=True)
    """name and port, as in an address, with its scheme: "https://example.vn"."""
    robots_text: Mapped[str | None] = mapped_column(Text)
    """robots.txt as last read; None: there is none (4xx), everything is allowed"""
    robots_read_at: Mapped[datetime | None]
    """when robots.txt last gave an answer; valid for a day at most (RFC 9309, 2.4)"""
    robots_failed_at: Mapped[datetime | None]
    """since when robots.txt cannot be reached: meanwhile nothing is asked (RFC 9309, 2.3.1.4)"""
    wait_until: Mapped[datetime | None]
    """nothing is asked before: Retry-After, or a failing host's rest"""
    last_asked_at: Mapped[datetime | None]
    """for a crawl-delay longer than the pause between two runs"""


class Link(Base):
    """One address a source named: the crawl's frontier, kept so that a killed crawl loses nothing.

    It is written in the same transaction as its source's ETag: a page unread after a kill is read at
    the next run, though the feed then answers 304.
    """

    __tablename__ = "link"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    url: Mapped[str] = mapped_column(Text)
    canonical_url: Mapped[str] = mapped_column(Text, unique=True)
    title: Mapped[str | None] = mapped_column(Text)
    summary: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="pending")
    """pending | stored | refused (not an article, robots.txt, too old, too large) | failed (given up)"""
    reason: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=0)
    """while it is pending: tries in vain; once it is stored: visits in a row that did not find its article"""
    next_attempt_at: Mapped[datetime | None]
    discovered_at: Mapped[datetime]
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"), index=True)
    """the article that was read here: an article that has moved keeps its old addresses"""
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None]
    """by which the page's host tells, at a visit, that nothing has changed"""
    read_at: Mapped[datetime | None]
    """when the page was last looked at"""
    visits: Mapped[int] = mapped_column(default=0)
    """times a page was looked at again after it was first read"""
    visit_at: Mapped[datetime | None] = mapped_column(index=True)
    """when it is to be looked at again; None: no more"""
    __table_args__ = (
        Index("ix_link_source_id", "source_id", "discovered_at"),
        # A year's links are a million, of which a handful is pending, and a few in a hundred bear texts.
        index_where("ix_link_pending", "discovered_at", where="state = 'pending'"),
        index_where("ix_link_told", "discovered_at", where="title IS NOT NULL OR summary IS NOT NULL"),
    )
