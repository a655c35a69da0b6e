"""The feeds of a site: those that its page names, those at the usual paths, those a page of feeds names."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.addresses import resolve, same_site
from crawler.encoding import decode
from crawler.extraction.tree import parse_page
from crawler.fetching.fetcher import Fetched
from crawler.finding.offers import FoundSource, doubt_of
from crawler.finding.visits import Visits
from crawler.kinds.feeds import NotAFeed, parse_feed

_TYPES = frozenset(
    {
        "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json",
        "application/json", "text/xml",
    }
)  # fmt: skip
_PATHS = (
    "/rss", "/feed", "/rss.html", "/rss.xml", "/feed.xml", "/atom.xml", "/feed.json", "/rss/home.rss",
    "/rss/trang-chu.rss", "/home.rss",
)  # fmt: skip
_MOST = 30
"""A page of feeds may name one a section; more than these are not for a person to choose from."""


def find_feeds(visits: Visits, home: str, page: HtmlElement, now: datetime) -> Iterator[FoundSource]:
    named = [*_alternates(page, home), *_feed_like_links(page, home)]
    # Guesses come last: each costs a request and most are in vain.
    waiting = [*named, *(address for path in _PATHS if (address := resolve(home, path)))]
    seen: set[str] = set()
    while waiting and visits.left > 0 and len(seen) < _MOST:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = visits.get(address)
        if answer is None:
            continue
        feed = _feed(address, answer, now)
        if feed is not None:
            yield feed
        else:
            listed = _feed_like_links(parse_page(decode(answer.body, answer.content_type).text), answer.url)
            waiting = [*listed, *waiting]
    for address in dict.fromkeys(waiting):
        if address not in seen and not address.endswith(_PATHS):
            yield FoundSource("feed", address, None, 0, None, "it was not tried: the site names many feeds")


def _feed(address: str, answer: Fetched, now: datetime) -> FoundSource | None:
    try:
        feed = parse_feed(answer.body, answer.url, answer.content_type, now)
    except NotAFeed:
        return None
    newest = max((item.published for item in feed.items if item.published), default=None)
    items = len(feed.items)
    return FoundSource("feed", address, feed.title, items, newest, doubt_of(items, newest, now))


def _alternates(page: HtmlElement, base: str) -> Iterator[str]:
    for link in page.iter("link"):
        alternate = "alternate" in (link.get("rel") or "").lower().split()
        if alternate and (link.get("type") or "").strip().lower() in _TYPES:
            address = resolve(base, link.get("href"))
            if address and not _is_of_comments(address):
                yield address


def _feed_like_links(page: HtmlElement, base: str) -> list[str]:
    addresses = (resolve(base, anchor.get("href")) for anchor in page.iter("a"))
    return list(
        dict.fromkeys(
            address
            for address in addresses
            if address
            and same_site(address, base)
            and _is_feed_like(address)
            and not _is_of_comments(address)
        )
    )


def _is_feed_like(address: str) -> bool:
    path = urlsplit(address).path.lower().rstrip("/")
    endings = (".rss", "/rss", "/feed", "/atom", "rss.xml", "atom.xml", "/rss.htm", "/rss.html", "feed.json")
    return path.endswith(endings) or "/rss/" in path or "/feed/" in path or "rss.aspx" in path


def _is_of_comments(address: str) -> bool:
    """WordPress offers one a page; comments are not read."""
    return "/comments/" in address.lower()
