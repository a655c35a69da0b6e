"""A step that was refused is told on the page where it was taken, which is shown as it stands now."""

from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.routing import Match, Route

from pipeline.registers import BY_SLUG
from pipeline.states import NotAllowed
from web.pages.after import from_today, taken_on
from web.pages.issue import issue_page
from web.pages.referrals import referral_page
from web.pages.registers import register_page
from web.pages.today import today
from web.visits import Visit

CONFLICT = 409


def refused(visit: Visit, issue_id: int | None, refusal: NotAllowed) -> Response:
    if from_today(visit):
        return today(visit, refusal, CONFLICT)
    name, found = _route_of(visit, urlsplit(taken_on(visit) or "").path)
    if name == "referral":
        return referral_page(visit, int(found["id"]), refusal, CONFLICT)
    if name == "register" and found["slug"] in BY_SLUG:
        return register_page(visit, BY_SLUG[found["slug"]], refusal, CONFLICT)
    if issue_id is None:
        return today(visit, refusal, CONFLICT)
    return issue_page(visit, issue_id, refusal, CONFLICT)


def _route_of(visit: Visit, path: str) -> tuple[str, dict[str, str]]:
    asked = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    for route in visit.request.app.routes:
        if isinstance(route, Route):
            matched, scope = route.matches(asked)
            if matched is Match.FULL:
                return route.name, scope["path_params"]
    return "", {}
