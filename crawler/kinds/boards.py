"""Boards of portals: lists of questions and answers, of petitions, of notices, page after page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from lxml.html import HtmlElement

from crawler.encoding import decode
from crawler.extraction.tree import parse_page
from crawler.kinds.links import Link, article_links, selected_links, text_within
from crawler.kinds.listings import names_nothing
from crawler.kinds.naming import MAX_ITEMS, Named, Notice
from crawler.kinds.pagers import find_next
from crawler.times import parse_times

_STEPS = 6
"""from a link up to the row in which it stands"""
_LONGEST_ROW = 2000
"""characters"""
_MOST_LINKS = 12
"""What holds more is the list, not a row."""


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
    owners = {anchor.get("href"): link for link in links for anchor in link.anchors}
    return Board(
        named=tuple(_named(link, owners) for link in links),
        next_page=next_page,
        notices=(notice,) if notice else (),
    )


def _named(link: Link, owners: Mapping[str | None, Link]) -> Named:
    """With the date of its row; two dates are those of a question and its answer, the later one a change."""
    times = _row_times(link, owners)
    if len(times) == 1:
        return Named(link.address, published=times[0])
    return Named(link.address, changed=max(times, default=None))


def _row_times(link: Link, owners: Mapping[str | None, Link]) -> list[datetime]:
    """The dates that stand beside a link and belong to no other, in the largest box that is its alone."""
    anchor = link.anchors[0]
    row: HtmlElement | None = None
    for ancestor in islice(anchor.iterancestors(), _STEPS):
        within = list(islice(ancestor.iter("a"), _MOST_LINKS + 1))
        if len(within) > _MOST_LINKS or any(owners.get(one.get("href"), link) is not link for one in within):
            break
        row = ancestor
    if row is None:
        return []
    # A date within the link's words is what the question is about.
    beside = text_within(row, _LONGEST_ROW).replace(text_within(anchor, _LONGEST_ROW), " ", 1)
    return parse_times(beside)
