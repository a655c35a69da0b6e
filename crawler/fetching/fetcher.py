"""Single requests, for commands in which a person waits for the answer: no Scrapy, the same manners."""

import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPException
from urllib.parse import urljoin
from urllib.request import getproxies

from crawler.fetching.connection import Answer, Limits, TooMuch, UnknownHost, ask
from crawler.fetching.guard import Guard, Place, Refused
from crawler.fetching.robots import LONGEST, Rules, text_of
from crawler.robots_tags import product_token
from crawler.settings import CrawlerSettings
from crawler.times import LOCAL

_REDIRECTS = 5
_REDIRECT = frozenset({301, 302, 303, 307, 308})
_PATIENCE_SECONDS = 30.0
"""between two requests; no person waits longer"""


class CannotFetch(Exception):
    """What is wrong with an address, as the end of a sentence that begins with it."""

    def __init__(self, what: str, status: int | None = None, remedy: str | None = None) -> None:
        """`remedy`: what to do about it, where opening the address in a browser would be no help."""
        super().__init__(what)
        self.status = status
        self.remedy = remedy


class _Circle(CannotFetch):
    def __init__(self) -> None:
        super().__init__("redirects in a circle or too often")


class LeftAlone(CannotFetch):
    """Its host has asked an earlier crawl for patience; nothing was sent."""

    remedy: str

    def __init__(self, until: datetime) -> None:
        when = f"{until.astimezone(LOCAL):%Y-%m-%d %H:%M}"
        super().__init__(
            f"is left alone until {when}: its host has asked for patience",
            remedy=f"ask again after {when}",
        )


WaitsUntil = Callable[[Place], datetime | None]
"""when a host that has asked for patience may be asked again"""


@dataclass(frozen=True)
class Fetched:
    url: str
    """after redirects"""
    body: bytes
    content_type: str | None
    robots_tag: str | None = None
    """the header X-Robots-Tag"""


class Fetcher:
    """Obeys robots.txt, names itself, asks only what may be asked, keeps to the limits of size and time."""

    def __init__(
        self, settings: CrawlerSettings, named: Iterable[str] = (), waits_until: WaitsUntil | None = None
    ) -> None:
        """`named`: addresses that the operator has typed, which may be inside the office's network.
        `waits_until`: as HostMemory tells it of earlier crawls; None: nothing is known of them."""
        self._settings = settings
        self._waits_until = waits_until
        self._token = product_token(settings.agent)
        self._proxies: Mapping[str, str] = getproxies()
        self._guard = Guard.of(settings, named, self._proxies)
        self._robots: dict[str, Rules] = {}
        self._next: dict[str, float] = {}
        """when each host may be asked again, by the monotonic clock"""

    def get(self, url: str) -> Fetched:
        """Raises CannotFetch."""
        url, answer = self._follow(url, obey=True)
        return Fetched(url, answer.body, _header(answer, "Content-Type"), _header(answer, "X-Robots-Tag"))

    def robots(self, url: str) -> Rules:
        """What the host's robots.txt says; raises CannotFetch where it cannot be reached (RFC 9309)."""
        place = self._check(url)
        if place.origin not in self._robots:
            self._robots[place.origin] = Rules(self._robots_text(place), self._token)
        return self._robots[place.origin]

    def _robots_text(self, place: Place) -> str | None:
        try:
            _, answer = self._follow(f"{place.origin}/robots.txt", obey=False)
        except _Circle:
            return None
        except CannotFetch as error:
            if error.status is None:
                raise
            if error.status == HTTPStatus.TOO_MANY_REQUESTS or error.status >= 500:
                raise CannotFetch(f"is left alone: its robots.txt {error}") from error
            return None
        return text_of(answer.body)

    def _follow(self, url: str, *, obey: bool) -> tuple[str, Answer]:
        for _ in range(_REDIRECTS + 1):
            place = self._check(url)
            if obey and not self.robots(url).allow(url):
                raise CannotFetch("is closed to crawlers by robots.txt")
            answer = self._ask(url, place, robots=not obey)
            location = _header(answer, "Location")
            if answer.status not in _REDIRECT or location is None:
                return url, self._judged(answer)
            try:
                # http.client reads headers as Latin-1; addresses that are not ASCII come as UTF-8.
                url = urljoin(url, location.encode("latin-1", "replace").decode(errors="replace"))
            except ValueError as error:
                raise CannotFetch("redirects to no web address") from error
        raise _Circle

    def _check(self, url: str) -> Place:
        try:
            return self._guard.check(url)
        except Refused as error:
            raise CannotFetch(f"{error.what}; {error.remedy}") from error

    def _ask(self, url: str, place: Place, *, robots: bool) -> Answer:
        self._leave_alone(place)
        self._wait_for_its_turn(place)
        limits = Limits(
            self._settings.timeout_seconds,
            LONGEST + 1 if robots else self._settings.max_page_bytes,
            cut=robots,
        )
        headers = {
            "User-Agent": self._settings.agent,
            "Accept-Encoding": "identity",
            "Accept-Language": "vi,en;q=0.5",
        }
        try:
            return ask(url, place, self._guard, self._proxies, headers, limits)
        except Refused as error:
            raise CannotFetch(f"{error.what}; {error.remedy}") from error
        except (OSError, HTTPException, UnknownHost, TooMuch) as error:
            raise CannotFetch(self._why(error)) from error

    def _leave_alone(self, place: Place) -> None:
        until = self._waits_until(place) if self._waits_until else None
        if until is not None:
            raise LeftAlone(until)

    def _wait_for_its_turn(self, place: Place) -> None:
        usual = self._settings.per_host_delay_seconds
        rules = self._robots.get(place.origin)
        wait = self._next.get(place.host, 0.0) - time.monotonic()
        if wait > max(_PATIENCE_SECONDS, usual):
            raise CannotFetch(f"is left alone: its host asks for {wait:.0f} seconds between two requests")
        if wait > 0:
            time.sleep(wait)
        # After robots.txt, which has said nothing yet, the usual delay does.
        self._next[place.host] = time.monotonic() + max(usual, rules.delay if rules else 0.0)

    def _judged(self, answer: Answer) -> Answer:
        if answer.status == HTTPStatus.OK:
            return answer
        try:
            said = f"answers {answer.status} {HTTPStatus(answer.status).phrase}"
        except ValueError:
            said = f"answers {answer.status}"
        raise CannotFetch(said, answer.status)

    def _why(self, error: Exception) -> str:
        if isinstance(error, UnknownHost):
            return "cannot be reached: its host's name is unknown"
        if isinstance(error, ConnectionRefusedError):
            return "cannot be reached: its host refuses connections"
        if isinstance(error, TimeoutError):
            return f"does not answer within {self._settings.timeout_seconds:g} seconds"
        if isinstance(error, TooMuch):
            return f"is larger than max_page_bytes ({self._settings.max_page_bytes} bytes)"
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"cannot be trusted: its host's certificate is no good, {error.verify_message}"
        if isinstance(error, ssl.SSLError):
            return f"cannot be reached safely: its host offers no TLS that is safe today ({error.reason})"
        return f"cannot be read: {error}"


def _header(answer: Answer, name: str) -> str | None:
    return next((value for key, value in answer.headers.items() if key.lower() == name.lower()), None)
