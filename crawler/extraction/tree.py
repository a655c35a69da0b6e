"""HTML pages as trees that can be read in bounded time."""

import re

from lxml.etree import ElementDefaultClassLookup, HTMLParser, XMLSyntaxError, fromstring
from lxml.html import HtmlElement

from crawler.extraction.xpaths import number

MOST_BYTES = 5_000_000
"""what stands behind them is cut off: the crawler fetches no more by default, and no article has as much"""
MOST_ELEMENTS = 50_000
"""the largest real page seen has under 10,000; reading this many takes less than two seconds"""

_LONG_TAG = 30_000
_MOST_ATTRIBUTES = 4_000
_TAG_START = re.compile(rb"<[a-zA-Z]")
_BETWEEN_ATTRIBUTES = b" \n\t\r\f/=\"'"
_RAW_TEXT_END = re.compile(rb"</(script|style)\s*\Z", re.IGNORECASE)

# Not a huge_tree: the parser then stops at 256 levels, and no walk up or down takes longer than that.
_PARSER = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
# lxml.html's own parser asks a Python function for the class of each element that is met.
_PARSER.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))
element_count = number("count(//*)")


def parse_page(page: str | bytes) -> HtmlElement:
    """The page as a tree; an empty one for what has no markup at all. `bytes` are UTF-8."""
    content = page.encode(errors="replace") if isinstance(page, str) else page
    try:
        root = fromstring(_bounded(content) or b"<html/>", parser=_PARSER)
    except (XMLSyntaxError, ValueError):
        root = None
    return fromstring(b"<html><body></body></html>", parser=_PARSER) if root is None else root


def is_too_large(page: HtmlElement) -> bool:
    return element_count(page) > MOST_ELEMENTS


def _bounded(content: bytes) -> bytes:
    """Without tags that have attributes by the thousand: the parser compares each with all before it."""
    content = content[:MOST_BYTES]
    # Between the ends of two tags further apart than this lies one of these offsets.
    probe = _LONG_TAG
    while probe < len(content):
        start, end = content.rfind(b">", 0, probe) + 1, content.find(b">", probe)
        end = len(content) if end < 0 else end
        if end - start >= _LONG_TAG and not _begins_raw_text(content, start):
            piece = content[start:end]
            if (mended := _without_attributes(piece)) is not piece:
                content, end = content[:start] + mended + content[end:], start + len(mended)
        probe = max(probe, end) + _LONG_TAG
    return content


def _begins_raw_text(content: bytes, start: int) -> bool:
    """Whether the tag that ends at `start` is a script's or style's, behind which the parser sees no tags."""
    return content[content.rfind(b"<", 0, start) : start][:7].lower().startswith((b"<script", b"<style"))


def _without_attributes(piece: bytes) -> bytes:
    """`piece` of a page up to the end of a tag, with that tag bare if it has too many attributes.

    A script's text may look much the same. It is cut short then, which harms nothing: nobody reads it.
    """
    tag = _TAG_START.search(piece)
    if tag is None or _marks(piece[tag.start() :]) <= _MOST_ATTRIBUTES:
        return piece
    closing = _RAW_TEXT_END.search(piece)
    return piece[: tag.start()] + (closing[0] if closing else b"<br")


def _marks(tag: bytes) -> int:
    return len(tag) - len(tag.translate(None, _BETWEEN_ATTRIBUTES))
