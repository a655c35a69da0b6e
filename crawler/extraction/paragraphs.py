"""The lines of a box of text, in one walk that leaves out what stands in it and is not the text."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from crawler.extraction.text import is_links
from crawler.plain import one_line

_BLOCKS = frozenset(
    {"p", "div", "section", "article", "main", "blockquote", "li", "ul", "ol", "dl", "dt", "dd", "table",
     "tbody", "thead", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "center", "address", "fieldset",
     "details", "summary", "hr", "body", "form", "header"}
)  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BOLD = frozenset({"b", "strong"})
_SLANTED = frozenset({"i", "em"})
_CELLS = frozenset({"td", "th"})
_PICTURES = frozenset({"img", "picture", "video", "amp-img"})
_SET_RIGHT = re.compile(r"text-align:\s*(?:right|end)", re.IGNORECASE)
_SET_CENTRE = re.compile(r"text-align:\s*center", re.IGNORECASE)
_RIGHT_NAMES = frozenset({"text-right", "align-right", "text-end", "ms-text-right"})
_CENTRE_NAMES = frozenset({"text-center", "align-center"})
_MOST_LINES = 5_000
_LONGEST_CELL = 80
"""characters: more in a cell is a text of its own, not an entry beside others of its row"""
_MOST_PLAIN = 2
"""characters: a full stop behind the last bold word"""
_LONGEST_SET = 300
"""characters: how a longer line is set tells nothing of what it is"""


@dataclass(slots=True)
class Line:
    text: str
    emphasised: bool
    """bold or slanted as a whole"""
    slanted: bool
    right: bool
    """set to the right"""
    centred: bool
    links: bool
    """little but links"""
    heading: bool
    pictured: bool
    """in one block with a picture, or right behind one"""
    ending: str | None
    """the bold or slanted words at its end"""
    element: HtmlElement


@dataclass(slots=True)
class _Growing:
    """The line being read."""

    parts: list[str] = field(default_factory=list)
    linked: int = 0
    plain: int = 0
    """characters neither bold nor slanted"""
    upright: int = 0
    """characters not slanted"""
    ending: list[str] = field(default_factory=list)
    breaks: int = 0
    picture: bool = False
    """a picture came since the last line"""


def read_lines(
    box: HtmlElement,
    leave_out: Callable[[HtmlElement], bool],
    *,
    behind: HtmlElement | None = None,
    until: HtmlElement | None = None,
) -> list[Line]:
    """`leave_out` is asked of each element once; only lines behind the end of `behind` and before the start
    of `until` are read."""
    return _Walk(box, leave_out).lines(behind, until)


class _Walk:
    def __init__(self, box: HtmlElement, leave_out: Callable[[HtmlElement], bool]) -> None:
        self._box = box
        self._leave_out = leave_out
        self._lines: list[Line] = []
        self._now = _Growing()
        self._blocks = [box]
        self._in_links = 0
        self._in_bold = 0
        self._in_slanted = 0

    def lines(self, behind: HtmlElement | None, until: HtmlElement | None) -> list[Line]:
        box, leave_out = self._box, self._leave_out
        left_out: HtmlElement | None = None
        walk = iterwalk(box, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                if element is until:
                    return self._lines if behind is None else []
                if element is not box and leave_out(element):
                    left_out = element
                    walk.skip_subtree()
                else:
                    self._begin(element.tag, element)
                continue
            if element is not left_out:
                self._end(element.tag)
            if len(self._lines) > _MOST_LINES:
                break
            if element is behind:
                self._lines.clear()
                self._now = _Growing()
                behind = None
            if element is not box and element.tail:
                self._add(element.tail)
        self._flush()
        return self._lines

    def _begin(self, tag: str, element: HtmlElement) -> None:
        if tag in _BLOCKS:
            self._flush()
            self._blocks.append(element)
        elif tag == "a":
            self._in_links += 1
        elif tag in _BOLD:
            self._in_bold += 1
        elif tag in _SLANTED:
            self._in_slanted += 1
        elif tag == "br":
            self._break()
        elif tag in _PICTURES:
            self._now.picture = True
        if element.text:
            self._add(element.text)

    def _end(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
            self._blocks.pop()
        elif tag == "a":
            self._in_links -= 1
        elif tag in _BOLD:
            self._in_bold -= 1
        elif tag in _SLANTED:
            self._in_slanted -= 1
        elif tag in _CELLS:
            self._end_cell()

    def _add(self, text: str) -> None:
        now = self._now
        now.parts.append(text)
        if length := len(text.strip()):
            now.breaks = 0
            if self._in_links:
                now.linked += length
            if not self._in_slanted:
                now.upright += length
            if self._in_slanted or self._in_bold:
                now.ending.append(text)
            else:
                now.plain += length
                now.ending.clear()

    def _break(self) -> None:
        self._now.breaks += 1
        if self._now.breaks > 1:
            self._flush()
        else:
            self._now.parts.append(" ")

    def _end_cell(self) -> None:
        if sum(map(len, self._now.parts)) > _LONGEST_CELL:
            self._flush()
        else:
            self._now.parts.append(" ")

    def _flush(self) -> None:
        now = self._now
        text = one_line("".join(now.parts)) if now.parts else None
        if text is None:
            now.parts.clear()
            return
        block = self._blocks[-1]
        right, centred = _setting(block, self._box) if len(text) <= _LONGEST_SET else (False, False)
        self._lines.append(
            Line(
                text=text,
                emphasised=now.plain <= _MOST_PLAIN,
                slanted=now.upright <= _MOST_PLAIN,
                right=right,
                centred=centred,
                links=is_links(now.linked, text),
                heading=block.tag in _HEADINGS,
                pictured=now.picture,
                ending=one_line("".join(now.ending)) if now.ending and now.plain else None,
                element=block,
            )
        )
        self._now = _Growing()


def _setting(block: HtmlElement, box: HtmlElement) -> tuple[bool, bool]:
    """Whether it is set to the right, and whether to the middle; by itself or by a block around it."""
    for element in _up_to(block, box):
        style = (element.get("style") or "")[:200]
        align = (element.get("align") or "").lower()
        names = (element.get("class") or "")[:200].lower().split()
        if align == "right" or _SET_RIGHT.search(style) or not _RIGHT_NAMES.isdisjoint(names):
            return True, False
        if align == "center" or _SET_CENTRE.search(style) or not _CENTRE_NAMES.isdisjoint(names):
            return False, True
        if align or "text-align" in style:
            break
    return False, False


def _up_to(block: HtmlElement, box: HtmlElement) -> Iterator[HtmlElement]:
    element: HtmlElement | None = block
    for _ in range(4):
        if element is None or element is box:
            return
        yield element
        element = element.getparent()
