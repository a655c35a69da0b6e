"""Hôm nay: what waits for a person, by what is to be done."""

from datetime import timedelta

from starlette.responses import Response

from store.queries import desk as queries
from web.deadlines import Deadlines
from web.evidence import headline, passage, speaking_article
from web.visits import Visit

SHOWN = 50


def today(visit: Visit, problem: str | None = None, status: int = 200) -> Response:
    desk = visit.desk
    now = desk.clock()
    deadlines = Deadlines(desk.settings, now)
    silent_since = now - timedelta(hours=desk.settings.digest.silent_hours)
    with desk.store.read() as session:
        return visit.render(
            "today.html",
            status,
            problem=problem,
            now=now,
            deadlines=deadlines,
            headline=headline,
            passage=passage,
            speaking_article=speaking_article,
            to_confirm=queries.waiting_for_confirmation(session, SHOWN),
            to_approve=queries.waiting_for_approval(session, SHOWN),
            due=queries.due_by(session, deadlines.horizon, SHOWN),
            to_judge=queries.waiting_for_judgement(session, SHOWN),
            unrouted=queries.routing_problems(session, SHOWN),
            stuck=queries.stuck_deliveries(session, SHOWN),
            sources=queries.ailing_sources(session, silent_since, SHOWN),
        )
