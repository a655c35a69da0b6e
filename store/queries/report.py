"""What a report of a period asks the store: plain rows for tables, never a person."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from store.models import Article, Event, Issue, IssueArticle, Referral, Reply
from store.queries.digest import HIDDEN

ENDINGS = ("closed", *HIDDEN)
ISSUE_STATES = (*ENDINGS, "confirmed", "referred", "reopened")
"""as events name them; an issue is born detected without one"""


class ArticleRow(NamedTuple):
    article: int
    outlet: str
    """the outlet's key"""
    outlet_name: str
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


class ReferralRow(NamedTuple):
    referral: int
    issue: int
    agency: str
    agency_name: str
    topic: str
    province_code: str | None
    commune_code: str | None
    deadline_at: datetime | None
    acknowledged_at: datetime | None
    answered_at: datetime | None
    """the first reply that was not returned"""
    ended_at: datetime | None
    """when its issue was closed, dismissed or merged; None where the issue is open"""


class ClosingRow(NamedTuple):
    issue: int
    topic: str
    province_code: str | None
    commune_code: str | None
    outcome: str


def articles(session: Session, start: datetime, end: datetime) -> list[ArticleRow]:
    """Articles first seen from `start` until before `end`."""
    concern = aliased(Issue)
    shown = (concern.kind == "concern") & concern.state.not_in(HIDDEN)
    rows = session.execute(
        select(
            Article.id,
            Article.outlet_key,
            Article.outlet_name,
            concern.id,
            concern.topic,
            concern.province_code,
            concern.commune_code,
        )
        .outerjoin(IssueArticle, IssueArticle.article_id == Article.id)
        .outerjoin(concern, (concern.id == IssueArticle.issue_id) & shown)
        .where(Article.first_seen_at >= start, Article.first_seen_at < end)
        .order_by(Article.id)
    )
    return [ArticleRow._make(row) for row in rows]


def issues(session: Session, start: datetime, end: datetime) -> list[IssueRow]:
    """Concerns and good examples detected from `start` until before `end`, without dismissed and merged."""
    rows = session.execute(
        select(Issue.id, Issue.kind, Issue.topic, Issue.province_code, Issue.commune_code)
        .where(Issue.detected_at >= start, Issue.detected_at < end, Issue.state.not_in(HIDDEN))
        .order_by(Issue.id)
    )
    return [IssueRow._make(row) for row in rows]


def referrals(session: Session, start: datetime, end: datetime, as_of: datetime) -> list[ReferralRow]:
    """Referrals sent from `start` until before `end`, with what had come of them at `as_of`."""
    acknowledged = (
        select(func.min(Event.at))
        .where(Event.entity == "referral", Event.entity_id == Referral.id, Event.action == "acknowledged")
        .where(Event.at <= as_of)
        .correlate(Referral)
        .scalar_subquery()
    )
    answered = (
        select(func.min(Reply.received_at))
        .where(Reply.referral_id == Referral.id, Reply.received_at <= as_of)
        .where(func.coalesce(Reply.judgement, "") != "returned")
        .correlate(Referral)
        .scalar_subquery()
    )
    # The history, not the issue's state: the account of a past period must not change when the issue does.
    last_change = (
        select(func.max(Event.id))
        .where(Event.entity == "issue", Event.entity_id == Issue.id, Event.action.in_(ISSUE_STATES))
        .where(Event.at <= as_of)
        .correlate(Issue)
        .scalar_subquery()
    )
    ended = (
        select(Event.at)
        .where(Event.id == last_change, Event.action.in_(ENDINGS))
        .correlate(Issue)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Referral.id,
            Issue.id,
            Referral.agency_key,
            Referral.agency_name,
            Issue.topic,
            Issue.province_code,
            Issue.commune_code,
            Referral.deadline_at,
            acknowledged,
            answered,
            ended,
        )
        .join(Issue, Issue.id == Referral.issue_id)
        .where(Referral.sent_at >= start, Referral.sent_at < end, Referral.state != "refused")
        .order_by(Referral.id)
    )
    return [ReferralRow._make(row) for row in rows]


def closings(session: Session, start: datetime, end: datetime, as_of: datetime) -> list[ClosingRow]:
    """Concerns that were closed from `start` until before `end` and had stayed so at `as_of`.

    From the history: an issue reopened later was closed then, with the outcome that was named then.
    """
    last_change = (
        select(func.max(Event.id).label("id"))
        .where(Event.entity == "issue", Event.action.in_(ISSUE_STATES), Event.at <= as_of)
        .group_by(Event.entity_id)
        .subquery()
    )
    outcome = func.coalesce(Event.after["outcome"].as_string(), Issue.outcome)
    rows = session.execute(
        select(Issue.id, Issue.topic, Issue.province_code, Issue.commune_code, outcome)
        .join(Event, Event.entity_id == Issue.id)
        .join(last_change, last_change.c.id == Event.id)
        .where(Event.action == "closed", Issue.kind == "concern")
        .where(Event.at >= start, Event.at < end)
        .order_by(Issue.id)
    )
    return [ClosingRow._make(row) for row in rows]
