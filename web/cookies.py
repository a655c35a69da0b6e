"""Cookies of the desk: for this host alone, out of reach of scripts, never to another site's request."""

from starlette.requests import Request
from starlette.responses import Response

from web.desk import Desk

SESSION, FORM, KNOWN, SSO, SSO_END = "", "-form", "-known", "-sso", "-sso-end"


def name_of(desk: Desk, kind: str = SESSION) -> str:
    """The prefix has browsers refuse the cookie from another host or over plain HTTP."""
    return f"__Host-dansinh{kind}" if desk.own.https else f"dansinh{kind}"


def read(request: Request, desk: Desk, kind: str = SESSION) -> str:
    return request.cookies.get(name_of(desk, kind), "")


def give(response: Response, desk: Desk, kind: str, value: str, *, seconds: int) -> None:
    response.set_cookie(
        name_of(desk, kind),
        value,
        max_age=seconds,
        path="/",
        secure=desk.own.https,
        httponly=True,
        samesite="lax",
    )


def take_back(response: Response, desk: Desk, kind: str = SESSION) -> None:
    response.delete_cookie(
        name_of(desk, kind), path="/", secure=desk.own.https, httponly=True, samesite="lax"
    )
