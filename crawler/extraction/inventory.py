"""What stands on a page, gathered once for all who look for something in it."""

from collections.abc import Iterator
from functools import cached_property

from lxml.html import HtmlElement

from crawler.extraction.names import part_of

_NO_TEXT = frozenset({"script", "style"})
_NAMED_TAGS = frozenset(
    {"div", "article", "section", "main", "td", "p", "h2", "h3", "h4", "h5", "span", "strong", "b", "em", "i",
     "small", "font", "label", "li", "time"}
)  # fmt: skip
"""those of boxes, leads and times: half of a page's elements are others"""


class Inventory:
    """Plain walks over elements that are kept: what nobody holds lxml makes anew each time it meets it, and
    an XPath search of the same page takes ten times as long.
    """

    def __init__(self, page: HtmlElement) -> None:
        self.page = page
        self.in_body: list[HtmlElement] = []
        self._elements: list[HtmlElement] = []
        # What stands behind an early </html> becomes a second root.
        for root in (page, *page.itersiblings()):
            self._elements.append(root)
            for part in root:
                found = list(part.iter())
                self._elements += found
                if part.tag == "body":
                    self.in_body += found

    @cached_property
    def named(self) -> list[tuple[HtmlElement, int, str | None]]:
        """The elements whose names tell a part (see names.py), that have an itemprop, or are a time; with the
        first two."""
        found = []
        for element in self._elements:
            if element.tag not in _NAMED_TAGS:
                continue
            part, stated = part_of(element), element.get("itemprop")
            if part or stated or element.tag == "time":
                found.append((element, part, stated))
        return found

    @cached_property
    def texts(self) -> list[tuple[str, HtmlElement, bool]]:
        """Those of the body that are more than white space, with the element in which they stand, or
        behind whose end: then True."""
        found = []
        for element in self.in_body:
            if element.tag not in _NO_TEXT and (text := element.text) and not text.isspace():
                found.append((text, element, False))
            if (text := element.tail) and not text.isspace():
                found.append((text, element, True))
        return found

    def that_print(self, *pieces: str) -> Iterator[HtmlElement]:
        """The elements in or behind which one of `pieces` stands."""
        return (element for text, element, _ in self.texts if any(piece in text for piece in pieces))
