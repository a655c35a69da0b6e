"""Decisions that may still be taken back, events that have been, and when somebody last looked."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base


class Undoable(Base):
    """What one decision changed, for as long as it can be undone; older rows are dropped."""

    __tablename__ = "undoable"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str]
    action: Mapped[str]
    """the call of pipeline.review that it was"""
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issue.id"))
    """None: it was a decision on a register's entry or on a mail"""
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"), index=True)
    """where it was a decision on a referral"""
    changes: Mapped[list[Any]]
    """of each row that it changed: table, id, and the changed columns before and after; pipeline.review
    .remembering tells what empty ones mean"""
    drafted: Mapped[list[Any]]
    """ids of the referrals that it drafted"""
    events: Mapped[list[Any]]
    """ids of the events that it wrote"""
    undone_at: Mapped[datetime | None]


class UndoneEvent(Base):
    """An event whose decision was undone, or that tells of the undoing: the history keeps and shows both,
    nothing counts them or learns from them."""

    __tablename__ = "undone_event"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True, autoincrement=False)


class Look(Base):
    """When an account last looked at what is to be done."""

    __tablename__ = "look"
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    """within some minutes: not every look is written down"""
    before_at: Mapped[datetime | None]
    """when the sitting before this one ended: what came later is new"""
