"""What stands between the spider and the network: politeness and limits."""

from collections import Counter

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from crawler.addresses import host_of, is_loopback
from crawler.troubles import HostDown, RobotsForbid, RobotsUnknown, TooLarge, TooManyRedirects


class Robots(RobotsTxtMiddleware):
    """Scrapy's, telling its reasons apart; a server error on robots.txt closes the host for now."""

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        if host_of(request.url) in self._unknown_hosts():
            raise RobotsUnknown
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise RobotsForbid from error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            self._unknown_hosts().add(netloc.lower())
        await super()._parse_robots(response, netloc, request)

    def _unknown_hosts(self) -> set[str]:
        hosts: set[str] = self.__dict__.setdefault("unknown_hosts", set())
        return hosts


class Redirects(RedirectMiddleware):
    # Without the argument `spider`, which Scrapy deprecates.
    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise TooManyRedirects from error


class Compression(HttpCompressionMiddleware):
    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise TooLarge from error


class HostGuard:
    """Spares a host that has failed: a thousand items of a host that is gone cost a few tries."""

    FAILURES_IN_A_ROW = 3

    def __init__(self) -> None:
        self._failures: Counter[str] = Counter()
        self._reasons: dict[str, Exception] = {}

    def process_request(self, request: Request) -> None:
        if self._failures[host_of(request.url)] >= self.FAILURES_IN_A_ROW:
            raise HostDown from self._reasons.get(host_of(request.url))
        if is_loopback(request.url):
            request.meta.setdefault("proxy", None)

    def process_response(self, request: Request, response: Response) -> Response:
        del self._failures[host_of(request.url)]
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        host = host_of(request.url)
        if isinstance(exception, CannotResolveHostError):
            # The system's resolver has tried more than once itself.
            self._failures[host] = self.FAILURES_IN_A_ROW
            self._reasons[host] = exception
        elif isinstance(
            exception, (DownloadConnectionRefusedError, DownloadTimeoutError, DownloadFailedError)
        ):
            self._failures[host] += 1
            self._reasons[host] = exception
