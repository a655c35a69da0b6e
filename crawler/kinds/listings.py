"""Listing pages: home pages and sections that name articles by links."""

from collections.abc import Iterator

from cssselect import HTMLTranslator, SelectorError
from lxml.html import HtmlElement

from crawler.addresses import canonical_address, is_home, looks_like_article, resolve, same_site
from crawler.encoding import decode
from crawler.extraction.head import parse_page
from crawler.kinds.naming import Named, UnreadableSource

_NAVIGATION = ("header", "nav", "footer")
_HEADLINE_WORDS = 6


def read_listing(
    content: bytes, url: str, article_links: str | None = None, content_type: str | None = None
) -> tuple[Named, ...]:
    """The links to articles on a page, in their order; raises UnreadableSource where there is none.

    A link's text is not taken for a title: on a listing it may be a teaser, a caption or a count of readers.
    """
    page = parse_page(decode(content, content_type).text)
    anchors = _selected(page, article_links) if article_links else _guessed(page, url)
    named: dict[str, Named] = {}
    for anchor in anchors:
        address = resolve(url, anchor.get("href"))
        key = canonical_address(address) if address else None
        if address and key and key != canonical_address(url) and same_site(address, url):
            named.setdefault(key, Named(url=address))
    if not named:
        raise UnreadableSource(
            "names no articles: no link on the page looks like one",
            "set `article_links` to a CSS selector of its links to articles, or give a feed or sitemap",
        )
    return tuple(named.values())


def _selected(page: HtmlElement, selector: str) -> Iterator[HtmlElement]:
    try:
        xpath = HTMLTranslator().css_to_xpath(selector)
    except SelectorError as error:
        raise UnreadableSource(
            f"cannot be read: article_links {selector!r} is no CSS selector ({error})",
            "mend the selector; `.story h2 a` is an example",
        ) from error
    for element in page.xpath(xpath):
        if element.tag == "a":
            yield element
        else:
            yield from element.iter("a")


def _guessed(page: HtmlElement, url: str) -> Iterator[HtmlElement]:
    for anchor in page.iter("a"):
        address = resolve(url, anchor.get("href"))
        if address and not is_home(address) and _names_an_article(anchor, address):
            yield anchor


def _names_an_article(anchor: HtmlElement, address: str) -> bool:
    if looks_like_article(address):
        return True
    if any(ancestor.tag in _NAVIGATION for ancestor in anchor.iterancestors()):
        return False
    words = len(str(anchor.text_content()).split())
    in_headline = any(ancestor.tag in {"h1", "h2", "h3", "h4"} for ancestor in anchor.iterancestors())
    return words >= _HEADLINE_WORDS or (in_headline and words >= 4)
