"""The listing pages of a site and the boards of a portal."""

import re
from collections.abc import Iterator
from datetime import datetime

from lxml.html import HtmlElement

from crawler.encoding import decode
from crawler.extraction.tree import parse_page
from crawler.fetching.fetcher import Fetched
from crawler.finding.offers import FoundSource, doubt_of
from crawler.finding.outlets import title_of
from crawler.finding.visits import Visits
from crawler.kinds.boards import Board, read_board
from crawler.kinds.links import other_links
from crawler.kinds.listings import read_listing
from crawler.kinds.naming import UnreadableSource

_FEWEST_ARTICLES = 3
"""A section names several; one or two links that look like articles stand on any page of contacts."""
_FEWEST_ROWS = 3
_MOST_SECTIONS = 5
_MOST_BOARDS = 3
_LIVELIHOOD = re.compile(
    r"xa-hoi|thoi-su|doi-song|dan-sinh|ban-doc|phap-luat|moi-truong|giao-thong|do-thi|y-te|suc-khoe|giao-duc"
    r"|tin-tuc|tin-moi|kinh-te|nong-nghiep|dien-dan|su-kien"
)
"""sections in which residents' troubles stand, asked before sport and entertainment"""
_BOARD = re.compile(
    r"hoi-dap|hoi-va-dap|phan-anh|kien-nghi|y-kien-cu-tri|cong-dan|thong-bao|duong-day-nong|nhip-cau|tra-loi|gop-y|qa$"
)


def find_listing(page: Fetched) -> FoundSource | None:
    try:
        named = read_listing(page.body, page.url, content_type=page.content_type)
    except UnreadableSource:
        return None
    if len(named) < _FEWEST_ARTICLES:
        return None
    return FoundSource("listing", page.url, title_of(_tree(page)), len(named), None)


def find_sections(visits: Visits, home: str, page: HtmlElement) -> Iterator[FoundSource]:
    """Pages of the site that its home page links to, as far as they name articles."""
    links = [link for link in other_links(page, home) if not _BOARD.search(link.address.lower())]
    links.sort(key=lambda link: not _LIVELIHOOD.search(link.address.lower()))
    for link in links[:_MOST_SECTIONS]:
        answer = visits.get(link.address)
        if answer and (section := find_listing(answer)):
            yield section


def find_boards(visits: Visits, home: str, page: HtmlElement, now: datetime) -> Iterator[FoundSource]:
    """Pages with rows that bear dates, and a pager."""
    links = [link for link in other_links(page, home) if _BOARD.search(link.address.lower())]
    for link in links[:_MOST_BOARDS]:
        answer = visits.get(link.address)
        board = _board(answer) if answer else None
        if answer and board:
            newest = max((row.newest for row in board.named if row.newest), default=None)
            items = len(board.named)
            title = title_of(_tree(answer))
            yield FoundSource("board", answer.url, title, items, newest, doubt_of(items, newest, now))


def _board(answer: Fetched) -> Board | None:
    try:
        board = read_board(answer.body, answer.url, content_type=answer.content_type)
    except UnreadableSource:
        return None
    dated = sum(row.newest is not None for row in board.named)
    turns = board.next_page is not None or board.notices
    return board if dated >= _FEWEST_ROWS and turns else None


def _tree(answer: Fetched) -> HtmlElement:
    return parse_page(decode(answer.body, answer.content_type).text)
