"""One page read."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml.html import HtmlElement

from crawler.addresses import is_home, looks_like_article
from crawler.encoding import decode
from crawler.extraction.asides import without_marks, without_others
from crawler.extraction.body import read_body
from crawler.extraction.head import Head, parse_page, read_head
from crawler.extraction.leads import Lead, read_lead, same_words, without_lead
from crawler.extraction.markup import find_headline
from crawler.extraction.printed_time import printed_time
from crawler.times import LOCAL, most_exact, parse_time

_SHORTEST_DECLARED = 60
"""characters of body below which even a page that declares itself an article has none to read"""
_SHORTEST_UNDECLARED = 250
_HEADING_LINES = 4
_LONGEST_TIME = 40
"""characters: a line with more says something besides the time"""
_MANY_LINKED_HEADLINES = 12
"""headlines in links: articles show a handful of related ones, listings little else"""


@dataclass(frozen=True)
class Extracted:
    article: bool
    title: str | None
    lead: str | None
    body: str | None
    """paragraphs, one a line, without the lead"""
    published: datetime | None
    """with its zone, to the minute"""
    canonical_url: str | None
    outlet: str | None
    broken_encoding: bool = False
    lead_is_printed: bool = False
    """the lead stands on the page and is not only said to machines"""

    def to_dict(self) -> dict[str, Any]:
        """The `extract` filter's line without its id: local time, the body begins with the printed lead."""
        parts = [self.lead if self.lead_is_printed else None, self.body]
        return {
            "article": self.article,
            "title": self.title,
            "published": self.published.astimezone(LOCAL).isoformat(timespec="minutes")
            if self.published
            else None,
            "body": "\n".join(part for part in parts if part) or None if self.article else None,
            "lead": self.lead,
            "outlet": self.outlet,
            "canonical_url": self.canonical_url,
        }


def extract(html: bytes | str, url: str, content_type: str | None = None) -> Extracted:
    """Reads one page; never raises for what a page may hold."""
    broken = False
    if isinstance(html, bytes):
        decoded = decode(html, content_type)
        html, broken = decoded.text, decoded.broken
    page = parse_page(unicodedata.normalize("NFC", html))
    head = read_head(page, url)
    alone = without_others(page, head.title)
    published = most_exact(head.published, printed_time(alone, find_headline(alone, head.title)))
    text = without_marks(alone, head.title)
    body = _without_heading(read_body(text), head.title)
    is_article = bool(head.title) and _is_article(page, url, head, published, body)
    lead = Lead(head.lead, printed=False)
    if is_article:
        lead = read_lead(text, find_headline(text, head.title), head.lead, body)
    return Extracted(
        article=is_article,
        title=head.title,
        lead=lead.text,
        body="\n".join(without_lead(body, lead.text)) or None,
        published=published,
        canonical_url=head.canonical_url,
        outlet=head.outlet,
        broken_encoding=broken,
        lead_is_printed=lead.printed,
    )


def _is_article(page: HtmlElement, url: str, head: Head, published: datetime | None, body: list[str]) -> bool:
    if is_home(url):
        return False
    length = sum(map(len, body))
    if head.is_article:
        return length >= _SHORTEST_DECLARED
    if _linked_headlines(page) >= _MANY_LINKED_HEADLINES:
        return False
    dated, addressed = published is not None, looks_like_article(url)
    if dated and addressed:
        # Portals print notices of three lines, and declare nothing.
        return length >= _SHORTEST_DECLARED
    return (dated or addressed) and length >= _SHORTEST_UNDECLARED


def _linked_headlines(page: HtmlElement) -> int:
    return len(page.xpath("//*[self::h1 or self::h2 or self::h3 or self::h4][.//a or parent::a]"))


def _without_heading(body: list[str], title: str | None) -> list[str]:
    """Without the headline, what stands before it, and the time beside it."""
    wanted = same_words(title)
    for number, line in enumerate(body[:_HEADING_LINES]):
        if same_words(line) == wanted:
            body = body[number + 1 :]
            break
    return body[1:] if body and len(body[0]) <= _LONGEST_TIME and parse_time(body[0]) else body
