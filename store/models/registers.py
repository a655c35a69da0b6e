"""Registers of what a programme holds besides the issues themselves."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base
from store.models.issues import Issue


class RegisterEntry(Base):
    """One good example, project, claim, publication, dialogue or reception; never a person."""

    __tablename__ = "register_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    register: Mapped[str] = mapped_column(index=True)
    """a key of pipeline.registers.REGISTERS"""
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    topic: Mapped[str | None]
    unit_codes: Mapped[list[Any]]
    """communes, or the province where it is all of it"""
    agency_name: Mapped[str | None]
    """who told of a project, must answer a claim, made public, held or was proposed to commend"""
    agency_key: Mapped[str | None] = mapped_column(index=True)
    """the agency that entered it by itself, and may correct it"""
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issue.id"), index=True)
    from_day: Mapped[date | None]
    until_day: Mapped[date | None]
    link: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(default="open")
    """open | done | dropped"""
    outcome: Mapped[str | None] = mapped_column(Text)
    """what came of it, once it is done"""
    done_on: Mapped[date | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    """optimistic lock, as an issue's"""

    issue: Mapped[Issue | None] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
