"""Deliveries that wait to be sent, and those that are stuck."""

from datetime import datetime, timedelta

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, defer

from store.models import Delivery

LONGEST_WAIT = timedelta(days=1)
"""between two tries of one delivery"""


def due_ids(session: Session, now: datetime) -> list[int]:
    """Deliveries to send now, oldest first.

    One in state `sending` was interrupted: whether the server took it is unknown, so it goes again under
    the same Message-ID. Only a retry waits for its hour: a clock set back must not hold up what is new,
    nor a retry for longer than one ever waits.
    """
    come = or_(Delivery.next_attempt_at <= now, Delivery.next_attempt_at > now + LONGEST_WAIT)
    query = (
        select(Delivery.id)
        .where(
            or_(
                Delivery.state.in_(("queued", "sending")),
                and_(Delivery.state == "retry", come),
            )
        )
        .order_by(Delivery.id)
    )
    return list(session.scalars(query))


def stuck() -> Select[Delivery]:
    """Deliveries that did not arrive, those that wait for a person first; digest, desk and check show these.

    Without their messages, which may be large and which nobody shows.
    """
    return (
        select(Delivery)
        .options(defer(Delivery.message))
        .where(Delivery.state.in_(("quarantined", "failed", "retry")))
        .order_by(Delivery.state == "retry", Delivery.queued_at, Delivery.id)
    )
