"""What a report of a period asks the store: plain rows for tables, never a person."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import Session

from store.models import Article, Event, Issue, Referral, Reply
from store.models.referrals import TAKEN_BACK
from store.queries.digest import HIDDEN
from store.queries.past import IssueThen, Past, issues_of_articles
from store.queries.undone import stands

ENDINGS = ("closed", *HIDDEN)
ISSUE_STATES = (*ENDINGS, "confirmed", "referred", "reopened", "unmerged")
"""as events name them; an issue is born detected without one"""


class ArticleRow(NamedTuple):
    article: int
    outlet: str
    """the outlet's key"""
    outlet_name: str
    first_seen_at: datetime
    issue: int | None
    """the concern it carries, if any"""
    topic: str | None
    province_code: str | None
    commune_code: str | None


class IssueRow(NamedTuple):
    issue: int
    kind: str
    topic: str
    province_code: str | None
    commune_code: str | None
    detected_at: datetime


class ReferralRow(NamedTuple):
    referral: int
    issue: int
    agency_key: str
    agency_name: str
    topic: str
    province_code: str | None
    commune_code: str | None
    sent_at: datetime
    deadline_at: datetime | None
    acknowledged_at: datetime | None
    answered_at: datetime | None
    """when the first reply that was not returned came in"""
    refused_at: datetime | None
    ended_at: datetime | None
    """when its issue was closed, dismissed or merged, or its letter given up; None where the issue is open"""


class ChangeRow(NamedTuple):
    """An issue that was closed or reopened."""

    issue: int
    topic: str
    province_code: str | None
    commune_code: str | None
    at: datetime
    outcome: str | None
    """named with a closing"""


def articles(session: Session, past: Past, start: datetime, end: datetime) -> list[ArticleRow]:
    """Articles first seen from `start` until before `end`."""
    issues_then = issues_of_articles(session, past, start, end)
    concerns = {
        article: past.issues[issue] for article, issue in issues_then.items() if _is_shown(past, issue)
    }
    rows = session.execute(
        select(Article.id, Article.outlet_key, Article.outlet_name, Article.first_seen_at)
        .where(Article.first_seen_at >= start, Article.first_seen_at < end)
        .order_by(Article.id)
    )
    return [ArticleRow(*row, *_place(concerns.get(row[0]))) for row in rows]


def _is_shown(past: Past, issue_id: int) -> bool:
    issue = past.issues[issue_id]
    return issue.kind == "concern" and issue.state not in HIDDEN


def _place(issue: IssueThen | None) -> tuple[int | None, str | None, str | None, str | None]:
    return (issue.issue, issue.topic, issue.province_code, issue.commune_code) if issue else (None,) * 4


def issues(past: Past, start: datetime, end: datetime) -> list[IssueRow]:
    """Concerns and good examples detected from `start` until before `end`, without dismissed and merged."""
    return [
        IssueRow(
            issue.issue, issue.kind, issue.topic, issue.province_code, issue.commune_code, issue.detected_at
        )
        for issue in past.issues.values()
        if start <= issue.detected_at < end and issue.state not in HIDDEN
    ]


def referrals(session: Session, past: Past, until: datetime) -> list[ReferralRow]:
    """Every referral sent before `until`, with what had come of it at that past moment."""
    rows = session.execute(
        select(
            Referral.id,
            Referral.issue_id,
            Referral.agency_key,
            Referral.agency_name,
            Referral.sent_at,
            Referral.deadline_at,
            _first_event("acknowledged", past.as_of),
            _first_answer(past.as_of),
            _first_event("refused", past.as_of),
            func.coalesce(_first_event("ended", past.as_of), _ended(past.as_of)),
        )
        .where(Referral.sent_at < until)
        .order_by(Referral.id)
    )
    return [_referral(past, tuple(row)) for row in rows]


def _referral(past: Past, row: tuple[Any, ...]) -> ReferralRow:
    """`row` as it is now, in the columns that `referrals` asks for."""
    key, issue, agency, name, sent, deadline, *came = row
    then = past.issues[issue]
    place = then.topic, then.province_code, then.commune_code
    return ReferralRow(key, issue, agency, name, *place, sent, past.deadlines.get(key, deadline), *came)


def _first_event(action: str, as_of: datetime) -> ScalarSelect[datetime]:
    return (
        select(func.min(Event.at))
        .where(Event.entity == "referral", Event.entity_id == Referral.id, Event.action == action)
        .where(Event.at <= as_of, stands())
        .correlate(Referral)
        .scalar_subquery()
    )


def _first_answer(as_of: datetime) -> ScalarSelect[datetime]:
    """Among the replies that the office knew of then; one returned later was an answer still."""
    return (
        select(func.min(Reply.received_at))
        .where(Reply.referral_id == Referral.id, Reply.recorded_at <= as_of, Reply.received_at <= as_of)
        .where(func.coalesce(Reply.judgement, "") != TAKEN_BACK)
        .where(or_(func.coalesce(Reply.judgement, "") != "returned", _returned_at() > as_of))
        .correlate(Referral)
        .scalar_subquery()
    )


def _returned_at() -> ScalarSelect[datetime]:
    """A referral has one reply to be judged at a time: the first return after it came is its own."""
    return (
        select(func.min(Event.at))
        .where(Event.entity == "referral", Event.entity_id == Reply.referral_id, Event.action == "returned")
        .where(Event.at >= Reply.recorded_at, stands())
        .correlate(Reply)
        .scalar_subquery()
    )


def _ended(as_of: datetime) -> ScalarSelect[datetime]:
    last_change = (
        select(func.max(Event.id))
        .where(Event.entity == "issue", Event.entity_id == Referral.issue_id)
        .where(Event.action.in_(ISSUE_STATES), Event.at <= as_of, stands())
        .correlate(Referral)
        .scalar_subquery()
    )
    return (
        select(Event.at)
        .where(Event.id == last_change, Event.action.in_(ENDINGS))
        .correlate(Referral)
        .scalar_subquery()
    )


def closings(session: Session, past: Past, start: datetime, end: datetime) -> list[ChangeRow]:
    """Concerns that were closed from `start` until before `end` and were so still at that past moment.

    From the history: an issue reopened later was closed then, with the outcome that was named then.
    """
    last_change = (
        select(func.max(Event.id).label("id"))
        .where(Event.entity == "issue", Event.action.in_(ISSUE_STATES), Event.at <= past.as_of)
        .where(stands())
        .group_by(Event.entity_id)
        .subquery()
    )
    return list(_changes(session, past, Event.id.in_(select(last_change.c.id)), "closed", start, end))


def reopenings(session: Session, past: Past, start: datetime, end: datetime) -> list[ChangeRow]:
    """Each time that a concern was opened again from `start` until before `end`."""
    return list(_changes(session, past, and_(Event.at <= past.as_of, stands()), "reopened", start, end))


def _changes(
    session: Session, past: Past, which: ColumnElement[bool], action: str, start: datetime, end: datetime
) -> Iterator[ChangeRow]:
    outcome = func.coalesce(Event.after["outcome"].as_string(), Issue.outcome)
    rows = session.execute(
        select(Issue.id, Event.at, outcome)
        .join(Event, and_(Event.entity == "issue", Event.entity_id == Issue.id))
        .where(which, Event.action == action, Event.at >= start, Event.at < end)
        .order_by(Event.id)
    )
    for issue_id, at, named in rows:
        then = past.issues[issue_id]
        if then.kind == "concern":
            place = then.topic, then.province_code, then.commune_code
            yield ChangeRow(issue_id, *place, at, named)
