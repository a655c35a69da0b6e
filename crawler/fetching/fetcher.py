"""Single requests, for commands in which a person waits for the answer: no Scrapy, the same manners."""

import socket
from dataclasses import dataclass
from http.client import HTTPException
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    BaseHandler,
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from protego import Protego

from crawler.addresses import host_of, is_loopback
from crawler.settings import CrawlerSettings


class CannotFetch(Exception):
    """What is wrong with an address, as the end of a sentence that begins with it."""

    def __init__(self, what: str, status: int | None = None) -> None:
        super().__init__(what)
        self.status = status


@dataclass(frozen=True)
class Fetched:
    url: str
    """after redirects"""
    body: bytes
    content_type: str | None


class _Answer(Protocol):
    status: int
    url: str

    def read(self, amount: int) -> bytes: ...
    def close(self) -> None: ...


class Fetcher:
    """Obeys robots.txt, names itself, keeps to the limits of size and time."""

    def __init__(self, settings: CrawlerSettings) -> None:
        self._settings = settings
        self._agent = settings.agent
        self._robots: dict[str, Protego] = {}

    def get(self, url: str) -> Fetched:
        """Raises CannotFetch."""
        if not self._allowed(url):
            raise CannotFetch("is closed to crawlers by robots.txt")
        return self._get(url)

    def robots(self, url: str) -> Protego:
        """The host's robots.txt; one that is not there allows all, a server error nothing (RFC 9309)."""
        host = host_of(url)
        if host not in self._robots:
            parts = urlsplit(url)
            try:
                text = self._get(f"{parts.scheme}://{parts.netloc}/robots.txt").body.decode(errors="replace")
            except CannotFetch as error:
                text = "User-agent: *\nDisallow: /" if error.status and error.status >= 500 else ""
            self._robots[host] = Protego.parse(text)
        return self._robots[host]

    def _allowed(self, url: str) -> bool:
        return bool(self.robots(url).can_fetch(url, self._agent))

    def _get(self, url: str) -> Fetched:
        if urlsplit(url).scheme not in {"http", "https"}:
            raise CannotFetch("is no web address: it must begin with http:// or https://")
        request = Request(url, headers={"User-Agent": self._agent, "Accept-Encoding": "identity"})  # noqa: S310
        try:
            answer = _opener(url).open(request, timeout=self._settings.timeout_seconds)
        except HTTPError as error:
            with error:
                raise CannotFetch(f"answers {error.code} {error.reason}", error.code) from error
        except (OSError, HTTPException) as error:
            raise CannotFetch(self._why(error)) from error
        return self._read(answer)

    def _read(self, answer: _Answer) -> Fetched:
        limit = self._settings.max_page_bytes
        try:
            body = answer.read(limit + 1)
        except (OSError, HTTPException) as error:
            raise CannotFetch(self._why(error)) from error
        finally:
            answer.close()
        if len(body) > limit:
            raise CannotFetch(f"is larger than max_page_bytes ({limit} bytes)")
        headers = getattr(answer, "headers", None)
        return Fetched(answer.url, body, headers.get("Content-Type") if headers else None)

    def _why(self, error: Exception) -> str:
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, socket.gaierror):
            return "cannot be reached: its host's name is unknown"
        if isinstance(reason, ConnectionRefusedError):
            return "cannot be reached: its host refuses connections"
        if isinstance(reason, TimeoutError):
            return f"does not answer within {self._settings.timeout_seconds:g} seconds"
        return f"cannot be read: {reason}"


def _opener(url: str) -> OpenerDirector:
    # Built by hand: the usual opener would also follow an address into this machine's files.
    opener = OpenerDirector()
    handlers: list[BaseHandler] = [
        HTTPHandler(),
        HTTPSHandler(),
        HTTPRedirectHandler(),
        HTTPErrorProcessor(),
        HTTPDefaultErrorHandler(),
        UnknownHandler(),
    ]
    if not is_loopback(url):
        handlers.append(ProxyHandler())
    for handler in handlers:
        opener.add_handler(handler)
    return opener
