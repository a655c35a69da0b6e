"""Which lines of a page's text are the article's."""

import re
from collections.abc import Sequence

from crawler.extraction.paragraphs import Line

_COMMENTS_BEGIN = re.compile(
    r"(?i)^(?:(?:bình luận|phản hồi)(?: của (?:bạn|bạn đọc|độc giả))?|"
    r"(?:các )?(?:ý kiến|bình luận) (?:bạn đọc|độc giả|của bạn(?: đọc)?)|"
    r"(?:gửi|viết) (?:ý kiến|bình luận|phản hồi).{0,20})\s*(?:\(\d+\))?\s*:?$"
)
_OTHERS_BEGIN = re.compile(r"(?i)^(?:những|các) (?:tin|bài viết) (?:mới|cũ) hơn\s*:?$")

_NO_TEXT = re.compile(
    r"(?i)^(?:"
    r"quảng cáo(?:$|\s*[:|])|"
    r"(?:mời (?:bạn|quý vị) )?(?:đọc|xem) (?:thêm|tiếp)(?:$|\s*[:>»])|"
    r">{2,}|"
    r"(?:các )?(?:tin|bài|bài viết|tin bài) (?:khác|liên quan|cùng chuyên mục|mới nhất|nổi bật)(?:$|\s*:)|"
    r"cùng (?:chuyên mục|sự kiện|chủ đề)$|(?:đọc|xem) nhiều(?: nhất)?$|"
    r"(?:từ khóa|từ khoá|tags?|chủ đề)\s*:|"
    r"(?:nguồn(?: tin| ảnh)?|ảnh|video|clip|đồ họa|infographics?)\s*:(?=.{0,100}$)|"
    r"(?:thực hiện|phóng viên|pv|tác giả(?: bài viết)?|biên tập|người viết|"
    r"(?:tin|bài|ảnh)(?:(?:,| và| -| &) ?(?:bài|ảnh))+|bài)\s*:(?=.{0,80}$)|"
    r"(?:số )?lượt (?:xem|đọc)\s*:|số lần (?:xem|đọc)\s*:|"
    r"tổng số điểm của bài viết|click để đánh giá|xếp hạng\s*:"
    r")"
)
_BUTTON = re.compile(
    r"(?i)^(?:chia sẻ(?: bài viết| facebook)?|thích|theo dõi|copy link|sao chép (?:link|liên kết)|"
    r"lưu bài(?: viết)?|in (?:bài viết|trang)|gửi (?:email|bài viết)|nghe (?:đọc )?bài(?: viết)?|"
    r"quay lại|về trang chủ|đóng|"
    r"đăng nhập|đăng ký|phóng to|thu nhỏ|0:00(?: ?/ ?0:00)?|a[-+]|aa|zalo|facebook|twitter|email|print|"
    r"đăng ký nhận (?:tin|bản tin|email).{0,60}|cỡ chữ.{0,10})[.!:]?$"
)
_CONSENT = re.compile(
    r"(?i)\bcookies?\b.{0,200}(?:đồng ý|chấp nhận|trải nghiệm|chính sách)|"
    r"(?:đồng ý|chấp nhận).{0,80}\bcookies?\b|"
    r"ghi rõ nguồn|không (?:được )?(?:sao chép|sử dụng lại).{0,40}dưới (?:bất kỳ|mọi) hình thức|"
    r"(?:theo dõi|đón đọc|like|quan tâm).{0,60}(?:trên|fanpage|kênh).{0,40}"
    r"(?:google news|facebook|zalo|youtube|tiktok|telegram)|"
    r"(?:bạn cần|vui lòng|hãy) đăng nhập|đăng nhập (?:để|tài khoản)|"
    r"đăng ký (?:để )?(?:nhận (?:tin|bản tin|thông báo)|theo dõi kênh)"
)
_LONGEST_LABEL = 200
_ASKING = ("cookie", "nguồn", "sao chép", "sử dụng lại", "google", "facebook", "zalo", "youtube", "tiktok",
           "telegram", "đăng nhập", "đăng ký")  # fmt: skip
