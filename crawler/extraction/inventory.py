"""What stands on a page, gathered once for all who look for something in it."""

from collections.abc import Iterator
from functools import cached_property
from itertools import chain

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

    @cached_property
    def _parts(self) -> list[list[HtmlElement]]:
        """Head and body with all that is in them, kept as long as this is."""
        # What stands behind an early </html> becomes a second root.
        roots = (self.page, *self.page.itersiblings())
        return [list(part.iter()) for root in roots for part in root]

    @cached_property
    def named(self) -> list[tuple[HtmlElement, int, str | None]]:
        """The elements whose names tell a part (see names.py), that have an itemprop, or are a time; with the
        first two."""
        found = []
        for element in chain.from_iterable(self._parts):
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
        for element in self.in_body():
            if element.tag not in _NO_TEXT and (text := element.text) and not text.isspace():
                found.append((text, element, False))
            if (text := element.tail) and not text.isspace():
                found.append((text, element, True))
        return found

    def in_body(self) -> Iterator[HtmlElement]:
        return chain.from_iterable(part for part in self._parts if part[0].tag == "body")

    def that_print(self, *pieces: str) -> Iterator[HtmlElement]:
        """The elements in or behind which one of `pieces` stands."""
        return (element for text, element, _ in self.texts if any(piece in text for piece in pieces))
