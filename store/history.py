"""The append-only history: every change says who, when, what was, what is, why."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from store.models import Event


def record(
    session: Session,
    *,
    at: datetime,
    actor: str,
    entity: str,
    entity_id: int,
    action: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    why: str | None = None,
) -> None:
    """Adds one event to the caller's transaction: the change and its record stand or fall together."""
    session.add(
        Event(
            at=at,
            actor=actor,
            entity=entity,
            entity_id=entity_id,
            action=action,
            before=before or {},
            after=after or {},
            why=why,
        )
    )


def record_of_referral(
    session: Session,
    referral_id: int,
    action: str,
    *,
    at: datetime,
    actor: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    why: str | None = None,
) -> None:
    """What is no change of its state: that goes through pipeline.states."""
    record(
        session,
        at=at,
        actor=actor,
        entity="referral",
        entity_id=referral_id,
        action=action,
        before=before,
        after=after,
        why=why,
    )
