"""Which lines of a page's text are the article's."""

import re

_COMMENTS_BEGIN = re.compile(
    r"(?i)^(?:(?:bình luận|phản hồi)(?: của (?:bạn|bạn đọc|độc giả))?|"
    r"(?:các )?(?:ý kiến|bình luận) (?:bạn đọc|độc giả|của bạn(?: đọc)?)|"
    r"(?:gửi|viết) (?:ý kiến|bình luận|phản hồi).{0,20})\s*(?:\(\d+\))?\s*:?$"
)

_NO_TEXT = re.compile(
    r"(?i)^(?:"
    r"quảng cáo(?:$|\s*[:|])|"
    r"(?:mời (?:bạn|quý vị) )?(?:đọc|xem) (?:thêm|tiếp)(?:$|\s*[:>»])|"
    r">{2,}|"
    r"(?:các )?(?:tin|bài|bài viết|tin bài) (?:khác|liên quan|cùng chuyên mục)(?:$|\s*:)|"
    r"cùng chuyên mục$|(?:đọc|xem) nhiều(?: nhất)?$|"
    r"(?:từ khóa|từ khoá|tags?|chủ đề)\s*:|"
    r"chia sẻ(?: bài viết)?$|"
    r"(?:nguồn(?: tin| ảnh)?|ảnh|video|clip|đồ họa)\s*:(?=.{0,100}$)|"
    r"(?:thực hiện|phóng viên|pv|tác giả|biên tập|(?:tin|bài|ảnh)(?:(?:,| và| -| &) ?(?:bài|ảnh))+|bài)"
    r"\s*:(?=.{0,80}$)"
    r")"
)
_CLOSING = re.compile(r"(?i)^\(?(?:theo|nguồn|phóng viên|pv|nhóm (?:phóng viên|pv)|ban bạn đọc)\b.{0,60}$")
_PART = r"(?:[^\W\d_]+\.?)+"
_NAME = re.compile(
    rf"^(?:(?:Theo|Bài|Tin|Ảnh|Thực hiện)[: ]+)?{_PART}(?:(?:\s+|\s*[-–—,/&]\s*|\s+và\s+){_PART}){{0,9}}$"
)
_SHORT = 80
_ENOUGH = 250
"""characters: more than a lead, so that the text has begun"""


def running_lines(lines: list[str], signatures: set[str]) -> list[str]:
    """Without other texts' headings and without names: who wrote it is nobody's business here.

    `signatures`: lines that are set as authors' names are set; they go where they close the text.
    """
    kept = [line for line in _before_comments(lines) if not _NO_TEXT.match(line)]
    while kept and _closes(kept[-1], signatures):
        kept.pop()
    return kept


def begins_comments(line: str | None) -> bool:
    """Whether what follows the line is comments, where the page gives them no name by which to know them."""
    return bool(line and _COMMENTS_BEGIN.match(line))


def _before_comments(lines: list[str]) -> list[str]:
    """Above the text such a line is a button."""
    length = 0
    for number, line in enumerate(lines):
        if length >= _ENOUGH and begins_comments(line):
            return lines[:number]
        length += len(line)
    return [line for line in lines if not begins_comments(line)]


def _closes(line: str, signatures: set[str]) -> bool:
    if len(line) > _SHORT:
        return False
    ends_as_a_sentence = line.endswith((".", "!", "?", "…", ":"))
    if ends_as_a_sentence and not _is_name(line):
        return False
    return line in signatures or bool(_CLOSING.match(line)) or "@" in line or _is_name(line)


def _is_name(line: str) -> bool:
    words = [word for word in re.split(r"[\s\-–—,/&]+", line) if word and word != "và"]
    return len(words) <= 8 and bool(_NAME.match(line)) and all(word[0].isupper() for word in words)
