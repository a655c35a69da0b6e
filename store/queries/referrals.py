"""Referrals as the board shows them, drafts as they are looked at before approval, and who prepared them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from store.models import Article, Delivery, Event, Issue, IssueArticle, ProposedReply, Referral, Reply
from store.queries.desk import AWAITING_ANSWER, OPEN, Part

SHOWN = ("drafted", "approved", "sent", "acknowledged", "answered", "returned", "accepted", "refused")
"""all but what was withdrawn"""
LIVE = SHOWN[:6]
"""what somebody still has to do something about, while its issue is open"""


@dataclass(frozen=True)
class BoardFilter:
    """None: whatever it is."""

    agency_key: str | None = None
    state: str | None = None
    late: bool = False
    whole_past: bool = False
    """those of issues that are closed, too"""


@dataclass(frozen=True)
class AgencyLine:
    """One agency on the board; counts are referrals of open issues."""

    agency_key: str
    agency_name: str
    by_state: dict[str, int]
    late: int

    @property
    def total(self) -> int:
        return sum(self.by_state.values())


def is_late(now: datetime) -> ColumnElement[bool]:
    return and_(Referral.state.in_(AWAITING_ANSWER), Referral.deadline_at < now)


def board(session: Session, now: datetime) -> list[AgencyLine]:
    """Who is late most first."""
    rows = session.execute(
        select(
            Referral.agency_key,
            func.max(Referral.agency_name),
            Referral.state,
            func.count(),
            func.sum(case((is_late(now), 1), else_=0)),
        )
        .join(Referral.issue)
        .where(Referral.state.in_(SHOWN), Issue.state.in_(OPEN))
        .group_by(Referral.agency_key, Referral.state)
    )
    found: dict[str, AgencyLine] = {}
    for key, name, state, count, late in rows:
        before = found.get(key, AgencyLine(key, name, {}, 0))
        found[key] = AgencyLine(key, name, before.by_state | {state: count}, before.late + int(late))
    return sorted(found.values(), key=lambda line: (-line.late, -line.total, line.agency_name))


def referrals(
    session: Session, wanted: BoardFilter, now: datetime, *, limit: int, offset: int
) -> Part[Referral]:
    """What is late longest first, then what waits for an answer, for approval, and the rest; of the whole
    past the newest first."""
    query = select(Referral).join(Referral.issue).where(*_conditions(wanted, now))
    total = session.scalar(select(func.count()).select_from(query.with_only_columns(Referral.id).subquery()))
    shown = query.options(joinedload(Referral.issue)).order_by(*_order(wanted, now))
    return Part(session.scalars(shown.limit(limit).offset(offset)).all(), total or 0)


def _conditions(wanted: BoardFilter, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [] if wanted.whole_past else [Issue.state.in_(OPEN)]
    if wanted.agency_key is not None:
        found.append(Referral.agency_key == wanted.agency_key)
    if wanted.late:
        found.append(is_late(now))
    if wanted.state is not None:
        found.append(Referral.state == wanted.state)
    else:
        found.append(Referral.state.in_(SHOWN if wanted.whole_past else LIVE))
    return found


def _order(wanted: BoardFilter, now: datetime) -> list[ColumnElement[Any]]:
    if wanted.whole_past:
        return [Referral.id.desc()]
    waits = case((Referral.state.in_(AWAITING_ANSWER), 0), (Referral.state == "drafted", 1), else_=2)
    return [
        case((is_late(now), 0), else_=1),
        waits,
        # A database's own place for "no deadline" differs: after all that have one.
        case((Referral.deadline_at.is_(None), 1), else_=0),
        Referral.deadline_at.asc(),
        Issue.urgency.desc(),
        Referral.id.asc(),
    ]


def agencies(session: Session) -> list[tuple[str, str]]:
    """Key and name of all that have had a referral."""
    rows = session.execute(
        select(Referral.agency_key, func.max(Referral.agency_name)).group_by(Referral.agency_key)
    )
    return sorted(((key, name) for key, name in rows), key=lambda one: one[1])


def sent_to(session: Session, agency_key: str, *, limit: int, offset: int) -> Part[Referral]:
    """What the agency has been sent: what waits for its answer first, of that what is due first."""
    query = select(Referral).join(Referral.issue).where(*_sent_to(agency_key))
    waits = and_(Referral.state.in_(AWAITING_ANSWER), Issue.state.in_(OPEN))
    shown = query.options(joinedload(Referral.issue)).order_by(
        case((waits, 0), else_=1),
        case((and_(waits, Referral.deadline_at.is_not(None)), Referral.deadline_at), else_=None).asc(),
        Referral.sent_at.desc(),
        Referral.id.desc(),
    )
    total = session.scalar(select(func.count()).select_from(query.with_only_columns(Referral.id).subquery()))
    return Part(session.scalars(shown.limit(limit).offset(offset)).all(), total or 0)


def waiting_at(session: Session, agency_key: str, now: datetime) -> tuple[int, int]:
    """How many wait for the agency's answer, and how many of these are late."""
    waits = (*_sent_to(agency_key), Referral.state.in_(AWAITING_ANSWER), Issue.state.in_(OPEN))
    late = func.sum(case((is_late(now), 1), else_=0))
    row = session.execute(select(func.count(), late).select_from(Referral).join(Referral.issue).where(*waits))
    count, overdue = row.one()
    return count, overdue or 0


