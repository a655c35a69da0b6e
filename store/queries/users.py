"""Accounts of the desk, for the one who runs it."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from store.models import Event, User


def accounts(session: Session, *, active: bool, after: str, limit: int) -> Sequence[User]:
    """In the order of their names, from behind `after` on."""
    query = select(User).where(User.active.is_(active), User.name > after).order_by(User.name).limit(limit)
    return session.scalars(query).all()


def account(session: Session, user_id: int) -> User | None:
    return session.get(User, user_id)


def account_events(session: Session, user_id: int, limit: int) -> Sequence[Event]:
    """What was done with the account, and its sign-ins, the newest first."""
    query = (
        select(Event)
        .where(or_(Event.entity == "user", Event.entity == "session"), Event.entity_id == user_id)
        .order_by(Event.id.desc())
        .limit(limit)
    )
    return session.scalars(query).all()
