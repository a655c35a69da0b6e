"""What stands between the spider and the network, in the order of a request's way out.

What each refuses it refuses for redirects and for robots.txt as well: each hop comes through here anew.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware, RedirectMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from sqlalchemy.exc import SQLAlchemyError

from crawler.addresses import is_loopback
from crawler.fetching.guard import Guard, NotAWebAddress, PrivateAddress, place_of
from crawler.fetching.memory import HostMemory
from crawler.fetching.resolver import GUARD, GuardedResolver
from crawler.fetching.waits import wait_of
from crawler.troubles import (
    BadCertificate,
    BrokenPacking,
    CannotConnect,
    HostDown,
    HostWaits,
    NoCommonTls,
    TooLarge,
    TooManyRedirects,
)

MEMORY = "DANSINH_HOSTS"
"""the setting under which Scrapy's parts find what is known of hosts"""
SLOT = "download_slot"
_SECONDS_BETWEEN_WRITES = 5.0


class Addresses:
    """Lets out what may be asked, and gives it the place in its host's queue."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings[GUARD])

    def process_request(self, request: Request) -> None:
        # Set anew at each hop: Scrapy lets a redirect keep the queue of the host that it came from. A host
        # has one queue for all its schemes and ports.
        request.meta[SLOT] = self._guard.check(request.url).host
        if is_loopback(request.url):
            request.meta["proxy"] = None
        elif request.meta.get("proxy", "") is None:
            del request.meta["proxy"]


class BehindProxy:
    """Where a proxy resolves names, they are looked up here too, and refused if they lead inside.

    This is less than the check at the connection, which the proxy makes: what it is told may differ, and a
    name that only it knows goes through. A host that spells an address has been judged by then.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings[GUARD])

    async def process_request(self, request: Request) -> None:
        if not request.meta.get("proxy"):
            return
        from twisted.internet import reactor

        resolver: GuardedResolver = reactor.nameResolver
        _, host, port = place_of(request.url)
        addresses = await resolver.addresses(host).asFuture(asyncio.get_running_loop())
        if addresses and not any(self._guard.permits(host, port, address) for address in addresses):
            raise PrivateAddress(host, addresses[0])


class Patience:
    """Leaves alone a host that has asked for it, in this run or in an earlier one."""

    def __init__(self, hosts: HostMemory) -> None:
        self._hosts = hosts
        self._writing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        patience = cls(crawler.settings[MEMORY])
        crawler.signals.connect(patience.opened, signal=signals.spider_opened)
        crawler.signals.connect(patience.closed, signal=signals.spider_closed)
        return patience

    def process_request(self, request: Request) -> None:
        if until := self._hosts.waits_until(place_of(request.url)):
            raise HostWaits(until)

    def process_response(self, request: Request, response: Response) -> Response:
        told = response.headers.get("Retry-After")
        wait = wait_of(response.status, told.decode("latin-1") if told else None, self._hosts.now())
        if wait:
            self._hosts.wait(place_of(request.url), wait)
        return response

    def opened(self) -> None:
        self._writing = asyncio.ensure_future(self._write())

    def closed(self) -> None:
        if self._writing is not None:
            self._writing.cancel()

    async def _write(self) -> None:
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_WRITES)
            # What the store refuses now is written later, at the latest when the crawl ends; told then.
            with suppress(SQLAlchemyError, OSError):
                await asyncio.to_thread(self._hosts.flush)


class HostGuard:
    """Spares a host that has failed: a thousand items of a host that is gone cost a few tries.

    Different pages must fail with no answer in between; a host that has answered in this run has slow pages
    rather than none, and is given up later.
    """

    FAILURES_IN_A_ROW = 3
    AFTER_AN_ANSWER = 8

    def __init__(self) -> None:
        self._failed: dict[str, set[str]] = defaultdict(set)
        self._answered: set[str] = set()
        self._reasons: dict[str, Exception] = {}

    def process_request(self, request: Request) -> None:
        origin = place_of(request.url).origin
        if self._is_down(origin):
            raise HostDown from self._reasons[origin]

    def process_response(self, request: Request, response: Response) -> Response:
        origin = place_of(request.url).origin
        self._answered.add(origin)
        self._failed.pop(origin, None)
        self._reasons.pop(origin, None)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if isinstance(exception, _OF_THE_HOST):
            origin = place_of(request.url).origin
            self._failed[origin].add(request.url)
            self._reasons[origin] = exception

    def _is_down(self, origin: str) -> bool:
        # One try tells it all: the system's resolver has asked more than once, and a certificate is the
        # whole host's.
        if isinstance(self._reasons.get(origin), _AT_ONCE):
            return True
        tries = self.AFTER_AN_ANSWER if origin in self._answered else self.FAILURES_IN_A_ROW
        return len(self._failed.get(origin, ())) >= tries


_AT_ONCE = (CannotResolveHostError, PrivateAddress, BadCertificate, NoCommonTls)
_OF_THE_HOST = (
    *_AT_ONCE,
    CannotConnect,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    DownloadFailedError,
)


class Redirects(RedirectMiddleware):
    # Without the argument `spider`, which Scrapy deprecates.
    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        try:
            answer = super().process_response(request, response)
        except IgnoreRequest as error:
            raise TooManyRedirects from error
        except ValueError as error:
            raise NotAWebAddress(f"it redirects to none ({error})") from error
        if answer is response and response.status in {301, 302, 303, 307, 308}:
            raise NotAWebAddress("it redirects to none")
        return answer


class Refreshes(MetaRefreshMiddleware):
    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        # Where a head has its place; most pages need no closer look.
        if b"refresh" not in response.body[:16_384].lower():
            return response
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise TooManyRedirects from error
        except ValueError:
            return response


class Compression(HttpCompressionMiddleware):
    """Scrapy's unpacks piece by piece up to the limit of size, each layer for itself."""

    LAYERS = 2

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        if len(_named(response.headers.getlist("Content-Encoding"))) > self.LAYERS:
            raise BrokenPacking
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise TooLarge from error
        except Exception as error:
            # Each library of the four has errors of its own for what is not packed as it says.
            raise BrokenPacking from error


def _named(encodings: Iterable[bytes]) -> list[bytes]:
    return [one for value in encodings for one in value.split(b",") if one.strip()]
