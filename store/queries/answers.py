"""What agencies have sent by themselves and nobody has decided on."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from store.models import Event, ProposedReply, Referral, TimeRequest
from store.queries.desk import Part


def last_words(session: Session, referral_id: int, action: str) -> str | None:
    """The reason given when that was last done to the referral."""
    return session.scalar(
        select(Event.why)
        .where(Event.entity == "referral", Event.entity_id == referral_id, Event.action == action)
        .order_by(Event.id.desc())
        .limit(1)
    )


def proposed_replies(session: Session, limit: int) -> Part[ProposedReply]:
    """Messages that nobody has taken as a reply or set aside, the oldest first."""
    query = (
        select(ProposedReply)
        .where(ProposedReply.decision.is_(None))
        .options(
            joinedload(ProposedReply.referral).joinedload(Referral.issue),
            selectinload(ProposedReply.attachments),
        )
        .order_by(ProposedReply.received_at, ProposedReply.id)
        .limit(limit)
    )
    rows = session.scalars(query).all()
    return Part(rows, len(rows) if len(rows) < limit else proposed_reply_count(session))


def proposed_reply_count(session: Session) -> int:
    query = select(func.count()).select_from(ProposedReply).where(ProposedReply.decision.is_(None))
    return session.scalar(query) or 0


def time_requests(session: Session, limit: int) -> Part[TimeRequest]:
    """Requests for more time that nobody has decided on, the oldest first."""
    query = (
        select(TimeRequest)
        .where(TimeRequest.decision.is_(None))
        .options(joinedload(TimeRequest.referral).joinedload(Referral.issue))
        .order_by(TimeRequest.asked_at, TimeRequest.id)
        .limit(limit)
    )
    rows = session.scalars(query).all()
    return Part(rows, len(rows) if len(rows) < limit else time_request_count(session))


def time_request_count(session: Session) -> int:
    query = select(func.count()).select_from(TimeRequest).where(TimeRequest.decision.is_(None))
    return session.scalar(query) or 0


def issue_of_proposed_reply(session: Session, proposed_id: int) -> int | None:
    query = select(Referral.issue_id).join(Referral.proposed_replies).where(ProposedReply.id == proposed_id)
    return session.scalar(query)


def issue_of_time_request(session: Session, request_id: int) -> int | None:
    query = select(Referral.issue_id).join(Referral.time_requests).where(TimeRequest.id == request_id)
    return session.scalar(query)
