"""Where text and lead of a host's pages stand, learned from those read before.

See docs/decisions/0017-layouts-are-learned.md.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice, takewhile
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extraction.beside import words_beside
from crawler.extraction.body import ENOUGH, length_of, read_box, running_text
from crawler.extraction.densest import SHORTEST, holds
from crawler.extraction.head import Head
from crawler.extraction.leads import Lead, read_expected_in_body, read_lead_at, read_lead_in_body
from crawler.extraction.paragraphs import Line
from crawler.extraction.printed_time import time_beside
from crawler.extraction.reading import Reading
from crawler.extraction.undeclared import Undeclared
from crawler.times import names_hour

_ENOUGH_AGREED = 2
"""pages on which a place held, besides the one on which it was seen first"""
_MOST_ALONE = 20
"""pages read by places alone before one is read both ways again"""
_MOST_BESIDE = 1 / 3
"""of the characters read: with more beside it, the box may hold only a part of the text"""
_MOST_HOSTS = 500
_LONGEST_NAME = 400
"""characters: what is longer names no part of a page"""


@dataclass(frozen=True)
class Place:
    """An element's names."""

    tag: str
    classes: str | None
    own_id: str | None
    stated: str | None

    def find(self, page: HtmlElement) -> HtmlElement | None:
        """The element, where no other has these names."""
        found = list(islice(filter(self._is_of, page.iter(self.tag)), 2))
        return found[0] if len(found) == 1 else None

    def _is_of(self, element: HtmlElement) -> bool:
        return _names_of(element) == (self.classes, self.own_id, self.stated)


def place_of(element: HtmlElement | None, page: HtmlElement) -> Place | None:
    """None where its names do not tell it from others of the page."""
    if element is None:
        return None
    names = _names_of(element)
    if not 0 < sum(len(name or "") for name in names) <= _LONGEST_NAME:
        return None
    place = Place(element.tag, *names)
    return place if place.find(page) is element else None


def _names_of(element: HtmlElement) -> tuple[str | None, str | None, str | None]:
    return element.get("class"), element.get("id"), element.get("itemprop")


@dataclass
class _Habit:
    """How the pages of a host are made."""

    box: Place | None
    surely_text: Place | None = None
    lead: Place | None = None
    lead_in_body: bool = False
    prints_no_time: bool = False
    agreed: int = 0
    """pages that were read both ways, with one result"""
    alone: int = 0
    """pages read by the habit alone since"""

    @property
    def is_trusted(self) -> bool:
        return self.agreed >= _ENOUGH_AGREED and self.alone < _MOST_ALONE


class Learned:
    """Reads pages of which nothing is declared; remembers for each host how its pages were made.

    The result is the generic reader's, unless a host changes its pages between two that are read both ways.
    """

    def __init__(self) -> None:
        self._habits: OrderedDict[tuple[str, bool], _Habit] = OrderedDict()
        """the host heard of last comes last"""

    def read(self, page: HtmlElement, url: str, head: Head) -> Reading:
        # Articles and other pages of a host are made differently, and told apart by what they declare.
        key = (urlsplit(url).netloc, head.is_article)
        habit = self._habits.pop(key, None)
        in_place = _in_place(habit, page, url, head) if habit is not None else None
        if habit is not None and habit.is_trusted and in_place is not None and in_place.has_most:
            habit.alone += 1
            reading = in_place.read()
        else:
            generic = Undeclared(page, url, head)
            habit = _learn(habit, in_place, page, head, generic)
            reading = generic.read()
        self._habits[key] = habit
        if len(self._habits) > _MOST_HOSTS:
            self._habits.popitem(last=False)
        return reading


class _InPlace(Undeclared):
    """Reads as the generic reader does what need not be searched for."""

    def __init__(self, page: HtmlElement, url: str, head: Head, habit: _Habit, box: HtmlElement) -> None:
        super().__init__(page, url, head)
        self._habit = habit
        self._box = box

    @cached_property
    def lines(self) -> Sequence[Line]:
        return read_box(self._box, self._headline, self._asides)

    @cached_property
    def surely_text(self) -> HtmlElement | None:
        place = self._habit.surely_text
        return place.find(self._page) if place is not None else None

    @property
    def stands_aside(self) -> bool:
        """Whether on this page the box stands among comments, say, whatever its own names are."""
        return self._asides_around(self._headline).holds(self._box)

    @cached_property
    def has_most(self) -> bool:
        """Whether the page prints little of what may be text besides the lines read."""
        length = length_of(self.lines)
        if length < ENOUGH:
            return False
        above = takewhile(lambda line: not holds(self._box, line.element), self.lines)
        read_above = sum(len(line.text) for line in above if len(line.text) >= SHORTEST)
        beside = words_beside(self._box, self._asides) - read_above
        return beside <= _MOST_BESIDE * length

    @cached_property
    def printed(self) -> datetime | None:
        told = self._head.published
        if self._habit.prints_no_time and told is not None and names_hour(told):
            return time_beside(self._headline, self._asides)
        return super().printed

    def _find_lead(self, body: Sequence[Line]) -> Lead:
        told, lead = self._head.lead, None
        element = self._habit.lead.find(self._page) if self._habit.lead else None
        if element is not None:
            lead = read_lead_at(element, told, self._asides)
        elif self._habit.lead_in_body:
            lead = read_expected_in_body(self._inventory, self._headline, told, body, self._asides)
        return lead or super()._find_lead(body)


def _in_place(habit: _Habit, page: HtmlElement, url: str, head: Head) -> _InPlace | None:
    """None where the box is not there or stands aside."""
    box = habit.box.find(page) if habit.box is not None else None
    if box is None:
        return None
    in_place = _InPlace(page, url, head, habit, box)
    return None if in_place.stands_aside else in_place


def _learn(
    habit: _Habit | None, in_place: _InPlace | None, page: HtmlElement, head: Head, generic: Undeclared
) -> _Habit:
    """What is to be thought of the host after `generic` has read the page, and `in_place` has by habit."""
    result = _result_of(generic.read())
    if habit is not None and in_place is not None and _result_of(in_place.read()) == result:
        if in_place.has_most:
            # A page that is always read both ways proves nothing of those that are not.
            habit.agreed, habit.alone = habit.agreed + 1, 0
        return habit
    if length_of(generic.lines) < ENOUGH:
        return _Habit(None)
    lead = place_of(result.lead.element, page)
    return _Habit(
        place_of(generic.box, page),
        place_of(generic.surely_text, page),
        lead,
        lead_in_body=lead is None and read_lead_in_body(head.lead, result.body) == result.lead,
        prints_no_time=generic.printed is None,
    )


@dataclass(frozen=True)
class _Result:
    """All that is read of a page."""

    title: str | None
    published: datetime | None
    lines: list[str]
    lead: Lead
    body: list[Line]


def _result_of(reading: Reading) -> _Result:
    body = running_text(reading.lines, reading.title)
    lines = [line.text for line in reading.lines]
    return _Result(reading.title, reading.published, lines, reading.find_lead(body), body)
