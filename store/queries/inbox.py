"""Mails that wait for a person."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from store.models import ReceivedMail
from store.queries.desk import Part


def to_be_seen() -> Select[ReceivedMail]:
    """From an agency, but about which referral is not known; or not to be read by a program."""
    return (
        select(ReceivedMail)
        .where(ReceivedMail.kind.in_(("unmatched", "unreadable")), ReceivedMail.seen_at.is_(None))
        .order_by(ReceivedMail.received_at, ReceivedMail.id)
    )


def unclear_mails(session: Session, limit: int) -> Part[ReceivedMail]:
    rows = session.scalars(to_be_seen().limit(limit)).all()
    if len(rows) < limit:
        return Part(rows, len(rows))
    return Part(rows, session.scalar(select(func.count()).select_from(to_be_seen().subquery())) or 0)
