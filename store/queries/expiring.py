"""What came with replies and has been kept long enough."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from store.models import Attachment, ProposedReply, Referral, Reply


def expiring_attachments(session: Session, before: datetime, limit: int) -> Sequence[Attachment]:
    """Those that came before and that nobody has to look at any more."""
    judged = and_(Reply.recorded_at < before, Reply.judgement.is_not(None))
    decided = and_(
        Attachment.reply_id.is_(None), ProposedReply.recorded_at < before, ProposedReply.decision.is_not(None)
    )
    query = (
        select(Attachment)
        .outerjoin(Attachment.reply)
        .outerjoin(Attachment.proposed_reply)
        .where(Attachment.expired_at.is_(None), or_(judged, decided))
        .order_by(Attachment.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def expiring_proposals(session: Session, before: datetime, limit: int) -> Sequence[ProposedReply]:
    """Those decided on: what was taken stands in the reply."""
    query = (
        select(ProposedReply)
        .where(
            ProposedReply.recorded_at < before,
            ProposedReply.decision.is_not(None),
            ProposedReply.expired_at.is_(None),
        )
        .order_by(ProposedReply.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def drop_letters(session: Session, before: datetime, limit: int) -> int:
    """Drops what letters approved before that quote; returns how many. Their files are papers."""
    undone_or_old = or_(Referral.approved_at.is_(None), Referral.approved_at < before)
    old = (
        select(Referral.id)
        .where(undone_or_old, Referral.letter.is_not(None))
        .order_by(Referral.id)
        .limit(limit)
    )
    dropped = session.execute(update(Referral).where(Referral.id.in_(old)).values(letter=None))
    return cast("CursorResult[Any]", dropped).rowcount


def needed_files(session: Session) -> set[str]:
    """SHA-256 of what some reply or proposal still has."""
    return set(session.scalars(select(Attachment.sha256).where(Attachment.expired_at.is_(None)).distinct()))


def is_needed(session: Session, sha256: str) -> bool:
    query = select(Attachment.id).where(Attachment.sha256 == sha256, Attachment.expired_at.is_(None)).limit(1)
    return session.scalar(query) is not None
