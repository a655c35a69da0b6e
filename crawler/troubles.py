"""Why a page or a source could not be read, in words an operator can act on."""

from dataclasses import dataclass, replace
from http import HTTPStatus

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)


class RobotsForbid(IgnoreRequest):
    """robots.txt forbids this address to the crawler."""


class RobotsUnknown(IgnoreRequest):
    """robots.txt answers with a server error: until it is there nothing is allowed (RFC 9309, 2.3.1.4)."""


class TooManyRedirects(IgnoreRequest):
    """The address redirects in a circle, or further than the limit."""


class TooLarge(IgnoreRequest):
    """The answer, unpacked, is larger than the limit."""


class HostDown(IgnoreRequest):
    """The host has failed in this run already; it is not asked again."""


@dataclass(frozen=True)
class Trouble:
    what: str
    remedy: str
    count: str = "pages_failed"
    permanent: bool = False
    """another try would tell the same"""
    tried: bool = True
    """the host was asked; False: it was spared in this run"""
    is_failure: bool = True
    """False: it is as it should be, and counted only"""


_ASK_AGAIN = "nothing to do now: it is tried again by itself; if it lasts, open the address in a browser"

_BY_ERROR: tuple[tuple[type[Exception], Trouble], ...] = (
    (
        CannotResolveHostError,
        Trouble("cannot be reached: its host's name is unknown", "check the address and the network"),
    ),
    (DownloadConnectionRefusedError, Trouble("cannot be reached: its host refuses connections", _ASK_AGAIN)),
    (DownloadTimeoutError, Trouble("does not answer in time (timeout_seconds)", _ASK_AGAIN)),
    (
        DownloadCancelledError,
        Trouble(
            "is larger than max_page_bytes and was not read to its end",
            "raise crawler.max_page_bytes if pages of this size are wanted",
            count="too_large",
            permanent=True,
        ),
    ),
    (
        TooLarge,
        Trouble(
            "is larger than max_page_bytes when unpacked",
            "raise crawler.max_page_bytes if pages of this size are wanted",
            count="too_large",
            permanent=True,
        ),
    ),
    (
        RobotsForbid,
        Trouble(
            "is closed to crawlers by robots.txt",
            "ask the outlet for leave, or take the source out of the configuration",
            count="refused_robots",
            permanent=True,
            is_failure=False,
        ),
    ),
    (RobotsUnknown, Trouble("is left alone: its robots.txt answers with a server error", _ASK_AGAIN)),
    (TooManyRedirects, Trouble("redirects in a circle or too often", _ASK_AGAIN)),
    (
        HostDown,
        Trouble("is left for later: its host does not answer", _ASK_AGAIN, "pages_postponed", tried=False),
    ),
    (ResponseDataLossError, Trouble("broke off before its end", _ASK_AGAIN)),
    (DownloadFailedError, Trouble("broke off: the host closed the connection", _ASK_AGAIN)),
    (
        UnsupportedURLSchemeError,
        Trouble("is no web address", "check the address", count="refused_not_html", permanent=True),
    ),
)  # fmt: skip

NOT_HTML = Trouble(
    "is no HTML page", "nothing to do", count="refused_not_html", permanent=True, is_failure=False
)
ONLY_THE_FEED = Trouble(
    "is not asked for: full_text is false", "nothing to do", count="", permanent=True, is_failure=False
)
OUT_OF_TIME = Trouble(
    "is left for the next run: max_run_seconds are over",
    "nothing to do; if it happens every day, raise crawler.max_run_seconds or lower max_items_per_source",
    count="pages_postponed",
    tried=False,
)
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_WAIT = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


def of_store(error: Exception) -> Trouble:
    cause = str(getattr(error, "orig", None) or error).partition("\n")[0]
    return Trouble(
        f"could not be stored: {cause}",
        "see that the disk has room and the database is there, then run again: nothing is lost",
        count="not_stored",
    )


def of_error(error: BaseException) -> Trouble:
    if isinstance(error, HostDown) and error.__cause__ is not None:
        reason = of_error(error.__cause__)
        return replace(reason, count="pages_postponed", tried=False)
    for kind, trouble in _BY_ERROR:
        if isinstance(error, kind):
            return trouble
    return Trouble(
        f"could not be read: {type(error).__name__}",
        "report it with the address: the crawler should know this error",
    )


def of_status(status: int) -> Trouble:
    """What an answer means that is neither 200 nor a redirect."""
    try:
        said = f"answers {status} {HTTPStatus(status).phrase}"
    except ValueError:
        said = f"answers {status}"
    if status in _GONE:
        return Trouble(said, "nothing to do: the outlet has taken it down", permanent=True)
    if 400 <= status < 500 and status not in _WAIT:
        return Trouble(
            said, "open the address in a browser; the outlet may not want to be read", permanent=True
        )
    return Trouble(said, _ASK_AGAIN)
