"""Hôm nay: what waits for a person, by what is to be done."""

from collections.abc import Sequence

from starlette.responses import Response

from pipeline.competence import contested
from pipeline.deadlines import Deadlines, horizon
from pipeline.watching import SourceHealth, ailing, in_words, watched
from store.queries import answers
from store.queries import desk as queries
from store.queries.inbox import unclear_mails
from store.queries.reminders import extensions
from web.evidence import headline, own_headline, passage, speaking_article
from web.visits import Visit

SHOWN = 50


def today(visit: Visit, problem: str | None = None, status: int = 200) -> Response:
    desk = visit.desk
    now = desk.clock()
    with desk.store.read() as session:
        near = queries.due_by(session, horizon(desk.settings, now), SHOWN)
        asked = answers.time_requests(session, SHOWN)
        shown = [one.id for one in near.rows] + [one.referral_id for one in asked.rows]
        return visit.render(
            "today.html",
            status,
            problem=problem,
            now=now,
            deadlines=Deadlines(desk.settings, now, extensions(session, shown)),
            headline=headline,
            own_headline=own_headline,
            contested=contested,
            passage=passage,
            speaking_article=speaking_article,
            to_confirm=queries.waiting_for_confirmation(session, SHOWN),
            to_approve=queries.waiting_for_approval(session, SHOWN),
            due=near,
            to_judge=queries.waiting_for_judgement(session, SHOWN),
            proposed=answers.proposed_replies(session, SHOWN),
            time_requests=asked,
            mails=unclear_mails(session, SHOWN),
            unrouted=queries.routing_problems(session, SHOWN),
            stuck=queries.stuck_deliveries(session, SHOWN),
            sources=_ailing(watched(session, desk.settings, now)),
            ailment=in_words,
        )


def _ailing(found: Sequence[SourceHealth]) -> queries.Part[SourceHealth]:
    rows = ailing(found)
    return queries.Part(rows[:SHOWN], len(rows))
