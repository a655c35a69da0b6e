"""A board's link to its next page."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from cssselect import HTMLTranslator
from lxml.html import HtmlElement

from crawler.addresses import canonical_address, named_address, same_site
from crawler.kinds.links import text_within
from crawler.kinds.naming import Notice

_WORDS = frozenset(
    {
        "trang sau", "trang tiep", "trang tiep theo", "trang ke", "trang ke tiep", "tiep", "tiep theo",
        "ke tiep", "sau", "next", "next page", "older", "›", ">",
    }
)  # fmt: skip
_DOUBLE = frozenset({"»", ">>"})
"""the next page with some, the last with others: taken only where nothing plainer is there"""
_NUMBER_IN_ADDRESS = re.compile(
    r"(?:[?&;](?:page|p|pg|trang|paged|pageindex|page_index|pagenumber|pageno|currentpage|curpage|_page)=)(\d{1,5})"
    r"|/(?:trang|page|p)[-/_]?(\d{1,5})(?=[/.]|$)|[-_.]trang-?(\d{1,5})(?=[/.]|$)",
    re.IGNORECASE,
)
_LONGEST_TEXT = 60
_MOST_ANCHORS = 2_000
_SCRIPT = re.compile(r"^\s*javascript:|__doPostBack", re.IGNORECASE)

BY_SCRIPT = Notice(
    "turns its pages by a script (such as ASP.NET's __doPostBack), which is not followed: "
    "only its first page is read",
    "nothing to do if a day's questions stand on the first page; else look for an address with ?page=2",
)


def find_next(page: HtmlElement, url: str, selector: str | None = None) -> tuple[str | None, Notice | None]:
    """The address of the page after this one; or why there is none that can be asked for."""
    anchors = _selected(page, selector) if selector else list(_plain(page, url))
    for anchor in anchors:
        address = named_address(url, anchor.get("href"))
        if address and _is_another_page(address, url) and not _is_off(anchor):
            return address, None
    if selector is None and (address := _by_number(page, url)):
        return address, None
    return None, BY_SCRIPT if any(map(_is_script, _pager_anchors(page, anchors))) else None


def _is_off(anchor: HtmlElement) -> bool:
    """On the last page many leave the link where it was, and mark it."""
    parent = anchor.getparent()
    classes = (anchor.get("class"), parent.get("class") if parent is not None else None)
    return any("disabled" in (name or "")[:200].split() for name in classes)


def _is_another_page(address: str, url: str) -> bool:
    return same_site(address, url) and canonical_address(address) != canonical_address(url)


def _selected(page: HtmlElement, selector: str) -> list[HtmlElement]:
    found = page.xpath(HTMLTranslator().css_to_xpath(selector))
    return [anchor for element in found for anchor in element.iter("a", "link")]


def _plain(page: HtmlElement, url: str) -> Iterator[HtmlElement]:
    """What says that it is the next page, the plainest first."""
    for link in page.iter("link", "a"):
        if "next" in (link.get("rel") or "").lower().split():
            yield link
    anchors = _last_anchors(page)
    yield from (anchor for anchor in anchors if _says(anchor) & _WORDS)
    yield from (anchor for anchor in anchors if _is_called_next(anchor))
    # The last page is no next one: it goes further than by one.
    yield from (anchor for anchor in anchors if _says(anchor) & _DOUBLE and _goes_one_further(anchor, url))


def _last_anchors(page: HtmlElement) -> list[HtmlElement]:
    """A pager stands below its list."""
    return list(page.iter("a"))[-_MOST_ANCHORS:]


def _says(anchor: HtmlElement) -> set[str]:
    told = (_text(anchor), anchor.get("title") or "", anchor.get("aria-label") or "")
    return {_folded(text) for text in told if len(text) < _LONGEST_TEXT}


def _text(anchor: HtmlElement) -> str:
    return text_within(anchor, _LONGEST_TEXT)


def _folded(text: str) -> str:
    """In small letters without tones, and without the arrows around words."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    plain = " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())
    return plain.strip("»›>→ ") or plain


def _is_called_next(anchor: HtmlElement) -> bool:
    parent = anchor.getparent()
    classes = (anchor.get("class"), parent.get("class") if parent is not None else None)
    names = " ".join((name or "")[:200] for name in classes)
    return bool(
        re.search(r"(?:^|[\s_-])next(?:[\s_-]page)?(?:$|\s)", names, re.IGNORECASE)
    ) and not re.search(r"slick|swiper|owl|carousel|slide|article|post", names, re.IGNORECASE)


def _goes_one_further(anchor: HtmlElement, url: str) -> bool:
    address = named_address(url, anchor.get("href"))
    return address is not None and _number(address) == (_number(url) or 1) + 1


def _number(address: str) -> int | None:
    found = _NUMBER_IN_ADDRESS.search(address)
    return int(next(filter(None, found.groups()), 0)) if found else None


def _by_number(page: HtmlElement, url: str) -> str | None:
    """In a row of numbers, the one after this page's.

    The number as printed counts, for addresses count from 0 in some programs.
    """
    present = _printed(page, url)
    for anchor in _last_anchors(page):
        if _text(anchor) != str(present + 1):
            continue
        address = named_address(url, anchor.get("href"))
        if address and _is_another_page(address, url) and _number(address) and _same_list(address, url):
            return address
    return None


def _printed(page: HtmlElement, url: str) -> int:
    """This page's number as its pager prints it: where that is, no anchor leads here; else by the address."""
    for element in page.iter("span", "strong", "b", "a", "li", "em"):
        names = f"{(element.get('class') or '')[:200]} {element.get('aria-current') or ''}"
        text = (element.text or "")[:_LONGEST_TEXT].strip()
        if text.isdecimal() and len(text) < 6 and re.search(r"active|current|selected|page\b", names):
            return int(text)
    return _number(url) or 1


def _same_list(address: str, url: str) -> bool:
    """Whether both are pages of one list: without their numbers they are the same, but for the ending."""
    first, second = (re.sub(r"\.\w{2,5}$", "", _NUMBER_IN_ADDRESS.sub("", one)) for one in (address, url))
    return urlsplit(first).path.rstrip("/") == urlsplit(second).path.rstrip("/")


def _pager_anchors(page: HtmlElement, candidates: list[HtmlElement]) -> Iterator[HtmlElement]:
    yield from candidates
    for anchor in _last_anchors(page):
        if _text(anchor) == "2":
            yield anchor


def _is_script(anchor: HtmlElement) -> bool:
    return bool(_SCRIPT.search(anchor.get("href") or "") or _SCRIPT.search(anchor.get("onclick") or ""))
