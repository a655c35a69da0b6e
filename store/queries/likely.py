"""Which other issues may be the same problem, for a person who is to merge them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session

from store.models import Issue
from store.queries.placing import MERGEABLE
from store.wording import forms

LOOKED_AT = 60
"""of the commune, and of the topic: the latest"""
ALIKE = 0.5
"""share of the shorter title's words from which on two titles tell of the same"""


class Other(NamedTuple):
    id: int
    title: str
    topic: str
    province_code: str | None
    commune_code: str | None
    commune_candidates: list[Any]
    place_name: str | None
    state: str
    last_seen_at: datetime


def likely_others(session: Session, issue: Issue, limit: int) -> list[Other]:
    """Open issues of the same kind and province that share its topic and may lie in its commune, or share one
    of the two and are called alike; the likeliest first."""
    near = Issue.commune_code.in_(_communes(issue)) if _communes(issue) else false()
    found = {
        other.id: other
        for where in (near, Issue.topic == issue.topic)
        for other in _latest(session, issue, where)
        if None in (issue.province_code, other.province_code) or issue.province_code == other.province_code
    }
    told = forms(issue.title or "")
    weighed = [(_weight(issue, told, other), other) for other in found.values()]
    likely = [(weight, other) for weight, other in weighed if weight]
    likely.sort(key=lambda one: (one[0], one[1].last_seen_at, -one[1].id), reverse=True)
    return [other for _, other in likely[:limit]]


def _latest(session: Session, issue: Issue, where: ColumnElement[bool]) -> list[Other]:
    query = (
        select(*(getattr(Issue, name) for name in Other._fields))
        .where(where, Issue.id != issue.id, Issue.kind == issue.kind, Issue.state.in_(MERGEABLE))
        .order_by(Issue.last_seen_at.desc(), Issue.id.desc())
        .limit(LOOKED_AT)
    )
    return [Other(*row) for row in session.execute(query)]


def _communes(issue: Issue | Other) -> Sequence[str]:
    """Those it may lie in."""
    return [issue.commune_code] if issue.commune_code else (issue.commune_candidates or [])


def _weight(issue: Issue, told: set[str], other: Other) -> float:
    """0 where nothing speaks for it."""
    mine, theirs = set(_communes(issue)), set(_communes(other))
    near = 2 if mine & theirs else 0 if mine and theirs else 1
    same_topic = 2 if issue.topic == other.topic else 0
    said = forms(other.title)
    alike = len(told & said) / (min(len(told), len(said)) or 1)
    return near + same_topic + 3 * alike if near + same_topic == 4 or alike >= ALIKE else 0
