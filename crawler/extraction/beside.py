"""What a page prints beside a box that may be text."""

from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.extraction.asides import Asides
from crawler.extraction.densest import SHORTEST, block_around


def words_beside(box: HtmlElement, asides: Asides) -> int:
    """Characters of running text that stand outside of `box`, neither linked nor aside."""
    return sum(
        length
        for text, at in _texts_beside(box, asides)
        if text and (length := len(text.strip())) >= SHORTEST and _is_running(at, asides)
    )


def _texts_beside(box: HtmlElement, asides: Asides) -> Iterator[tuple[str | None, HtmlElement]]:
    """With the elements in which they stand.

    From the box upwards, past menus and side columns as a whole: most of a page's elements stand in them.
    """
    way = box
    for around in box.iterancestors():
        yield around.text, around
        for child in around:
            if child is not way and child.tag != "head" and not asides.is_other(child):
                yield from _texts_in(child)
            yield child.tail, around
        way = around


def _texts_in(part: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    for element in part.iter():
        if (text := element.text) and len(text) >= SHORTEST:
            yield text, element
        if element is not part and (text := element.tail) and len(text) >= SHORTEST:
            yield text, element.getparent()


def _is_running(at: HtmlElement, asides: Asides) -> bool:
    block, linked = block_around(at)
    return block is not None and not linked and not asides.holds(block)
