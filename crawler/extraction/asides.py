"""What stands on an article's page and is not the article: taken out before anything is read from it.

Comments before all: they are never collected, whoever wrote them and however the page is made.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy

from lxml.html import HtmlElement

from crawler.extraction.lines import begins_comments
from crawler.extraction.markup import find_headline, is_links, is_named, names_of, short_text, text_of, words

_COMMENTS = words(
    r"binh-?luan\w*",
    "y-?kien",
    r"comments?\w*",
    r"cmts?\w*",
    r"disqus\w*",
    "phan-?hoi",
    "replies",
    "responses",
)
_OTHER_TEXTS = words(
    r"relat(e|ed|ion)\w*", "lien-?quan", "(tin|bai)-?khac", "other-?(news|posts?|articles?)",
    "cung-chuyen-muc", "(doc|xem)-?(them|nhieu|tiep)", r"read-?more\w*", "most-?(read|viewed?)",
    r"recommend\w*", r"suggest\w*",
)  # fmt: skip
_FRAME = words(
    "ads?", "adv", r"advert\w*", "quang-?cao", "banner", r"sponsor\w*", "breadcrumbs?", "menu", "nav",
    "navbar", "footer", "chan-?trang", "sidebar",
)  # fmt: skip
_OTHERS = (_COMMENTS, _OTHER_TEXTS, _FRAME)
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_OTHERS_TAGS = frozenset({"nav", "aside", "footer", "script", "style", "noscript", "iframe", "template"})

_MARKS = words(
    "authors?", "byline", "tac-?gia", "nguon(-?tin)?", "source", "tags?", "tu-?khoa", "keywords?", "share",
    "chia-?se", "social", "caption", "copyright", "d-none", "vcsortable-in-preview-mode", "tien-?ich",
)  # fmt: skip
"""what belongs to the article and is not its text: who wrote it, where it was taken from, captions"""
_LONGEST_HEADING = 60
_MARKS_PROPERTIES = frozenset({"author", "creator", "editor"})

_BOX_NAMES = re.compile(
    r"detail-content|fck-detail|singular-content|article-+body|article-content|article-detail|entry-content|"
    r"post-content|content-detail|detail-+content|cms-body|the-article-body|news-content|content-news-detail|"
    r"single-content"
)
"""names by which the publishing systems in use here call the box of the running text"""


def text_boxes(page: HtmlElement) -> Iterator[HtmlElement]:
    for element in page.iter("div", "article", "section"):
        if element.get("itemprop") == "articleBody" or any(
            _BOX_NAMES.fullmatch(name) for name in names_of(element)
        ):
            yield element


def without_others(page: HtmlElement, title: str | None) -> HtmlElement:
    """A copy without comments, advertisements, other articles' titles and the frame of the site."""
    return _pruned(page, title, _others)


def without_marks(page: HtmlElement, title: str | None) -> HtmlElement:
    """A copy without what is of the article and not its text."""
    return _pruned(page, title, _marks)


def _pruned(
    page: HtmlElement, title: str | None, unwanted: Callable[[HtmlElement], Iterator[HtmlElement]]
) -> HtmlElement:
    copy = deepcopy(page)
    kept = _kept(copy, title)
    for element in list(unwanted(copy)):
        if element not in kept and element.getparent() is not None:
            element.drop_tree()
    return copy


def _kept(page: HtmlElement, title: str | None) -> set[HtmlElement]:
    """What holds the headline or the text, whatever it is named: a frame named `menu-left comments-open`."""
    anchors = [find_headline(page, title), next(text_boxes(page), None), page.find("body"), page]
    held = [anchor for anchor in anchors if anchor is not None]
    return {element for anchor in held for element in (anchor, *anchor.iterancestors())}


def _others(page: HtmlElement) -> Iterator[HtmlElement]:
    for heading in page.iter(*_HEADINGS):
        if begins_comments(short_text(heading, _LONGEST_HEADING)):
            yield from heading.itersiblings("*")
            break
    yield from filter(_is_of_others, page.iter("*"))


def _marks(page: HtmlElement) -> Iterator[HtmlElement]:
    return filter(_is_mark, page.iter("*"))


def _is_of_others(element: HtmlElement) -> bool:
    if element.tag in _OTHERS_TAGS or any(is_named(element, pattern) for pattern in _OTHERS):
        return True
    if element.get("itemprop") == "comment" or (element.get("itemtype") or "").endswith("/Comment"):
        return True
    return element.tag in {"ul", "ol"} and is_links(element, text_of(element))


def _is_mark(element: HtmlElement) -> bool:
    if (element.get("rel") or "") == "author" or (element.get("itemprop") or "") in _MARKS_PROPERTIES:
        return True
    return element.tag in {"figure", "figcaption"} or is_named(element, _MARKS)
