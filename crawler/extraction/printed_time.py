"""The time that an article's page prints."""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import chain, islice

from lxml.html import HtmlElement

from crawler.extraction.asides import Asides
from crawler.extraction.inventory import Inventory
from crawler.extraction.names import BAR, TIME, part_of
from crawler.extraction.order import following, preceding
from crawler.extraction.text import short_text
from crawler.times import names_hour, parse_time

_MOST_TIMED = 200
_TODAY = re.compile(r"(?i)^\W*hôm nay\b")
_NAMED_TAGS = frozenset(
    {
        "span",
        "div",
        "p",
        "li",
        "em",
        "i",
        "small",
        "td",
        "label",
        "b",
        "strong",
        "font",
        "h2",
        "h3",
        "h4",
        "h5",
    }
)
_LONGEST_NAMED, _LONGEST = 120, 60
_BEFORE, _AFTER = 15, 40
"""elements from the headline within which its own time stands"""


def printed_time(inventory: Inventory, headline: HtmlElement | None, asides: Asides) -> datetime | None:
    """The one nearest to the headline, one with its hour before one without.

    The day in a site's bar is no article's.
    """
    return time_beside(headline, asides) or _elsewhere(inventory, headline, asides)


def time_beside(headline: HtmlElement | None, asides: Asides) -> datetime | None:
    near = list(_near(headline, asides)) if headline is not None else []
    return next(filter(names_hour, near), None) or (near[0] if near else None)


def _near(headline: HtmlElement, asides: Asides) -> Iterator[datetime]:
    above = set(headline.iterancestors())
    behind = ((element, True) for element in islice(following(headline), _AFTER))
    before = (
        (element, False) for element in islice(preceding(headline), _BEFORE) if not _in_a_bar(element, above)
    )
    for element, beside in chain(behind, before):
        if not asides.holds(element) and (time := _time(element, beside)):
            yield time


def _elsewhere(inventory: Inventory, headline: HtmlElement | None, asides: Asides) -> datetime | None:
    """Of the elements that are named so: portals also print the day below the text."""
    above = set(headline.iterancestors()) if headline is not None else set()
    day: datetime | None = None
    for element in islice(_timed(inventory), _MOST_TIMED):
        if (time := _time(element, False)) and not asides.holds(element) and not _in_a_bar(element, above):
            if names_hour(time):
                return time
            day = day or time
    return day


def _timed(inventory: Inventory) -> Iterator[HtmlElement]:
    return (element for element, part, _ in inventory.named if element.tag == "time" or part & TIME)


def _time(element: HtmlElement, beside_headline: bool) -> datetime | None:
    if element.tag == "time":
        return parse_time(element.get("datetime")) or _read(element, _LONGEST_NAMED)
    if element.tag not in _NAMED_TAGS:
        return None
    if part_of(element) & TIME:
        return _read(element, _LONGEST_NAMED)
    time = _read(element, _LONGEST) if beside_headline else None
    return time if time and names_hour(time) else None


def _read(element: HtmlElement, longest: int) -> datetime | None:
    text = short_text(element, longest)
    return parse_time(text) if text and not _TODAY.match(text) else None


def _in_a_bar(element: HtmlElement, above_headline: set[HtmlElement]) -> bool:
    return any(
        part.tag == "header" or part_of(part) & BAR
        for part in (element, *element.iterancestors())
        if part not in above_headline
    )
