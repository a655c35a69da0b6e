"""Problems in places, and the articles that carry them."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.articles import Article
from store.models.base import Base, index_where

if TYPE_CHECKING:
    from store.models.referrals import Referral


class Issue(Base):
    """One problem in one place, carried by one or more articles."""

    __tablename__ = "issue"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(default="concern")
    """concern, or commendation: a good example, never referred"""
    topic: Mapped[str]
    urgency: Mapped[int]
    province_code: Mapped[str | None]
    commune_code: Mapped[str | None]
    """None: the province is known but not the commune, or the name means several"""
    commune_candidates: Mapped[list[Any]]
    place_name: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="detected")
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
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("issue.id"), index=True)
    round: Mapped[int] = mapped_column(default=1)
    """1, and one more each time it is reopened: each round has referrals of its own"""
    version: Mapped[int] = mapped_column(default=1)
    """optimistic lock: the second of two people who decide at once is told"""

    articles: Mapped[list["IssueArticle"]] = relationship(
        back_populates="issue", order_by="IssueArticle.id", foreign_keys="IssueArticle.issue_id"
    )
    referrals: Mapped[list["Referral"]] = relationship(back_populates="issue", order_by="Referral.id")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    # Lists are filtered by one of these and show what was last told of first.
    __table_args__ = (
        Index("ix_issue_last_seen_at", "last_seen_at", "id"),
        Index("ix_issue_state", "state", "last_seen_at", "id"),
        # What waits to be confirmed, in its order and counted by when it came.
        Index("ix_issue_waiting", "state", "urgency", "last_seen_at", "detected_at"),
        Index("ix_issue_topic", "topic", "last_seen_at", "id"),
        Index("ix_issue_commune_code", "commune_code", "last_seen_at", "id"),
        Index("ix_issue_first_seen_at", "first_seen_at", "id"),
        # For the map: all that it asks of an issue.
        index_where(
            "ix_issue_open_concern", "province_code", "commune_code", "urgency", "detected_at", "topic",
            where="kind = 'concern' AND state IN ('detected', 'confirmed', 'referred', 'reopened')",
        ),
        index_where(
            "ix_issue_detected_concern", "detected_at", "state", "province_code", "commune_code", "urgency",
            "topic", where="kind = 'concern' AND state NOT IN ('dismissed', 'merged')",
        ),
        index_where("ix_issue_unrouted", "urgency", "last_seen_at", where="routing_problem IS NOT NULL"),
    )  # fmt: skip


class IssueArticle(Base):
    """An article's place in an issue."""

    __tablename__ = "issue_article"
    __table_args__ = (Index("ix_issue_article_issue_id", "issue_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), unique=True)
    role: Mapped[str]
    """report | followup | reprint | answer"""
    reprint_of_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    similarity: Mapped[float]
    joined_at: Mapped[datetime] = mapped_column(index=True)
    placed: Mapped[bool] = mapped_column(default=False)
    """a person has put it here; no stage moves it"""
    merged_from_id: Mapped[int | None] = mapped_column(ForeignKey("issue.id"))
    """the issue it stood in until that one was merged into this; there it goes back when they are parted"""
    merged_at: Mapped[datetime | None]
    """when it came here by a merge or by one undone; what was decided on this issue before did not mean it"""

    issue: Mapped[Issue] = relationship(back_populates="articles", foreign_keys=[issue_id])
    article: Mapped[Article] = relationship(back_populates="membership", foreign_keys=[article_id])


class Parting(Base):
    """Two issues that a person has held to be two problems; no stage joins them again."""

    __tablename__ = "issue_parting"
    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("issue.id"))
    """the lower id of the two"""
    second_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), index=True)
    parted_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)
