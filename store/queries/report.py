"""What a report of a period asks the store: plain rows for tables, never a person."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from store.models import Article, Event, Issue, IssueArticle
from store.queries.digest import HIDDEN
from store.queries.past import IssueThen, Past
from store.queries.undone import stands

ENDINGS = ("closed", *HIDDEN)
ISSUE_STATES = (*ENDINGS, "confirmed", "referred", "reopened", "unmerged")
"""as events name them; an issue is born detected without one"""


class ReadRow(NamedTuple):
    """How many articles of an outlet were read."""

    outlet: str
    """the outlet's key"""
    outlet_name: str
    read: int


class ArticleRow(NamedTuple):
    """An article that told of a concern."""

    article: int
    outlet: str
    outlet_name: str
    issue: int
    topic: str
    province_code: str | None
    commune_code: str | None


class IssueRow(NamedTuple):
    issue: int
    kind: str
    topic: str
    province_code: str | None
    commune_code: str | None
    detected_at: datetime


class ChangeRow(NamedTuple):
    """An issue that was closed or reopened."""

    issue: int
    topic: str
    province_code: str | None
    commune_code: str | None
    at: datetime
    outcome: str | None
    """named with a closing"""


class StateChange(NamedTuple):
    event: int
    issue: int
    at: datetime
    action: str


def read(session: Session, start: datetime, end: datetime, *, named: bool) -> list[ReadRow]:
    """What was first seen from `start` until before `end`.

    `named`: by the outlet's name as well, which stands only in the rows of the articles themselves.
    """
    name = Article.outlet_name if named else Article.outlet_key
    rows = session.execute(
        select(Article.outlet_key, name, func.count())
        .where(Article.first_seen_at >= start, Article.first_seen_at < end)
        .group_by(Article.outlet_key, name)
    )
    return [ReadRow._make(row) for row in rows]


def articles(
    session: Session, past: Past, start: datetime, end: datetime, names: Mapping[str, str] | None
) -> list[ArticleRow]:
    """Those first seen from `start` until before `end` whose issue was a concern then.

    `names` of the outlets by their keys: where an outlet is missing the key stands for it; None where not all
    articles of an outlet bear the same name, so that each is asked for its own.

    One that joined its first issue later is counted with it, for it is read, tagged and grouped one after the
    other.
    """
    named = Article.outlet_name if names is None else Article.outlet_key
    rows = session.execute(
        select(Article.id, Article.outlet_key, named, IssueArticle.issue_id)
        .join(IssueArticle, IssueArticle.article_id == Article.id)
        .where(Article.first_seen_at >= start, Article.first_seen_at < end)
    )
    moved, issues, known = past.moved, past.issues, names or {}
    return [
        ArticleRow(
            article, key, known.get(name, name), then.issue, then.topic, then.province_code, then.commune_code
        )
        for article, key, name, issue in rows
        if _is_shown(then := issues[moved.get(article, issue)])
    ]


def _is_shown(issue: IssueThen) -> bool:
    return issue.kind == "concern" and issue.state not in HIDDEN


def issues(past: Past, start: datetime, end: datetime) -> list[IssueRow]:
    """Concerns and good examples detected from `start` until before `end`, without dismissed and merged."""
    return [
        IssueRow(
            issue.issue, issue.kind, issue.topic, issue.province_code, issue.commune_code, issue.detected_at
        )
        for issue in past.issues.values()
        if start <= issue.detected_at < end and issue.state not in HIDDEN
    ]


def state_changes(session: Session, until: datetime) -> list[StateChange]:
    """What made an issue's state other than it was, and stands, until that moment; the last last."""
    rows = session.execute(
        select(Event.id, Event.entity_id, Event.at, Event.action)
        .where(Event.entity == "issue", Event.action.in_(ISSUE_STATES), Event.at <= until, stands())
        .order_by(Event.id)
    )
    return [StateChange._make(row) for row in rows]


def endings(changes: Sequence[StateChange], as_of: datetime) -> dict[int, StateChange]:
    """What had ended each issue that was open no more at that past moment, by issue."""
    last = {change.issue: change for change in changes if change.at <= as_of}
    return {issue: change for issue, change in last.items() if change.action in ENDINGS}


def closings(
    session: Session, past: Past, ended: Mapping[int, StateChange], start: datetime, end: datetime
) -> list[ChangeRow]:
    """Concerns that were closed from `start` until before `end` and were so still at that past moment.

    From the history: an issue reopened later was closed then, with the outcome that was named then.
    """
    standing = {change.event for change in ended.values()}
    return [row for event, row in _changes(session, past, "closed", start, end) if event in standing]


def reopenings(session: Session, past: Past, start: datetime, end: datetime) -> list[ChangeRow]:
    """Each time that a concern was opened again from `start` until before `end`."""
    return [row for _, row in _changes(session, past, "reopened", start, end)]


def _changes(
    session: Session, past: Past, action: str, start: datetime, end: datetime
) -> Iterator[tuple[int, ChangeRow]]:
    """Each with the number of its event."""
    outcome = func.coalesce(Event.after["outcome"].as_string(), Issue.outcome)
    rows = session.execute(
        select(Event.id, Issue.id, Event.at, outcome)
        .join(Event, and_(Event.entity == "issue", Event.entity_id == Issue.id))
        .where(Event.action == action, Event.at >= start, Event.at < end, Event.at <= past.as_of, stands())
        .order_by(Event.id)
    )
    for event, issue, at, named in rows:
        then = past.issues[issue]
        if then.kind == "concern":
            yield event, ChangeRow(issue, then.topic, then.province_code, then.commune_code, at, named)
