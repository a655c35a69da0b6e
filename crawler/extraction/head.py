"""What the heads of pages say of them to machines."""

import html
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from crawler.addresses import is_home, resolve, same_site
from crawler.extraction.xpaths import elements
from crawler.plain import one_line, plain_text
from crawler.times import most_exact, parse_time

_ARTICLE_TYPES = frozenset(
    {
        "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "BackgroundNewsArticle",
        "OpinionNewsArticle", "BlogPosting", "Report", "TechArticle", "LiveBlogPosting", "QAPage",
    }
)  # fmt: skip
_LISTS = frozenset({"ItemList", "CollectionPage", "BreadcrumbList", "SearchResultsPage"})
_TIME_METAS = (
    "article:published_time", "og:article:published_time", "datepublished", "pubdate", "publishdate",
    "publish-date", "date.created", "dc.date.issued", "dc.created", "citation_publication_date",
    "parsely-pub-date", "article:published", "published_time", "cxenseparse:recs:publishtime",
)  # fmt: skip
_ROBOTS = frozenset({"robots", "googlebot"})
_MOST_PARTS, _MOST_NODES = 3_000, 200
_LONGEST_DATA = 500_000
"""characters of one script of linked data: a page's own takes a few thousand"""
_LONGEST_TITLE = 400
_AGREES = 0.4
"""A heading that is a lesser part of the title told to machines is the site's name in it."""

_PARTS = ("meta", "link", "script", "h1", "title")
_STATED = elements("//*[@itemprop='datePublished' or @itemprop='articleBody']")


@dataclass(frozen=True)
class Head:
    """What a page says of itself to machines."""

    is_article: bool
    """it declares itself one article, with more than og:type, which listings carry too"""
    types: frozenset[str]
    """of schema.org, those of the page itself, and og:type"""
    is_free: bool
    """it does not say that only who pays may read it"""
    title: str | None
    headline: HtmlElement | None
    """the h1 that prints the title"""
    lead: str | None
    published: datetime | None
    canonical_url: str | None
    outlet: str | None
    robots: tuple[str, ...]
    """what its meta elements tell robots: all, Google's or this one"""


def read_head(page: HtmlElement, url: str, agent: str = "") -> Head:
    """`agent`: the name by which a page may speak to the crawler alone."""
    found = _Found(_ROBOTS | {agent.lower()})
    for element in islice(page.iter(*_PARTS), _MOST_PARTS):
        found.take(element)
    nodes = list(_linked_data(found.data))
    articles = [node for node in nodes if _types(node) & _ARTICLE_TYPES]
    node = articles[0] if len(articles) == 1 else {}
    metas = found.metas
    timed = not metas.keys().isdisjoint(_TIME_METAS)
    published = _stated_time(metas, node)
    properties = _STATED(page) if published is None or not (node or timed) else []
    outlet = plain_text(metas.get("og:site_name")) or _publisher(node)
    title, headline = _title(found, node, outlet)
    return Head(
        is_article=bool(node) or timed or (headline is not None and _has_body(properties)),
        types=frozenset().union(*map(_types, nodes), {f"og:{metas.get('og:type', '').lower()}"}),
        is_free=str(node.get("isAccessibleForFree", True)).rpartition("/")[2].lower() != "false",
        title=title,
        headline=headline,
        lead=plain_text(
            metas.get("og:description") or metas.get("description") or _string(node, "description")
        ),
        published=published or most_exact(*_property_times(properties)),
        canonical_url=_canonical(found, url),
        outlet=outlet,
        robots=tuple(found.robots),
    )


