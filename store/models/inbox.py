"""How far the office's mailboxes have been read, and what was found in them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base
from store.models.referrals import Delivery


class Mailbox(Base):
    """One folder of one mailbox. Its mails stay where they are; here stands how far they have been read."""

    __tablename__ = "mailbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """account, server and folder: "vanthu@imap.example.vn:993/INBOX"."""
    uid_validity: Mapped[int] = mapped_column(BigInteger)
    """while it stays the same, so does what a UID names (RFC 3501, 2.3.1.1)"""
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    """written in the transaction that keeps what the mail said"""
    read_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)


class ReceivedMail(Base):
    """A mail that has to do with a delivery or comes from an agency; no other is remembered.

    The sender stands nowhere: which agency or delivery it is about is all that counts.
    """

    __tablename__ = "received_mail"
    id: Mapped[int] = mapped_column(primary_key=True)
    identity: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(index=True)
    """reply (proposed) | bounce | delay | automatic | unmatched | unreadable"""
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    agency_name: Mapped[str | None]
    subject: Mapped[str | None] = mapped_column(Text)
    """masked; only of what a person must look for in the mailbox"""
    note: Mapped[str | None] = mapped_column(Text)
    """masked: what a mail system gave as its reason"""
    received_at: Mapped[datetime]
    read_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    """when somebody at the desk has dealt with an unmatched or unreadable one"""

    delivery: Mapped[Delivery | None] = relationship()
