"""Issues and referrals that a stage still has to deal with."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from store.models import Article, Event, Issue, IssueArticle, Referral


def detected_ids(session: Session) -> list[int]:
    return list(session.scalars(select(Issue.id).where(Issue.state == "detected").order_by(Issue.id)))


def unrouted_ids(session: Session) -> list[int]:
    """Confirmed or reopened concerns to which nothing has been drafted since and nothing is running.

    Left out are refused issues, and those whose draft a person withdrew: they wait for a person's choice.
    """
    opened_at = (
        select(func.max(Event.at))
        .where(
            Event.entity == "issue", Event.entity_id == Issue.id, Event.action.in_(("confirmed", "reopened"))
        )
        .scalar_subquery()
    )
    taken_care_of = select(Referral.id).where(
        Referral.issue_id == Issue.id,
        or_(Referral.state.not_in(("withdrawn", "accepted")), Referral.drafted_at >= opened_at),
    )
    query = (
        select(Issue.id)
        .where(Issue.kind == "concern", Issue.state.in_(("confirmed", "reopened")), ~taken_care_of.exists())
        .order_by(Issue.id)
    )
    return list(session.scalars(query))


def approved_without_letter(session: Session) -> Sequence[Referral]:
    query = (
        select(Referral)
        .where(Referral.state == "approved", Referral.letter_path.is_(None))
        .order_by(Referral.number_year, Referral.number)
    )
    return session.scalars(query).all()


def joinable(session: Session, seen_since: datetime) -> list[Issue]:
    """Issues that a new article may belong to, with their articles and texts."""
    query = (
        select(Issue)
        .options(
            selectinload(Issue.articles).selectinload(IssueArticle.article).selectinload(Article.finding)
        )
        .where(Issue.state != "merged", Issue.last_seen_at >= seen_since)
        .order_by(Issue.id)
    )
    return list(session.scalars(query))
