"""How many problems each commune has, and what a week has changed: counted by the database.

Issues of which only the province is known stand under it without a commune.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from store.models import Event, Issue, Referral
from store.planning import widely
from store.queries.desk import OPEN, UNANSWERED
from store.queries.past import BIRTH
from store.queries.registers import HIDDEN

A_WEEK = timedelta(days=7)
Place = tuple[str | None, str | None]
"""codes of province and commune"""


# Said in words, as the indexes have it that hold these issues.
_CONCERN = Issue.kind == bindparam(None, "concern", literal_execute=True)
_OPEN = widely(Issue.state.in_(bindparam(None, OPEN, expanding=True, literal_execute=True)))
_SEEN = widely(Issue.state.not_in(bindparam(None, HIDDEN, expanding=True, literal_execute=True)))


@dataclass(frozen=True)
class Counted:
    """`since` None: what is open now; else what was detected from then on, whatever became of it."""

    topic: str | None = None
    since: datetime | None = None

    @property
    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        of_topic = () if self.topic is None else (widely(Issue.topic == self.topic),)
        if self.since is None:
            return (_CONCERN, _OPEN, *of_topic)
        return (_CONCERN, _SEEN, Issue.detected_at >= self.since, *of_topic)


@dataclass(frozen=True)
class Tally:
    issues: int = 0
    urgent: int = 0
    last_week: int = 0
    """detected in the last seven days"""
    week_before: int = 0
    overdue: int = 0
    """open, with a referral whose deadline has gone by unanswered, as the report counts them"""


def tallies(session: Session, counted: Counted, *, urgent_from: int, now: datetime) -> dict[Place, Tally]:
    a_week_ago, two_weeks_ago = now - A_WEEK, now - 2 * A_WEEK
    late = select(Referral.issue_id).where(UNANSWERED, Referral.deadline_at < now)
    figures = (
        Issue.urgency >= urgent_from,
        Issue.detected_at > a_week_ago,
        and_(Issue.detected_at > two_weeks_ago, Issue.detected_at <= a_week_ago),
        and_(Issue.id.in_(late), *(() if counted.since is None else (_OPEN,))),
    )
    query = (
        select(
            Issue.province_code,
            Issue.commune_code,
            func.count(),
            *(func.count(case((one, 1))) for one in figures),
        )
        .where(*counted.conditions)
        .group_by(Issue.province_code, Issue.commune_code)
    )
    return {(province, commune): Tally(*counts) for province, commune, *counts in session.execute(query)}


def change_of_old(session: Session, topic: str | None, then: datetime) -> Counter[Place]:
    """Of the issues that were there `then`, how many more are open now than were.

    Only what has happened since is looked at.
    """
    change: Counter[Place] = Counter()
    for now, before in _changed_since(session, then):
        change[_place(now)] += _counts(now, topic)
        change[_place(before)] -= _counts(before, topic)
    return change


_TOLD = ("kind", "topic", "province_code", "commune_code", "state")
"""of an issue: by what it counts, and where"""


def _changed_since(session: Session, then: datetime) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Issues that were there then and of which something was changed since: as they are, as they were."""
    # So written, no index of entities is used: SQLite would go through the events of all years by it.
    of_issues = Event.entity.concat("") == "issue"
    rows = session.execute(
        select(Event.id, Issue.id, *(getattr(Issue, name) for name in _TOLD), Event.before)
        .join(Issue, and_(of_issues, Event.entity_id == Issue.id))
        .where(Event.at > then, Event.action.not_in(BIRTH), Issue.detected_at <= then)
    ).all()
    now: dict[int, dict[str, Any]] = {}
    earlier: dict[int, dict[str, Any]] = {}
    for _, issue_id, *values, before in sorted(rows, key=lambda row: row[0]):
        now[issue_id] = dict(zip(_TOLD, values, strict=True))
        # The first change after the moment tells what was at it.
        earlier[issue_id] = before | earlier.get(issue_id, {})
    for issue_id, columns in now.items():
        yield columns, columns | {name: earlier[issue_id].get(name, columns[name]) for name in _TOLD}


def _counts(issue: dict[str, Any], topic: str | None) -> int:
    return issue["kind"] == "concern" and issue["state"] in OPEN and topic in (None, issue["topic"])


def _place(issue: dict[str, Any]) -> Place:
    return issue["province_code"], issue["commune_code"]
