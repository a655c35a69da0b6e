"""Deliveries that wait to be sent, and those that are stuck."""

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from store.models import Delivery


def due_ids(session: Session, now: datetime) -> list[int]:
    """Deliveries to send now, oldest first.

    One in state `sending` was interrupted: whether the server took it is unknown, so it goes again under
    the same Message-ID. Only a retry waits for its hour: a clock set back must not hold up what is new.
    """
    query = (
        select(Delivery.id)
        .where(
            or_(
                Delivery.state.in_(("queued", "sending")),
                and_(Delivery.state == "retry", Delivery.next_attempt_at <= now),
            )
        )
        .order_by(Delivery.id)
    )
    return list(session.scalars(query))


def stuck(session: Session) -> list[Delivery]:
    """What has failed at least once and is not sent."""
    query = (
        select(Delivery)
        .where(
            or_(
                Delivery.state == "quarantined",
                and_(Delivery.state.in_(("retry", "sending", "queued")), Delivery.attempts > 0),
            )
        )
        .order_by(Delivery.id)
    )
    return list(session.scalars(query))
