"""What stands on an article's page and is not the article.

Comments before all: they are never collected, whoever wrote them and however the page is made. Nothing is
cut out of the tree: readers walk past what stands aside.
"""

from collections.abc import Collection, Iterable

from lxml.html import HtmlElement

from crawler.extraction.lines import begins_comments
from crawler.extraction.names import MARK, OTHERS, VIEWS, part_of
from crawler.extraction.text import short_text

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_OTHERS_TAGS = frozenset(
    {"nav", "aside", "footer", "script", "style", "noscript", "iframe", "template", "svg", "button", "select",
     "textarea", "object", "embed", "dialog", "form"}
)  # fmt: skip
_NO_TEXT_TAGS = _OTHERS_TAGS | {"figure", "figcaption", "header"}
_MARKS_PROPERTIES = frozenset({"author", "creator", "editor", "caption"})
_LONGEST_HEADING = 60


class Asides:
    """Remembers of each element it was asked about whether it stands aside."""

    def __init__(
        self,
        page: HtmlElement,
        anchors: Iterable[HtmlElement | None],
        *,
        views_are_text: bool = False,
        behind_comments: bool = False,
    ) -> None:
        """`anchors`: headline and box of the text; what holds one is no aside, whatever it is named: a frame
        may be called `menu-left comments-open`. `behind_comments`: look for a heading that begins comments.
        """
        self._kept = {page}
        for anchor in anchors:
            if anchor is not None:
                self._kept |= {anchor, *anchor.iterancestors()}
        self._others = OTHERS & ~VIEWS if views_are_text else OTHERS
        self._aside: dict[HtmlElement, bool] = (
            dict.fromkeys(_behind_comments_heading(page), True) if behind_comments else {}
        )

    def holds(self, element: HtmlElement) -> bool:
        """Whether `element` stands in a part of other texts, of comments or of the site's frame."""
        way: list[HtmlElement] = []
        while element is not None and element not in self._aside:
            way.append(element)
            element = element.getparent()
        inside = element is not None and self._aside[element]
        for step in reversed(way):
            inside = (inside or self.is_other(step)) and step not in self._kept
            self._aside[step] = inside
        return inside if way else self._aside[element]

    def is_other(self, element: HtmlElement) -> bool:
        """Whether it begins a part that is not of the article."""
        return self._is(element, self._others, _OTHERS_TAGS) or self._aside.get(element, False)

    def is_none_of_the_text(self, element: HtmlElement) -> bool:
        """Also what is of the article and not its running text: who wrote it, captions, buttons."""
        return self._is(element, self._others | MARK, _NO_TEXT_TAGS) or self._aside.get(element, False)

    def _is(self, element: HtmlElement, parts: int, tags: frozenset[str]) -> bool:
        is_tag = element.tag in tags
        if (not is_tag and not element.keys()) or element in self._kept:
            return False
        if is_tag:
            return True
        if part_of(element) & parts or _is_hidden(element) or _is_comment(element):
            return True
        return bool(parts & MARK) and _is_authors(element)


def _is_authors(element: HtmlElement) -> bool:
    return element.get("rel") == "author" or element.get("itemprop") in _MARKS_PROPERTIES


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return bool(style) and "display:none" in style[:200].replace(" ", "").lower()


def _is_comment(element: HtmlElement) -> bool:
    return element.get("itemprop") == "comment" or (element.get("itemtype") or "").endswith("/Comment")


def _behind_comments_heading(page: HtmlElement) -> Collection[HtmlElement]:
    for heading in page.iter(*_HEADINGS):
        if begins_comments(short_text(heading, _LONGEST_HEADING)):
            return list(heading.itersiblings("*"))
    return ()
