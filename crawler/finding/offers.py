"""What a site offers, and whether it is worth reading."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.settings import SourceKind

_STALE = timedelta(days=30)
"""Feeds are forgotten when a site is rebuilt; no section of an outlet is silent for a month."""


@dataclass(frozen=True)
class FoundSource:
    kind: SourceKind
    url: str
    title: str | None
    items: int
    newest: datetime | None
    doubt: str | None = None
    """why it is better left out; None: it is good"""


def doubt_of(items: int, newest: datetime | None, now: datetime) -> str | None:
    if items == 0:
        return "it names nothing"
    if newest is not None and newest < now - _STALE:
        return f"nothing new since {newest:%d/%m/%Y}"
    return None


def best_first(found: Iterable[FoundSource]) -> list[FoundSource]:
    return sorted(
        found,
        key=lambda one: (one.doubt is not None, -one.newest.timestamp() if one.newest else 0.0),
    )
