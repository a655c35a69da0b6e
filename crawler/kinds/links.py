"""Which links of a page lead to articles, by how they are written and where they stand.

Titles, captions and counts of readers are all written as links' texts, so a text serves to judge a link and
is never kept as a title.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from statistics import median_low
from urllib.parse import urlsplit

from cssselect import HTMLTranslator
from lxml.html import HtmlElement

from crawler.addresses import canonical_address, is_home, named_address, same_site

_HEADLINE_WORDS = 7
"""outside of headings; sections and their like have up to six: Bầu cử đại biểu Quốc hội"""
_SHORT_HEADLINE_WORDS = 4
"""within h1 to h4"""
_LONG_SLUG = 3
"""hyphens in the last part of an address: sections have one or two words, some five, headlines eight"""
_SHORTEST_NUMBER = 3
_TELLING_NUMBER = 5
"""digits that are an article's number by themselves; topics have three or four"""
_ENOUGH = 5
"""links from which to learn how a site numbers its articles"""
_MOST_ANCHORS = 5_000
"""A home page has some 500."""
_MOST_LEVELS = 60
_LONGEST_TEXT = 300
_FEW = 10
_MENU_TAGS = frozenset({"nav", "footer"})
_MENU_NAMES = re.compile(
    r"(?:^|[-_\s])(?:nav\w*|\w*menu\w*|footer\w*|foot|breadcrumbs?|tags?|topbar|sitemap|social|pagination|paging|pager|phan-?trang)"
    r"(?=$|[-_\s])",
    re.IGNORECASE,
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_NO_ARTICLES = frozenset(
    {
        "video", "videos", "clip", "clips", "truyen-hinh", "podcast", "podcasts", "audio", "media",
        "multimedia",
        "infographic", "infographics", "tag", "tags", "tu-khoa", "tac-gia", "author", "authors", "but-danh",
        "phong-vien", "user", "users", "thanh-vien", "member", "rss", "feed", "search", "tim-kiem", "login",
        "dang-nhap", "dang-ky", "register", "account", "tai-khoan", "lien-he", "contact", "gioi-thieu",
        "about",
        "static", "quang-cao", "ads", "advertise", "toa-soan", "rao-vat", "xo-so", "lich-thi-dau",
    }
)  # fmt: skip
"""parts of a path under which no text of news stands, or a person's page"""
_TOPICS = frozenset(
    {
        "chu-de", "su-kien", "event", "events", "topic", "topics", "collection", "dong-su-kien", "chuyen-de",
        "category",
    }
)  # fmt: skip
_IN_QUERY = re.compile(r"[?&]\w*id=\d+|[?&](?:item|news|tin|bai|art|article)\w*=\d+", re.IGNORECASE)
_IDENTIFIER = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_PAGE_OF_LIST = re.compile(r"/(?:trang|page)[-/]?\d+(?:\.\w+)?/?$|[?&](?:page|trang|p)=\d+$", re.IGNORECASE)


@dataclass
class Link:
    """One address, with all the anchors of a page that lead to it."""

    address: str
    anchors: list[HtmlElement] = field(default_factory=list)

    @cached_property
    def words(self) -> int:
        return max((len(_text(anchor).split()) for anchor in self.anchors), default=0)

    @cached_property
    def in_menu(self) -> bool:
        return all(_in_menu(anchor) for anchor in self.anchors)

    @cached_property
    def is_headline(self) -> bool:
        least = _SHORT_HEADLINE_WORDS if any(map(_in_heading, self.anchors)) else _HEADLINE_WORDS
        return self.words >= least

    @cached_property
    def slug(self) -> str:
        """The last part of the path without its ending."""
        last = urlsplit(self.address).path.rstrip("/").rpartition("/")[2]
        return re.sub(r"\.\w{2,5}$", "", last)

    @cached_property
    def number(self) -> int:
        """Digits of the longest number in it; some portals have identifiers of 32 instead."""
        return (
            32
            if _IDENTIFIER.search(self.slug)
            else max((len(digits) for digits in re.findall(r"\d+", self.slug)), default=0)
        )

    @cached_property
    def in_query(self) -> bool:
        return bool(_IN_QUERY.search(self.address))

    @cached_property
    def parts(self) -> frozenset[str]:
        return frozenset(urlsplit(self.address).path.lower().strip("/").split("/"))


def selected_links(page: HtmlElement, url: str, selector: str) -> list[Link]:
    """Those that a CSS selector names, or that stand within what it names."""
    found = page.xpath(HTMLTranslator().css_to_xpath(selector))
    anchors = (anchor for element in found for anchor in element.iter("a"))
    return list(_gathered(anchors, url).values())


def article_links(page: HtmlElement, url: str) -> list[Link]:
    """Those that look like an article's, in the order in which they stand."""
    links = [link for link in _gathered(page.iter("a"), url).values() if _may_be_article(link)]
    usual = _usual_number(links)
    if usual:
        return [link for link in links if link.number >= usual - 1 or (link.in_query and link.is_headline)]
    return [link for link in links if _reads_like_article(link)]


def _gathered(anchors: Iterable[HtmlElement], url: str) -> dict[str, Link]:
    links: dict[str, Link] = {}
    here = canonical_address(url)
    for anchor in islice(anchors, _MOST_ANCHORS):
        address = named_address(url, anchor.get("href"))
        key = canonical_address(address) if address else None
        if address and key and key != here and same_site(address, url):
            links.setdefault(key, Link(address)).anchors.append(anchor)
    return links


def _may_be_article(link: Link) -> bool:
    if is_home(link.address) or link.in_menu or _PAGE_OF_LIST.search(link.address):
        return False
    if link.parts & _NO_ARTICLES:
        return False
    return not link.parts & _TOPICS or link.number > _TELLING_NUMBER


def _usual_number(links: list[Link]) -> int:
    """How many digits this site's articles have in their addresses; 0: they are not told by them.

    Learnt from the links that read like headlines, because sections, topics and videos of the same site often
    have addresses of the same make, with a shorter number or none.
    """
    lengths = [link.number for link in links if link.is_headline]
    numbered = [length for length in lengths if length >= _TELLING_NUMBER]
    return median_low(numbered) if len(numbered) >= max(_ENOUGH, len(lengths) // 2) else 0


def _reads_like_article(link: Link) -> bool:
    if link.in_query or link.number >= _TELLING_NUMBER:
        return True
    if link.slug.count("-") < _LONG_SLUG:
        return link.is_headline
    # A section's name is its slug, word by word; what leads to an article says more, or less: "3 phút trước".
    return link.is_headline or link.number >= _SHORTEST_NUMBER or link.slug.count("-") > 2 * link.words - 1


def text_within(element: HtmlElement, longest: int) -> str:
    """The words in it, no more than `longest` characters: unclosed tags put whole pages into one link."""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        pieces.append(str(piece)[:longest])
        length += len(piece)
        if length > longest:
            break
    return "".join(pieces)[:longest].strip()


def _text(anchor: HtmlElement) -> str:
    """What an anchor says: its text, else its title, else what stands for its picture."""
    text = text_within(anchor, _LONGEST_TEXT) or (anchor.get("title") or "").strip()
    if text:
        return text
    images = islice(anchor.iter("img"), _FEW)
    return " ".join(filter(None, (image.get("alt") for image in images)))[:_LONGEST_TEXT]


def _in_heading(anchor: HtmlElement) -> bool:
    near = (*islice(anchor.iterancestors(), _FEW), *islice(anchor.iter(), _FEW))
    return any(element.tag in _HEADINGS for element in near)


def _in_menu(anchor: HtmlElement) -> bool:
    for ancestor in islice(anchor.iterancestors(), _MOST_LEVELS):
        if ancestor.tag in {"article", "main"}:
            return False
        if ancestor.tag in _MENU_TAGS or (ancestor.tag == "header" and _is_top(ancestor)):
            return True
        if ancestor.tag not in {"body", "html"} and _MENU_NAMES.search(_names(ancestor)):
            return True
    return False


def _is_top(header: HtmlElement) -> bool:
    """Whether it is the page's own: an article's card may have one too."""
    parent = header.getparent()
    return parent is None or parent.tag == "body"


def _names(element: HtmlElement) -> str:
    return f"{(element.get('class') or '')[:_LONGEST_TEXT]} {(element.get('id') or '')[:_LONGEST_TEXT]}"


def other_links(page: HtmlElement, url: str) -> list[Link]:
    """Addresses of the same site that are no article's: its sections, its boards."""
    articles = {link.address for link in article_links(page, url)}
    return [
        link
        for link in _gathered(page.iter("a"), url).values()
        if link.address not in articles
        and not is_home(link.address)
        and not link.parts & _NO_ARTICLES
        and not _PAGE_OF_LIST.search(link.address)
    ]
