"""Referrals as the board shows them, drafts as they are looked at before approval, and who prepared them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from store.models import (
    Article,
    Delivery,
    Event,
    Finding,
    Issue,
    IssueArticle,
    ProposedReply,
    Referral,
    Reply,
    Undoable,
)
from store.planning import aside
from store.queries.desk import AWAITING_ANSWER, OF_OPEN, OPEN, UNANSWERED, Part
from store.queries.undone import stands

SHOWN = ("drafted", "approved", "sent", "acknowledged", "answered", "returned", "accepted", "refused")
"""all but what was withdrawn"""
OPENING = ("confirmed", "reopened")
CHANGING = ("edited", "absorbed", "moved", "gave", "split", "unmerged")
"""what people do to an issue that changes what its letters tell"""
LIVE = SHOWN[:6]
"""what somebody still has to do something about while its issue is open"""
_LISTED = (
    Referral.issue_id,
    Referral.agency_name,
    Referral.role,
    Referral.state,
    Referral.number,
    Referral.deadline_at,
    Referral.sent_at,
)
_LISTED_OF_ISSUE = (Issue.title, Issue.place_name, Issue.urgency, Issue.state)
"""what a list of referrals shows"""
_CITED = (
    Article.url,
    Article.title,
    Article.outlet_name,
    Article.published_at,
    Article.published_known,
    Article.changed_at,
    Article.gone_at,
)
"""what a letter and an agency's page say of an article"""
_AWAITS = Referral.state.in_(AWAITING_ANSWER)


@dataclass(frozen=True)
class BoardFilter:
    """None: whatever it is."""

    agency_key: str | None = None
    state: str | None = None
    late: bool = False
    whole_past: bool = False
    """those of issues that are closed, too"""
    number: int | None = None
    """of a letter, in whatever year and state; where it is given it alone decides"""


@dataclass
class AgencyLine:
    """One agency on the board; counts are referrals of open issues."""

    agency_key: str
    by_state: dict[str, int] = field(default_factory=dict)
    late: int = 0
    undated: int = 0
    """that wait for an answer without a day for it"""

    @property
    def total(self) -> int:
        return sum(self.by_state.values())


def is_late(now: datetime) -> ColumnElement[bool]:
    return and_(_AWAITS, Referral.deadline_at < now)


def board(session: Session, now: datetime) -> list[AgencyLine]:
    """Who is late most first."""
    query = (
        select(
            Referral.agency_key,
            Referral.state,
            func.count(),
            func.sum(case((is_late(now), 1), else_=0)),
            func.sum(case((and_(_AWAITS, Referral.deadline_at.is_(None)), 1), else_=0)),
        )
        .join(Referral.issue)
        # By the issues that are open: of referrals in these states there are those of all years.
        .where(aside(Referral.state).in_(SHOWN), Issue.state.in_(OPEN))
        .group_by(Referral.agency_key, Referral.state)
    )
    found: dict[str, AgencyLine] = {}
    for key, state, count, overdue, undated in session.execute(query):
        one = found.setdefault(key, AgencyLine(key))
        one.by_state[state] = count
        one.late += int(overdue)
        one.undated += int(undated)
    return sorted(found.values(), key=lambda line: (-line.late, -line.total, line.agency_key))


def agency_keys(session: Session) -> list[str]:
    """Of all that have had a referral: from each to the next, without a look at every referral."""
    first = select(func.min(Referral.agency_key).label("key")).cte("keys", recursive=True)
    following = (
        select(func.min(Referral.agency_key))
        .where(Referral.agency_key > first.c.key)
        .correlate(first)
        .scalar_subquery()
    )
    keys = first.union_all(select(following).where(first.c.key.is_not(None)))
    return list(session.scalars(select(keys.c.key).where(keys.c.key.is_not(None))))


def agency_names(session: Session, keys: Collection[str]) -> dict[str, str]:
    """As their referrals name them."""
    query = select(Referral.agency_key, func.max(Referral.agency_name)).group_by(Referral.agency_key)
    return dict(session.execute(query.where(Referral.agency_key.in_(list(keys)))).all())


