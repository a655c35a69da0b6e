"""What robots.txt allows this crawler (RFC 9309)."""

import re
from functools import cached_property

from protego import Protego

LONGEST = 500 * 1024
"""bytes of a robots.txt that are read: what RFC 9309, 2.5, asks for at least"""
LONGEST_DELAY = 24 * 3600.0
_COMMENT = re.compile("#[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*")
"""up to what the parser takes for the end of a line, lest a rule be lost"""


def text_of(body: bytes) -> str:
    """robots.txt as text; of one that is too long the whole lines at its beginning."""
    kept = body[:LONGEST]
    if len(body) > LONGEST:
        kept = kept[: kept.rfind(b"\n") + 1]
    # PostgreSQL stores no NUL.
    text = kept.decode("utf-8-sig", errors="ignore").replace("\0", "")
    # A site without robots.txt may answer with its page "not found", and 200.
    if text.lstrip().startswith("<"):
        return ""
    # What stands behind a # is said to people, names and telephone numbers among it: not for the store.
    return _COMMENT.sub("", text)


class Rules:
    """What a robots.txt says to one crawler; no text: there is none, everything is allowed."""

    def __init__(self, text: str | None, token: str) -> None:
        self._robots = Protego.parse(text or "")
        self._token = token

    def allow(self, url: str) -> bool:
        return self._robots.can_fetch(url, self._token)

    @property
    def sitemaps(self) -> list[str]:
        """Addresses as written; of whole sites, whoever asks."""
        return list(self._robots.sitemaps)

    @cached_property
    def delay(self) -> float:
        """Seconds between two requests that Crawl-delay or Request-rate asks for; 0: none."""
        delay = self._robots.crawl_delay(self._token) or 0.0
        # A rate for certain hours is kept at all hours.
        if rate := self._robots.request_rate(self._token):
            delay = max(delay, rate.seconds / rate.requests)
        return min(delay, LONGEST_DELAY)
