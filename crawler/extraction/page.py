"""One page read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Literal

from crawler import robots_tags
from crawler.encoding import declared_encoding, decode
from crawler.extraction import refusals
from crawler.extraction.body import length_of, running_text
from crawler.extraction.declared import read_by_layouts
from crawler.extraction.head import read_head
from crawler.extraction.known import known_layouts
from crawler.extraction.leads import without_lead
from crawler.extraction.learned import Learned
from crawler.extraction.tree import is_too_large, parse_page
from crawler.extraction.undeclared import Undeclared
from crawler.settings import LayoutSettings
from crawler.times import LOCAL

AGENT = "DanSinh"
"""the name by which a page may speak to this crawler"""
_OTHER_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""byte order marks of UTF-16"""


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
    layout: Literal["declared", "missed"] | None = None
    """whether the declared layout still holds; None where none is declared or the page is no article"""
    no_index: bool = False
    """nothing of the page may be kept"""
    no_archive: bool = False
    """no copy of its text may be kept"""

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


def extract(
    html: bytes | str,
    url: str,
    content_type: str | None = None,
    *,
    layouts: Sequence[LayoutSettings] | None = None,
    robots_tag: str | None = None,
    agent: str = AGENT,
    learned: Learned | None = None,
) -> Extracted:
    """Reads one page; never raises for what a page may hold.

    `layouts`: what the outlet declares, the newest last; None: what is known of the host; empty: none.
    `robots_tag`: the answer's X-Robots-Tag; several such headers a line each.
    `learned`: what is to be remembered of pages of which nothing is declared, for the next one.
    Raises ValueError for a layout with what is no CSS selector.
    """
    read = partial(_read, url=url, layouts=layouts, robots_tag=robots_tag, agent=agent, learned=learned)
    if isinstance(html, str):
        return read(html)
    if declared_encoding(html, content_type) == "utf-8" and not html.startswith(_OTHER_MARKS):
        # Parsed as it is: to decode a page and make NFC of it takes as long as to parse it.
        extracted = read(html)
        if not _is_broken(extracted):
            return extracted
    decoded = decode(html, content_type)
    return replace(read(decoded.text), broken_encoding=decoded.broken)


def _is_broken(extracted: Extracted) -> bool:
    """Whether the parser met bytes that are no UTF-8 where it matters."""
    return any("\ufffd" in text for text in (extracted.title, extracted.lead, extracted.body) if text)


def _read(
    content: bytes | str,
    *,
    url: str,
    layouts: Sequence[LayoutSettings] | None,
    robots_tag: str | None,
    agent: str,
    learned: Learned | None,
) -> Extracted:
    page = parse_page(content)
    head = read_head(page, url, agent)
    robots = robots_tags.parse([*head.robots, *([robots_tag] if robots_tag else [])], agent)
    extracted = Extracted(
        article=False,
        title=head.title,
        lead=head.lead,
        body=None,
        published=head.published,
        canonical_url=head.canonical_url,
        outlet=head.outlet,
        no_index=robots.no_index,
        no_archive=robots.no_archive,
    )
    if is_too_large(page) or refusals.at_first_sight(page, url, head):
        return extracted
    declared = known_layouts(url) if layouts is None else layouts
    undeclared = Undeclared(page, url, head)
    reading = read_by_layouts(page, head, declared, undeclared) if declared else None
    layout: Literal["declared", "missed"] | None = None
    if declared:
        layout = "declared" if reading else "missed"
    elif learned is not None:
        reading = learned.read(page, url, head)
    reading = reading or undeclared.read()
    body = running_text(reading.lines, reading.title)
    extracted = replace(extracted, title=reading.title, published=reading.published)
    if refusals.in_the_end(page, url, head, reading.title, reading.published, reading.lines, length_of(body)):
        return extracted
    lead = reading.find_lead(body)
    return replace(
        extracted,
        article=True,
        lead=lead.text,
        body="\n".join(without_lead([line.text for line in body], lead.text)) or None,
        lead_is_printed=lead.printed,
        layout=layout,
    )