def referrals(
    session: Session,
    wanted: BoardFilter,
    lines: Sequence[AgencyLine],
    *,
    now: datetime,
    limit: int,
    offset: int,
) -> Sequence[Referral]:
    """What waits for an answer, the longest late first, then for approval, then the rest; of the whole past
    the newest first."""
    # Thousands may wait: where no more is to be shown of them than some, not all of them are sorted.
    query = _by_day(wanted, now) if offset + limit <= _dated(wanted, lines) else _wanted(wanted, now)
    return _by_id(session, session.scalars(query.limit(limit).offset(offset)).all())


def count(session: Session, wanted: BoardFilter, lines: Sequence[AgencyLine], now: datetime) -> int:
    """How many there are; from the board's `lines` where these tell it."""
    if wanted.number is not None or wanted.whole_past or (wanted.late and wanted.state):
        return (
            session.scalar(select(func.count()).select_from(_wanted(wanted, now).order_by(None).subquery()))
            or 0
        )
    theirs = [line for line in lines if wanted.agency_key in (None, line.agency_key)]
    if wanted.late:
        return sum(line.late for line in theirs)
    states = LIVE if wanted.state is None else (wanted.state,)
    return sum(line.by_state.get(state, 0) for line in theirs for state in states)


def _dated(wanted: BoardFilter, lines: Sequence[AgencyLine]) -> int:
    """How many at the head of the list stand there by their day alone; 0: nobody has counted them."""
    if wanted.number is not None or wanted.whole_past or wanted.state or wanted.agency_key:
        return 0
    if wanted.late:
        return sum(line.late for line in lines)
    return sum(sum(line.by_state.get(state, 0) for state in AWAITING_ANSWER) - line.undated for line in lines)


def _by_day(wanted: BoardFilter, now: datetime) -> Select[int]:
    day = Referral.deadline_at < now if wanted.late else Referral.deadline_at.is_not(None)
    return (
        select(Referral.id)
        .join(Referral.issue)
        .where(UNANSWERED, day, OF_OPEN)
        .order_by(Referral.deadline_at, Issue.urgency.desc(), Referral.id)
    )


def _wanted(wanted: BoardFilter, now: datetime) -> Select[int]:
    if wanted.number is not None:
        return select(Referral.id).where(Referral.number == wanted.number).order_by(Referral.id.desc())
    query = select(Referral.id).where(*_conditions(wanted, now)).order_by(*_order(wanted))
    return query if wanted.whole_past else query.join(Referral.issue).where(Issue.state.in_(OPEN))


def _by_id(session: Session, ids: Sequence[int]) -> list[Referral]:
    """In that order; of those that are shown, and of no other, what a list shows of them."""
    query = (
        select(Referral)
        .where(Referral.id.in_(ids))
        .options(load_only(*_LISTED), joinedload(Referral.issue).load_only(*_LISTED_OF_ISSUE))
    )
    found = {referral.id: referral for referral in session.scalars(query)}
    return [found[one] for one in ids]


def _conditions(wanted: BoardFilter, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.agency_key is not None:
        found.append(Referral.agency_key == wanted.agency_key)
    if wanted.late:
        found.append(is_late(now))
    if wanted.state is not None:
        found.append(Referral.state == wanted.state)
    else:
        found.append(Referral.state.in_(SHOWN if wanted.whole_past else LIVE))
    return found


def _order(wanted: BoardFilter) -> list[ColumnElement[Any]]:
    if wanted.whole_past:
        return [Referral.id.desc()]
    waits = case((_AWAITS, 0), (Referral.state == "drafted", 1), else_=2)
    # Where "no deadline" stands differs between databases: here after all that have one.
    no_deadline = case((Referral.deadline_at.is_(None), 1), else_=0)
    return [waits, no_deadline, Referral.deadline_at.asc(), Issue.urgency.desc(), Referral.id.asc()]


@dataclass(frozen=True)
class Waiting(Part[Referral]):
    late: int
    """of all"""


def waiting_at(session: Session, agency_key: str, now: datetime, *, limit: int, offset: int) -> Waiting:
    """What waits for the agency's answer, what is due first at the head."""
    query = (
        select(Referral.id)
        .join(Referral.issue)
        .where(Referral.agency_key == agency_key, _AWAITS, Issue.state.in_(OPEN))
    )
    late = func.sum(case((Referral.deadline_at < now, 1), else_=0))
    total, overdue = session.execute(query.with_only_columns(func.count(), late)).one()
    no_deadline = case((Referral.deadline_at.is_(None), 1), else_=0)
    ordered = query.order_by(no_deadline, Referral.deadline_at, Referral.id).limit(limit).offset(offset)
    return Waiting(_by_id(session, session.scalars(ordered).all()), total, overdue or 0)


def sent_to(session: Session, agency_key: str, *, limit: int, offset: int) -> Part[Referral]:
    """All that the agency has been sent, the newest first."""
    query = select(Referral.id).where(*_sent_to(agency_key))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Referral.sent_at.desc(), Referral.id.desc())
    return Part(_by_id(session, session.scalars(ordered.limit(limit).offset(offset)).all()), total)


