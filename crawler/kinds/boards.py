"""Boards of portals: lists of questions and answers, of petitions, of notices, page after page."""

from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement

from crawler.addresses import canonical_address, named_address
from crawler.encoding import decode
from crawler.extraction.head import parse_page
from crawler.kinds.links import Link, article_links, selected_links
from crawler.kinds.listings import names_nothing
from crawler.kinds.naming import MAX_ITEMS, Named, Notice
from crawler.kinds.pagers import find_next
from crawler.times import parse_times

_STEPS = 6
"""from a link up to the row in which it stands"""
_LONGEST_ROW = 2000
"""characters: what holds more is the list, not a row"""


@dataclass(frozen=True)
class Board:
    named: tuple[Named, ...]
    next_page: str | None
    notices: tuple[Notice, ...] = ()


def read_board(
    content: bytes,
    url: str,
    article_selector: str | None = None,
    next_selector: str | None = None,
    content_type: str | None = None,
) -> Board:
    """One page of a board; raises UnreadableSource where it names nothing."""
    page = parse_page(decode(content, content_type).text)
    links = selected_links(page, url, article_selector) if article_selector else article_links(page, url)
    if not links:
        raise names_nothing(article_selector)
    links = links[:MAX_ITEMS]
    next_page, notice = find_next(page, url, next_selector)
    addresses = {canonical_address(link.address) for link in links}
    return Board(
        named=tuple(_named(link, url, addresses) for link in links),
        next_page=next_page,
        notices=(notice,) if notice else (),
    )


def _named(link: Link, url: str, addresses: set[str | None]) -> Named:
    """With the date of its row; two dates are those of a question and its answer, the later one a change."""
    times = _row_times(link.anchors[0], url, addresses - {canonical_address(link.address)})
    if len(times) == 1:
        return Named(link.address, published=times[0])
    return Named(link.address, changed=max(times, default=None))


def _row_times(anchor: HtmlElement, url: str, others: set[str | None]) -> list[datetime]:
    """The dates that stand beside a link and belong to no other, in the largest box that is its alone."""
    row: HtmlElement | None = None
    for ancestor in list(anchor.iterancestors())[:_STEPS]:
        text = str(ancestor.text_content())
        if len(text) > _LONGEST_ROW or any(_address(one, url) in others for one in ancestor.iter("a")):
            break
        row = ancestor
    if row is None:
        return []
    # A date within the link's words is what the question is about, unless nothing else stands there.
    beside = str(row.text_content()).replace(str(anchor.text_content()), " ", 1)
    return parse_times(beside)


def _address(anchor: HtmlElement, url: str) -> str | None:
    address = named_address(url, anchor.get("href"))
    return canonical_address(address) if address else None
