"""What was told, done and run: digests, the append-only history, runs of stages."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, index_where

BY_PEOPLE = "actor NOT LIKE 'stage:%'"
"""what no stage did by itself"""
DOERS = ("operator", "analyst", "lead", "reader", "agency", "visitor", "command", "stage")
"""roles, and what else an actor begins with"""


def done_by(doer: str) -> str:
    """In SQL, of whose acts: a role's, never an account's."""
    return f"actor LIKE '{doer}%'"


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
    """issue | referral | delivery | reply | entry | source | user | session"""
    entity_id: Mapped[int]
    action: Mapped[str]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    why: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        # With what was done: else SQLite would look for that among all things.
        Index("ix_event_entity", "entity", "entity_id", "action"),
        Index("ix_event_at", "at"),
        # A page of the history, from any place on: of one kind of thing, or of what people did.
        Index("ix_event_kind", "entity", "at"),
        Index("ix_event_act", "entity", "action", "at"),
        index_where("ix_event_by_people", "at", where=BY_PEOPLE),
        *(index_where(f"ix_event_by_{doer}", "at", where=done_by(doer)) for doer in DOERS),
    )


class StageRun(Base):
    """One run of one stage with its counts and failures: what the digest tells of health."""

    __tablename__ = "stage_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(index=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    counts: Mapped[dict[str, Any]]
    failures: Mapped[list[Any]]
