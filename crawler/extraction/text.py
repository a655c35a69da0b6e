"""The text of elements, read no further than it is needed."""

import re

from lxml.html import HtmlElement

from crawler.plain import one_line

_MOST_PARTS = 200
_IN_BRACKETS = re.compile(r"\([\d\s/.:-]{1,20}\)")


def short_text(element: HtmlElement, longest: int) -> str | None:
    """Its text where it has no more characters than that: a page's frames are not read through in vain."""
    parts: list[str] = []
    length = 0
    for part in element.itertext():
        length += len(part.strip())
        if length > longest or len(parts) > _MOST_PARTS:
            return None
        parts.append(part)
    text = one_line("".join(parts))
    return text if text and len(text) <= longest else None


def is_links(linked: int, text: str) -> bool:
    """Whether `text` is little but links to other pages; the day of each, in brackets, does not count.

    `linked`: how many of its characters are a link's.
    """
    return linked > 0 and linked > 0.8 * len(_IN_BRACKETS.sub("", text))


def comparable(text: str | None) -> str:
    """The words alone, in small letters."""
    return re.sub(r"\W+", " ", text or "").strip().lower()
