"""The running text of an article's page."""

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml.html import HtmlElement

from crawler.plain import one_line

_CONTAINERS = re.compile(
    r"(?i)(^|\s)(detail-content|fck_detail|singular-content|article__body|article-body|article-content|"
    r"article-detail|entry-content|post-content|content-detail|detail__content|cms-body|the-article-body|"
    r"news-content|content-news-detail|article__content|single-content)(\s|$)"
)
"""class names by which the publishing systems in use here call the box of the running text"""

_ASIDE = re.compile(
    r"(?i)(^|[\s_-])(author|byline|tac-?gia|related\w*|relate|lien-?quan|tags?|share|social|caption|comments?|"
    r"vcsortableinpreviewmode|advert\w*|banner|breadcrumbs?|copyright|d-none|readmore[\w-]*)([\s_-]|$)"
)
"""what stands inside that box and is not the running text: bylines, boxes set apart, captions"""

_SKIPPED_TAGS = frozenset(
    {"script", "style", "noscript", "figure", "figcaption", "aside", "nav", "header", "footer", "form",
     "iframe", "button", "svg", "template"}
)  # fmt: skip
_BLOCKS = frozenset({"p", "h2", "h3", "h4", "h5", "li", "blockquote", "td", "div", "section", "article"})
_NAME = re.compile(r"^(?:(?:Theo|Bài|Tin|Ảnh|Thực hiện)[: ]+)?[^\W\d_]+(?:\s+[^\W\d_]+){0,4}$")
_ENOUGH = 200
"""characters: a box with fewer is not the one, or its page has another make"""


def read_body(page: HtmlElement) -> str:
    """Paragraphs, one a line; empty where the page has no running text."""
    lines = max((list(_lines(box)) for box in _boxes(page)), key=_length, default=[])
    if _length(lines) < _ENOUGH:
        lines = _generic(page)
    return "\n".join(_without_byline(lines))


def _boxes(page: HtmlElement) -> Iterator[HtmlElement]:
    for element in page.iter("div", "article", "section"):
        if element.get("itemprop") == "articleBody" or _CONTAINERS.search(element.get("class") or ""):
            yield element


def _length(lines: list[str]) -> int:
    return sum(map(len, lines))


def _lines(box: HtmlElement) -> Iterator[str]:
    for element in _running(box):
        text = one_line(_own_text(element))
        if text and not _is_links(element, text):
            yield text


def _running(box: HtmlElement) -> Iterator[HtmlElement]:
    """The blocks of the running text in their order, down to those that hold no further block."""
    for child in box:
        if not isinstance(child.tag, str) or child.tag in _SKIPPED_TAGS or child.tag == "h1":
            continue
        if _ASIDE.search(child.get("class") or "") or _ASIDE.search(child.get("rel") or ""):
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


def _is_links(element: HtmlElement, text: str) -> bool:
    linked = sum(len(str(anchor.text_content()).strip()) for anchor in element.iter("a"))
    return linked > 0.8 * len(text)


def _generic(page: HtmlElement) -> list[str]:
    # Imported here: it takes longer to load than all else together, and reading a feed needs it not.
    from trafilatura import bare_extraction

    # The copy because it prunes the tree it is given.
    document = bare_extraction(deepcopy(page), fast=True, include_comments=False, with_metadata=False)
    text = getattr(document, "text", None) or ""
    lines = (one_line(line) for line in text.splitlines())
    return [line for line in lines if line]


def _without_byline(lines: list[str]) -> list[str]:
    """Drops names that close the text: who wrote it is nobody's business here."""
    kept = list(lines)
    while kept and _is_name(kept[-1]):
        kept.pop()
    return kept


def _is_name(line: str) -> bool:
    words = line.split()
    return bool(_NAME.match(line)) and all(word[0].isupper() for word in words)
