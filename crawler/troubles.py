"""Why a page or a source could not be read, in words an operator can act on."""

from dataclasses import dataclass, replace
from datetime import datetime
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

from crawler.fetching.guard import NotAWebAddress, Refused
from crawler.times import LOCAL
from crawler.trouble_kinds import TroubleKind


class RobotsForbid(IgnoreRequest):
    """robots.txt forbids this address to the crawler."""


class RobotsUnknown(IgnoreRequest):
    """robots.txt cannot be read: until it can, nothing is allowed (RFC 9309, 2.3.1.4).

    `what`: what it answers, where it answers; what else went wrong is its cause.
    """

    def __init__(self, what: str = "could not be read") -> None:
        super().__init__(what)


class HostWaits(IgnoreRequest):
    """The host has asked for patience; nothing was sent."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class TooManyRedirects(IgnoreRequest):
    """The address redirects in a circle, or further than the limit."""


class TooLarge(IgnoreRequest):
    """The answer, unpacked, is larger than the limit."""


class BrokenPacking(IgnoreRequest):
    """The answer cannot be unpacked, or is packed too many times over."""


class HostDown(IgnoreRequest):
    """The host has failed in this run already; it is not asked again."""


class HeadTooLarge(Exception):
    """The lines before the body are more than any real server sends."""


class NoHttp(Exception):
    """What answers is no web server."""


class CannotConnect(Exception):
    """No connection, for a reason of the network's; says which."""


class ProxyRefuses(Exception):
    """The proxy of this machine opens no way to the host; says what it answers."""


class BadCertificate(Exception):
    """The host does not show that it is who it should be; says why."""


class NoCommonTls(Exception):
    """Host and crawler know no way in common to keep their talk secret; says what OpenSSL says."""


@dataclass(frozen=True)
class Trouble:
    what: str
    """the end of a sentence that begins with the address; {} stands for what the error tells"""
    remedy: str
    count: str = "pages_failed"
    permanent: bool = False
    """another try would tell the same"""
    tried: bool = True
    """the host was asked; False: it was spared in this run"""
    is_failure: bool = True
    """False: it is as it should be, and counted only"""
    once: bool = False
    """of a page that is tried again, it is a failure where the last try met another, and else counted only"""
    kind: TroubleKind = "own"


_ASK_AGAIN = "nothing to do now: it is tried again by itself; if it lasts, open the address in a browser"

