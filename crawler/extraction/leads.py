"""The lead: the sentence or two that outlets print between headline and text."""

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction.body import emphasised
from crawler.extraction.markup import comparable, is_named, short_text, words
from crawler.plain import one_line

_LEAD_NAMES = words(
    r"\w*sapo", "lead", "chapeau", "standfirst", r"\w*summary", "tom-?tat", "desc", "description", "mo-?ta",
    "intro", "excerpt", "trich-?yeu",
)  # fmt: skip
_DATELINE = re.compile(r"^\s*(\([^()]{2,40}\)|[A-ZĐ][\w.]{1,30})\s*[-–—]\s*")
_SHORTEST, _LONGEST = 20, 1200
_SHORTEST_BOLD = 40
"""characters: a bold line with fewer may be a heading"""
_NEAR = 40
"""elements behind the headline within which a lead stands"""
_ALIKE = 60
"""characters: machines are often told only the beginning"""
_FIRST_LINES = 4


@dataclass(frozen=True)
class Lead:
    text: str | None
    printed: bool
    """it stands on the page and is not only said to machines"""


def read_lead(page: HtmlElement, headline: HtmlElement | None, told: str | None, body: list[str]) -> Lead:
    """`page`: the article alone; `told`: what the page tells machines."""
    printed = (
        _named(page, told)
        or _named_near(page, headline)
        or _as_told(page, told)
        or _told_in_part(told, body)
        or _bold_first(page, body)
    )
    return Lead(printed or told, printed=printed is not None)


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


def _named(page: HtmlElement, told: str | None) -> str | None:
    wanted = same_words(told)
    texts = (_lead_text(element) for element in page.iter(*_TAGS))
    return next((text for text in texts if text and alike(same_words(text), wanted)), None)


def _named_near(page: HtmlElement, headline: HtmlElement | None) -> str | None:
    """Also where machines are told another: a portal may tell of each page what it tells of itself."""
    behind = page.iter() if headline is None else headline.xpath("following::*")
    for number, element in enumerate(behind):
        if headline is not None and number > _NEAR:
            return None
        if element.tag in _TAGS and (text := _lead_text(element)):
            return text
    return None


_TAGS = ("h2", "h3", "p", "div", "strong", "span")


def _lead_text(element: HtmlElement) -> str | None:
    if element.get("itemprop") != "description" and not is_named(element, _LEAD_NAMES):
        return None
    if any(ancestor.tag == "li" for ancestor in element.iterancestors()):
        return None
    text = short_text(element, _LONGEST)
    return text if text and len(text) >= _SHORTEST else None


def _as_told(page: HtmlElement, told: str | None) -> str | None:
    wanted = same_words(told)
    if not wanted:
        return None
    texts = (short_text(element, _LONGEST) for element in page.iter(*_TAGS) if len(element) <= 3)
    return next((text for text in texts if same_words(text) == wanted), None)


def _told_in_part(told: str | None, body: list[str]) -> str | None:
    wanted = same_words(one_line(told)).removesuffix("…")
    if len(wanted) < _ALIKE or len(body) < 2:
        return None
    return body[0] if same_words(body[0]).startswith(wanted) else None


def _bold_first(page: HtmlElement, body: list[str]) -> str | None:
    if len(body) < 2 or not _SHORTEST_BOLD <= len(body[0]) <= _LONGEST:
        return None
    return body[0] if body[0] in emphasised(page) else None
