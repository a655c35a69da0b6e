"""What a worker does before its first request. Templates, questions, lists of units and of holidays are made
ready once; else the first official of the morning waits for all of them."""

import logging
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import configure_mappers
from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route

from store.models import Issue, Referral
from web.desk import Desk, desk_of
from web.pages.today import look_at
from web.permissions import AGENCY, LEAD
from web.sessions import SignedIn
from web.visits import Handler, Visit, handler_of

PAGES = {
    "issues": b"",
    "search": b"q=duong",
    "referrals": b"",
    "area": b"",
    "sources": b"",
    "digests": b"",
    "programme": b"",
    "audit": b"",
}
"""what opens a day, with a query; none of these writes anything"""
NUMBERED = {
    "issue": select(func.max(Issue.id)),
    "referral": select(func.max(Referral.id)),
    "draft": select(func.max(Referral.id)).where(Referral.state == "drafted"),
}
"""and of each of these the newest"""
OWN = "own_referrals"

_log = logging.getLogger(__name__)


def warm(app: Starlette) -> None:
    """Looks at the pages that open a day, as nobody's account. Of what fails only the log is told: the page
    itself will fail before somebody who sees it."""
    desk: Desk = app.state.desk
    configure_mappers()
    for name in desk.templates.env.list_templates(extensions=["html"]):
        desk.templates.get_template(name)
    for handler, query, parts, agency in _looks(app, desk):
        request = Request(_scope(app, query, parts))
        try:
            handler(Visit(request, desk_of(request), _nobody(agency), FormData()))
        except HTTPException:
            continue
        except Exception:
            _log.exception("a page could not be made ready")


def _looks(app: Starlette, desk: Desk) -> Iterator[tuple[Handler, bytes, dict[str, Any], str | None]]:
    """What to call: with which query, what numbers in the address, and of which agency the account is."""
    handlers = {
        route.name: handler
        for route in app.routes
        if isinstance(route, Route) and (handler := handler_of(route.endpoint)) is not None
    }
    yield look_at, b"", {}, None
    for name, query in PAGES.items():
        yield handlers[name], query, {}, None
    with desk.store.read() as session:
        newest = {name: session.scalar(number) for name, number in NUMBERED.items()}
        agency = session.scalar(select(func.max(Referral.agency_key)))
    for name, number in newest.items():
        if number is not None:
            yield handlers[name], b"", {"id": number}, None
    drafted = newest["draft"]
    yield handlers["before_approval"], f"phieu={drafted}".encode() if drafted else b"", {}, None
    if agency is not None:
        yield handlers[OWN], b"", {}, agency


def _scope(app: Starlette, query: bytes, parts: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "server": ("localhost", 80),
        "path": "/",
        "root_path": "",
        "query_string": query,
        "path_params": parts,
        "headers": [],
        "app": app,
    }


def _nobody(agency: str | None) -> SignedIn:
    """An account that is not there: no page finds anything of its own."""
    return SignedIn(
        id=0,
        name="",
        post="",
        role=AGENCY if agency else LEAD,
        agency_key=agency,
        has_password=False,
        has_second_factor=False,
        vouched=False,
        session_id=0,
        csrf_token="",
    )
