"""XPath expressions, compiled once, with the types of what they find."""

from collections.abc import Callable
from typing import Any

from lxml.etree import XPath
from lxml.html import HtmlElement


def elements(path: str) -> Callable[..., list[HtmlElement]]:
    return _typed(path)


def texts(path: str) -> Callable[..., list[Any]]:
    """Strings that know where they stand (lxml's smart strings): `getparent()`, `is_tail`."""
    return _typed(path)


def strings(path: str) -> Callable[..., list[str]]:
    return _typed(path, smart_strings=False)


def number(path: str) -> Callable[..., float]:
    return _typed(path)


def _typed(path: str, *, smart_strings: bool = True) -> Callable[..., Any]:
    return XPath(path, smart_strings=smart_strings)
