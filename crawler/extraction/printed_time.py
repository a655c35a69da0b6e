"""The time that an article's page prints, where it names none to machines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement

from crawler.extraction.markup import is_named, short_text, words
from crawler.times import names_hour, parse_time

_TIME_NAMES = words(
    "date", "time", "datetime", "pub-?date", "publish(ed)?", "post-?date", "ngay", "ngay-?dang", "thoi-?gian"
)
_BAR_NAMES = words("header", "top", "top-?bar", "masthead", "menu", "nav", "banner", "weather", "thoi-tiet")
_TODAY = re.compile(r"(?i)^\W*hôm nay\b")
_NAMED_TAGS = ("span", "div", "p", "li", "em", "i", "small", "td", "label", "b", "strong", "font")
_LONGEST_NAMED, _LONGEST = 120, 60
_BEFORE, _AFTER = 15, 40
"""elements from the headline within which its own time stands"""


@dataclass(frozen=True)
class _Printed:
    time: datetime
    distance: int
    """elements from the headline; negative: before it"""

    @property
    def rank(self) -> tuple[bool, bool, int]:
        return (not -_BEFORE <= self.distance <= _AFTER, not names_hour(self.time), abs(self.distance))


def printed_time(page: HtmlElement, headline: HtmlElement | None) -> datetime | None:
    """The one nearest to the headline, one with its hour before one without.

    `page`: without comments and other articles' titles. The day in a site's bar is no article's.
    """
    elements = [element for element in page.iter() if isinstance(element.tag, str)]
    start = elements.index(headline) if headline is not None else 0
    above = set(headline.iterancestors()) if headline is not None else set()
    found = [
        _Printed(time, number - start)
        for number, element in enumerate(elements)
        for time in _times(element, 0 < number - start <= _AFTER)
        if not (number < start or headline is None) or not _in_a_bar(element, above)
    ]
    return min(found, key=lambda printed: printed.rank).time if found else None


def _times(element: HtmlElement, beside_headline: bool) -> Iterator[datetime]:
    if element.tag == "time":
        if time := parse_time(element.get("datetime")) or _read(element, _LONGEST_NAMED):
            yield time
    elif element.tag in _NAMED_TAGS:
        if is_named(element, _TIME_NAMES):
            if time := _read(element, _LONGEST_NAMED):
                yield time
        elif beside_headline and (time := _read(element, _LONGEST)) and names_hour(time):
            yield time


def _read(element: HtmlElement, longest: int) -> datetime | None:
    text = short_text(element, longest)
    return parse_time(text) if text and not _TODAY.match(text) else None


def _in_a_bar(element: HtmlElement, above_headline: set[HtmlElement]) -> bool:
    return any(
        part.tag == "header" or is_named(part, _BAR_NAMES)
        for part in (element, *element.iterancestors())
        if part not in above_headline
    )
