"""The running text of an article's page."""

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml.html import HtmlElement

from crawler.extraction.asides import text_boxes
from crawler.extraction.lines import running_lines
from crawler.extraction.markup import is_links, short_text
from crawler.plain import one_line

_SKIPPED_TAGS = frozenset(
    {"script", "style", "noscript", "figure", "figcaption", "aside", "nav", "header", "footer", "form",
     "iframe", "button", "svg", "template"}
)  # fmt: skip
_BLOCKS = frozenset({"p", "h2", "h3", "h4", "h5", "li", "blockquote", "td", "div", "section", "article"})
_EMPHASIS = frozenset({"b", "strong", "i", "em"})
_TO_THE_RIGHT = re.compile(r"text-align:\s*right", re.IGNORECASE)
_SHORT = 80
_LONGEST_LEAD = 1200
_ENOUGH = 200
"""characters: a box with fewer is not the one, or its page has another make"""


def read_body(page: HtmlElement) -> list[str]:
    """Its paragraphs; none where the page has no running text."""
    lines = max((list(_lines(box)) for box in text_boxes(page)), key=_length, default=[])
    if _length(lines) < _ENOUGH:
        lines = _generic(page)
    return running_lines(lines, _signatures(page))


def emphasised(page: HtmlElement) -> set[str]:
    """The texts of paragraphs that are printed bold or slanted as a whole."""
    return {text for element in page.iter("p", "div", "h2") if (text := _emphasised_text(element))}


def _length(lines: list[str]) -> int:
    return sum(map(len, lines))


def _lines(box: HtmlElement) -> Iterator[str]:
    for element in _running(box):
        text = one_line(_own_text(element))
        if text and not is_links(element, text):
            yield text


def _running(box: HtmlElement) -> Iterator[HtmlElement]:
    """The blocks of the running text in their order, down to those that hold no further block."""
    for child in box:
        if not isinstance(child.tag, str) or child.tag in _SKIPPED_TAGS or child.tag == "h1":
            continue
        if child.tag == "p" or (child.tag in _BLOCKS and not _holds_blocks(child)):
            yield child
        else:
            yield from _running(child)


def _holds_blocks(element: HtmlElement) -> bool:
    return any(child.tag in _BLOCKS or child.tag == "table" for child in element.iterdescendants())


def _own_text(element: HtmlElement) -> str:
    """Its text without what is skipped inside it."""
    parts: list[str] = []
    _collect(element, parts)
    return "".join(parts)


def _collect(element: HtmlElement, parts: list[str]) -> None:
    parts.append(element.text or "")
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SKIPPED_TAGS:
            if child.tag == "br":
                parts.append(" ")
            _collect(child, parts)
        parts.append(child.tail or "")


def _generic(page: HtmlElement) -> list[str]:
    # Imported here: it takes longer to load than all else together, and reading a feed needs it not.
    from trafilatura import bare_extraction

    # The copy because it prunes the tree it is given.
    document = bare_extraction(deepcopy(page), fast=True, include_comments=False, with_metadata=False)
    text = getattr(document, "text", None) or ""
    lines = (one_line(line) for line in text.splitlines())
    return [line for line in lines if line]


def _signatures(page: HtmlElement) -> set[str]:
    """Short lines set as authors' names are: to the right, or bold or slanted as a whole."""
    to_the_right = (
        short_text(element, _SHORT) for element in page.iter("p", "div") if _is_to_the_right(element)
    )
    return {text for text in (*to_the_right, *emphasised(page)) if text and len(text) <= _SHORT}


def _is_to_the_right(element: HtmlElement) -> bool:
    classes = (element.get("class") or "").lower().split()
    return (
        bool(_TO_THE_RIGHT.search(element.get("style") or ""))
        or (element.get("align") or "").lower() == "right"
        or not {"text-right", "align-right", "text-end"}.isdisjoint(classes)
    )


def _emphasised_text(element: HtmlElement) -> str | None:
    text = short_text(element, _LONGEST_LEAD)
    marked = "".join(str(child.text_content()) for child in element if child.tag in _EMPHASIS)
    return text if text and len(one_line(marked) or "") >= len(text) - 2 else None
