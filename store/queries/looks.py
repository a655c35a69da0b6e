"""When somebody last looked at what is to be done, and what has come since."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, select
from sqlalchemy.orm import Session

from store.models import Issue, Look, ProposedReply, Referral, Reply
from store.queries.desk import OF_OPEN, UNANSWERED

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
    all_due: int
    """and those whose day comes soon"""


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


def news(session: Session, since: datetime | None, now: datetime, horizon: datetime) -> News:
    """What waits and has come after `since`, what is overdue at all, and what is due before `horizon`; one
    question."""
    after = since or now
    due = (
        select(
            _number(Referral.deadline_at < now, Referral.deadline_at > after),
            _number(Referral.deadline_at < now),
            func.count(),
        )
        .join(Referral.issue)
        .where(UNANSWERED, Referral.deadline_at <= horizon, OF_OPEN)
        .subquery()
    )
    come = (
        select(Issue.id).where(Issue.state == "detected", Issue.detected_at > after),
        select(Reply.id).where(Reply.judgement.is_(None), Reply.recorded_at > after),
        select(ProposedReply.id).where(ProposedReply.decision.is_(None), ProposedReply.recorded_at > after),
    )
    row = session.execute(select(*(_count(query) for query in come), due)).one()
    issues, replies, mails, newly_late, all_late, all_due = (int(number or 0) for number in tuple(row))
    return News(issues, replies + mails, newly_late, all_late, all_due)


def _number(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((and_(*conditions), 1), else_=0)).label(None)


def _count(query: Select[int]) -> ScalarSelect[int]:
    return select(func.count()).select_from(query.limit(MOST).subquery()).scalar_subquery()
