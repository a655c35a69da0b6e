"""The form by which one signs in, as whatever page shows it."""

import secrets
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from web import cookies, csrf
from web.desk import desk_of

FORM_COOKIE_SECONDS = 3600
LONGEST_TOKEN = 100


def sign_in_form(
    request: Request, template: str, problem: str | None = None, status: int = 200, **context: Any
) -> Response:
    # There is no session yet to hold a token: the form's must equal a cookie's, which no other site can set.
    desk = desk_of(request)
    # The same for all of its tabs.
    token = cookies.read(request, desk, cookies.FORM)[:LONGEST_TOKEN] or secrets.token_urlsafe(32)
    shown: Mapping[str, Any] = {
        "csrf": csrf.masked(token),
        "problem": problem,
        "done": request.query_params.get("xong", "") if problem is None else "",
        "sso": desk.own.oidc is not None,
    }
    response = desk.render(request, template, {**shown, **context}, status)
    cookies.give(response, desk, cookies.FORM, token, seconds=FORM_COOKIE_SECONDS)
    return response
