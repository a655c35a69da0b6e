"""What the daily digest asks the store."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from store.models import (
    Article,
    Digest,
    Event,
    Finding,
    Issue,
    IssueArticle,
    Referral,
    Reply,
)
from store.queries.undone import stands

HIDDEN = ("dismissed", "merged")
UNANSWERED = ("sent", "acknowledged", "returned")
UNDER_WAY = ("drafted", "approved", "answered", *UNANSWERED)
CONFIRMED = ("confirmed", "referred", "reopened")


def previous_digest_at(session: Session, day: date) -> datetime | None:
    """When the last digest of an earlier day was made."""
    return session.scalar(select(Digest.made_at).where(Digest.day < day).order_by(Digest.day.desc()).limit(1))


def article_counts(session: Session, since: datetime, until: datetime) -> tuple[int, int]:
    """Articles first seen after `since` up to `until`, and the outlets they come from."""
    row = session.execute(
        select(func.count(), func.count(Article.outlet_key.distinct())).where(
            Article.first_seen_at > since, Article.first_seen_at <= until
        )
    ).one()
    return row[0], row[1]


def concern_article_counts(session: Session, since: datetime, until: datetime) -> tuple[int, int]:
    """Of those, the articles (and outlets) that belong to a concern still shown."""
    row = session.execute(
        select(func.count(), func.count(Article.outlet_key.distinct()))
        .select_from(Article)
        .join(IssueArticle, IssueArticle.article_id == Article.id)
        .join(Issue, Issue.id == IssueArticle.issue_id)
        .where(
            Article.first_seen_at > since,
            Article.first_seen_at <= until,
            Issue.kind == "concern",
            Issue.state.not_in(HIDDEN),
        )
    ).one()
    return row[0], row[1]


def issues_touched(session: Session, since: datetime, until: datetime) -> Sequence[Issue]:
    """Issues, shown ones only, that are new or changed after `since`, or that still owe something:
    an answer to a referral, a person's look. The most urgent first, then the latest."""
    changed = or_(
        Issue.detected_at > since,
        Issue.id.in_(select(IssueArticle.issue_id).where(IssueArticle.joined_at > since)),
        Issue.id.in_(select(Event.entity_id).where(Event.entity == "issue", Event.at > since, stands())),
        Issue.id.in_(_issues_of_referral_events(since)),
        Issue.id.in_(select(Referral.issue_id).join(Reply).where(Reply.recorded_at > since)),
    )
    owing = or_(
        Issue.id.in_(select(Referral.issue_id).where(Referral.state.in_(UNANSWERED))),
        Issue.restricted & (Issue.state == "detected"),
        Issue.routing_problem.is_not(None),
        _without_referral(),
    )
    return session.scalars(
        _with_all()
        .where(
            Issue.state.not_in(HIDDEN),
            Issue.detected_at <= until,
            or_(changed, owing & (Issue.state != "closed")),
        )
        .order_by(Issue.urgency.desc(), Issue.last_seen_at.desc(), Issue.id)
    ).all()


def _issues_of_referral_events(since: datetime) -> Select[int]:
    return (
        select(Referral.issue_id)
        .join(Event, Event.entity_id == Referral.id)
        .where(Event.entity == "referral", Event.at > since, stands())
    )


def _with_all() -> Select[Issue]:
    """Issues with everything a line of the digest says, in a fixed number of statements."""
    return select(Issue).options(
        selectinload(Issue.articles).selectinload(IssueArticle.article).selectinload(Article.finding),
        selectinload(Issue.referrals).selectinload(Referral.replies),
    )


def events_by_issue(session: Session, since: datetime, until: datetime) -> dict[int, list[Event]]:
    """What happened to each issue and to its referrals after `since`, in order."""
    rows = session.execute(
        select(Event, Referral.issue_id)
        .outerjoin(Referral, (Event.entity == "referral") & (Event.entity_id == Referral.id))
        .where(Event.at > since, Event.at <= until, Event.entity.in_(("issue", "referral")), stands())
        .order_by(Event.id)
    )
    events: dict[int, list[Event]] = {}
    for event, issue_id in rows:
        events.setdefault(event.entity_id if issue_id is None else issue_id, []).append(event)
    return events


def articles_without_issue(
    session: Session, kind: str, since: datetime, until: datetime
) -> Sequence[Article]:
    """Articles of that kind, grouped after `since`, that joined no issue; restricted ones wait unseen."""
    return session.scalars(
        select(Article)
        .join(Article.finding)
        .outerjoin(Article.membership)
        .options(contains_eager(Article.finding))
        .where(
            Finding.kind == kind,
            Finding.restricted.is_(False),
            Finding.grouped_at > since,
            Finding.grouped_at <= until,
            IssueArticle.id.is_(None),
        )
        .order_by(Article.published_at, Article.id)
    ).all()


def unconfirmed_count(session: Session) -> int:
    """Concerns that no person has confirmed or dismissed."""
    return (
        session.scalar(
            select(func.count()).select_from(Issue).where(Issue.state == "detected", Issue.kind == "concern")
        )
        or 0
    )


def issues_with_routing_problem(session: Session) -> Sequence[Issue]:
    """Confirmed ones, with their referrals."""
    query = (
        select(Issue)
        .where(Issue.routing_problem.is_not(None), Issue.state.in_(CONFIRMED))
        .options(selectinload(Issue.referrals))
    )
    return session.scalars(query).all()


def without_referral_ids(session: Session) -> frozenset[int]:
    """Open concerns that were confirmed, that no lead agency has and of which no routing problem says why."""
    return frozenset(session.scalars(select(Issue.id).where(_without_referral())))


def _without_referral() -> ColumnElement[bool]:
    """A co-agency answers beside the lead, not for it; and a letter of an earlier round answers for that."""
    lead = select(Referral.id).where(
        Referral.issue_id == Issue.id,
        Referral.round == Issue.round,
        Referral.role == "lead",
        Referral.state.in_((*UNDER_WAY, "accepted")),
    )
    return and_(
        Issue.kind == "concern",
        Issue.state.in_(CONFIRMED),
        Issue.routing_problem.is_(None),
        ~lead.exists(),
    )


def drafted_count(session: Session) -> int:
    """Referrals that wait for approval, as the desk lists them."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Referral)
            .join(Referral.issue)
            .where(Referral.state == "drafted", Issue.state.in_(CONFIRMED))
        )
        or 0
    )


def unjudged_count(session: Session) -> int:
    """Replies that nobody has accepted or returned."""
    return session.scalar(select(func.count()).select_from(Reply).where(Reply.judgement.is_(None))) or 0