def sent_one(session: Session, agency_key: str, referral_id: int) -> Referral | None:
    """None where there is none, or it has not been sent, or to another agency."""
    return session.scalar(
        select(Referral)
        .where(Referral.id == referral_id, *_sent_to(agency_key))
        .options(
            joinedload(Referral.issue).selectinload(Issue.articles).joinedload(IssueArticle.article),
            selectinload(Referral.replies).selectinload(Reply.attachments),
            selectinload(Referral.time_requests),
        )
    )


def _sent_to(agency_key: str) -> tuple[ColumnElement[bool], ...]:
    return Referral.agency_key == agency_key, Referral.sent_at.is_not(None)


def for_letters(session: Session, referral_ids: Collection[int]) -> dict[int, Referral]:
    """With all that their letters tell, whatever their state."""
    query = _with_letter(select(Referral).where(Referral.id.in_(list(referral_ids))))
    return {referral.id: referral for referral in session.scalars(query)}


def _with_letter(query: Select[Referral]) -> Select[Referral]:
    articles = selectinload(Issue.articles).joinedload(IssueArticle.article).joinedload(Article.finding)
    return query.options(
        joinedload(Referral.issue).options(articles, selectinload(Issue.referrals)),
    )


def one(session: Session, referral_id: int) -> Referral | None:
    """With what its letter tells and with all that came of it."""
    query = _with_letter(select(Referral).where(Referral.id == referral_id)).options(
        selectinload(Referral.deliveries).defer(Delivery.message),
        selectinload(Referral.replies).selectinload(Reply.attachments),
        selectinload(Referral.proposed_replies).selectinload(ProposedReply.attachments),
        selectinload(Referral.time_requests),
    )
    return session.scalar(query)


def history(session: Session, shown: Referral, limit: int) -> Part[Event]:
    """Events of the referral, its deliveries and replies, the newest first."""
    things = {
        "referral": [shown.id],
        "delivery": [delivery.id for delivery in shown.deliveries],
        "reply": [reply.id for reply in shown.replies],
    }
    theirs = or_(*(and_(Event.entity == name, Event.entity_id.in_(ids)) for name, ids in things.items()))
    rows = session.scalars(select(Event).where(theirs).order_by(Event.id.desc()).limit(limit + 1)).all()
    return Part(rows[:limit], len(rows))


def preparing(session: Session, referrals: Collection[Referral]) -> dict[int, list[str]]:
    """Who took part in each before its approval, as events name them: who opened the issue's round by
    confirming or reopening it, and who had the referral drafted by that, a correction or a choice."""
    issues = {referral.issue_id for referral in referrals}
    query = (
        select(Event.entity, Event.entity_id, Event.action, Event.actor)
        .where(
            or_(
                and_(
                    Event.entity == "issue",
                    Event.entity_id.in_(issues),
                    Event.action.in_(("confirmed", "reopened")),
                ),
                and_(
                    Event.entity == "referral",
                    Event.entity_id.in_([referral.id for referral in referrals]),
                    Event.action == "drafted",
                ),
            )
        )
        .order_by(Event.id)
    )
    last: dict[tuple[str, int], str] = {
        (entity, key): actor for entity, key, _, actor in session.execute(query)
    }
    return {
        referral.id: _told([last.get(("issue", referral.issue_id)), last.get(("referral", referral.id))])
        for referral in referrals
    }


def _told(actors: Sequence[str | None]) -> list[str]:
    return list(dict.fromkeys(actor for actor in actors if actor is not None))
