"""What stands on a page, gathered once for all who look for something in it."""

from collections.abc import Iterator
from functools import cached_property
from itertools import chain

from lxml.html import HtmlElement

from crawler.extraction.names import part_of

_NO_TEXT = frozenset({"script", "style"})


class Inventory:
    """Plain walks over elements that are kept: what nobody holds lxml makes anew each time it meets it, and
    an XPath search of the same page takes ten times as long.
    """

    def __init__(self, page: HtmlElement) -> None:
        self.page = page
        # What stands behind an early </html> becomes a second root.
        roots = (page, *page.itersiblings())
        self._elements: list[HtmlElement] = list(chain.from_iterable(root.iter() for root in roots))

    @cached_property
    def named(self) -> list[tuple[HtmlElement, int, str | None]]:
        """The elements whose names tell a part (see names.py), that have an itemprop, or are a time; with the
        first two."""
        found = []
        for element in self._elements:
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
        return chain.from_iterable(body.iter() for body in self._elements if body.tag == "body")

    def that_print(self, *pieces: str) -> Iterator[HtmlElement]:
        """The elements in or behind which one of `pieces` stands."""
        return (element for text, element, _ in self.texts if any(piece in text for piece in pieces))
