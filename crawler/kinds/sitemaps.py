"""Sitemaps: an outlet's list of pages, its news list, or a list of such lists."""

from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree
from scrapy.utils.gz import gunzip

from crawler.addresses import resolve
from crawler.kinds.naming import Named, UnreadableSource
from crawler.plain import plain_text
from crawler.times import parse_time

MAX_CHILDREN = 5
"""An index may name years of archives; the newest few hold what is news."""

_BEGINNING_OF_TIME = datetime.min.replace(tzinfo=UTC)


class NotASitemap(UnreadableSource):
    """What came is no sitemap."""


@dataclass(frozen=True)
class Sitemap:
    pages: tuple[Named, ...]
    children: tuple[str, ...]


def parse_sitemap(content: bytes, url: str, max_bytes: int = 50_000_000) -> Sitemap:
    """Reads a urlset or an index, packed or plain; raises NotASitemap."""
    root = _root(_unpacked(content, max_bytes))
    name = etree.QName(root).localname
    if name == "urlset":
        pages = [page for node in _children(root, "url") if (page := _page(node, url))]
        return Sitemap(pages=tuple(_newest_first(pages)), children=())
    if name == "sitemapindex":
        listed = [page for node in _children(root, "sitemap") if (page := _page(node, url))]
        return Sitemap(pages=(), children=tuple(item.url for item in _newest_first(listed)[:MAX_CHILDREN]))
    raise _not_a_sitemap(f"its first element is <{name}>")


def _unpacked(content: bytes, max_bytes: int) -> bytes:
    if content[:3] != b"\x1f\x8b\x08":
        return content
    try:
        return gunzip(content, max_size=max_bytes)
    except Exception as error:
        raise _not_a_sitemap("it cannot be unpacked, or is far too large unpacked") from error


def _root(content: bytes) -> etree._Element:
    # Entities are left alone: a few lines of them can unfold to gigabytes or read files of this machine.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(content.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _not_a_sitemap("the answer is no XML") from error
    if root is None or not isinstance(root.tag, str):
        raise _not_a_sitemap("the answer is no XML")
    return root


def _not_a_sitemap(why: str) -> NotASitemap:
    return NotASitemap(
        f"is not a sitemap: {why}",
        "look for `Sitemap:` in the outlet's robots.txt, or run `dansinh sources find` with its home page",
    )


def _children(node: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in node if isinstance(child.tag, str) and etree.QName(child).localname == name]


def _page(node: etree._Element, base: str) -> Named | None:
    address = resolve(base, _text(node, "loc"))
    if address is None:
        return None
    news = _children(node, "news")
    return Named(
        url=address,
        title=plain_text(_text(news[0], "title")) if news else None,
        published=parse_time(_text(news[0], "publication_date")) if news else None,
        changed=parse_time(_text(node, "lastmod")),
    )


def _text(node: etree._Element, name: str) -> str | None:
    found = _children(node, name)
    return found[0].text if found else None


def _newest_first(items: list[Named]) -> list[Named]:
    """Dated before undated, new before old; a list without dates keeps its order."""
    return sorted(items, key=lambda item: item.newest or _BEGINNING_OF_TIME, reverse=True)