def sent_one(session: Session, agency_key: str, referral_id: int) -> Referral | None:
    """None where there is none, or it has not been sent, or to another agency."""
    return session.scalar(
        select(Referral)
        .where(Referral.id == referral_id, *_sent_to(agency_key))
        .options(
            joinedload(Referral.issue)
            .selectinload(Issue.articles)
            .joinedload(IssueArticle.article)
            .load_only(*_CITED),
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
    article = selectinload(Issue.articles).joinedload(IssueArticle.article)
    told = article.options(
        load_only(*_CITED, Article.lead, Article.body),
        joinedload(Article.finding).load_only(Finding.score, Finding.evidence),
    )
    return query.options(
        joinedload(Referral.issue).options(told, selectinload(Issue.referrals)),
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


def approvals_to_undo(session: Session, referral_ids: Collection[int]) -> dict[int, int]:
    """The number of the decision by which each was approved, where it stands and can be taken back."""
    query = select(Undoable.referral_id, Undoable.id).where(
        Undoable.action == "approve",
        Undoable.referral_id.in_(list(referral_ids)),
        Undoable.undone_at.is_(None),
    )
    return {referral: decision for referral, decision in session.execute(query) if referral is not None}


def preparing(session: Session, referrals: Collection[Referral]) -> dict[int, list[str]]:
    """Who took part in each before its approval, as events name them: who opened the issue's round by
    confirming or reopening it, who has changed since then what it tells, and who had the referral drafted.

    What was taken back counts for nothing.
    """
    issues = _events(session, "issue", {one.issue_id for one in referrals}, (*OPENING, *CHANGING))
    letters = _events(session, "referral", {one.id for one in referrals}, ("drafted", "trigger"))
    return {one.id: _preparers(issues.get(one.issue_id, ()), letters.get(one.id, ())) for one in referrals}


def _preparers(of_issue: Sequence[Event], of_referral: Sequence[Event]) -> list[str]:
    opened = [event for event in of_issue if event.action in OPENING][-1:]
    drafted = [event for event in of_referral if event.action == "drafted"][-1:]
    # Not since it was drafted: a stage may draft long after somebody rewrote what was confirmed.
    since = opened[0].id if opened else 0
    changed = [event.actor for event in of_issue if event.action in CHANGING and event.id > since]
    limited = [event.actor for event in of_referral if event.action == "trigger"]
    return list(dict.fromkeys((*(event.actor for event in (*opened, *drafted)), *changed, *limited)))


def _events(
    session: Session, entity: str, ids: Collection[int], actions: Collection[str]
) -> dict[int, list[Event]]:
    """Of each thing, in their order."""
    query = select(Event).where(
        Event.entity == entity, Event.entity_id.in_(list(ids)), aside(Event.action).in_(actions), stands()
    )
    found: dict[int, list[Event]] = {}
    # Not put in order nor chosen by what was done: SQLite would go along the events of all things for it.
    for event in sorted(session.scalars(query), key=lambda event: event.id):
        found.setdefault(event.entity_id, []).append(event)
    return found
