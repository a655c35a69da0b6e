"""Sitemaps: an outlet's list of pages, its news list, a plain list of addresses, or a list of such lists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from lxml import etree

from crawler.addresses import named_address
from crawler.encoding import decode, sound_references
from crawler.kinds.feed_items import LONGEST_TITLE, short
from crawler.kinds.naming import MAX_ITEMS, Named, Notice, UnreadableSource
from crawler.times import parse_time

MAX_CHILDREN = 5
"""An index may name years of archives; the newest few hold what is news."""

_BEGINNING_OF_TIME = datetime.min.replace(tzinfo=UTC)
_ROOT = re.compile(r"<(?:[\w.-]{1,20}:)?(urlset|sitemapindex)(?=[\s>/])", re.IGNORECASE)
_MOST_ENTRIES = 50_000
"""that the protocol allows in one file"""
_NO_NEWS = re.compile(
    r"author|user|tac-gia|phong-vien|tag|categor|chuyen-muc|topic|chu-de|taxonom|video|image|photo|gallery|static",
    re.IGNORECASE,
)
"""in the name of a child: pages of lists, of pictures, of people"""
_MONTH = re.compile(r"(?<!\d)(20\d\d)(?:[-_/.]?(0[1-9]|1[0-2]|[1-9])(?!\d))?")
_YEARS_AGO = (0, 0)


class NotASitemap(UnreadableSource):
    """What came is no sitemap."""


@dataclass(frozen=True)
class Sitemap:
    pages: tuple[Named, ...]
    children: tuple[str, ...]
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class _Entry:
    address: str
    changed: datetime | None
    published: datetime | None = None
    title: str | None = None

    @property
    def newest(self) -> datetime:
        return self.published or self.changed or _BEGINNING_OF_TIME


def parse_sitemap(
    content: bytes, url: str, max_bytes: int = 50_000_000, content_type: str | None = None
) -> Sitemap:
    """Reads a urlset, an index or a list of lines, packed or plain; raises NotASitemap."""
    text = sound_references(decode(_unpacked(content, max_bytes), content_type).text).strip()
    root = _ROOT.search(text)
    if root is None:
        return _pages(_lines(text), url)
    entries = list(_entries(_whole(text[root.start() :])))
    if root[1].lower() == "sitemapindex":
        addresses = (named_address(url, entry.address) for entry in _newest_children(entries))
        return Sitemap(pages=(), children=tuple(dict.fromkeys(filter(None, addresses)))[:MAX_CHILDREN])
    return _pages(entries, url)


def _unpacked(content: bytes, max_bytes: int) -> bytes:
    if content[:3] != b"\x1f\x8b\x08":
        return content
    try:
        # Loaded here: few sitemaps are packed, and Scrapy takes half a second.
        from scrapy.utils.gz import gunzip

        return gunzip(content, max_size=max_bytes)
    except Exception as error:
        raise _not_a_sitemap("it cannot be unpacked, or is far too large unpacked") from error


def _lines(text: str) -> list[_Entry]:
    """A text file with an address a line."""
    lines = text.splitlines()
    if not text.startswith(("http://", "https://")) or " " in lines[0].strip():
        what = (
            "the answer is an HTML page"
            if re.search(r"(?i)<html\b", text[:2000])
            else "it is no list of pages"
        )
        raise _not_a_sitemap(what if text else "the answer is empty")
    return [_Entry(line, None) for line in lines[:_MOST_ENTRIES] if line.startswith(("http://", "https://"))]


def _not_a_sitemap(why: str) -> NotASitemap:
    return NotASitemap(
        f"is not a sitemap: {why}",
        "look for `Sitemap:` in the outlet's robots.txt, or run `dansinh sources find` with its home page",
    )


def _whole(text: str) -> str:
    """Without an address that is cut off with the document: it would name another page."""
    if re.search(r"</[\w.:-]{1,40}>\s*$", text):
        return text
    return text[: max((found.end() for found in re.finditer(r"</(?:\w+:)?loc\s*>", text)), default=0)]


def _entries(text: str) -> Iterator[_Entry]:
    """Element by element, so that a list of 50,000 pages never stands in memory as a tree.

    Namespaces are passed over: many outlets misspell theirs or have none.
    """
    # Entities are left alone: a few lines of them can unfold to gigabytes or read files of this machine.
    parser = etree.iterparse(
        BytesIO(text.encode(errors="replace")),
        events=("end",),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
    )
    seen = 0
    try:
        for _, node in parser:
            if _name(node) in {"url", "sitemap"}:
                if entry := _entry(node):
                    yield entry
                _forget(node)
                seen += 1
                if seen >= _MOST_ENTRIES:
                    return
    except etree.XMLSyntaxError:
        # Cut off: what stands before that is good.
        return


def _forget(node: etree._Element) -> None:
    node.clear()
    parent = node.getparent()
    while parent is not None and node.getprevious() is not None:
        del parent[0]


def _entry(node: etree._Element) -> _Entry | None:
    told: dict[str, str] = {}
    for child in node.iter():
        name = _name(child)
        # Of a page's pictures and translations, which have addresses of their own, only the first counts.
        if name in {"loc", "lastmod", "publication_date", "title"} and child.text and child.text.strip():
            told.setdefault(name, child.text.strip())
    if "loc" not in told:
        return None
    return _Entry(
        address=told["loc"],
        changed=parse_time(told.get("lastmod")),
        published=parse_time(told.get("publication_date")),
        title=told.get("title"),
    )


def _name(node: etree._Element) -> str:
    return node.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(node.tag, str) else ""


def _pages(entries: list[_Entry], base: str) -> Sitemap:
    """Dated before undated, new before old; a list without dates keeps its order."""
    newest = sorted(entries, key=lambda entry: entry.newest, reverse=True)
    pages = []
    for entry in newest[:MAX_ITEMS]:
        if address := named_address(base, entry.address):
            title = short(entry.title, LONGEST_TITLE)
            pages.append(Named(address, title, published=entry.published, changed=entry.changed))
    left_out = len(entries) - MAX_ITEMS
    undated = left_out > 0 and all(entry.newest == _BEGINNING_OF_TIME for entry in newest[:MAX_ITEMS])
    return Sitemap(tuple(pages), (), (_without_dates(left_out),) if undated else ())


def _without_dates(left_out: int) -> Notice:
    return Notice(
        f"names no dates, and {left_out} pages more than the {MAX_ITEMS} that are read at once",
        "give the outlet's feeds or its news sitemap: in this one news cannot be told from the archive",
    )


def _newest_children(entries: list[_Entry]) -> list[_Entry]:
    """By their date, or the year and month in their names, in which many number them upwards."""
    news = [entry for entry in entries if not _NO_NEWS.search(entry.address.rpartition("/")[2])]
    return sorted(news or entries, key=lambda entry: (entry.newest, _month(entry.address)), reverse=True)


def _month(address: str) -> tuple[int, int]:
    found = _MONTH.search(address.rpartition("/")[2])
    return (int(found[1]), int(found[2] or 0)) if found else _YEARS_AGO
