"""Which of an issue's articles its page shows: all, or, of many, those that say it best first."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from pipeline.growth import VOICES, Carrier
from pipeline.locating import locate
from store.models import Article, IssueArticle
from store.queries.carried import Carried, carried, members
from web.paging import Paging, paging

ROWS = 30
"""of a page: each brings its whole text"""


@dataclass(frozen=True)
class Articles:
    """Of one issue."""

    all: Sequence[Carried]
    """as they came"""
    paging: Paging
    shown: Sequence[IssueArticle]
    """those of the page, as they came"""
    speaking: Article | None
    """whose evidence speaks for the issue"""

    @cached_property
    def carriers(self) -> list[Carrier]:
        return [Carrier(one.role, one.published_at, one.outlet_key, _commune(one)) for one in self.all]

    @property
    def offered(self) -> list[Carried]:
        """Those of the page, to be ticked."""
        shown = {member.article_id for member in self.shown}
        return [one for one in self.all if one.article_id in shown]


class _Named(NamedTuple):
    places: list[dict[str, Any]]


def articles_of(session: Session, issue_id: int, page: str) -> Articles:
    """`page`: as the address has it."""
    every = carried(session, issue_id)
    best = [one.article_id for one in sorted(every, key=_weight, reverse=True)]
    part = paging(page, len(every), ROWS)
    wanted = best[part.span]
    read = members(session, {*wanted, *best[:1]})
    shown = [member for member in read if member.article_id in wanted]
    speaking = next((member.article for member in read if member.article_id == best[0]), None)
    return Articles(every, part, shown, speaking)


def _weight(one: Carried) -> tuple[bool, bool, float]:
    """The surest finding; reprints and answers last."""
    return one.role in VOICES, bool(one.has_evidence), one.score or 0.0


def _commune(one: Carried) -> str | None:
    return None if one.places is None else locate(one, _Named(one.places)).commune
