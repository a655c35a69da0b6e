"""From a page to an article: title, lead, body, time; or the finding that it is none."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml.html import HtmlElement

from crawler.addresses import is_home, looks_like_article
from crawler.body import read_body
from crawler.encoding import decode
from crawler.pages import Head, parse_page, read_head
from crawler.plain import one_line
from crawler.times import LOCAL

_LEAD_CLASS = re.compile(r"(?i)(^|[-_ ])(\w*sapo|lead|chapeau|standfirst|\w*summary|tom-?tat)([-_ ]|$)")
_DATELINE = re.compile(r"^\s*(\([^()]{2,40}\)|[A-ZĐ][\w.]{1,30})\s*[-–—]\s*")
_SHORTEST_DECLARED = 60
"""characters of body below which even a page that declares itself an article has none to read"""
_SHORTEST_UNDECLARED = 250
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
    body = _without_title(read_body(page), head.title)
    is_article = bool(head.title) and _is_article(page, url, head, body)
    lead, printed = _lead(page, head) if is_article else (head.lead, False)
    return Extracted(
        article=is_article,
        title=head.title,
        lead=lead,
        body=_without_lead(body, lead) or None,
        published=head.published,
        canonical_url=head.canonical_url,
        outlet=head.outlet,
        broken_encoding=broken,
        lead_is_printed=printed,
    )


def _is_article(page: HtmlElement, url: str, head: Head, body: str) -> bool:
    if is_home(url):
        return False
    if head.is_article:
        return len(body) >= _SHORTEST_DECLARED
    if _linked_headlines(page) >= _MANY_LINKED_HEADLINES:
        return False
    dated, addressed = head.published is not None, looks_like_article(url)
    if dated and addressed:
        # Portals print notices of three lines, and declare nothing.
        return len(body) >= _SHORTEST_DECLARED
    return (dated or addressed) and len(body) >= _SHORTEST_UNDECLARED


def _linked_headlines(page: HtmlElement) -> int:
    return len(page.xpath("//*[self::h1 or self::h2 or self::h3 or self::h4][.//a or parent::a]"))


def _lead(page: HtmlElement, head: Head) -> tuple[str | None, bool]:
    """The lead as the page prints it, else as it tells machines; and whether it is printed."""
    told = _comparable(head.lead)
    for element in page.iter("h2", "h3", "p", "div", "strong"):
        if _LEAD_CLASS.search(element.get("class") or "") and not _stands_in_a_list(element):
            text = one_line(str(element.text_content()))
            if text and 20 <= len(text) <= 1200 and (not told or _alike(_comparable(text), told)):
                return text, True
    if told:
        for element in page.iter("h2", "h3", "p", "div", "strong"):
            if len(element) <= 3 and _comparable(one_line(str(element.text_content()))) == told:
                return one_line(str(element.text_content())), True
    return head.lead, False


def _stands_in_a_list(element: HtmlElement) -> bool:
    return any(ancestor.tag in {"li", "aside", "footer", "nav"} for ancestor in element.iterancestors())


def _comparable(text: str | None) -> str:
    return re.sub(r"\W+", " ", _DATELINE.sub("", text or "")).strip().lower()


def _alike(printed: str, told: str) -> bool:
    """Machines are often told only the beginning."""
    return printed.startswith(told[:60]) or told.startswith(printed[:60])


def _without_lead(body: str, lead: str | None) -> str:
    lines = body.splitlines()
    wanted = _comparable(lead)
    if wanted:
        for number, line in enumerate(lines[:4]):
            if _comparable(line) == wanted:
                return "\n".join(lines[:number] + lines[number + 1 :])
    return body


def _without_title(body: str, title: str | None) -> str:
    first, _, rest = body.partition("\n")
    return rest if _comparable(first) == _comparable(title) else body
