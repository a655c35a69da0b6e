"""The store as it stood at a past moment: what is now, taken back by what the history tells of later.

A report of a period that has ended must say the same whenever it is made, though issues are merged,
dismissed, corrected, closed or reopened since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from store.models import Article, Event, Issue, IssueArticle
from store.queries.reminders import EXTENDED, SENT_AGAIN

COLUMNS = ("kind", "topic", "province_code", "commune_code", "state", "outcome")
"""of an issue, that events tell the earlier value of"""
MOVES_THE_DAY = (EXTENDED, SENT_AGAIN)
BIRTH = ("detected", "joined")
"""what grouping does first: it changes nothing that was"""


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


def past_of(session: Session, as_of: datetime) -> Past:
    moved: dict[int, int] = {}
    columns: dict[int, dict[str, Any]] = {}
    for issue_id, before, after in _later_changes(session, as_of):
        for article in _articles(after):
            if "issue" in before:
                # The first change after the moment tells what was at it.
                moved.setdefault(article, int(before["issue"]))
        earlier = columns.setdefault(issue_id, {})
        for name in COLUMNS:
            if name in before:
                earlier.setdefault(name, before[name])
    return Past(as_of, _issues(session, columns), moved, _deadlines(session, as_of))


def _later_changes(session: Session, as_of: datetime) -> Sequence[Row[int, dict[str, Any], dict[str, Any]]]:
    query = (
        select(Event.entity_id, Event.before, Event.after)
        .where(Event.entity == "issue", Event.at > as_of, Event.action.not_in(BIRTH))
        .order_by(Event.id)
    )
    return session.execute(query).all()


def _articles(after: Mapping[str, Any]) -> list[int]:
    one = [after["article"]] if isinstance(after.get("article"), int) else []
    return [*one, *(number for number in after.get("articles") or () if isinstance(number, int))]


def _issues(session: Session, columns: Mapping[int, Mapping[str, Any]]) -> dict[int, IssueThen]:
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
    return {row[0]: IssueThen._make(row)._replace(**columns.get(row[0], {})) for row in rows}


def issues_of_articles(session: Session, past: Past, start: datetime, end: datetime) -> dict[int, int]:
    """The issue that each article first seen from `start` until before `end` belonged to then.

    One that joined its first issue later is counted with it, for it is read, tagged and grouped one after the
    other.
    """
    rows = session.execute(
        select(IssueArticle.article_id, IssueArticle.issue_id)
        .join(Article, Article.id == IssueArticle.article_id)
        .where(Article.first_seen_at >= start, Article.first_seen_at < end)
    )
    return {article: past.moved.get(article, issue) for article, issue in rows}


def outlets_of_issues(session: Session, past: Past) -> set[tuple[int, str]]:
    """Issue and outlet's name: who had written of what by then.

    By when the article was first seen, not by when it joined: an article that is moved joins anew.
    """
    rows = session.execute(
        select(IssueArticle.article_id, IssueArticle.issue_id, Article.outlet_name)
        .join(Article, Article.id == IssueArticle.article_id)
        .where(Article.first_seen_at < past.as_of)
    )
    return {(past.moved.get(article, issue), name) for article, issue, name in rows}


def _deadlines(session: Session, as_of: datetime) -> dict[int, datetime | None]:
    """Whatever moved it since: more time, or a letter that came back and was sent again."""
    rows = session.execute(
        select(Event.entity_id, Event.before)
        .where(Event.entity == "referral", Event.at > as_of)
        .order_by(Event.id.desc())
    )
    return {
        referral: before["deadline_at"] and datetime.fromisoformat(before["deadline_at"])
        for referral, before in rows
        if "deadline_at" in before
    }
