"""Issues as anybody may see them: confirmed by a person, not restricted, never a good example's names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from store.models import Event, Issue

OPEN_STATES = ("confirmed", "referred", "reopened")
CLOSED_STATES = ("closed",)
_STATE = Issue.state + ""
"""most issues are in one of them: they are looked for along the list, newest first, not sorted all"""


@dataclass(frozen=True)
class Wanted:
    """None: whatever it is. `ids` alone decide where they are given."""

    states: tuple[str, ...] = (*OPEN_STATES, *CLOSED_STATES)
    ids: tuple[int, ...] | None = None
    topics: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None


def issues_for_all(session: Session, wanted: Wanted, *, limit: int, offset: int = 0) -> Sequence[Issue]:
    """The newest first."""
    query = (
        select(Issue)
        .where(
            _STATE.in_((*OPEN_STATES, *CLOSED_STATES)),
            Issue.restricted.is_(False),
            Issue.kind == "concern",
        )
        .options(selectinload(Issue.referrals))
        .order_by(Issue.first_seen_at.desc(), Issue.id.desc())
        .limit(limit)
        .offset(offset)
    )
    if wanted.ids is not None:
        return session.scalars(query.where(Issue.id.in_(wanted.ids))).all()
    query = query.where(_STATE.in_(wanted.states))
    if wanted.topics is not None:
        query = query.where(Issue.topic.in_(wanted.topics))
    if wanted.since is not None:
        query = query.where(Issue.first_seen_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(Issue.first_seen_at <= wanted.until)
    return session.scalars(query).all()


def changed_at(session: Session, issues: Sequence[Issue]) -> dict[int, datetime]:
    """When the history last tells of each."""
    query = (
        select(Event.entity_id, func.max(Event.id))
        .where(Event.entity == "issue", Event.entity_id.in_([issue.id for issue in issues]))
        .group_by(Event.entity_id)
    )
    last = {event_id: issue_id for issue_id, event_id in session.execute(query)}
    moments = session.execute(select(Event.id, Event.at).where(Event.id.in_(last)))
    return {last[event_id]: moment for event_id, moment in moments}
