"""What agencies have sent by themselves and nobody has decided on."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.models import Event


def last_words(session: Session, referral_id: int, action: str) -> str | None:
    """The reason given when that was last done to the referral."""
    return session.scalar(
        select(Event.why)
        .where(Event.entity == "referral", Event.entity_id == referral_id, Event.action == action)
        .order_by(Event.id.desc())
        .limit(1)
    )