_BY_ERROR: tuple[tuple[type[Exception], Trouble], ...] = (
    (
        CannotResolveHostError,
        Trouble(
            "cannot be reached: its host's name is unknown", "check the address and the network", kind="name"
        ),
    ),
    (
        DownloadConnectionRefusedError,
        Trouble("cannot be reached: its host refuses connections", _ASK_AGAIN, kind="connection"),
    ),
    (DownloadTimeoutError, Trouble("does not answer in time (timeout_seconds)", _ASK_AGAIN, kind="timeout")),
    (
        DownloadCancelledError,
        Trouble(
            "is larger than max_page_bytes and was not read to its end",
            "raise crawler.max_page_bytes if pages of this size are wanted",
            count="too_large",
            permanent=True,
            kind="too_large",
        ),
    ),
    (
        TooLarge,
        Trouble(
            "is larger than max_page_bytes when unpacked",
            "raise crawler.max_page_bytes if pages of this size are wanted",
            count="too_large",
            permanent=True,
            kind="too_large",
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
            kind="robots",
        ),
    ),
    (
        RobotsUnknown,
        Trouble(
            "is left alone: its robots.txt {}",
            _ASK_AGAIN,
            "pages_postponed",
            tried=False,
            kind="robots_unknown",
        ),
    ),
    (
        HostWaits,
        Trouble(
            "is left alone until {}: its host asks for patience",
            "nothing to do: it is asked again by itself then",
            "pages_postponed",
            tried=False,
            is_failure=False,
            kind="overloaded",
        ),
    ),
    (TooManyRedirects, Trouble("redirects in a circle or too often", _ASK_AGAIN, kind="redirects")),
    (
        HostDown,
        Trouble(
            "is left for later: its host does not answer",
            _ASK_AGAIN,
            "pages_postponed",
            tried=False,
            kind="connection",
        ),
    ),
    (
        BadCertificate,
        Trouble(
            "cannot be trusted: its host's certificate is no good, {}",
            "tell the outlet; if the State's or an office's own authority has signed it, let this machine "
            "trust that authority (SSL_CERT_FILE), and see that this machine's clock is right",
            kind="certificate",
        ),
    ),
    (
        NoCommonTls,
        Trouble(
            "cannot be reached safely: its host offers no TLS that is safe today ({})",
            "tell the outlet: TLS 1.2 or later, with renegotiation as in RFC 5746, is needed",
            kind="tls",
        ),
    ),
    (
        CannotConnect,
        Trouble("cannot be reached: {}", "check the address and the network", kind="connection"),
    ),
    (
        ProxyRefuses,
        Trouble(
            "cannot be reached: {}", "see why the proxy refuses (HTTP_PROXY, HTTPS_PROXY)", kind="proxy"
        ),
    ),
    (
        HeadTooLarge,
        Trouble(
            "has more headers than any real server sends",
            "tell the outlet if it lasts",
            "too_large",
            kind="not_http",
        ),
    ),
    (NoHttp, Trouble("is no web server: its answer is not HTTP", "check the address", kind="not_http")),
    (
        BrokenPacking,
        Trouble("is packed in a way that cannot be unpacked", "tell the outlet if it lasts", kind="broken"),
    ),
    (ResponseDataLossError, Trouble("broke off before its end", _ASK_AGAIN, kind="broken")),
    (DownloadFailedError, Trouble("broke off: the host closed the connection", _ASK_AGAIN, kind="broken")),
    (
        UnsupportedURLSchemeError,
        Trouble(
            "is no web address", "check the address", count="refused_not_html", permanent=True, kind="address"
        ),
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
_FOR_GOOD = frozenset({HTTPStatus.GONE, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS})
_MAYBE_NOW = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
"""said for good, but also by a guard against floods of requests, or while a page goes from desk to site"""
_WAIT = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


def of_store(error: Exception) -> Trouble:
    cause = str(getattr(error, "orig", None) or error).partition("\n")[0]
    return Trouble(
        f"could not be stored: {cause}",
        "see that the disk has room and the database is there, then run again: nothing is lost",
        count="not_stored",
    )


def of_error(error: BaseException) -> Trouble:
    if isinstance(error, (HostDown, RobotsUnknown)) and error.__cause__ is not None:
        # The host was asked for its robots.txt or for another page: this one was spared.
        reason = of_error(error.__cause__)
        return replace(reason, count="pages_postponed", permanent=False, tried=False)
    if isinstance(error, Refused):
        count = "refused_not_html" if isinstance(error, NotAWebAddress) else "refused_address"
        return Trouble(error.what, error.remedy, count=count, permanent=error.lasting, kind="address")
    for kind, trouble in _BY_ERROR:
        if isinstance(error, kind):
            return replace(trouble, what=trouble.what.replace("{}", _told(error)))
    return Trouble(
        f"could not be read: {type(error).__name__}",
        "report it with the address: the crawler should know this error",
    )


def _told(error: BaseException) -> str:
    if isinstance(error, HostWaits):
        return f"{error.until.astimezone(LOCAL):%Y-%m-%d %H:%M}"
    return str(error)


def of_status(status: int) -> Trouble:
    """What an answer means that is neither 200 nor a redirect."""
    try:
        said = f"answers {status} {HTTPStatus(status).phrase}"
    except ValueError:
        said = f"answers {status}"
    kind = _kind_of(status)
    if status in _FOR_GOOD:
        return Trouble(said, "nothing to do: the outlet has taken it down", permanent=True, kind=kind)
    if 400 <= status < 500 and status not in _WAIT:
        return Trouble(
            said,
            "open the address in a browser; the outlet may not want to be read",
            permanent=status not in _MAYBE_NOW,
            # Nobody here can mend it, and who was told need not be told five times.
            once=status in _MAYBE_NOW,
            kind=kind,
        )
    return Trouble(said, _ASK_AGAIN, kind=kind)


def _kind_of(status: int) -> TroubleKind:
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return "gone"
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS}:
        return "forbidden"
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        return "overloaded"
    return "server" if status >= 500 else "status"
