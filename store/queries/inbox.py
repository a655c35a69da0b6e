"""Mails that wait for a person."""

from sqlalchemy import Select, select

from store.models import ReceivedMail


def to_be_seen() -> Select[ReceivedMail]:
    """From an agency, but about which referral is not known; or not to be read by a program."""
    return (
        select(ReceivedMail)
        .where(ReceivedMail.kind.in_(("unmatched", "unreadable")), ReceivedMail.seen_at.is_(None))
        .order_by(ReceivedMail.received_at, ReceivedMail.id)
    )
