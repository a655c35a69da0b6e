"""Where on a page without a declaration the running text stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.asides import Asides
from crawler.extraction.inventory import Inventory
from crawler.extraction.names import TEXT

_BOXES = frozenset({"div", "article", "section", "td", "main"})
SHORTEST = 25
"""characters: what is shorter is a button, a label or a heading"""
_MOST_TEXTS = 20_000
_DEEPEST_INLINE = 30
_MOST_NAMED = 200
_INLINE = frozenset(
    {"span", "b", "strong", "i", "em", "u", "font", "a", "small", "sub", "sup", "mark", "label", "abbr",
     "code", "ins", "del", "big", "time", "cite", "q", "s", "strike"}
)  # fmt: skip
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt", "pre", "figcaption"}) | _INLINE
_LINKED, _SMALL = 0.2, 600
"""A block of few characters of which so many are links shows what they lead to: its other words are a teaser,
and weigh little beside those of a text."""
_TEASER = 0.1
_ALL, _BULK, _MOST_OF, _AHEAD = 0.9, 0.6, 0.45, 3
"""A child that holds so much of the text, or less but thrice what the next one has, is gone into; else the
text is spread over the children."""
_BESIDE = 0.15
"""What stands beside a box and is less than so much of the text is no part of it."""
_COLUMN, _COLUMN_BLOCKS = 0.15, 3
"""The column in which the headline stands is gone into though another has more words, if it has so many of
them in more blocks than headline and lead are."""


@dataclass(slots=True)
class _Held:
    """What an element and all in it hold."""

    parent: HtmlElement | None
    words: float = 0
    """characters of running text"""
    linked: float = 0
    blocks: int = 0


class Density:
    """How the running text is spread over a page."""

    def __init__(self, inventory: Inventory, asides: Asides) -> None:
        self._inventory = inventory
        self._held: dict[HtmlElement, _Held] = {}
        """each element behind the one that holds it"""
        own = self._own(asides)
        for element, (words, linked) in own.items():
            self._add(element, words, linked)
        self._sum_up()
        teasers = {
            element: words for element, (words, _) in own.items() if words and self._is_teaser(element)
        }
        for held in self._held.values():
            held.words = held.linked = held.blocks = 0
        for element, (words, linked) in own.items():
            self._add(element, words * (_TEASER if element in teasers else 1), linked)
        self._sum_up()

    def box(self, headline: HtmlElement | None) -> HtmlElement | None:
        """The smallest element that holds the bulk of the text; None where there is none."""
        body = self._inventory.page.find("body")
        if body is None or body not in self._held:
            return None
        above = {headline, *headline.iterancestors()} if headline is not None else set()
        box = body
        while (child := self._heaviest(box, above)) is not None:
            box = child
        named = self._named_like(box)
        return box if named is None else named

    def words(self, element: HtmlElement) -> float:
        held = self._held.get(element)
        return held.words if held else 0

    def _own(self, asides: Asides) -> dict[HtmlElement, tuple[float, float]]:
        """Of each block the characters that stand in it and in no smaller block: of text, and of links."""
        own: dict[HtmlElement, tuple[float, float]] = {}
        long = (text for text in self._inventory.texts if len(text[0]) >= SHORTEST)
        for text, at, behind in islice(long, _MOST_TEXTS):
            length = len(text.strip())
            if length < SHORTEST:
                continue
            element, linked = block_around(at.getparent() if behind else at)
            if element is None or asides.holds(element):
                continue
            words, links = own.get(element, (0, 0))
            own[element] = (words, links + length) if linked else (words + length, links)
        return own

    def _add(self, element: HtmlElement, words: float, linked: float) -> None:
        way: list[HtmlElement] = []
        step: HtmlElement | None = element
        while step is not None and step not in self._held:
            way.append(step)
            step = step.getparent()
        for step in reversed(way):
            self._held[step] = _Held(step.getparent())
        held = self._held[element]
        held.words += words
        held.linked += linked
        held.blocks += words > 0

    def _sum_up(self) -> None:
        for held in reversed(self._held.values()):
            if held.parent is not None:
                parent = self._held[held.parent]
                parent.words += held.words
                parent.linked += held.linked
                parent.blocks += held.blocks

    def _is_teaser(self, element: HtmlElement) -> bool:
        own = self._held[element]
        around = own.parent
        for _ in range(3):
            if around is None:
                return False
            held = self._held[around]
            if held.linked > own.linked or held.words > own.words:
                return held.words < _SMALL and held.linked >= _LINKED * (held.words + held.linked)
            around = held.parent
        return False

    def _heaviest(self, box: HtmlElement, above: set[HtmlElement]) -> HtmlElement | None:
        children = [child for child in box if child.tag not in _PARAGRAPHS and self.words(child)]
        if not children:
            return None
        children.sort(key=self.words, reverse=True)
        first = children[0]
        column = next((child for child in children if child in above), first)
        if (
            self.words(column) >= _COLUMN * self.words(first)
            and self._held[column].blocks >= _COLUMN_BLOCKS
            and column is not first
        ):
            return column
        if self._goes_on_beside(box, first):
            return None
        share = self.words(first) / self.words(box)
        if self._held[first].blocks < 2:
            # One block may be one paragraph of several, each in a box of its own.
            return first if share >= _ALL else None
        next_words = self.words(children[1]) if len(children) > 1 else 0
        return (
            first
            if share >= _BULK or (share >= _MOST_OF and next_words * _AHEAD <= self.words(first))
            else None
        )

    def _goes_on_beside(self, box: HtmlElement, first: HtmlElement) -> bool:
        """Whether the text of `first` goes on in paragraphs beside it, or in more boxes of its make."""
        beside = [child for child in box if child is not first and self.words(child)]
        paragraphs = [child for child in beside if child.tag in _PARAGRAPHS]
        if len(paragraphs) > 1 and sum(map(self.words, paragraphs)) >= _BESIDE * self.words(box):
            return True
        return first.tag != "td" and any(
            child.tag == first.tag
            and child.get("class") == first.get("class")
            and self._held[child].blocks > 1
            and self.words(child) >= _BESIDE * self.words(first)
            for child in beside
        )

    def _named_like(self, box: HtmlElement) -> HtmlElement | None:
        """The box that by its name holds the text, where it holds about what `box` does."""
        words = self.words(box)
        alike = [
            element
            for element in named_boxes(self._inventory)
            if 0.7 * words <= self.words(element) <= 1.6 * words
        ]
        related = [element for element in alike if holds(element, box) or holds(box, element)]
        return max(related, key=self.words, default=None)


def block_around(element: HtmlElement | None) -> tuple[HtmlElement | None, bool]:
    """The smallest block that holds `element` or is it, and whether a link is between them."""
    linked = False
    for _ in range(_DEEPEST_INLINE):
        if element is None or element.tag not in _INLINE:
            break
        linked = linked or element.tag == "a"
        element = element.getparent()
    return element, linked


def named_boxes(inventory: Inventory) -> Iterator[HtmlElement]:
    """By the names that the publishing systems in use here give to the box of the running text."""
    named = (
        element
        for element, part, stated in inventory.named
        if stated == "articleBody" or (part & TEXT and element.tag in _BOXES)
    )
    return islice(named, _MOST_NAMED)


def holds(outer: HtmlElement, inner: HtmlElement) -> bool:
    return outer is inner or outer in inner.iterancestors()
