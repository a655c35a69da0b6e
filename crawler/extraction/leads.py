"""The lead: the sentence or two that outlets print between headline and text."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.asides import Asides
from crawler.extraction.inventory import Inventory
from crawler.extraction.names import LEAD, part_of
from crawler.extraction.order import following
from crawler.extraction.paragraphs import Line
from crawler.extraction.text import comparable, short_text
from crawler.plain import one_line

_TAGS = frozenset({"h2", "h3", "h4", "p", "div", "strong", "span"})
_DATELINE = re.compile(r"^\s*(\([^()]{2,40}\)|[A-ZĐ][\w.]{1,30})\s*[-–—]\s*")
_SHORTEST, _LONGEST = 20, 1200
_SHORTEST_BOLD = 40
"""characters: a bold line with fewer may be a heading"""
_NEAR = 40
"""elements behind the headline within which a lead stands"""
_ALIKE = 60
"""characters: machines are often told only the beginning"""
_PIECE = 24
"""characters by which a told lead is looked for"""
_MOST_NAMED, _MOST_PRINTED = 100, 20
_FIRST_LINES = 4


@dataclass(frozen=True)
class Lead:
    text: str | None
    printed: bool
    """it stands on the page and is not only said to machines"""
    element: HtmlElement | None = field(default=None, compare=False)
    """that it is the whole of"""


def read_lead(
    inventory: Inventory,
    headline: HtmlElement | None,
    told: str | None,
    body: Sequence[Line],
    asides: Asides,
) -> Lead:
    """`told`: what the page tells machines."""
    return (
        _named(inventory, told, asides)
        or _named_near(inventory, headline, asides)
        or _as_told(inventory, told, asides)
        or read_lead_in_body(told, body)
        or Lead(told, printed=False)
    )


def read_lead_at(element: HtmlElement, told: str | None, asides: Asides) -> Lead | None:
    """Where one is expected: None if it is not what machines are told."""
    lead = None if _stands_apart(element, asides) else _lead(element)
    return lead if lead and alike(same_words(lead.text), same_words(told)) else None


def read_expected_in_body(
    inventory: Inventory,
    headline: HtmlElement | None,
    told: str | None,
    body: Sequence[Line],
    asides: Asides,
) -> Lead | None:
    """Where the first line is expected to be one: None if it is not what machines are told."""
    text = lead_in_body(told, body)
    if not alike(same_words(text), same_words(told)):
        return None
    return _named_near(inventory, headline, asides) or Lead(text, printed=True)


def read_lead_in_body(told: str | None, body: Sequence[Line]) -> Lead | None:
    text = lead_in_body(told, body)
    return Lead(text, printed=True) if text else None


def lead_in_body(told: str | None, body: Sequence[Line]) -> str | None:
    """The body's first line, where it is the lead: what machines are told of, or set apart in bold."""
    if len(body) < 2 or len(body[0].text) > _LONGEST:
        return None
    first = body[0]
    wanted = same_words(one_line(told)).removesuffix("…")
    if len(wanted) >= _ALIKE and same_words(first.text).startswith(wanted):
        return first.text
    return first.text if first.emphasised and len(first.text) >= _SHORTEST_BOLD else None


def without_lead(body: list[str], lead: str | None) -> list[str]:
    wanted = same_words(lead)
    for number, line in enumerate(body[:_FIRST_LINES]):
        if wanted and same_words(line) == wanted:
            return body[:number] + body[number + 1 :]
    return body


def lead_as_told(told: str | None, body: list[str]) -> tuple[str | None, list[str]]:
    """For a page that has no lead: what its source tells, and the body without it."""
    if told and len(told) >= _SHORTEST and len(body) > 1 and alike(same_words(told), same_words(body[0])):
        return body[0], body[1:]
    return told, without_lead(body, told)


def same_words(text: str | None) -> str:
    """Its words without the dateline before them: where that is put differs within one page."""
    return comparable(_DATELINE.sub("", text or ""))


def alike(one: str, other: str) -> bool:
    """Whether one of two texts, as `same_words` gives them, is the other or its beginning."""
    return bool(one and other) and (one.startswith(other[:_ALIKE]) or other.startswith(one[:_ALIKE]))


def _named(inventory: Inventory, told: str | None, asides: Asides) -> Lead | None:
    wanted = same_words(told)
    if not wanted:
        return None
    leads = (_lead_like(element, asides) for element in islice(_all_lead_like(inventory), _MOST_NAMED))
    return next((lead for lead in leads if lead and alike(same_words(lead.text), wanted)), None)


def _named_near(inventory: Inventory, headline: HtmlElement | None, asides: Asides) -> Lead | None:
    """Also where machines are told another: a portal may tell of each page what it tells of itself."""
    if headline is None:
        behind = islice(_all_lead_like(inventory), _MOST_NAMED)
    else:
        behind = islice(following(headline), _NEAR)
    leads = (_lead_like(element, asides) for element in behind if element.tag in _TAGS)
    return next(filter(None, leads), None)


def _all_lead_like(inventory: Inventory) -> Iterator[HtmlElement]:
    return (
        element
        for element, part, stated in inventory.named
        if (part & LEAD or stated == "description") and element.tag in _TAGS
    )


def _lead_like(element: HtmlElement, asides: Asides) -> Lead | None:
    if element.get("itemprop") != "description" and not part_of(element) & LEAD:
        return None
    return None if _stands_apart(element, asides) else _lead(element)


def _stands_apart(element: HtmlElement, asides: Asides) -> bool:
    return asides.holds(element) or asides.is_none_of_the_text(element) or _in_a_list(element)


def _lead(element: HtmlElement) -> Lead | None:
    text = short_text(element, _LONGEST)
    return Lead(text, True, element) if text and len(text) >= _SHORTEST else None


def _in_a_list(element: HtmlElement) -> bool:
    return next(element.iterancestors("li"), None) is not None


def _as_told(inventory: Inventory, told: str | None, asides: Asides) -> Lead | None:
    wanted = same_words(told)
    if not wanted:
        return None
    around = ((element, short_text(element, _LONGEST)) for element in _around(inventory, told or "", asides))
    return next((Lead(text, True, element) for element, text in around if same_words(text) == wanted), None)


def _around(inventory: Inventory, told: str, asides: Asides) -> Iterator[HtmlElement]:
    """The elements close around where a piece of `told` is printed."""
    rest = _DATELINE.sub("", told)
    piece = rest[:_PIECE].strip()
    if not piece:
        return
    places = inventory.that_print(piece, unicodedata.normalize("NFD", piece))
    for element in islice(places, _MOST_PRINTED):
        for step in islice((element, *element.iterancestors()), 4):
            if step.tag in _TAGS and not asides.holds(step):
                yield step
