"""What the names that page makers give their elements tell."""

import re

from lxml.html import HtmlElement

from crawler.plain import one_line

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LABEL = re.compile(r"^(tag|category|cat|has|no|with|is|hide|show)-")
"""classes that sort an article or switch something on it: `tag-binh-luan` is no box of comments"""

_IN_BRACKETS = re.compile(r"\([\d\s/.:-]{1,20}\)")
_LONGEST_TITLE = 400


def names_of(element: HtmlElement) -> list[str]:
    """Its classes and its id in one spelling: `fbComments` and `fb_comments` are both `fb-comments`."""
    stated = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    names = (_HUMP.sub("-", name).replace("_", "-").lower() for name in stated)
    return [name for name in names if not _LABEL.match(name)]


def is_named(element: HtmlElement, pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(name) for name in names_of(element))


def words(*alternatives: str) -> re.Pattern[str]:
    """Finds one of them as a whole word, or several, of a name as `names_of` spells it."""
    return re.compile(f"(^|-)({'|'.join(alternatives)})(-|$)")


def text_of(element: HtmlElement) -> str:
    return one_line(str(element.text_content())) or ""


def short_text(element: HtmlElement, longest: int) -> str | None:
    """Its text where it has no more characters than that: a page's frames are not read through in vain."""
    parts, length = [], 0
    for part in element.itertext():
        length += len(part.strip())
        if length > longest:
            return None
        parts.append(part)
    text = one_line("".join(parts))
    return text if text and len(text) <= longest else None


def is_links(element: HtmlElement, text: str) -> bool:
    """Whether its text is little but links to other pages; the day of each, in brackets, does not count."""
    linked = sum(len(str(anchor.text_content()).strip()) for anchor in element.iter("a"))
    return linked > 0.8 * len(_IN_BRACKETS.sub("", text))


def comparable(text: str | None) -> str:
    """The words alone, in small letters."""
    return re.sub(r"\W+", " ", text or "").strip().lower()


def find_headline(page: HtmlElement, title: str | None) -> HtmlElement | None:
    """The element that prints the title: a heading, or whatever its maker took for one."""
    headings = [heading for heading in page.iter("h1") if text_of(heading)]
    wanted = comparable(title)
    if wanted:
        for element in [*headings, *page.iter("h2", "h3", "h4", "div", "p", "span", "td", "b", "strong")]:
            if comparable(short_text(element, _LONGEST_TITLE)) == wanted:
                return element
    return headings[0] if headings else None
