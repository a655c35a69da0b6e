"""What comes from agencies by themselves: files, replies to be looked at, requests for time, used forms."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base
from store.models.referrals import Referral, Reply


class ProposedReply(Base):
    """A message taken for an agency's reply; it changes nothing until an analyst has taken it as one."""

    __tablename__ = "proposed_reply"
    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    channel: Mapped[str]
    """mail, or another way by which replies come"""
    external_id: Mapped[str] = mapped_column(unique=True)
    """what names the message where it comes from, so that it is stored once"""
    origin: Mapped[str] = mapped_column(Text)
    """why it is taken for this referral's, as a sentence for the analyst"""
    received_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    document_number: Mapped[str | None]
    text: Mapped[str] = mapped_column(Text)
    """empty once it has expired"""
    expired_at: Mapped[datetime | None]
    left_out: Mapped[list[Any]]
    """sentences, one for each attachment that was not kept, with the reason"""
    decision: Mapped[str | None] = mapped_column(index=True)
    """taken | set_aside; None until an analyst has decided"""
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"))
    """the reply that it became"""

    referral: Mapped[Referral] = relationship(back_populates="proposed_replies")
    attachments: Mapped[list["Attachment"]] = relationship(
        back_populates="proposed_reply", order_by="Attachment.id"
    )


class Attachment(Base):
    """A file that came with a reply; its content lies below data_dir under its SHA-256, until it expires."""

    __tablename__ = "attachment"
    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"), index=True)
    proposed_reply_id: Mapped[int | None] = mapped_column(ForeignKey("proposed_reply.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    """harmless: no path, no control characters, and the ending of what the content is"""
    kind: Mapped[str]
    """what the content is: pdf, docx …"""
    size: Mapped[int]
    """in bytes"""
    sha256: Mapped[str] = mapped_column(index=True)
    expired_at: Mapped[datetime | None]
    """when its content was dropped; what it was called and how large it was remains"""

    reply: Mapped[Reply | None] = relationship(back_populates="attachments")
    proposed_reply: Mapped[ProposedReply | None] = relationship(back_populates="attachments")


class TimeRequest(Base):
    """An agency asks for more time; the committee grants it or not."""

    __tablename__ = "time_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    until: Mapped[date]
    why: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    decision: Mapped[str | None] = mapped_column(index=True)
    """granted | declined; None until somebody has decided"""

    referral: Mapped[Referral] = relationship(back_populates="time_requests")


class Submission(Base):
    """A form of the agency's page that was taken: the same form does nothing a second time."""

    __tablename__ = "submission"
    id: Mapped[int] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(unique=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    at: Mapped[datetime]
