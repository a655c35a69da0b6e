"""Finding what a site offers to be read by, and whether it can be read at all."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from lxml.html import HtmlElement

from crawler.encoding import decode
from crawler.extraction.tree import parse_page
from crawler.fetching.fetcher import CannotFetch, Fetched, Fetcher, LeftAlone, WaitsUntil
from crawler.finding.feeds import find_feeds
from crawler.finding.offers import FoundSource, best_first
from crawler.finding.outlets import OutletWords, kind_of, outlet_words
from crawler.finding.sections import find_boards, find_listing, find_sections
from crawler.finding.sitemaps import find_sitemaps
from crawler.finding.visits import Visits
from crawler.kinds.folders import read_folder
from crawler.kinds.naming import Notice, UnreadableSource
from crawler.kinds.reading import Answer, read_source
from crawler.settings import CrawlerSettings, OutletKind
from crawler.sources import ConfiguredSource

__all__ = ["Discovered", "FoundSource", "find_sources", "probe"]

_MOST_REQUESTS = 50
"""With the usual pause of two seconds less than two minutes; a browser asks for more to show one page."""


@dataclass(frozen=True)
class Discovered:
    """What a site offers, best first: feeds tell time and title, sitemaps often the time."""

    home: str
    words: OutletWords
    outlet_kind: OutletKind
    feeds: list[FoundSource] = field(default_factory=list)
    sitemaps: list[FoundSource] = field(default_factory=list)
    listings: list[FoundSource] = field(default_factory=list)
    """the page itself, if it names articles, and its sections: only where nothing better was found"""
    boards: list[FoundSource] = field(default_factory=list)

    @property
    def offered(self) -> list[FoundSource]:
        """What is worth configuring, then what is doubtful."""
        told = [*self.feeds, *self.sitemaps]
        good = [one for one in told if one.doubt is None]
        listings = [] if good else self.listings
        return best_first([*good, *listings, *self.boards, *(one for one in told if one.doubt)])


def probe(
    source: ConfiguredSource, settings: CrawlerSettings, now: datetime, fetcher: Fetcher
) -> Notice | None:
    """None if the source can be asked and is what the configuration calls it; else what is wrong. Raises
    LeftAlone where its host is not to be asked now.

    `fetcher`: one for all sources of a host, which it then asks for robots.txt once and not too often.
    """
    try:
        if source.path is not None:
            # Whether there is such a folder; what lies in it is read by the crawl.
            next(read_folder(source.path, None, now), None)
            return None
        answer = fetcher.get(source.url)
        read_source(
            source, Answer(answer.body, answer.url, answer.content_type, settings.max_page_bytes, now)
        )
    except LeftAlone:
        raise
    except CannotFetch as error:
        return Notice(
            str(error),
            f"open it in a browser; `dansinh sources find {source.outlet.home}` "
            "names the site's sources of today",
        )
    except UnreadableSource as error:
        return Notice(error.what, error.remedy)
    return None


def find_sources(
    url: str,
    settings: CrawlerSettings,
    now: datetime,
    progress: Callable[[str], None] = lambda _: None,
    waits_until: WaitsUntil | None = None,
) -> Discovered:
    """Asks a site for what it can be read by, fifty requests at most; raises CannotFetch."""
    visits = Visits(Fetcher(settings, [url], waits_until), _MOST_REQUESTS, progress)
    home = visits.first(url)
    page = parse_page(decode(home.body, home.content_type).text)
    sitemaps = best_first(find_sitemaps(visits, home.url, now))
    boards = best_first(find_boards(visits, home.url, page, now))
    feeds = best_first(find_feeds(visits, home.url, page, now))
    words = outlet_words(page, home.url)
    found = Discovered(home.url, words, kind_of(home.url, words.name), feeds, sitemaps, boards=boards)
    if not any(one.doubt is None for one in (*feeds, *sitemaps)):
        found.listings.extend(_listings(visits, home, page))
    return found


def _listings(visits: Visits, home: Fetched, page: HtmlElement) -> Iterator[FoundSource]:
    """A home page names the newest of everything, its sections more of what residents ask."""
    if listing := find_listing(home):
        yield listing
    yield from find_sections(visits, home.url, page)
