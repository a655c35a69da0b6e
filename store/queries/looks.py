"""When somebody last looked at what is to be done, and what has come since."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from store.models import Issue, Look, ProposedReply, Referral, Reply
from store.queries.desk import AWAITING_ANSWER, OPEN

SITTING = timedelta(hours=1)
"""Who has not looked for so long begins anew: what has come since is new to him."""
NOTED = timedelta(minutes=5)
"""so often a look is written down at most"""
MOST = 1000
"""so many are counted; of more it is enough to know that there are many"""


@dataclass(frozen=True)
class News:
    issues: int
    replies: int
    overdue: int
    all_overdue: int
    """unanswered referrals of open issues whose day has passed, whenever it was"""


def to_be_noted(look: Look | None, now: datetime) -> bool:
    return look is None or now - look.at >= NOTED


def note(session: Session, user_id: int, now: datetime) -> None:
    look = session.get(Look, user_id)
    if look is None:
        session.add(Look(user_id=user_id, at=now))
        return
    if now - look.at >= SITTING:
        look.before_at = look.at
    look.at = now


def news(session: Session, since: datetime | None, now: datetime) -> News:
    """What waits and has come after `since`, and what is overdue at all; one question."""
    after = since or now
    late = (
        select(Referral.id)
        .join(Referral.issue)
        .where(Referral.state.in_(AWAITING_ANSWER), Referral.deadline_at < now, Issue.state.in_(OPEN))
    )
    counted = (
        select(Issue.id).where(Issue.state == "detected", Issue.detected_at > after),
        select(Reply.id).where(Reply.judgement.is_(None), Reply.recorded_at > after),
        select(ProposedReply.id).where(ProposedReply.decision.is_(None), ProposedReply.recorded_at > after),
        late.where(Referral.deadline_at > after),
        late,
    )
    row = session.execute(select(*(_count(query) for query in counted))).one()
    issues, replies, mails, newly_late, all_late = (int(number) for number in tuple(row))
    return News(issues, replies + mails, newly_late, all_late)


def _count(query: Select[int]) -> ScalarSelect[int]:
    return select(func.count()).select_from(query.limit(MOST).subquery()).scalar_subquery()
