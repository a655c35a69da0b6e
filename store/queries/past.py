"""The store as it stood at past moments: what is now, taken back by what the history tells of later.

A report of a period that has ended must say the same whenever it is made, though issues are merged,
dismissed, corrected, closed or reopened since.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from store.models import Article, Event, Issue, IssueArticle

COLUMNS = ("kind", "topic", "province_code", "commune_code", "state", "outcome")
"""of an issue, that events tell the earlier value of"""
BIRTH = ("detected", "joined")
"""what grouping does first: it changes nothing that was"""
AT_ONCE = 5_000
"""numbers that one question names"""


class IssueThen(NamedTuple):
    issue: int
    kind: str
    topic: str
    province_code: str | None
    commune_code: str | None
    state: str
    outcome: str | None
    detected_at: datetime


@dataclass(frozen=True)
class Past:
    as_of: datetime
    issues: Mapping[int, IssueThen]
    moved: Mapping[int, int]
    """articles that belong to another issue now, with the one they belonged to then"""
    deadlines: Mapping[int, datetime | None]
    """of referrals whose day was moved since"""


class Change(NamedTuple):
    at: datetime
    issue: int
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True)
class LookBack:
    """Read once, it tells how all stood at any moment from `since` on."""

    since: datetime
    issues: Mapping[int, IssueThen]
    """as they are now"""
    changes: Sequence[Change]
    """later than `since`, as they came"""
    days_moved: Sequence[tuple[datetime, int, datetime | None]]
    """when a referral was given another deadline, which one, and the deadline until then; the last first"""

    def at(self, as_of: datetime) -> Past:
        if as_of < self.since:
            raise ValueError(f"nothing is known of {as_of}, before {self.since}")
        moved: dict[int, int] = {}
        columns: dict[int, dict[str, Any]] = {}
        for change in self.changes:
            if change.at > as_of:
                _take_back(change, moved, columns)
        issues = dict(self.issues)
        for number, earlier in columns.items():
            if number in issues:
                issues[number] = issues[number]._replace(**earlier)
        deadlines = {referral: until_then for at, referral, until_then in self.days_moved if at > as_of}
        return Past(as_of, issues, moved, deadlines)


def _take_back(change: Change, moved: dict[int, int], columns: dict[int, dict[str, Any]]) -> None:
    """The first change after the moment tells what was at it."""
    if "issue" in change.before:
        for article in _articles(change.after):
            moved.setdefault(article, int(change.before["issue"]))
    earlier = columns.setdefault(change.issue, {})
    for name in COLUMNS:
        if name in change.before:
            earlier.setdefault(name, change.before[name])


def _articles(after: Mapping[str, Any]) -> list[int]:
    one = [after["article"]] if isinstance(after.get("article"), int) else []
    return [*one, *(number for number in after.get("articles") or () if isinstance(number, int))]


def look_back(session: Session, since: datetime) -> LookBack:
    return LookBack(since, _issues(session), _changes(session, since), _days_moved(session, since))


def _issues(session: Session) -> dict[int, IssueThen]:
    rows = session.execute(
        select(
            Issue.id,
            Issue.kind,
            Issue.topic,
            Issue.province_code,
            Issue.commune_code,
            Issue.state,
            Issue.outcome,
            Issue.detected_at,
        ).order_by(Issue.id)
    )
    return {row[0]: IssueThen._make(row) for row in rows}


def _changes(session: Session, since: datetime) -> list[Change]:
    rows = session.execute(
        select(Event.at, Event.entity_id, Event.before, Event.after)
        .where(Event.entity == "issue", Event.at > since, Event.action.not_in(BIRTH))
        .order_by(Event.id)
    )
    return [Change._make(row) for row in rows]


def _days_moved(session: Session, since: datetime) -> list[tuple[datetime, int, datetime | None]]:
    """Whatever moved it since: more time, or a letter that came back and was sent again."""
    rows = session.execute(
        select(Event.at, Event.entity_id, Event.before)
        .where(Event.entity == "referral", Event.at > since)
        .order_by(Event.id.desc())
    )
    return [
        (at, referral, before["deadline_at"] and datetime.fromisoformat(before["deadline_at"]))
        for at, referral, before in rows
        if "deadline_at" in before
    ]


def outlets_of_issues(session: Session, past: Past, issues: Collection[int]) -> set[tuple[int, str]]:
    """Issue and outlet's name: who had written of these by then.

    By when the article was first seen, not by when it joined: an article that is moved joins anew.
    """
    wanted = set(issues)
    came = [article for article, issue in past.moved.items() if issue in wanted]
    return {
        (issue_then, name)
        for which in (*among(IssueArticle.issue_id, wanted), *among(IssueArticle.article_id, came))
        for article, issue, name in session.execute(
            select(IssueArticle.article_id, IssueArticle.issue_id, Article.outlet_name)
            .join(Article, Article.id == IssueArticle.article_id)
            .where(which, Article.first_seen_at < past.as_of)
        )
        if (issue_then := past.moved.get(article, issue)) in wanted
    }


def among(column: Any, numbers: Collection[int]) -> Iterator[ColumnElement[bool]]:
    """Conditions that together hold where the column is one of the numbers: a question for each."""
    ordered = sorted(numbers)
    for first in range(0, len(ordered), AT_ONCE):
        yield column.in_(ordered[first : first + AT_ONCE])
