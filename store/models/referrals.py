"""What is asked of agencies, what is sent, and what they answer."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    and_,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, index_where
from store.models.issues import Issue

if TYPE_CHECKING:
    from store.models.answers import Attachment, ProposedReply, TimeRequest

TAKEN_BACK = "undone"
"""In the place of a reply's judgement: it counts for nothing."""


class Referral(Base):
    """One issue sent to one agency, with content, deadline and basis as they stood on the day."""

    __tablename__ = "referral"
    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"))
    round: Mapped[int] = mapped_column(default=1)
    """the issue's round in which it was drafted"""
    agency_key: Mapped[str]
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
    title: Mapped[str | None] = mapped_column(Text)
    """the issue's when the letter was approved; whatever is sent about the letter later names it so"""
    urgency: Mapped[int | None]
    """the issue's when the letter was approved: its days are counted by it"""
    letter: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    """what the letter says, as it was approved; None before, and when it has been kept long enough"""
    link_serial: Mapped[int] = mapped_column(default=1)
    """the agency's link bears it; one more makes every earlier link void"""

    issue: Mapped[Issue] = relationship(back_populates="referrals")
    replies: Mapped[list["Reply"]] = relationship(
        back_populates="referral", order_by="Reply.id", primaryjoin=lambda: _standing_replies()
    )
    """without those that were recorded by a slip and taken back"""
    deliveries: Mapped[list["Delivery"]] = relationship(back_populates="referral", order_by="Delivery.id")
    proposed_replies: Mapped[list["ProposedReply"]] = relationship(
        back_populates="referral", order_by="ProposedReply.id"
    )
    time_requests: Mapped[list["TimeRequest"]] = relationship(
        back_populates="referral", order_by="TimeRequest.id"
    )
    __table_args__ = (
        UniqueConstraint("number", "number_year"),
        # All that the board counts of the issues that are open.
        Index("ix_referral_issue_id", "issue_id", "state", "agency_key", "deadline_at"),
        Index("ix_referral_agency_key", "agency_key", "state", "issue_id"),
        # All that the board counts and orders by, so that it reads no row for it.
        Index("ix_referral_board", "state", "agency_key", "deadline_at", "issue_id"),
        Index("ix_referral_sent_to", "agency_key", "sent_at"),
        index_where("ix_referral_lettered", "approved_at", where="letter IS NOT NULL"),
        index_where(
            "ix_referral_unanswered",
            "deadline_at",
            "issue_id",
            where="state IN ('sent', 'acknowledged', 'returned')",
        ),
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
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"), index=True)
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
    """What an agency answered to a referral: recorded by an analyst, or written by itself."""

    __tablename__ = "reply"
    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    received_at: Mapped[datetime]
    """when the agency's answer came in: what the deadline is held against"""
    recorded_at: Mapped[datetime]
    document_number: Mapped[str | None]
    text: Mapped[str] = mapped_column(Text)
    judgement: Mapped[str | None]
    """accepted | returned | undone (it was recorded by a slip); None until an analyst has judged it"""
    channel: Mapped[str] = mapped_column(default="desk")
    """how it came: desk (an analyst wrote it down) | page (the agency's own, by its link) | account (by
    an account of the agency's) | mail …"""

    attachments: Mapped[list["Attachment"]] = relationship(back_populates="reply", order_by="Attachment.id")
    referral: Mapped[Referral] = relationship(back_populates="replies")
    __table_args__ = (index_where("ix_reply_unjudged", "received_at", where="judgement IS NULL"),)


def _standing_replies() -> ColumnElement[bool]:
    return and_(Referral.id == Reply.referral_id, func.coalesce(Reply.judgement, "") != TAKEN_BACK)
