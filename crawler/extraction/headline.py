"""The element that prints the title."""

import unicodedata
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.text import comparable, short_text
from crawler.extraction.xpaths import texts

_PRINTS = texts("//body//text()[contains(., $one) or contains(., $other)]")
_LONGEST_TITLE = 400
_PIECE = 20
_MOST_PLACES, _MOST_AROUND = 30, 5


def find_headline(page: HtmlElement, title: str | None) -> HtmlElement | None:
    """A heading, or whatever its maker took for one."""
    wanted = comparable(title)
    if title and wanted:
        piece = title[:_PIECE].strip()
        places = _PRINTS(page, one=piece, other=unicodedata.normalize("NFD", piece))
        for text in places[:_MOST_PLACES]:
            element = text.getparent()
            if element.tag in {"script", "style", "title"}:
                continue
            for around in islice((element, *element.iterancestors()), _MOST_AROUND):
                if comparable(short_text(around, _LONGEST_TITLE)) == wanted:
                    return around
    return next((heading for heading in page.iter("h1") if short_text(heading, _LONGEST_TITLE)), None)
