"""Vấn đề: the list, by state, topic and place."""

from starlette.responses import Response

from pipeline import names
from pipeline.states import ISSUE
from store.queries import desk as queries
from store.queries.desk import OPEN, IssueFilter
from web.visits import Visit

ROWS = 50
ALL_STATES = "tat-ca"


def issues(visit: Visit) -> Response:
    desk, asked = visit.desk, visit.request.query_params
    topics = names.topics(desk.settings)
    places = names.units_of(desk.settings.office.province)
    state, topic, place = asked.get("tinh-trang", ""), asked.get("linh-vuc", ""), asked.get("dia-ban", "")
    wanted = IssueFilter(
        states=_states(state),
        topic=topic if topic in topics else None,
        place_code=place if place in dict(places) else None,
    )
    page = _page(asked.get("trang", ""))
    with desk.store.read() as session:
        found = queries.issues(session, wanted, limit=ROWS, offset=(page - 1) * ROWS)
        counts = queries.articles_of(session, [issue.id for issue in found.rows])
        return visit.render(
            "issues.html",
            found=found,
            articles=counts,
            places=places,
            states=list(ISSUE),
            all_states=ALL_STATES,
            chosen={"tinh-trang": state, "linh-vuc": topic, "dia-ban": place},
            page=page,
            pages=max(1, -(-found.total // ROWS)),
        )


def _states(asked: str) -> tuple[str, ...]:
    if asked == ALL_STATES:
        return ()
    return (asked,) if asked in ISSUE else OPEN


def _page(asked: str) -> int:
    return min(int(asked), 1_000_000) if asked.isascii() and asked.isdigit() and int(asked) > 0 else 1
