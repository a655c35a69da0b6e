"""Which bodies are read at all, before anything of them is."""

from python_multipart.multipart import parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

CHARSETS = ("", "utf-8", "utf8")


class OneLength:
    """Refuses what names the end of its body in two ways, and hangs up: a proxy in front may have believed
    the one and the server the other, and what lies between would be taken for somebody's next request
    (RFC 9112, 6.1)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        named = {name for name, _ in scope.get("headers", ())}
        if {b"content-length", b"transfer-encoding"} <= named:
            await Response(status_code=400, headers={"Connection": "close"})(scope, receive, send)
            return
        await self._app(scope, receive, send)


def check_charset(request: Request) -> None:
    """Raises HTTPException for a form in another code than ours.

    A sender may name any that Python knows, and some of them take a quarter of a minute for a few hundred
    kilobytes, in which nobody else is served.
    """
    _, options = parse_options_header(request.headers.get("content-type"))
    if options.get(b"charset", b"").decode("latin-1").strip().lower() not in CHARSETS:
        raise HTTPException(400)
