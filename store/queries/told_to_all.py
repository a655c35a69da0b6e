"""Issues as anybody may see them: confirmed by a person, not restricted, never a good example's names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from store.models import Event, Issue, Referral
from store.planning import aside, widely

OPEN_STATES = ("confirmed", "referred", "reopened")
CLOSED_STATES = ("closed",)
SENT = ("sent", "acknowledged", "answered", "accepted", "returned")
"""states of a referral whose letter has reached its agency"""
_STATE = aside(Issue.state)
"""most issues are in one of them: they are looked for along the list, newest first, not sorted all"""


@dataclass(frozen=True)
class Wanted:
    """None: whatever it is. `ids` alone decide where they are given."""

    states: tuple[str, ...] = (*OPEN_STATES, *CLOSED_STATES)
    ids: tuple[int, ...] | None = None
    topics: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None


class Lead(NamedTuple):
    agency_name: str
    deadline_at: datetime | None


class ForAll(NamedTuple):
    """An issue, as anybody may see it."""

    id: int
    state: str
    outcome: str | None
    topic: str
    title: str
    place_name: str | None
    commune_code: str | None
    province_code: str | None
    first_seen_at: datetime
    detected_at: datetime
    lead: Lead | None
    """the last that a letter has reached"""


_COLUMNS = tuple(getattr(Issue, name) for name in ForAll._fields[:-1])


def issues_for_all(session: Session, wanted: Wanted, *, limit: int, offset: int = 0) -> list[ForAll]:
    """The newest first."""
    query = (
        select(*_COLUMNS)
        .where(
            _STATE.in_((*OPEN_STATES, *CLOSED_STATES)),
            Issue.restricted.is_(False),
            Issue.kind == "concern",
        )
        .order_by(Issue.first_seen_at.desc(), Issue.id.desc())
        .limit(limit)
        .offset(offset)
    )
    rows = session.execute(_narrowed(query, wanted)).all()
    leads = _leads(session, [row[0] for row in rows])
    return [ForAll._make((*row, leads.get(row[0]))) for row in rows]


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.ids is not None:
        return query.where(Issue.id.in_(wanted.ids))
    query = query.where(_STATE.in_(wanted.states))
    if wanted.topics is not None:
        query = query.where(Issue.topic.in_(wanted.topics))
    if wanted.since is not None:
        query = query.where(Issue.first_seen_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(Issue.first_seen_at <= wanted.until)
    return query


def _leads(session: Session, issue_ids: Sequence[int]) -> dict[int, Lead]:
    query = (
        select(Referral.issue_id, Referral.agency_name, Referral.deadline_at)
        .where(Referral.issue_id.in_(issue_ids), Referral.role == "lead", widely(Referral.state.in_(SENT)))
        .order_by(Referral.id)
    )
    return {issue_id: Lead(name, deadline) for issue_id, name, deadline in session.execute(query)}


def changed_at(session: Session, issues: Sequence[ForAll]) -> dict[int, datetime]:
    """When the history last tells of each."""
    query = (
        select(Event.entity_id, func.max(Event.id))
        .where(Event.entity == "issue", Event.entity_id.in_([issue.id for issue in issues]))
        .group_by(Event.entity_id)
    )
    last = {event_id: issue_id for issue_id, event_id in session.execute(query)}
    moments = session.execute(select(Event.id, Event.at).where(Event.id.in_(last)))
    return {last[event_id]: moment for event_id, moment in moments}