class _Found:
    """The elements by which a head speaks, in one walk."""

    def __init__(self, robots: frozenset[str]) -> None:
        self._robots = robots
        self.metas: dict[str, str] = {}
        self.robots: list[str] = []
        self.canonical: list[str] = []
        self.data: list[str] = []
        self.headings: list[HtmlElement] = []
        self.title: HtmlElement | None = None

        self._takers = {
            "meta": self._take_meta,
            "link": self._take_link,
            "script": self._take_script,
            "h1": self.headings.append,
            "title": self._take_title,
        }

    def take(self, element: HtmlElement) -> None:
        self._takers[element.tag](element)

    def _take_meta(self, meta: HtmlElement) -> None:
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        content = (meta.get("content") or "").strip()
        if name and content:
            self.metas.setdefault(name, content)
            if name in self._robots:
                self.robots.append(content)

    def _take_link(self, link: HtmlElement) -> None:
        if (link.get("rel") or "").lower() == "canonical":
            self.canonical.append(link.get("href") or "")

    def _take_script(self, script: HtmlElement) -> None:
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            self.data.append((script.text or "")[:_LONGEST_DATA])

    def _take_title(self, title: HtmlElement) -> None:
        if self.title is None:
            self.title = title


def _linked_data(scripts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The nodes of schema.org that speak of the page itself, not of pages it lists."""
    for script in scripts:
        try:
            yield from _nodes(json.loads(script, strict=False))
        except (ValueError, RecursionError):
            continue


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting = [*item[:_MOST_NODES], *waiting]
        elif isinstance(item, dict) and not _types(item) & _LISTS:
            yield item
            waiting = [item[key] for key in ("@graph", "mainEntity") if key in item] + waiting


def _types(node: dict[str, Any]) -> set[str]:
    stated = node.get("@type")
    return {str(item) for item in stated} if isinstance(stated, list) else {str(stated)}


def _string(node: dict[str, Any], key: str) -> str | None:
    value = node.get(key)
    return html.unescape(value) if isinstance(value, str) else None


def _publisher(node: dict[str, Any]) -> str | None:
    publisher = node.get("publisher")
    if not isinstance(publisher, dict) or "Person" in _types(publisher):
        return None
    return plain_text(_string(publisher, "name"))


def _has_body(properties: Iterable[HtmlElement]) -> bool:
    return any(element.get("itemprop") == "articleBody" for element in properties)


def _title(found: _Found, node: dict[str, Any], outlet: str | None) -> tuple[str | None, HtmlElement | None]:
    """The headline as printed where a title told to machines agrees: that may carry the site's name."""
    told = [plain_text(found.metas.get("og:title")), plain_text(_string(node, "headline"))]
    if found.title is not None:
        told.append(_printed(found.title))
    stated = [title for title in told if title and title != outlet]
    headings = [(text, heading) for heading in found.headings[:20] if (text := _printed(heading))]
    for title in stated:
        for text, heading in headings:
            if title in text or (text in title and len(text) >= _AGREES * len(title)):
                return text, heading
    if headings and not (told[0] or told[1]):
        return headings[0]
    return (_without_outlet(stated[0], outlet) if stated else None), None


def _without_outlet(title: str, outlet: str | None) -> str:
    """Behind the last bar or dash many pages tell machines who they are."""
    if outlet and title.casefold().endswith(outlet.casefold()):
        return title[: -len(outlet)].rstrip(" |-–—·:") or title
    return title


def _printed(element: HtmlElement) -> str | None:
    parts, length = [], 0
    for part in element.itertext():
        parts.append(part)
        length += len(part)
        if length > 4 * _LONGEST_TITLE:
            return None
    return one_line("".join(parts))


def _stated_time(metas: dict[str, str], node: dict[str, Any]) -> datetime | None:
    candidates = [metas.get(name) for name in _TIME_METAS]
    candidates += [_string(node, "datePublished"), _string(node, "dateCreated")]
    return most_exact(*(parse_time(text[:_LONGEST_TITLE]) for text in candidates if text))


def _property_times(properties: Iterable[HtmlElement]) -> Iterator[datetime | None]:
    for element in properties:
        if element.get("itemprop") == "datePublished":
            yield parse_time((element.get("content") or element.get("datetime") or "")[:_LONGEST_TITLE])


def _canonical(found: _Found, url: str) -> str | None:
    """The address that the page itself prefers; only within its own site, and never a home page.

    A broken template that names the home page on every article would else make all articles one.
    """
    for stated in [*found.canonical, found.metas.get("og:url")]:
        address = resolve(url, stated)
        if address and same_site(address, url) and not is_home(address):
            return address
    return None
