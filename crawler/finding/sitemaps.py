"""The sitemaps of a site: those that robots.txt names, else those at the usual paths."""

from collections.abc import Iterator
from datetime import datetime

from crawler.addresses import resolve
from crawler.finding.offers import FoundSource, doubt_of
from crawler.finding.visits import Visits
from crawler.kinds.naming import SITEMAP_DEPTH, Named, UnreadableSource
from crawler.kinds.sitemaps import Sitemap, parse_sitemap

_PATHS = (
    "/sitemap.xml", "/sitemap-news.xml", "/news-sitemap.xml", "/google-news-sitemap.xml",
    "/sitemap_index.xml", "/sitemap.xml.gz",
)  # fmt: skip
_MOST = 6
"""that robots.txt may name: some list an archive of years there"""


def find_sitemaps(visits: Visits, home: str, now: datetime) -> Iterator[FoundSource]:
    named = [address for text in visits.sitemaps(home) if (address := resolve(home, text))]
    usual = [address for path in _PATHS if (address := resolve(home, path))]
    for address in dict.fromkeys(named or usual):
        sitemap = _read(visits, address)
        if sitemap is not None:
            yield _found(visits, address, sitemap, now)
        if len(dict.fromkeys(named)) > _MOST and address == named[_MOST - 1]:
            return


def _read(visits: Visits, address: str) -> Sitemap | None:
    answer = visits.get(address)
    try:
        return parse_sitemap(answer.body, answer.url, content_type=answer.content_type) if answer else None
    except UnreadableSource:
        return None


def _found(visits: Visits, address: str, sitemap: Sitemap, now: datetime) -> FoundSource:
    """An index is known by the newest of its children: what it names itself are lists."""
    pages: tuple[Named, ...] = sitemap.pages
    title = "index of sitemaps" if sitemap.children else None
    for _ in range(SITEMAP_DEPTH):
        if pages or not sitemap.children:
            break
        below = _read(visits, sitemap.children[0])
        if below is None:
            break
        sitemap, pages = below, below.pages
    newest = max((page.newest for page in pages if page.newest), default=None)
    if any(page.title for page in pages):
        title = "news sitemap"
    doubt = doubt_of(len(pages), newest, now)
    if doubt is None and newest is None:
        doubt = "it names no dates: news cannot be told from the archive"
    return FoundSource("sitemap", address, title, len(pages), newest, doubt)
