"""What is remembered. Words are design.md's; no account, byline or person is a column here."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, MetaData, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from store.types import UtcDateTime


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012


def _index_where(name: str, *columns: str, where: str) -> Index:
    """An index of some rows; a question must say `where` in the same words for it to be used."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


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
        _index_where("ix_link_pending", "discovered_at", where="state = 'pending'"),
        _index_where("ix_link_told", "discovered_at", where="title IS NOT NULL OR summary IS NOT NULL"),
    )


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
        _index_where("ix_article_unexpired", "first_seen_at", "text_hash", where="text_expired_at IS NULL"),
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


class Issue(Base):
    """One problem in one place, carried by one or more articles."""

    __tablename__ = "issue"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(default="concern")
    """concern, or commendation: a good example, never referred"""
    topic: Mapped[str] = mapped_column(index=True)
    urgency: Mapped[int]
    province_code: Mapped[str | None]
    commune_code: Mapped[str | None]
    """None: the province is known but not the commune, or the name means several"""
    commune_candidates: Mapped[list[Any]]
    place_name: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="detected", index=True)
    """detected | confirmed | dismissed | merged | referred | closed | reopened"""
    restricted: Mapped[bool] = mapped_column(default=False)
    score: Mapped[float]
    """the highest probability among its findings"""
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    detected_at: Mapped[datetime]
    routing_problem: Mapped[str | None] = mapped_column(Text)
    """why no referral could be drafted: the visible queue; None when there is nothing to mend"""
    edited: Mapped[list[Any]]
    """fields a person has set; later runs leave them alone"""
    outcome: Mapped[str | None]
    """fixed | explained | planned | not_competent | no_action"""
    outcome_date: Mapped[date | None]
    closing_reply_id: Mapped[int | None] = mapped_column(
        ForeignKey("reply.id", use_alter=True, name="fk_issue_closing_reply_id_reply")
    )
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("issue.id"))
    round: Mapped[int] = mapped_column(default=1)
    """1, and one more each time it is reopened: each round has referrals of its own"""
    version: Mapped[int] = mapped_column(default=1)
    """optimistic lock: the second of two people who decide at once is told"""

    articles: Mapped[list["IssueArticle"]] = relationship(back_populates="issue", order_by="IssueArticle.id")
    referrals: Mapped[list["Referral"]] = relationship(back_populates="issue", order_by="Referral.id")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class IssueArticle(Base):
    """An article's place in an issue."""

    __tablename__ = "issue_article"
    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), index=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), unique=True)
    role: Mapped[str]
    """report | followup | reprint | answer"""
    reprint_of_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    similarity: Mapped[float]
    joined_at: Mapped[datetime] = mapped_column(index=True)

    issue: Mapped[Issue] = relationship(back_populates="articles")
    article: Mapped[Article] = relationship(back_populates="membership", foreign_keys=[article_id])


class Referral(Base):
    """One issue sent to one agency, with content, deadline and basis as they stood on the day."""

    __tablename__ = "referral"
    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), index=True)
    round: Mapped[int] = mapped_column(default=1)
    """the issue's round in which it was drafted"""
    agency_key: Mapped[str] = mapped_column(index=True)
    agency_name: Mapped[str]
    role: Mapped[str]
    """lead | co"""
    programme_key: Mapped[str]
    rule: Mapped[str] = mapped_column(Text)
    """which rule of referral named this agency, in words"""
    state: Mapped[str] = mapped_column(default="drafted", index=True)
    """drafted | approved | sent | acknowledged | answered | accepted | returned | refused | withdrawn"""
    number: Mapped[int | None]
    number_year: Mapped[int | None]
    request: Mapped[str] = mapped_column(Text)
    """what the agency is asked to do"""
    basis: Mapped[str] = mapped_column(Text)
    deadline_at: Mapped[datetime | None]
    """the programme's clock; set when the referral is approved"""
    statutory: Mapped[list[Any]]
    """statutory clocks whose trigger is recorded: key, text, basis, deadline_at (ISO 8601)"""
    drafted_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    proposed_agency: Mapped[str | None]
    """the body a refusing agency holds competent"""
    letter_path: Mapped[str | None] = mapped_column(Text)
    """the letter as DOCX, relative to data_dir"""

    issue: Mapped[Issue] = relationship(back_populates="referrals")
    replies: Mapped[list["Reply"]] = relationship(back_populates="referral", order_by="Reply.id")
    deliveries: Mapped[list["Delivery"]] = relationship(back_populates="referral", order_by="Delivery.id")
    __table_args__ = (
        UniqueConstraint("number", "number_year"),
        # An agency has an issue once in a round, unless it was taken back or refused.
        Index(
            "uq_referral_live",
            "issue_id",
            "agency_key",
            "round",
            unique=True,
            sqlite_where=text("state NOT IN ('withdrawn', 'refused')"),
            postgresql_where=text("state NOT IN ('withdrawn', 'refused')"),
        ),
    )


class Delivery(Base):
    """One message to one recipient; the whole message is kept so that a second try is the same message."""

    __tablename__ = "delivery"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """what it is for, so that it is queued once: "referral 12", "digest 2026-11-20 phong@…"."""
    kind: Mapped[str]
    """referral | digest"""
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"))
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("digest.id"))
    channel: Mapped[str] = mapped_column(default="mail")
    recipient: Mapped[str]
    subject: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(unique=True)
    message: Mapped[bytes] = mapped_column(LargeBinary)
    """the message as RFC 5322 bytes"""
    state: Mapped[str] = mapped_column(default="queued", index=True)
    """queued | sending | sent | retry | quarantined | cancelled"""
    attempts: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)

    referral: Mapped[Referral | None] = relationship(back_populates="deliveries")


class Reply(Base):
    """What an agency answered to a referral, recorded by an analyst."""

    __tablename__ = "reply"
    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    received_at: Mapped[datetime]
    """when the agency's answer came in: what the deadline is held against"""
    recorded_at: Mapped[datetime]
    document_number: Mapped[str | None]
    text: Mapped[str] = mapped_column(Text)
    judgement: Mapped[str | None]
    """accepted | returned; None until an analyst has judged it"""

    referral: Mapped[Referral] = relationship(back_populates="replies")


class Digest(Base):
    """The daily list as it was made: a second run of the day gives this one again."""

    __tablename__ = "digest"
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]
    html: Mapped[str] = mapped_column(Text)


class Event(Base):
    """One line of the append-only history; the database itself refuses to change or delete it."""

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    """a post or a stage: "analyst:phong-nghiep-vu", "stage:group"; never a private person"""
    entity: Mapped[str]
    """issue | referral | delivery | reply | source | user"""
    entity_id: Mapped[int]
    action: Mapped[str]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    why: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (Index("ix_event_entity", "entity", "entity_id"), Index("ix_event_at", "at"))


class StageRun(Base):
    """One run of one stage with its counts and failures: what the digest tells of health."""

    __tablename__ = "stage_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(index=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    counts: Mapped[dict[str, Any]]
    failures: Mapped[list[Any]]


class User(Base):
    """An account of the desk, named after a post."""

    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    post: Mapped[str]
    """the post shown on screen: "Chuyên viên Phòng Nghiệp vụ" """
    role: Mapped[str]
    """operator | analyst | lead | reader"""
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class Session(Base):
    """A signed-in browser; the cookie holds a random token, this row its SHA-256."""

    __tablename__ = "session"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    csrf_token: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    user: Mapped[User] = relationship()
