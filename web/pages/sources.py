"""Nguồn: every source that is read, how it is, and what to do where it ails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from starlette.responses import Response
from starlette.routing import Route

from pipeline.watching import STATE_IN_WORDS, SourceHealth, in_words, remedy, watched
from store.queries.sources import items_since
from web.permissions import Action
from web.visits import Visit, for_signed_in

A_WEEK = timedelta(days=7)
AILING = "can-xem"
OUTLET_KIND = {"newspaper": "báo", "broadcaster": "đài", "portal": "cổng thông tin"}
KIND = {
    "feed": "kênh RSS",
    "sitemap": "sơ đồ trang",
    "listing": "trang mục",
    "board": "mục hỏi đáp",
    "folder": "thư mục",
}


@dataclass(frozen=True)
class Row:
    health: SourceHealth
    items: int
    """named first in the last seven days"""

    @property
    def state(self) -> str:
        return STATE_IN_WORDS[self.health.state]

    @property
    def ailment(self) -> str:
        return in_words(self.health)

    @property
    def remedy(self) -> str:
        return remedy(self.health)


def sources(visit: Visit) -> Response:
    desk = visit.desk
    only_ailing = visit.request.query_params.get("loc") == AILING
    now = desk.clock()
    with desk.store.read() as session:
        found = watched(session, desk.settings, now)
        items = items_since(session, now - A_WEEK)
        rows = [Row(health, items.get(health.row.id, 0) if health.row else 0) for health in found]
    ailing = [row for row in rows if row.health.ails]
    return visit.render(
        "sources.html",
        now=now,
        rows=ailing if only_ailing else _ailing_first(rows),
        total=len(rows),
        ailing=len(ailing),
        outlets=len({row.health.source.outlet.key for row in rows}),
        items=sum(row.items for row in rows),
        only_ailing=only_ailing,
        outlet_kind=OUTLET_KIND,
        kind=KIND,
    )


def _ailing_first(rows: Sequence[Row]) -> list[Row]:
    """Each part in the order of the configuration."""
    return sorted(rows, key=lambda row: not row.health.ails)


def routes() -> list[Route]:
    return [Route("/nguon", for_signed_in(sources, Action.VIEW_SOURCES), name="sources")]
