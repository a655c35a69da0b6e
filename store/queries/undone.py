"""Decisions that may still be undone, and events that stand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session

from store.models import Event, Issue, ReceivedMail, Referral, RegisterEntry, Undoable, UndoneEvent


@dataclass(frozen=True)
class Decision:
    """One that stands, and what it was on."""

    id: int
    at: datetime
    actor: str
    action: str
    issue_id: int | None
    title: str | None
    """the issue's, the register entry's, or the mail's subject"""
    referral_id: int | None
    agency_name: str | None
    number: int | None
    """the letter's"""
    entry_id: int | None
    register: str | None
    """the entry's"""
    mail_id: int | None
    mail_from: str | None
    """the agency that wrote it, where it is known"""


def decided(
    session: Session,
    since: datetime,
    limit: int,
    *,
    actor: str | None = None,
    issues: Collection[int] = (),
    referrals: Collection[int] = (),
) -> list[Decision]:
    """After `since`, the newest first: of one account, or on one of these issues or referrals."""
    columns: tuple[Any, ...] = (
        Undoable.id,
        Undoable.at,
        Undoable.actor,
        Undoable.action,
        Undoable.issue_id,
        func.coalesce(Issue.title, RegisterEntry.title, ReceivedMail.subject),
        Undoable.referral_id,
        Referral.agency_name,
        Referral.number,
        RegisterEntry.id,
        RegisterEntry.register,
        ReceivedMail.id,
        ReceivedMail.agency_name,
    )
    query = (
        select(*columns)
        .outerjoin(Issue, Issue.id == Undoable.issue_id)
        .outerjoin(Referral, Referral.id == Undoable.referral_id)
        .outerjoin(RegisterEntry, _is_on(RegisterEntry))
        .outerjoin(ReceivedMail, _is_on(ReceivedMail))
        .where(Undoable.at > since, Undoable.undone_at.is_(None))
        .order_by(Undoable.id.desc())
        .limit(limit)
    )
    if actor is not None:
        query = query.where(Undoable.actor == actor)
    if issues:
        query = query.where(Undoable.issue_id.in_(list(issues)))
    if referrals:
        query = query.where(Undoable.referral_id.in_(list(referrals)))
    return [Decision(*row) for row in session.execute(query)]


def _is_on(model: type[RegisterEntry | ReceivedMail]) -> ColumnElement[bool]:
    """A decision that is on no issue changes the one row that it is on."""
    table, number = (Undoable.changes[(0, name)] for name in ("table", "id"))
    return and_(
        Undoable.issue_id.is_(None),
        table.as_string() == model.__tablename__,
        number.as_integer() == model.id,
    )


def stands() -> ColumnElement[bool]:
    """Of Event: its decision was not taken back, nor does it tell of that."""
    return Event.id.not_in(select(UndoneEvent.event_id))


def latest(session: Session, actor: str, since: datetime) -> Undoable | None:
    """What an account decided last."""
    return session.scalar(
        select(Undoable)
        .where(Undoable.actor == actor, Undoable.at >= since, Undoable.undone_at.is_(None))
        .order_by(Undoable.id.desc())
        .limit(1)
    )


def has_acted(session: Session, actor: str, issue_id: int, since: datetime) -> bool:
    """Whether the account has changed anything of the issue."""
    event = select(Event.id).where(
        Event.entity == "issue", Event.entity_id == issue_id, Event.actor == actor, Event.at >= since
    )
    return session.scalar(event.limit(1)) is not None


def issue_of(session: Session, decision_id: int) -> int | None:
    return session.scalar(select(Undoable.issue_id).where(Undoable.id == decision_id))


def approved_since(session: Session, since: datetime) -> set[int]:
    """Referrals whose approval can still be taken back."""
    query = select(Undoable.referral_id).where(
        Undoable.action == "approve", Undoable.at > since, Undoable.undone_at.is_(None)
    )
    return {referral for referral in session.scalars(query) if referral is not None}


def drop_before(session: Session, moment: datetime) -> None:
    # The newest stays, whatever its age: a number is never given to another decision.
    newest = select(func.max(Undoable.id)).scalar_subquery()
    session.execute(delete(Undoable).where(Undoable.at < moment, Undoable.id < newest))
