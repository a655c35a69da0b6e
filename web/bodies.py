"""Which bodies are read at all, before anything of them is."""

from python_multipart.multipart import parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import Request

CHARSETS = ("", "utf-8", "utf8")


def check_charset(request: Request) -> None:
    """Raises HTTPException for a form in another code than ours.

    A sender may name any that Python knows, and some of them take a quarter of a minute for a few hundred
    kilobytes, in which nobody else is served.
    """
    _, options = parse_options_header(request.headers.get("content-type"))
    if options.get(b"charset", b"").decode("latin-1").strip().lower() not in CHARSETS:
        raise HTTPException(400)
