"""Listing pages: home pages and sections that name articles by links."""

from crawler.encoding import decode
from crawler.extraction.tree import parse_page
from crawler.kinds.links import article_links, selected_links
from crawler.kinds.naming import MAX_ITEMS, Named, UnreadableSource


def read_listing(
    content: bytes, url: str, selector: str | None = None, content_type: str | None = None
) -> tuple[Named, ...]:
    """The links to articles on a page, in their order; raises UnreadableSource where there is none.

    `selector`: CSS of those links, or of what they stand in; without it they are known by their make.
    """
    page = parse_page(decode(content, content_type).text)
    links = selected_links(page, url, selector) if selector else article_links(page, url)
    if not links:
        raise names_nothing(selector)
    return tuple(Named(url=link.address) for link in links[:MAX_ITEMS])


def names_nothing(selector: str | None) -> UnreadableSource:
    if selector:
        return UnreadableSource(
            f"names no articles: nothing on the page fits article_links {selector!r}",
            "open the page and correct the selector; `dansinh sources test` shows what it finds",
        )
    return UnreadableSource(
        "names no articles: no link on the page looks like one",
        "set `article_links` to a CSS selector of its links to articles, or give a feed or sitemap",
    )
