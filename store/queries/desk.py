"""What the desk's pages ask for; each function asks a fixed number of questions, whatever it finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, cast, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, load_only, selectinload

from store.models import (
    Article,
    Delivery,
    Digest,
    Event,
    Finding,
    Issue,
    IssueArticle,
    ProposedReply,
    Referral,
    Reply,
    User,
)
from store.planning import aside, widely
from store.queries.outbox import stuck

T = TypeVar("T")

OPEN = ("detected", "confirmed", "referred", "reopened")
AWAITING_ANSWER = ("sent", "acknowledged", "returned")
UNANSWERED = widely(
    Referral.state.in_(bindparam(None, AWAITING_ANSWER, expanding=True, literal_execute=True))
)
"""said in words, not in values that a database sees later: so it finds the index of these referrals"""
OF_OPEN = aside(Issue.state).in_(OPEN)
"""by which no list is made: a list of few among them is gone along in its own order"""
_LISTED = (
    Issue.title,
    Issue.kind,
    Issue.topic,
    Issue.urgency,
    Issue.place_name,
    Issue.commune_code,
    Issue.restricted,
    Issue.state,
    Issue.detected_at,
    Issue.routing_problem,
    Issue.version,
)
_REFERRAL = (
    Referral.issue_id,
    Referral.agency_name,
    Referral.role,
    Referral.state,
    Referral.number,
    Referral.request,
    Referral.deadline_at,
    Referral.drafted_at,
)
"""what a line of a list shows"""


@dataclass(frozen=True)
class Part(Generic[T]):
    """Some rows of a list, and how many it has in all."""

    rows: Sequence[T]
    total: int


def waiting_for_confirmation(session: Session, limit: int) -> Part[Issue]:
    query = (
        select(Issue)
        .where(Issue.state == "detected")
        .options(load_only(*_LISTED))
        .order_by(Issue.urgency.desc(), Issue.last_seen_at.desc(), Issue.id)
    )
    return _part(session, query, Issue, limit)


def speaking_articles(session: Session, issue_ids: Sequence[int]) -> dict[int, Article]:
    """Of each issue, with its finding, the article whose evidence speaks for it: the surest, reprints and
    answers last."""
    speaks = IssueArticle.role.in_(("report", "followup"))
    place = func.row_number().over(
        partition_by=IssueArticle.issue_id,
        order_by=(
            speaks.desc(),
            (cast(Finding.evidence, Text) != "[]").desc(),
            Finding.score.desc(),
            IssueArticle.id,
        ),
    )
    ranked = (
        select(IssueArticle.issue_id, IssueArticle.article_id, place.label("place"))
        .join(Finding, Finding.article_id == IssueArticle.article_id)
        .where(IssueArticle.issue_id.in_(issue_ids))
        .subquery()
    )
    query = (
        select(ranked.c.issue_id, Article)
        .join(Article, Article.id == ranked.c.article_id)
        .where(ranked.c.place == 1)
        .options(
            load_only(Article.title, Article.lead, Article.body, Article.outlet_name, Article.published_at),
            joinedload(Article.finding).load_only(Finding.evidence),
        )
    )
    return dict(session.execute(query).all())


def waiting_for_approval(session: Session, limit: int) -> Part[Referral]:
    query = (
        select(Referral)
        .join(Referral.issue)
        .where(Referral.state == "drafted", Issue.state.in_(("confirmed", "referred", "reopened")))
        .options(load_only(*_REFERRAL), contains_eager(Referral.issue).load_only(*_LISTED))
        .order_by(Issue.urgency.desc(), Referral.drafted_at, Referral.id)
    )
    return _part(session, query, Referral, limit)


def due_by(session: Session, horizon: datetime, limit: int, total: int | None = None) -> Part[Referral]:
    """Unanswered referrals of open issues due before `horizon`; what is late longest first, leads first.

    `total`: how many there are, where it is known.
    """
    # Their numbers first: thousands may be late, and whole rows are long to sort.
    late = (
        select(Referral.id)
        .join(Referral.issue)
        .where(UNANSWERED, Referral.deadline_at <= horizon, OF_OPEN)
        .order_by(Referral.deadline_at, Referral.issue_id, Referral.role.desc(), Referral.id)
    )
    ids = session.scalars(late.limit(limit)).all()
    query = (
        select(Referral)
        .where(Referral.id.in_(ids))
        .options(load_only(*_REFERRAL), joinedload(Referral.issue).load_only(*_LISTED))
    )
    by_id = {referral.id: referral for referral in session.scalars(query)}
    if len(ids) < limit:
        total = len(ids)
    return Part(
        [by_id[number] for number in ids], _count(session, late, Referral) if total is None else total
    )


def waiting_for_judgement(session: Session, limit: int) -> Part[Reply]:
    query = (
        select(Reply)
        .where(Reply.judgement.is_(None))
        .options(joinedload(Reply.referral).joinedload(Referral.issue), selectinload(Reply.attachments))
        .order_by(Reply.received_at, Reply.id)
    )
    return _part(session, query, Reply, limit)


def routing_problems(session: Session, limit: int) -> Part[Issue]:
    query = (
        select(Issue)
        .where(
            Issue.routing_problem.is_not(None), aside(Issue.state).in_(("confirmed", "referred", "reopened"))
        )
        .options(load_only(*_LISTED), selectinload(Issue.referrals))
        .order_by(Issue.urgency.desc(), Issue.last_seen_at.desc(), Issue.id)
    )
    return _part(session, query, Issue, limit)


def stuck_deliveries(session: Session, limit: int) -> Part[Delivery]:
    query = stuck().options(joinedload(Delivery.referral).joinedload(Referral.issue))
    return _part(session, query, Delivery, limit)


def issue(session: Session, issue_id: int) -> Issue | None:
    """One issue with all that its page shows, articles and events apart."""
    return session.get(
        Issue,
        issue_id,
        options=(
            selectinload(Issue.referrals).options(
                selectinload(Referral.deliveries).defer(Delivery.message),
                selectinload(Referral.replies).selectinload(Reply.attachments),
                selectinload(Referral.proposed_replies).selectinload(ProposedReply.attachments),
                selectinload(Referral.time_requests),
            ),
        ),
    )


def history(session: Session, issues: Sequence[int], limit: int) -> Part[Event]:
    """Events of an issue, of those merged into it, and of their referrals, deliveries and replies, the newest
    first."""
    referrals = session.scalars(select(Referral.id).where(Referral.issue_id.in_(issues))).all()
    things: dict[str, Sequence[int]] = {
        "issue": issues,
        "referral": referrals,
        "delivery": session.scalars(select(Delivery.id).where(Delivery.referral_id.in_(referrals))).all(),
        "reply": session.scalars(select(Reply.id).where(Reply.referral_id.in_(referrals))).all(),
    }
    theirs: list[ColumnElement[bool]] = [
        and_(Event.entity == entity, Event.entity_id.in_(ids)) for entity, ids in things.items() if ids
    ]
    # So written, the order is no index's: SQLite would go along the events of all issues for it.
    return _part(session, select(Event).where(or_(*theirs)).order_by((Event.id + 0).desc()), Event, limit)


def posts(session: Session) -> dict[str, str]:
    """The post behind each account name, for the history."""
    return dict(session.execute(select(User.name, User.post)).all())


def issue_of_referral(session: Session, referral_id: int) -> int | None:
    return session.scalar(select(Referral.issue_id).where(Referral.id == referral_id))


def issue_of_reply(session: Session, reply_id: int) -> int | None:
    return session.scalar(select(Referral.issue_id).join(Reply).where(Reply.id == reply_id))


def issue_of_delivery(session: Session, delivery_id: int) -> int | None:
    return session.scalar(
        select(Referral.issue_id)
        .join(Delivery, Delivery.referral_id == Referral.id)
        .where(Delivery.id == delivery_id)
    )


def letter_path(session: Session, referral_id: int) -> str | None:
    return session.scalar(select(Referral.letter_path).where(Referral.id == referral_id))


def digests(session: Session, span: slice) -> Sequence[tuple[date, datetime]]:
    """Days and when the digest of each was made, the last first."""
    query = select(Digest.day, Digest.made_at).order_by(Digest.day.desc()).slice(span.start, span.stop)
    return [(day, made_at) for day, made_at in session.execute(query)]


def count_of_digests(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Digest)) or 0


def digest(session: Session, day: date) -> Digest | None:
    return session.scalar(select(Digest).where(Digest.day == day))


def _part(session: Session, query: Select[T], model: Any, limit: int) -> Part[T]:
    rows = session.scalars(query.limit(limit)).all()
    return Part(rows, len(rows) if len(rows) < limit else _count(session, query, model))


def _count(session: Session, query: Select[Any], model: Any) -> int:
    ids = query.with_only_columns(model.id).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(ids)) or 0
