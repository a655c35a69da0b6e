"""What agencies still owe an answer to, and what they have been reminded of."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, defer, joinedload

from store.models import Delivery, Event, Issue, Referral
from store.planning import aside
from store.queries.desk import OPEN
from store.queries.undone import stands

REMINDER = "reminder"
REMINDED = "reminded"
EXTENDED = "extended"
SENT_AGAIN = "sent_again"
"""The first letter came back: the agency's days run from the one that reached it."""
NOT_THERE = ("failed", "queued", "sending", "retry", "quarantined")
"""a delivery that has not arrived, or not again"""


def unanswered_by(session: Session, states: Collection[str], until: datetime) -> Sequence[Referral]:
    """Referrals of open issues in one of `states` whose deadline lies no later than `until`.

    Without those whose letter came back: nobody is reminded of what never reached them.
    """
    came_back = and_(
        Referral.state == "sent",
        Referral.deliveries.any(and_(Delivery.kind == "referral", Delivery.state.in_(NOT_THERE))),
    )
    query = (
        select(Referral)
        .join(Referral.issue)
        .where(Referral.state.in_(states), Referral.deadline_at <= until, Issue.state.in_(OPEN), ~came_back)
        .options(joinedload(Referral.issue))
        .order_by(Referral.deadline_at, Referral.id)
    )
    return session.scalars(query).all()


def reminded(session: Session, referral_ids: Collection[int]) -> set[tuple[int, str, str]]:
    """Referral, step and deadline (ISO 8601) of every reminder that went out or is on its way."""
    told = [
        (event.entity_id, event.after["step"], event.after["deadline_at"], event.after["delivery"])
        for event in _events(session, referral_ids, REMINDED)
    ]
    cancelled = set(
        session.scalars(
            select(Delivery.id).where(
                Delivery.id.in_({delivery for *_, delivery in told}), Delivery.state == "cancelled"
            )
        )
    )
    return {(referral, step, at) for referral, step, at, delivery in told if delivery not in cancelled}


def extensions(session: Session, referral_ids: Collection[int]) -> dict[int, Event]:
    """The latest extension of each referral that has one: who gave it, until when and why."""
    return {event.entity_id: event for event in _events(session, referral_ids, EXTENDED)}


def reminders_to(session: Session, recipient: str, since: datetime) -> Sequence[Delivery]:
    """Those that have not gone out, and those sent from `since` on; without their messages."""
    query = (
        select(Delivery)
        .options(defer(Delivery.message))
        .where(
            Delivery.kind == REMINDER,
            Delivery.recipient == recipient,
            Delivery.state != "cancelled",
            or_(Delivery.state != "sent", Delivery.sent_at >= since),
        )
        .order_by(Delivery.id)
    )
    return session.scalars(query).all()


def _events(session: Session, referral_ids: Collection[int], action: str) -> Sequence[Event]:
    query = select(Event).where(
        Event.entity == "referral",
        Event.entity_id.in_(referral_ids),
        aside(Event.action) == action,
        stands(),
    )
    # Not put in order nor chosen by what was done: SQLite would go along the events of all things for it.
    return sorted(session.scalars(query), key=lambda event: event.id)
