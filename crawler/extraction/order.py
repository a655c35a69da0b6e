"""The elements of a page in the order in which it prints them, from one of them on."""

from collections.abc import Iterator

from lxml.html import HtmlElement


def following(element: HtmlElement) -> Iterator[HtmlElement]:
    """What begins behind the end of `element`."""
    at = _behind(element)
    while at is not None:
        yield at
        at = at[0] if len(at) else _behind(at)


def preceding(element: HtmlElement) -> Iterator[HtmlElement]:
    """What ends before `element` begins, the nearest first."""
    at: HtmlElement | None = element
    while at is not None:
        before = at.getprevious()
        if before is None:
            at = at.getparent()
            continue
        yield from _backwards(before)
        at = before


def _behind(element: HtmlElement) -> HtmlElement | None:
    at: HtmlElement | None = element
    while at is not None:
        if (behind := at.getnext()) is not None:
            return behind
        at = at.getparent()
    return None


def _backwards(element: HtmlElement) -> Iterator[HtmlElement]:
    """All in `element` and itself, the last first."""
    at = element
    while len(at):
        at = at[-1]
    while True:
        yield at
        if at is element:
            return
        before = at.getprevious()
        if before is None:
            at = at.getparent()
            continue
        at = before
        while len(at):
            at = at[-1]
