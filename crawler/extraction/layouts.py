"""Declared layouts: where on an outlet's pages title, lead, body and time stand."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cssselect import HTMLTranslator, SelectorError
from lxml.etree import XPathError
from lxml.html import HtmlElement

from crawler.extraction.text import short_text
from crawler.extraction.xpaths import elements
from crawler.plain import one_line
from crawler.settings import LayoutSettings
from crawler.times import LOCAL, parse_time

_LONGEST_TITLE, _LONGEST_LEAD, _LONGEST_TIME = 400, 2000, 200
_MOST_FOUND, _MOST_BOXES = 500, 2_000


_PARAGRAPHS = frozenset({"p", "h2", "h3", "h4", "li", "blockquote", "span", "td"})
_COMBINATOR = re.compile(r"[\s>+~,]")
Find = Callable[..., list[HtmlElement]]


@dataclass(frozen=True)
class Layout:
    """A declaration ready to be used."""

    title: Find | None
    lead: Find | None
    body: Find
    time: Find | None
    drop: Find | None
    drop_within: Find | None
    """those of its selectors that name no surroundings: they need not look at the whole page"""
    until: datetime | None
    """the end of the last day on which an article of this layout was published"""

    def find_title(self, page: HtmlElement) -> tuple[str | None, HtmlElement | None]:
        for element in _elements(self.title, page):
            if text := short_text(element, _LONGEST_TITLE):
                return text, element
        return None, None

    def find_lead(self, page: HtmlElement) -> str | None:
        """With what stands beside it: some outlets print a lead of several paragraphs."""
        found = [element for element in _elements(self.lead, page) if short_text(element, _LONGEST_LEAD)]
        beside = [element for element in found if element.getparent() is found[0].getparent()]
        return one_line(" ".join(short_text(element, _LONGEST_LEAD) or "" for element in beside))

    def find_time(self, page: HtmlElement) -> datetime | None:
        for element in _elements(self.time, page):
            for stated in (element.get("datetime"), element.get("content"), element.get("title")):
                if time := parse_time((stated or "")[:_LONGEST_TIME]):
                    return time
            if time := parse_time(short_text(element, _LONGEST_TIME)):
                return time
        return None

    def find_body(self, page: HtmlElement) -> list[HtmlElement]:
        """The paragraphs, or the boxes beside each other: elsewhere teasers may be named the same."""
        boxes = _outermost(self.body(page)[:_MOST_BOXES])
        beside: dict[HtmlElement | None, list[HtmlElement]] = {}
        for box in boxes:
            if box.tag in _PARAGRAPHS:
                return boxes
            beside.setdefault(box.getparent(), []).append(box)
        return max(beside.values(), key=_length, default=[]) if len(beside) > 1 else boxes

    def find_dropped(self, page: HtmlElement, boxes: Sequence[HtmlElement]) -> frozenset[HtmlElement]:
        within = [element for box in boxes for element in _elements(self.drop_within, box)]
        return frozenset([*within, *_elements(self.drop, page)])


@lru_cache(maxsize=1000)
def compiled(settings: LayoutSettings) -> Layout:
    """Raises ValueError for what is no CSS selector."""
    return Layout(
        title=_compiled(settings.title),
        lead=_compiled(settings.lead),
        body=selector_of(settings.body),
        time=_compiled(settings.time),
        drop=_compiled(", ".join(selector for selector in settings.drop if _names_surroundings(selector))),
        drop_within=_compiled(
            ", ".join(selector for selector in settings.drop if not _names_surroundings(selector))
        ),
        until=datetime(
            settings.until.year, settings.until.month, settings.until.day, 23, 59, 59, tzinfo=LOCAL
        )
        if settings.until
        else None,
    )


def selector_of(selector: str) -> Find:
    """Raises ValueError for what is no CSS selector."""
    try:
        return elements(HTMLTranslator().css_to_xpath(selector))
    except (SelectorError, XPathError) as error:
        raise ValueError(f"{selector!r} is no CSS selector: {error}") from error


def in_turn(layouts: Sequence[LayoutSettings], published: datetime | None) -> Iterator[Layout]:
    """That of the day of publication first, then the others, the newest first: outlets also move old articles
    to a new layout."""
    waiting = [compiled(layout) for layout in layouts]
    for layout in list(waiting):
        if published is not None and layout.until is not None and published <= layout.until:
            waiting.remove(layout)
            yield layout
            break
    yield from reversed(waiting)


def _compiled(selector: str | None) -> Find | None:
    return selector_of(selector) if selector else None


def _names_surroundings(selector: str) -> bool:
    return bool(_COMBINATOR.search(selector.strip()))


def _elements(find: Find | None, page: HtmlElement) -> list[HtmlElement]:
    return find(page)[:_MOST_FOUND] if find is not None else []


def _length(boxes: Sequence[HtmlElement]) -> int:
    return sum(len(part.strip()) for box in boxes for part in box.itertext())


def _outermost(found: list[HtmlElement]) -> list[HtmlElement]:
    """Without those that stand in another of them."""
    if len(found) < 2:
        return found
    among = set(found)
    return [element for element in found if among.isdisjoint(element.iterancestors())]
