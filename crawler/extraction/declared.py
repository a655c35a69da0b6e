"""Reading a page by its outlet's declared layouts."""

from collections.abc import Sequence

from lxml.html import HtmlElement

from crawler.extraction.body import is_far_less, length_of, may_be_too_little, read_declared
from crawler.extraction.head import Head
from crawler.extraction.layouts import Layout, in_turn
from crawler.extraction.leads import Lead, lead_in_body
from crawler.extraction.paragraphs import Line
from crawler.extraction.reading import Reading, time_of
from crawler.extraction.undeclared import Undeclared
from crawler.settings import LayoutSettings


def read_by_layouts(
    page: HtmlElement, head: Head, declared: Sequence[LayoutSettings], undeclared: Undeclared
) -> Reading | None:
    """By the first layout that finds the text; None where each finds none, or far less than there is."""
    for layout in in_turn(declared, head.published):
        if (reading := _read_by(page, head, layout, undeclared)) is not None:
            return reading
    return None


def _read_by(page: HtmlElement, head: Head, layout: Layout, undeclared: Undeclared) -> Reading | None:
    title, headline = layout.find_title(page)
    boxes = layout.find_body(page)
    headline = headline if headline is not None else head.headline
    lines = read_declared(page, boxes, layout.find_dropped(page, boxes), headline)
    length = length_of(lines)
    if may_be_too_little(page, boxes, length) and (
        not lines or is_far_less(length, length_of(undeclared.lines))
    ):
        return None
    title = title or head.title or undeclared.read().title
    published = time_of(head.published, layout.find_time(page))

    def find_lead(body: Sequence[Line]) -> Lead:
        printed = layout.find_lead(page) or lead_in_body(head.lead, body)
        return Lead(printed or head.lead, printed=printed is not None)

    return Reading(title, published or undeclared.published, lines, find_lead)
