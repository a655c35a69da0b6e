"""HTML pages as trees, and what their heads say of them."""

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml.etree import ParserError
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawler.addresses import is_home, resolve, same_site
from crawler.plain import one_line, plain_text
from crawler.times import most_exact, parse_time

_ARTICLE_TYPES = frozenset(
    {
        "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "BackgroundNewsArticle",
        "OpinionNewsArticle", "BlogPosting", "Report", "TechArticle", "LiveBlogPosting",
    }
)  # fmt: skip
_LISTS = frozenset({"ItemList", "CollectionPage", "BreadcrumbList", "SearchResultsPage"})
_TIME_METAS = (
    "article:published_time", "og:article:published_time", "datepublished", "pubdate", "publishdate",
    "publish-date", "date.created", "dc.date.issued", "dc.created", "citation_publication_date",
    "parsely-pub-date",
)  # fmt: skip


@dataclass(frozen=True)
class Head:
    """What a page says of itself to machines."""

    is_article: bool
    """it declares itself one article, with more than og:type, which listings carry too"""
    title: str | None
    lead: str | None
    published: datetime | None
    canonical_url: str | None
    outlet: str | None


def parse_page(text: str) -> HtmlElement:
    """The page as a tree; an empty one for what has no markup at all."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True)
    try:
        return document_fromstring(text.encode(errors="replace") or b"<html/>", parser=parser)
    except (ParserError, ValueError):
        return document_fromstring(b"<html><body></body></html>", parser=parser)


def read_head(page: HtmlElement, url: str) -> Head:
    metas = _metas(page)
    nodes = [node for node in _linked_data(page) if _types(node) & _ARTICLE_TYPES]
    node = nodes[0] if len(nodes) == 1 else {}
    return Head(
        is_article=bool(node) or not metas.keys().isdisjoint(_TIME_METAS) or _is_microdata_article(page),
        title=_title(page, metas, node),
        lead=plain_text(
            metas.get("og:description") or metas.get("description") or _string(node, "description")
        ),
        published=_stated_time(metas, node, page),
        canonical_url=_canonical(page, metas, url),
        outlet=plain_text(metas.get("og:site_name")) or _publisher(node),
    )


def _metas(page: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in page.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = (meta.get("content") or "").strip()
        if name and content:
            found.setdefault(name.lower(), content)
    return found


def _linked_data(page: HtmlElement) -> Iterator[dict[str, Any]]:
    """The nodes of schema.org that speak of the page itself, not of pages it lists."""
    for script in page.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            try:
                yield from _nodes(json.loads(script.text or "", strict=False))
            except (ValueError, RecursionError):
                continue


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item)
    elif isinstance(value, dict) and not _types(value) & _LISTS:
        yield value
        for key in ("@graph", "mainEntity"):
            yield from _nodes(value.get(key))


def _types(node: dict[str, Any]) -> set[str]:
    stated = node.get("@type")
    return {str(item) for item in stated} if isinstance(stated, list) else {str(stated)}


def _string(node: dict[str, Any], key: str) -> str | None:
    value = node.get(key)
    return html.unescape(value) if isinstance(value, str) else None


def _publisher(node: dict[str, Any]) -> str | None:
    publisher = node.get("publisher")
    return plain_text(_string(publisher, "name")) if isinstance(publisher, dict) else None


def _is_microdata_article(page: HtmlElement) -> bool:
    return bool(page.xpath('//*[@itemprop="articleBody"]')) and len(_headlines(page)) > 0


def _headlines(page: HtmlElement) -> list[str]:
    texts = (one_line(str(heading.text_content())) for heading in page.iter("h1"))
    return [text for text in texts if text]


def _title(page: HtmlElement, metas: dict[str, str], node: dict[str, Any]) -> str | None:
    """The headline as printed where the title told to machines agrees: that may carry the site's name."""
    stated = plain_text(metas.get("og:title") or _string(node, "headline"))
    headlines = _headlines(page)
    for headline in headlines:
        if stated and (headline in stated or stated in headline):
            return headline
    if stated or headlines:
        return stated or headlines[0]
    element = page.find(".//title")
    return one_line(str(element.text_content())) if element is not None else None


def _stated_time(metas: dict[str, str], node: dict[str, Any], page: HtmlElement) -> datetime | None:
    candidates = [metas.get(name) for name in _TIME_METAS]
    candidates += [_string(node, "datePublished"), _string(node, "dateCreated")]
    candidates += page.xpath('//*[@itemprop="datePublished"]/@content')
    candidates += page.xpath('//*[@itemprop="datePublished"]/@datetime')
    return most_exact(*(parse_time(str(text)) for text in candidates if text))


def _canonical(page: HtmlElement, metas: dict[str, str], url: str) -> str | None:
    """The address that the page itself prefers; only within its own site, and never a home page.

    A broken template that names the home page on every article would else make all articles one.
    """
    links = page.xpath('//link[translate(@rel, "CANONIL", "canonil")="canonical"]/@href')
    for stated in [*map(str, links), metas.get("og:url")]:
        address = resolve(url, stated)
        if address and same_site(address, url) and not is_home(address):
            return address
    return None
