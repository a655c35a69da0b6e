"""Reading a page of which nothing is declared."""

import re
from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime
from functools import cached_property
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.addresses import looks_like_article
from crawler.extraction.asides import Asides
from crawler.extraction.body import (
    ENOUGH,
    length_of,
    read_box,
    read_longest_named,
    read_with_trafilatura,
)
from crawler.extraction.densest import Density, named_boxes
from crawler.extraction.head import Head
from crawler.extraction.headline import find_headline, likely_headline, names_a_site
from crawler.extraction.inventory import Inventory
from crawler.extraction.leads import Lead, read_lead
from crawler.extraction.paragraphs import Line
from crawler.extraction.printed_time import printed_time
from crawler.extraction.reading import Reading, time_of
from crawler.extraction.text import short_text
from crawler.extraction.tree import element_count

_QUESTIONS = re.compile(
    r"hoi-?(?:va-?)?(?:dap|tra-?loi)|tra-?loi|cau-?hoi|kien-?nghi|phan-?anh|y-?kien|gop-?y|giai-?dap|doi-?thoai|tiep-?xuc-?cu-?tri",
    re.IGNORECASE,
)
"""addresses of portals' questions and answers"""
_MOST_ELEMENTS = 5_000
"""trafilatura's time grows with their square where they are nested"""
_LONGEST_TITLE = 400
_SHORTEST = 60
"""characters: with fewer nothing was found"""


class Undeclared:
    """Reads what it is asked for, once."""

    def __init__(self, page: HtmlElement, url: str, head: Head) -> None:
        self._page = page
        self._url = url
        self._head = head

    @cached_property
    def _inventory(self) -> Inventory:
        return Inventory(self._page)

    @cached_property
    def box(self) -> HtmlElement | None:
        """What holds the bulk of the text."""
        return Density(self._inventory, self._asides).box(self._headline)

    @cached_property
    def lines(self) -> Sequence[Line]:
        box = self.box
        lines = read_box(box, self._headline, self._asides) if box is not None else []
        if length_of(lines) < ENOUGH:
            lines = read_longest_named(self._inventory, self._headline, self._asides, lines)
        if length_of(lines) < _SHORTEST and self._promises_text():
            lines = read_with_trafilatura(deepcopy(self._page))
        return lines

    @cached_property
    def published(self) -> datetime | None:
        return time_of(self._head.published, self.printed)

    @cached_property
    def printed(self) -> datetime | None:
        return printed_time(self._inventory, self._headline, self._asides)

    def read(self) -> Reading:
        return Reading(self._title, self.published, self.lines, self._find_lead)

    def _find_lead(self, body: Sequence[Line]) -> Lead:
        return read_lead(self._inventory, self._headline, self._head.lead, body, self._asides)

    @cached_property
    def _title(self) -> str | None:
        if self._head.headline is None and names_a_site(self._head.title) and self._headline is not None:
            return short_text(self._headline, _LONGEST_TITLE)
        return self._head.title

    @cached_property
    def _headline(self) -> HtmlElement | None:
        if self._head.headline is not None:
            return self._head.headline
        likely = likely_headline(self._inventory) if names_a_site(self._head.title) else None
        return find_headline(self._inventory, self._head.title) if likely is None else likely

    @cached_property
    def surely_text(self) -> HtmlElement | None:
        """A box that is no aside, whatever it is named."""
        return next(named_boxes(self._inventory), None)

    @cached_property
    def _asides(self) -> Asides:
        return self._asides_around(self._headline, self.surely_text)

    def _asides_around(self, *anchors: HtmlElement | None) -> Asides:
        questions = bool(_QUESTIONS.search(urlsplit(self._url).path)) or "QAPage" in self._head.types
        kept = [*anchors, self._page.find("body")]
        return Asides(self._page, kept, views_are_text=questions, behind_comments=True)

    def _promises_text(self) -> bool:
        if element_count(self._page) > _MOST_ELEMENTS:
            return False
        if self._head.is_article:
            return True
        return self.published is not None and looks_like_article(self._url)