"""one of them is in every text that `_CONSENT` finds, and quicker found"""
_LONGEST_CONSENT = 250
_CREDITED = re.compile(r"(?:^|[.!?…”\"]\s+|[,;–-]\s*|\()[Ảả]nh(?: minh họa)?\s*[:/]\s*[^.:]{2,40}\)?\.?$")
"""a caption's end: who took the picture"""
_LONGEST_CAPTION = 300
_CLOSING = re.compile(r"(?i)^\(?(?:theo|nguồn|phóng viên|pv|nhóm (?:phóng viên|pv)|ban bạn đọc)\b.{0,60}$")
_BY = re.compile(r"^(?:Theo|Bài|Tin|Ảnh|Thực hiện|Bài và ảnh|Tin và ảnh|Tin, ảnh|Bài, ảnh)\s*:?\s+(?=\S)")
_DID = re.compile(
    r"(?i)\s*[(\[](?:theo|tổng hợp|t/h|th|ghi|lược ghi|lược dịch|dịch|biên dịch|thực hiện|st|sưu tầm|"
    r"ctv|tin, ảnh|bài, ảnh|t\.h)\b[^)\]]{0,40}[)\]]\.?$"
)
_BETWEEN_NAMES = re.compile(r"[\s\-–—,/&|]+")
_MOST_IN_NAMES = 8
_SENTENCE_ENDS = (".", "!", "?", "…", ":")
_SHORT = 80
_ENOUGH = 250
"""characters: more than a lead, so that the text has begun"""


def running_lines(lines: Sequence[Line]) -> list[Line]:
    """Without other texts' headings, captions and consent texts, and without names: who wrote it is nobody's
    business here."""
    kept = [line for line in _before_others(lines) if not _is_no_text(line)]
    while kept and _closes(kept[-1]):
        kept.pop()
    while len(kept) > 1 and _signs(kept[0]):
        kept.pop(0)
    return kept


def closed(text: str, ending: str | None) -> str:
    """The last line's `text` without a name behind its last sentence: `ending` as it is set apart there."""
    if ending and len(ending) <= _SHORT and text.endswith(ending) and _is_name(ending.strip("().")):
        before = text.removesuffix(ending).rstrip(" (-–—")
        return before if before.endswith((".", "!", "?", "…", "./.", "”", '"')) else text
    return text


def begins_comments(line: str | None) -> bool:
    """Whether what follows the line is comments, where the page gives them no name by which to know them."""
    return line is not None and len(line) <= _SHORT and bool(_COMMENTS_BEGIN.match(line))


def _before_others(lines: Sequence[Line]) -> list[Line]:
    """Above the text such a line is a button."""
    length = 0
    for number, line in enumerate(lines):
        if length >= _ENOUGH and _begins_others(line.text):
            return list(lines[:number])
        length += len(line.text)
    return [line for line in lines if not begins_comments(line.text)]


def _begins_others(text: str) -> bool:
    return len(text) <= _SHORT and (begins_comments(text) or bool(_OTHERS_BEGIN.match(text)))


def _is_no_text(line: Line) -> bool:
    text = line.text
    if line.links or (len(text) <= _LONGEST_LABEL and _NO_TEXT.match(text)):
        return True
    if len(text) <= _SHORT and _BUTTON.match(text):
        return True
    if len(text) <= _LONGEST_CONSENT and _may_ask(text) and _CONSENT.search(text):
        return True
    return len(text) <= _LONGEST_CAPTION and _is_caption(line)


def _may_ask(text: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in _ASKING)


def _is_caption(line: Line) -> bool:
    end = line.text[-60:]
    if ("ảnh" in end or "Ảnh" in end) and _CREDITED.search(end):
        return True
    return line.pictured and not line.heading and (line.slanted or (line.centred and not line.emphasised))


def _closes(line: Line) -> bool:
    text = line.text
    if len(text) > _SHORT:
        return False
    if text.endswith(_SENTENCE_ENDS) and not _is_name(text):
        return False
    return line.right or line.emphasised or bool(_CLOSING.match(text)) or "@" in text or _is_name(text)


def _signs(line: Line) -> bool:
    """Whether a line above the text names its writer. A heading that is but a place's name goes too."""
    text = line.text
    if len(text) > _SHORT:
        return False
    return _is_name(text) or (bool(_CLOSING.match(text)) and not text.endswith(_SENTENCE_ENDS))


def _is_name(text: str) -> bool:
    """Whether it could be one or several persons' names, with or without what they did for the text."""
    bare = _BY.sub("", _DID.sub("", text).strip("()[] "))
    words = [word for word in _BETWEEN_NAMES.split(bare) if word and word != "và"]
    if not 0 < len(words) <= _MOST_IN_NAMES:
        return False
    return all(word[0].isupper() and word.replace(".", "").isalpha() for word in words)
