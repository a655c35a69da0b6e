"""The running text of an article's page."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.asides import Asides
from crawler.extraction.densest import named_boxes
from crawler.extraction.inventory import Inventory
from crawler.extraction.lines import closed, running_lines
from crawler.extraction.paragraphs import Line, read_lines
from crawler.extraction.text import comparable
from crawler.plain import one_line
from crawler.times import parse_time

ENOUGH = 200
"""characters: a box with fewer is not the one, or its page has another make"""
_FAR_LESS = 0.5
_PASSAGE = 80
"""characters: what is shorter is a label or a headline"""
_HEADING_LINES = 6
_MOST_READ = 10
"""boxes that are read in search of the text"""
_MOST_BETWEEN = 8
"""lines: more are a menu's"""
_LONGEST_TIME = 60
"""characters: a line with more says something besides the time"""


def read_declared(
    page: HtmlElement,
    boxes: Sequence[HtmlElement],
    dropped: Collection[HtmlElement],
    headline: HtmlElement | None,
) -> list[Line]:
    """All lines of the box or boxes that a layout names."""
    asides = Asides(page, boxes)

    def leave_out(element: HtmlElement) -> bool:
        return element in dropped or asides.is_none_of_the_text(element)

    return [line for box in boxes if box not in dropped for line in _lines(box, headline, leave_out)]


def may_be_too_little(page: HtmlElement, boxes: Sequence[HtmlElement], length: int) -> bool:
    """Whether declared boxes with `length` characters are worth a comparison with the generic reader's.

    They are where the page prints more than that beside them in passages, as paragraphs begin or as lines
    behind breaks: a look that takes a fortieth of the generic reader's time. Other outlets' teasers are
    shorter, or links, and seldom add up to an article.
    """
    if length < ENOUGH:
        return True
    inside = {element for box in boxes for element in box.iter("p", "br")}
    beside = 0
    for element in page.iter("p", "br"):
        if element not in inside:
            passage = (element.tail if element.tag == "br" else element.text) or ""
            beside += len(passage) if len(passage) > _PASSAGE else 0
    return beside > length


def is_far_less(length: int, generic: int) -> bool:
    return length < _FAR_LESS * generic


def read_box(box: HtmlElement, headline: HtmlElement | None, asides: Asides) -> list[Line]:
    """All lines of the box that holds the bulk of the text, and those between the headline and it."""
    return _between(headline, box, asides) + _lines(box, headline, asides.is_none_of_the_text)


def read_longest_named(
    inventory: Inventory, headline: HtmlElement | None, asides: Asides, lines: list[Line]
) -> list[Line]:
    """The lines of the box that by its name is the text's and has more of it than `lines`; else these."""
    for named in islice(named_boxes(inventory), _MOST_READ):
        other = _lines(named, headline, asides.is_none_of_the_text)
        if length_of(other) > length_of(lines):
            lines = other
    return lines


def read_with_trafilatura(page: HtmlElement) -> list[Line]:
    """The last resort; it takes the tree apart."""
    # Imported here: it takes longer to load than all else together, and most pages need it not.
    from trafilatura import bare_extraction

    document = bare_extraction(page, fast=True, include_comments=False, with_metadata=False)
    texts = (one_line(line) for line in (getattr(document, "text", None) or "").splitlines())
    plain = Line("", False, False, False, False, False, False, False, None, page)
    return [replace(plain, text=text) for text in texts if text]


def running_text(lines: Sequence[Line], title: str | None) -> list[Line]:
    """The paragraphs: no headline, no names, no captions."""
    kept = running_lines(_without_heading(lines, title))
    if kept:
        kept[-1] = replace(kept[-1], text=closed(kept[-1].text, kept[-1].ending))
    return kept


def length_of(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines if not line.links)


def _lines(
    box: HtmlElement, headline: HtmlElement | None, leave_out: Callable[[HtmlElement], bool]
) -> list[Line]:
    return read_lines(box, leave_out, behind=headline)


def _between(headline: HtmlElement | None, box: HtmlElement, asides: Asides) -> list[Line]:
    """What stands between headline and box: the lead, often."""
    if headline is None:
        return []
    above = set(headline.iterancestors())
    around = next((element for element in box.iterancestors() if element in above), None)
    if around is None:
        return []
    lines = read_lines(around, asides.is_none_of_the_text, behind=headline, until=box)
    return lines if len(lines) <= _MOST_BETWEEN else []


def _without_heading(lines: Sequence[Line], title: str | None) -> list[Line]:
    """Without the headline, what stands before it, and the time beside it."""
    body = list(lines)
    wanted = comparable(title)
    for number, line in enumerate(body[:_HEADING_LINES]):
        if comparable(line.text) == wanted:
            body = body[number + 1 :]
            break
    while body and len(body[0].text) <= _LONGEST_TIME and parse_time(body[0].text):
        body = body[1:]
    return body
