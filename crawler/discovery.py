"""Finding what a site offers to be read by, and whether it can be read at all."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.addresses import is_home, resolve, same_site
from crawler.encoding import decode
from crawler.extraction.head import parse_page, read_head
from crawler.fetching.fetcher import CannotFetch, Fetched, Fetcher
from crawler.kinds.feeds import Feed, parse_feed
from crawler.kinds.listings import read_listing
from crawler.kinds.naming import UnreadableSource
from crawler.kinds.sitemaps import parse_sitemap
from crawler.plain import one_line
from crawler.settings import CrawlerSettings, SourceKind

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
_FEED_PATHS = ("/rss", "/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/rss/home.rss", "/rss/trang-chu.rss")
_SITEMAP_PATHS = ("/sitemap.xml", "/sitemap-news.xml", "/news-sitemap.xml")
_MOST_FEEDS = 40
"""A page of feeds may name one a section; more than these are not for a person to choose from"""
_MOST_SECTIONS = 5
_FEWEST_ARTICLES = 3
"""A section names several; one or two links that look like articles stand on any page of contacts."""


@dataclass(frozen=True)
class FoundSource:
    kind: SourceKind
    url: str
    title: str | None
    items: int
    newest: datetime | None


@dataclass(frozen=True)
class Discovered:
    """What a site offers, best first: feeds tell time and title, sitemaps often the time."""

    home: str
    outlet_name: str | None
    feeds: list[FoundSource] = field(default_factory=list)
    sitemaps: list[FoundSource] = field(default_factory=list)
    listings: list[FoundSource] = field(default_factory=list)
    """the page itself, if it names articles; where nothing else is found, those of its sections that do"""


def probe(url: str, settings: CrawlerSettings) -> str | None:
    """None if the address can be read; else what is wrong, as the end of a sentence that begins with it."""
    try:
        Fetcher(settings, named=(url,)).get(url)
    except CannotFetch as error:
        return str(error)
    return None


def find_sources(url: str, settings: CrawlerSettings) -> Discovered:
    """Asks a site for its feeds, sitemaps and links to articles, some twenty requests; raises CannotFetch.

    Only where it offers none of them are its sections asked, a handful of pages.
    """
    fetcher = Fetcher(settings, named=(url,))
    home = fetcher.get(url)
    page = parse_page(decode(home.body, home.content_type).text)
    feeds = _newest_first(_feeds(fetcher, home.url, page))
    sitemaps = _newest_first(_sitemaps(fetcher, home.url))
    listings = [listing] if (listing := _listing(home)) else []
    return Discovered(
        home=home.url,
        outlet_name=read_head(page, home.url).outlet or _title(page),
        feeds=feeds,
        sitemaps=sitemaps,
        listings=listings if feeds or sitemaps or listings else list(_sections(fetcher, home.url, page)),
    )


def _title(page: HtmlElement) -> str | None:
    title = page.find(".//title")
    return one_line(str(title.text_content())) if title is not None else None


def _newest_first(found: Iterator[FoundSource]) -> list[FoundSource]:
    return sorted(found, key=lambda source: source.newest.timestamp() if source.newest else 0.0, reverse=True)


def _feeds(fetcher: Fetcher, home: str, page: HtmlElement) -> Iterator[FoundSource]:
    """Those that the page names, those at the usual paths, those that a page of feeds there names."""
    waiting = [*_alternates(page, home), *_feed_like_links(page, home)]
    waiting += [address for path in _FEED_PATHS if (address := resolve(home, path))]
    seen: set[str] = set()
    yielded = 0
    while waiting and yielded < _MOST_FEEDS:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = _try(fetcher, address)
        if answer is None:
            continue
        try:
            feed = parse_feed(answer.body, answer.url, answer.content_type)
        except UnreadableSource:
            if len(seen) < _MOST_FEEDS:
                waiting += _feed_like_links(parse_page(decode(answer.body).text), answer.url)
            continue
        yielded += 1
        yield _found_feed(address, feed)


def _alternates(page: HtmlElement, base: str) -> Iterator[str]:
    for link in page.iter("link"):
        alternate = "alternate" in (link.get("rel") or "").lower().split()
        if alternate and (link.get("type") or "").strip().lower() in _FEED_TYPES:
            address = resolve(base, link.get("href"))
            if address:
                yield address


def _feed_like_links(page: HtmlElement, base: str) -> Iterator[str]:
    for anchor in page.iter("a"):
        address = resolve(base, anchor.get("href"))
        if address and same_site(address, base) and _is_feed_like(urlsplit(address).path.lower()):
            yield address


def _is_feed_like(path: str) -> bool:
    return path.endswith(
        (".rss", "/rss", "/feed", "/atom", "rss.xml", "atom.xml", "/rss.htm", "/rss.html")
    ) or ("/rss/" in path or "/feed/" in path)


def _found_feed(address: str, feed: Feed) -> FoundSource:
    times = [item.published for item in feed.items if item.published]
    return FoundSource("feed", address, feed.title, len(feed.items), max(times, default=None))


def _sitemaps(fetcher: Fetcher, home: str) -> Iterator[FoundSource]:
    named = [address for text in fetcher.robots(home).sitemaps if (address := resolve(home, text))]
    usual = [address for path in _SITEMAP_PATHS if (address := resolve(home, path))]
    for address in dict.fromkeys([*named, *usual]):
        answer = _try(fetcher, address)
        if answer is None:
            continue
        try:
            sitemap = parse_sitemap(answer.body, answer.url)
        except UnreadableSource:
            continue
        times = [page.newest for page in sitemap.pages if page.newest]
        entries = len(sitemap.pages) or len(sitemap.children)
        yield FoundSource("sitemap", address, None, entries, max(times, default=None))


def _listing(page: Fetched) -> FoundSource | None:
    try:
        named = read_listing(page.body, page.url, content_type=page.content_type)
    except UnreadableSource:
        return None
    return FoundSource("listing", page.url, None, len(named), None)


def _sections(fetcher: Fetcher, home: str, page: HtmlElement) -> Iterator[FoundSource]:
    """The first pages of the site that its home page links to, as far as they name articles."""
    linked = (resolve(home, anchor.get("href")) for anchor in page.iter("a"))
    inside = (address for address in linked if address and same_site(address, home) and not is_home(address))
    for address in list(dict.fromkeys(inside))[:_MOST_SECTIONS]:
        answer = _try(fetcher, address)
        section = _listing(answer) if answer else None
        if answer and section and section.items >= _FEWEST_ARTICLES:
            title = _title(parse_page(decode(answer.body, answer.content_type).text))
            yield replace(section, url=address, title=title)


def _try(fetcher: Fetcher, address: str) -> Fetched | None:
    try:
        return fetcher.get(address)
    except CannotFetch:
        return None
