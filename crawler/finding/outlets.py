"""What a home page says of the outlet itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extraction.head import read_head
from crawler.kinds.links import text_within
from crawler.plain import one_line
from crawler.settings import OutletKind

_PARTS = re.compile(r"\s+[-–—|:·»]\s+|\s*[|»]\s*")
_IS_A_NAME = re.compile(
    r"\b(?:báo|cổng|trang thông tin|đài|tạp chí|truyền hình|phát thanh|ubnd|ủy ban)\b", re.I
)
_HOME = re.compile(r"(?i)^(?:trang chủ|trang nhất|home|home ?page|default|index)$")
_ADDRESS = re.compile(r"(?i)(?:địa chỉ|trụ sở|tòa soạn|toà soạn)\s*:?\s*(.{5,160})")
_BROADCASTER = re.compile(r"\b(?:đài|truyền hình|phát thanh|pt-?th|radio|tv)\b", re.IGNORECASE)
_PAPER = re.compile(r"^(?:báo|tạp chí)\b", re.IGNORECASE)
_PORTAL = re.compile(
    r"cổng thông tin|trang thông tin điện tử|ủy ban nhân dân|ubnd|cổng giao tiếp", re.IGNORECASE
)
_LONGEST = 300


@dataclass(frozen=True)
class OutletWords:
    name: str | None
    title: str | None
    description: str | None
    addresses: tuple[str, ...]
    """lines that name a seat: "Địa chỉ: …"."""


def outlet_words(page: HtmlElement, url: str) -> OutletWords:
    head = read_head(page, url)
    title = title_of(page)
    return OutletWords(
        name=_name(head.outlet, title),
        title=title,
        description=head.lead,
        addresses=tuple(islice(_addresses(page), 3)),
    )


def title_of(page: HtmlElement) -> str | None:
    title = page.find(".//title")
    return one_line(text_within(title, _LONGEST)) if title is not None else None


def kind_of(home: str, name: str | None) -> OutletKind:
    """Newspapers and broadcasters of provinces are one body since 2025: what the name begins with counts."""
    host = urlsplit(home).hostname or ""
    if host == "gov.vn" or host.endswith(".gov.vn") or _PORTAL.search(name or ""):
        return "portal"
    if _BROADCASTER.search(name or "") and not _PAPER.search(name or ""):
        return "broadcaster"
    return "newspaper"


def _name(stated: str | None, title: str | None) -> str | None:
    """What the page calls its site; else the part of its title that is a name, not a slogan."""
    if stated and not _HOME.match(stated) and "." not in stated:
        return stated
    parts = [part for part in _PARTS.split(title or "") if part and not _HOME.match(part)]
    named = [part for part in parts if _IS_A_NAME.search(part)]
    return next(iter(named or parts), None) or stated


def _addresses(page: HtmlElement) -> Iterator[str]:
    for element in page.iter("address"):
        if text := one_line(text_within(element, _LONGEST)):
            yield text
    for element in page.iter("p", "div", "span", "li", "td", "strong", "b"):
        found = (
            _ADDRESS.search(text_within(element, _LONGEST)) if _ADDRESS.search(element.text or "") else None
        )
        if found and (text := one_line(found[1])):
            yield text
