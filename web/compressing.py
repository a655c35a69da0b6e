"""Answers go out compressed where the browser takes it: the line of a commune may be a slow one."""

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PACKED_ALREADY = (
    "application/octet-stream",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
LEAST_BYTES = 1000
LEVEL = 4
"""of 9; above it a page's bytes hardly fall, and its time grows"""


class Compressed:
    """What else may lie in a page, a form's token, changes from page to page: web/csrf.py."""

    def __init__(self, app: ASGIApp) -> None:
        excluded = (*DEFAULT_EXCLUDED_CONTENT_TYPES, *PACKED_ALREADY)
        self._app = GZipMiddleware(app, LEAST_BYTES, LEVEL, exclude_content_types=excluded)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_told_apart(message: Message) -> None:
            if message["type"] == "http.response.start":
                _tell_apart(MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, send_told_apart)


def _tell_apart(headers: MutableHeaders) -> None:
    """A compressed file is not its plain one byte by byte: no part of it can be asked for by the same mark
    (RFC 9110, 8.8.3)."""
    if "content-encoding" in headers:
        del headers["accept-ranges"]
        if "etag" in headers:
            headers["etag"] = f"W/{headers['etag']}"
