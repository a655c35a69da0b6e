"""What the names that page makers give their elements tell of them."""

import re
from functools import lru_cache

from lxml.html import HtmlElement

_LONGEST = 400
"""characters of class and id that are read: beyond them are no names a person gave"""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LABEL = re.compile(r"^(tag|category|cat|has|no|with|is|hide|show)-")
"""classes that sort an article or switch something on it: `tag-binh-luan` is no box of comments"""


# What an element may be of a page, as bits: each element of each page is asked, and enum.Flag takes longer
# than all else about it.
COMMENTS = 1
VIEWS = 2
"""comments on a newspaper's page, question and answer on a portal's"""
OTHER_TEXTS = 4
"""headlines and teasers of other articles"""
FRAME = 8
"""of the site, not of the article: bars, advertisements, forms to subscribe"""
MARK = 16
"""of the article and not its text: who wrote it, where it was taken from, captions, buttons"""
TEXT = 32
"""the box of the running text"""
LEAD = 64
TIME = 128
TITLE = 512
BAR = 256
"""the site's bar, whose date is today's"""

OTHERS = COMMENTS | VIEWS | OTHER_TEXTS | FRAME


def _words(*alternatives: str) -> re.Pattern[str]:
    """Finds one of them as a whole word, or several, of a name as `_spelled` gives it."""
    return re.compile(f"(?:^|-)(?:{'|'.join(alternatives)})(?:-|$)")


_PARTS = {
    COMMENTS: _words(
        r"binh-?luan\w*", r"comments?\w*", r"cmts?\w*", r"disqus\w*", "replies", "responses",
        "respond", "hyvor",
    ),
    VIEWS: _words("y-?kien", "phan-?hoi"),
    OTHER_TEXTS: _words(
        r"relat(?:e|ed|ion|es)\w*", "lien-?quan", r"(?:tin|bai)-?(?:khac|lq|moi|hot)",
        "other-?(?:news|posts?|articles?|list)", "cung-(?:chuyen-muc|su-kien|chu-de)",
        "(?:doc|xem)-?(?:them|nhieu|tiep)", r"read-?more\w*", "most-?(?:read|viewed?)", r"recommend\w*",
        r"suggest\w*", r"tin-?xem-?nhieu", "news-?(?:hot|lastest|latest|mostread)", "box-?inner-?link",
        "list-?news", "knc-?relate", "relatednews", "new-?item", "next-?prev", "bai-?viet-?khac",
        "trending", "timeline-?(?:list|items?)", "detail-?feed", "articles-edit",
    ),
    FRAME: _words(
        "ads?", "adv", r"advert\w*", "quang-?cao", "banner", r"sponsor\w*", r"bread-?crumbs?\w*", "menu",
        "nav", "navbar", "footer", "chan-?trang", "sidebar", "newsletter", r"subscri(?:be|ption)\w*",
        "dang-?ky",
        "cookies?", "consent", "gdpr", "popup", "modal", "polls?", "vote", "binh-?chon", "khao-?sat",
        "rating", "rate", "danh-?gia", "login", "sign-?in", "dang-?nhap", "toc", "muc-?luc",
        r"table-of-contents\w*", "widgets?", "weather", "thoi-?tiet",
    ),
    MARK: _words(
        r"authors?(?:-?(?:name|info|detail|box|bottom|wrap))?", "byline", r"tac-?gia\w*", "but-?danh",
        "nguon(?:-?tin)?", "source(?:-?(?:news|detail|link))?", "tags?", "tags?-?(?:list|box|news)",
        "tu-?khoa", "keywords?", "share", "sharing", "chia-?se", r"socials?\w*", r"p?caption\w*",
        "cms-?caption",
        "image-?desc", "chu-?thich(?:-?anh)?", "copyright", "ban-?quyen", "d-none",
        "vcsortable-in-preview-mode",
        "tien-?ich", "like-?bar", "google-?news", "follow", "react(?:ion)?s?", "print", "in-?bai",
        "audio", "tts", "player", "font-?size", "toolbar", "signature", "ky-?ten", "luot-?xem", "view-?count",
    ),
    TEXT: re.compile(
        r"(?:^|-)(?:detail-+content|content-detail|fck-detail|singular-content|article-+body|body-article|"
        r"article-+content|content-article|article-+detail|detail-article|entry-content|post-content|content-post|"
        r"post-body|detail-body|cms-body|news-content|content-news(?:-detail)?|news-body(?:html)?|news-detail|"
        r"single-content|e-magazine-+body|main-?content-?body|maincontent|main-detail-body|content-?fck|"
        r"article-?text|story-body|noi-?dung(?:-?(?:bai-?viet|tin|chi-?tiet))?|chi-?tiet-?tin|detail-?text|"
        r"text-?detail|bodytext|newscontent|content-body|edit(?:t)?or-content|article-+inner|art-body|boxdetail|"
        r"td-post-content|journal-content-article|detail-content-body|mastercms-content|rtestate-field)$"
    ),
    LEAD: _words(
        r"\w*sapo", r"leads?", "chapeau", "standfirst", r"\w*summary", "tom-?tat", "desc", "description",
        "mo-?ta",         "intro", "introtext", "excerpt", "trich-?yeu", "teaser-?text",
    ),
    TIME: _words(
        "date", "dates?-?time", "time", "datetime", "pub-?date", "pdate", r"publish(?:ed)?\w*", "post-?date",
        "ngay", "ngay-?dang", "thoi-?gian", "gio-?dang",
    ),
    TITLE: _words(
        r"(?:article|news|post|detail|entry|content|page)-?(?:title|header|headline)",
        r"title-?(?:detail|news|article|post|content)", "tieu-?de", "headline", "ten-?bai-?viet",
    ),
    BAR: _words(
        "header", "top", "top-?bar", "masthead", "menu", "nav", "banner", "weather", "thoi-tiet", "footer"
    ),
}  # fmt: skip


def part_of(element: HtmlElement) -> int:
    """By its classes and its id."""
    classes, own_id = element.get("class"), element.get("id")
    if not classes and not own_id:
        return 0
    return _read((classes or "")[:_LONGEST], (own_id or "")[:_LONGEST])


@lru_cache(maxsize=10_000)
def _read(classes: str, own_id: str) -> int:
    names = _spelled(f"{classes} {own_id}")
    found = 0
    for part, pattern in _PARTS.items():
        if any(pattern.search(name) for name in names):
            found |= part
    return found


def _spelled(stated: str) -> list[str]:
    """In one spelling: `fbComments` and `fb_comments` are both `fb-comments`."""
    names = (_HUMP.sub("-", name).replace("_", "-").lower() for name in stated.split())
    return [name for name in names if not _LABEL.match(name)]
