"""Which pages are no articles."""

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.addresses import is_home, looks_like_article
from crawler.extraction.head import Head
from crawler.extraction.paragraphs import Line

_NEVER = frozenset(
    {
        "tag", "tags", "tu-khoa", "tim-kiem", "search", "tac-gia", "author", "authors", "dang-nhap", "login",
        "signin", "sso", "account", "tai-khoan", "live", "tuong-thuat-truc-tiep",
    }
)  # fmt: skip
_TOPICS = frozenset(
    {"chu-de", "topic", "topics", "su-kien", "dong-su-kien", "event", "chuyen-muc", "category", "danh-muc"}
)
_MEDIA = frozenset(
    {
        "video", "videos", "video-clip", "clip", "tv", "media", "multimedia", "photo", "photos", "anh",
        "hinh-anh", "gallery", "thu-vien-anh", "phong-su-anh", "infographic", "infographics", "podcast",
        "podcasts", "short", "shorts", "truyen-hinh", "phat-thanh", "radio", "quiz", "trac-nghiem",
        "thu-vien-video",
    }
)  # fmt: skip
_MEDIA_TYPES = frozenset(
    {"VideoObject", "ImageGallery", "MediaGallery", "AudioObject", "PodcastEpisode", "Quiz"}
)
_LIVE_TITLE = re.compile(r"(?i)^\W*(?:trực tiếp|live)\s*[\]:|–-]")
_WALL = re.compile(
    r"(?i)(?:đăng nhập|đăng ký|trả phí|nâng cấp)[^.]{0,40} để (?:đọc|xem) "
    r"(?:tiếp|toàn bộ|đầy đủ|nội dung|bài)|"
    r"(?:bài viết|nội dung)(?: này)?(?: chỉ)? dành(?: riêng)? cho "
    r"(?:thành viên|hội viên|thuê bao|độc giả trả phí|tài khoản)"
)

_SHORTEST_DECLARED = 60
"""characters of body below which even a page that declares itself an article has none to read"""
_SHORTEST_UNDECLARED = 250
_SHORTEST_MEDIA = 800
"""characters: with fewer, what stands beside a video or under pictures is its description"""
_LONGEST_WALLED = 1_500
"""characters that outlets show of an article before they ask for a login"""
_MANY_LINKED_HEADLINES = 12
"""headlines in links: most articles show a handful of related ones, listings little else"""
_SHORTEST_PASSAGE = 400


def at_first_sight(page: HtmlElement, url: str, head: Head) -> bool:
    """By address and head, before any text is read."""
    if is_home(url) or "LiveBlogPosting" in head.types:
        return True
    segments = _segments(url)
    if not _NEVER.isdisjoint(segments[:2]) or (head.title and _LIVE_TITLE.match(head.title)):
        return True
    if head.is_article:
        return False
    if not _TOPICS.isdisjoint(segments[:1]):
        return True
    return not looks_like_article(url) and _has_many_headlines(page)


def in_the_end(
    page: HtmlElement,
    url: str,
    head: Head,
    title: str | None,
    published: datetime | None,
    lines: Sequence[Line],
    read: int,
) -> bool:
    """By what was read: `lines` of the box, and how many characters of them are running text."""
    if not title or read < _SHORTEST_DECLARED:
        return True
    if read < _LONGEST_WALLED and (not head.is_free or any(_WALL.search(line.text) for line in lines)):
        return True
    if read < _SHORTEST_MEDIA and _shows_media(url, head):
        return True
    if head.is_article:
        return False
    if _longest_passage(lines) < _SHORTEST_PASSAGE and _has_many_headlines(page):
        return True
    dated, addressed = published is not None, looks_like_article(url)
    # Portals print notices of three lines, and declare nothing.
    return not (dated and addressed) and (not (dated or addressed) or read < _SHORTEST_UNDECLARED)


def _has_many_headlines(page: HtmlElement) -> bool:
    linked = 0
    for heading in page.iter("h1", "h2", "h3", "h4"):
        around = heading.getparent()
        linked += (around is not None and around.tag == "a") or next(heading.iter("a"), None) is not None
        if linked >= _MANY_LINKED_HEADLINES:
            return True
    return False


def _longest_passage(lines: Sequence[Line]) -> int:
    """Characters between two links: in a listing those of a teaser."""
    longest = passage = 0
    for line in lines:
        passage = 0 if line.links else passage + len(line.text)
        longest = max(longest, passage)
    return longest


def _shows_media(url: str, head: Head) -> bool:
    if not _MEDIA.isdisjoint(_segments(url)[:2]) or (urlsplit(url).hostname or "").split(".")[0] in _MEDIA:
        return True
    types = {name for name in head.types if not name.startswith("og:")}
    if any(name.startswith("og:video") for name in head.types):
        return True
    return bool(types & _MEDIA_TYPES) and not head.is_article


def _segments(url: str) -> list[str]:
    """The folders of its path, and its last part without ending."""
    parts = [part.lower() for part in urlsplit(url).path.split("/") if part]
    return [*parts[:-1], re.sub(r"\.\w{2,5}$", "", parts[-1])] if parts else []
