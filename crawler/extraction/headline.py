"""The element that prints the title."""

import re
import unicodedata
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.inventory import Inventory
from crawler.extraction.names import BAR, OTHERS, TITLE, part_of
from crawler.extraction.text import comparable, short_text

_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_NAMED_SO = frozenset({"div", "span", "p", "td", "strong"})
_NAMES_A_SITE = re.compile(
    r"(?i)^(?:trang (?:chủ|thông tin)|cổng (?:thông tin|ttđt|tt )|(?:web)?site|portal|home\b|"
    r"(?:ubnd|ủy ban|uỷ ban|sở|phường|xã|đặc khu|thành phố|tỉnh) [^:?!]{3,60}$)"
)
_SHORTEST_TITLE, _LONGEST_TITLE = 15, 400
_LONGEST_FRAME = 1_000
_FRAMES = frozenset({"header", "nav", "aside", "footer", "li", "a"})
_PIECE = 20
_MOST_PLACES, _MOST_AROUND, _MOST_HEADINGS = 30, 5, 300


def find_headline(inventory: Inventory, title: str | None) -> HtmlElement | None:
    """A heading, or whatever its maker took for one."""
    wanted = comparable(title)
    if title and wanted:
        piece = title[:_PIECE].strip()
        places = inventory.that_print(piece, unicodedata.normalize("NFD", piece))
        for element in islice(places, _MOST_PLACES):
            if element.tag == "title":
                continue
            for around in islice((element, *element.iterancestors()), _MOST_AROUND):
                if comparable(short_text(around, _LONGEST_TITLE)) == wanted:
                    return around
    return next(
        (heading for heading in inventory.page.iter("h1") if short_text(heading, _LONGEST_TITLE)), None
    )


def names_a_site(title: str | None) -> bool:
    """Whether it is what portals tell machines of each of their pages."""
    return title is None or bool(_NAMES_A_SITE.match(title))


def likely_headline(inventory: Inventory) -> HtmlElement | None:
    """What looks like an article's headline on a page that tells no title of its own."""
    headings = filter(_is_heading, inventory.in_body())
    for element in islice(headings, _MOST_HEADINGS):
        text = short_text(element, _LONGEST_TITLE)
        if text and len(text) >= _SHORTEST_TITLE and not names_a_site(text) and not _in_a_frame(element):
            return element
    return None


def _is_heading(element: HtmlElement) -> bool:
    if element.tag in _HEADINGS:
        return True
    return element.tag in _NAMED_SO and bool(element.get("class") and part_of(element) & TITLE)


def _in_a_frame(element: HtmlElement) -> bool:
    """What holds as much text as an article is no frame, whatever it is named."""
    if next(element.iter("a"), None) is not None:
        return True
    for around in (element, *element.iterancestors()):
        if short_text(around, _LONGEST_FRAME) is None:
            return False
        part = part_of(around)
        if around.tag in _FRAMES or (part & (OTHERS | BAR) and not part & TITLE):
            return True
    return False
