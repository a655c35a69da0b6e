"""Scrapy's client, with a limit on headers and with errors that say what was met."""

from typing import Any, NoReturn
from urllib.parse import urlsplit

from OpenSSL import SSL
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    TunnelError,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError
from scrapy.http import Response
from service_identity import VerificationError
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectError
from twisted.web._newclient import ParseError
from twisted.web.client import ResponseFailed

from crawler.fetching.guard import PrivateAddress
from crawler.fetching.resolver import GuardedResolver
from crawler.troubles import BadCertificate, CannotConnect, HeadTooLarge, NoCommonTls, NoHttp, ProxyRefuses

LONGEST_HEAD = 65_536
"""bytes of the lines before the body, all of them together; real ones have a few thousand"""


class Download(HTTP11DownloadHandler):
    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory  # noqa: SLF001

    async def download_request(self, request: Request) -> Response:
        try:
            return await super().download_request(request)
        except Exception as error:
            _say_what_was_met(error, request)


class _Parser(_LenientHTTPClientParser):
    # Only the class of Twisted's parser is exchanged, so what is new must do without __init__.
    MAX_LENGTH = LONGEST_HEAD
    _received = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        self._received += len(line)
        if self._received > LONGEST_HEAD:
            raise HeadTooLarge
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> NoReturn:  # noqa: ARG002, N802
        raise HeadTooLarge


class _Protocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> "Deferred[Any]":
        answer: Deferred[Any] = super().request(request)
        if self._parser is not None:
            self._parser.__class__ = _Parser
        return answer


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, _addr: Any) -> _Protocol:  # noqa: N802
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


def _say_what_was_met(error: Exception, request: Request) -> NoReturn:
    if isinstance(error, CannotResolveHostError):
        _say_if_refused(error, urlsplit(request.meta.get("proxy") or request.url).hostname or "")
    elif isinstance(error, DownloadFailedError):
        for reason in _reasons(error):
            _say_reason(reason)
    elif isinstance(error, TunnelError):
        raise ProxyRefuses(str(error)) from error
    elif isinstance(error, ConnectError):
        raise CannotConnect(str(error).rstrip(".")) from error
    else:
        _say_reason(error)
    raise error


def _say_if_refused(error: Exception, host: str) -> None:
    from twisted.internet import reactor

    resolver = getattr(reactor, "nameResolver", None)
    if isinstance(resolver, GuardedResolver) and (address := resolver.refusal(host)):
        raise PrivateAddress(host, address) from error


def _reasons(error: BaseException | None) -> list[BaseException]:
    cause = error.__cause__ if isinstance(error, DownloadFailedError) else error
    if not isinstance(cause, ResponseFailed):
        return []
    reasons: list[BaseException] = []
    for failure in cause.reasons:
        reasons += [failure.value, *_reasons(failure.value)]
    return reasons


def _say_reason(reason: BaseException) -> None:
    if isinstance(reason, HeadTooLarge):
        raise reason
    if isinstance(reason, VerificationError):
        raise BadCertificate("it is for another name") from reason
    if isinstance(reason, SSL.Error):
        said = " ".join(str(part) for error in reason.args for part in _flat(error))
        if "certificate" in said:
            raise BadCertificate("it has expired, or nobody known vouches for it") from reason
        raise NoCommonTls(said) from reason
    if isinstance(reason, ParseError):
        raise NoHttp from reason


def _flat(value: object) -> list[object]:
    if isinstance(value, (list, tuple)):
        return [part for inner in value for part in _flat(inner)]
    return [value]
