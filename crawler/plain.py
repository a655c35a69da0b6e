"""Words without markup."""

import html
import re
import unicodedata

from lxml.etree import ParserError
from lxml.html import fragment_fromstring

from store.texts import keepable

_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
"""hyphens and breaks that no reader sees and that part words for a program"""


def one_line(text: str | None) -> str | None:
    """`text` on one line in NFC, without characters that no letter could hold; None where there is none."""
    # First the white space: a form feed between two words is a space, not nothing.
    line = " ".join((text or "").split())
    if not line.isprintable():
        line = " ".join(keepable(line).translate(_UNSEEN).split())
    return unicodedata.normalize("NFC", line) or None


def plain_text(markup: str | None) -> str | None:
    """The words of a piece of HTML, also of one escaped twice; None where there are none."""
    if not markup:
        return None
    text = html.unescape(markup)
    return one_line(
        html.unescape(_without_tags(text)) if re.search(r"<[a-zA-Z/!]", text) else html.unescape(text)
    )


def _without_tags(text: str) -> str:
    try:
        fragment = fragment_fromstring(text, create_parent="div")
    except (ParserError, ValueError, AssertionError):
        return re.sub("<[^<>]*>", " ", text)
    for element in fragment.iter("br", "p", "div", "li", "tr", "script", "style"):
        if element.tag in {"script", "style"}:
            element.text = ""
        element.tail = f" {element.tail or ''}"
    # Nested deeper than libxml2 follows, a text comes out empty.
    return str(fragment.text_content()).strip() or re.sub("<[^<>]*>", " ", text)
