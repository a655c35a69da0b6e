"""Masks personal data (Luật 91/2025/QH15) before a text is kept; office titles, streets and communes stay."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MARKERS = {
    "name": "[họ tên]",
    "phone": "[số điện thoại]",
    "email": "[e-mail]",
    "plate": "[biển số]",
    "account": "[số tài khoản]",
    "id": "[số giấy tờ]",
    "house": "[số nhà]",
}


@dataclass(frozen=True, slots=True)
class MaskedSpan:
    kind: str
    """a key of MARKERS"""
    start: int
    end: int
    """offsets in the text as given"""

    def to_dict(self) -> dict[str, str | int]:
        return {"kind": self.kind, "start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class Masked:
    text: str
    spans: tuple[MaskedSpan, ...]


_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}")
# Digits may be parted by a dot, dash or space; a longer number or a decimal is none of these.
_MOBILE = re.compile(
    r"(?<![\d.,/-])(?:\+?84|0)[ .-]?(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)(?:[ .-]?\d){7}(?![\d/]|[.,-]\d)"
)
_LANDLINE = re.compile(
    r"(?<![\d.,/-])(?:\(0?2\d{1,2}\)|(?:\+?84|0)[ .-]?2\d{1,2})(?:[ .-]?\d){7,8}(?![\d/]|[.,-]\d)"
)
_CITIZEN_ID = re.compile(r"(?<![\d.,/-])0\d{2}[ .]?[0-3]\d{2}[ .]?\d{3}[ .]?\d{3}(?![\d/]|[.,-]\d)")
_PLATE = re.compile(
    r"(?<![\w/.-])\d{2}[- ]?[A-ZĐ]{1,2}\d?[- ]?[- ](?:\d{3}\.\d{2}|\d{4,5})(?![\w/]|[.-]\d)"
    r"|(?<![\w/.-])\d{2}[A-ZĐ]{1,2}\d?[-. ]?(?:\d{3}\.\d{2}|\d{5})(?![\w/]|[.-]\d)"
)
_NUMBER = r"(?P<v>\d(?:[ .-]?\d){{{low},{high}}})(?![\d/])"
_ID_WORD = re.compile(
    r"\b(?:CMND|CMTND|CCCD|căn cước(?: công dân)?|chứng minh (?:nhân dân|thư)|hộ chiếu|MST|mã số thuế|số định danh"
    r"(?: cá nhân)?|BHXH số|sổ BHXH|mã BHXH|mã số BHXH)(?:\s*(?:số|là|của \w+))?\s*[:.]?\s*"
    + r"(?P<v>[A-Z]?\d(?:[ .-]?\d){6,14})(?![\d/])",
    re.IGNORECASE,
)
_ACCOUNT_WORD = re.compile(
    r"\b(?:STK|số tài khoản|số TK|tài khoản(?: ngân hàng)?(?: số)?|số thẻ|TK)\s*(?:số|là|ngân hàng [\w]+|[\w]{2,14}bank)?"
    r"\s*[:.]?\s*" + _NUMBER.format(low=5, high=18),
    re.IGNORECASE,
)
_HOUSE = re.compile(
    r"(?<!\w)(?:(?:số nhà|nhà số|căn hộ số|căn hộ|phòng số|ở số|tại số|địa chỉ(?: số)?|, số)\s*[:]?\s*"
    r"(?P<v>(?=[\w./-]*\d)[\w]{1,6}(?:[./-][\w]{1,5}){0,4})"
    r"|(?:[Ss]ố|SN)\s+(?P<s>\d+[A-Za-zĐđ]?(?:[/.-]\d+[A-Za-z]?){0,4})(?=,?\s+(?:đường|phố|ngõ|ngách|hẻm|kiệt|thôn|ấp|khu phố|tổ)\b)"
    r"|(?:[Nn]gõ|[Nn]gách|[Hh]ẻm|[Kk]iệt)\s+(?P<n>\d+[A-Za-z]?(?:/\d+[A-Za-z]?){0,4})(?![\d])"
    r"|(?P<t>\d+[A-Za-z]?(?:/\d+[A-Za-z]?){1,4})(?=\s+(?:đường|phố|ngõ|hẻm)\b))"
)

_UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
_WORD = rf"[{_UPPER}](?:[^\W\d_]|['’])*\.?(?<!\.\.)"
_PART = rf"[{_UPPER}][^\W\d_]*"
_HONORIFICS = (
    "ông bà|vợ chồng|ông|bà|anh|chị|em|cháu|cô|chú|bác|cụ|thím|dì|mợ|cậu|thầy|nạn nhân|bệnh nhân|nghi phạm|bị can"
    "|bị cáo|tài xế|lái xe|chủ hộ|chủ nhà|bé|bé gái|bé trai|người tên|tên là|con trai|con gái|chồng|vợ"
)
_PERSON = re.compile(
    rf"(?<!\w)(?P<h>{_HONORIFICS}|{'|'.join(h.capitalize() for h in _HONORIFICS.split('|'))})\s+"
    rf"(?P<v>{_PART}(?:\s+{_PART}){{0,4}}(?:\s+[{_UPPER}]\.(?:[{_UPPER}]\.)*)?|[{_UPPER}]\.(?:\s?[{_UPPER}]\.)*(?:\s?[{_UPPER}](?!\w))?)"
)
_REPEAT = re.compile(rf"(?P<v>{_PART}(?:\s+{_PART}){{1,4}})")
_SURNAMES = frozenset(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đoàn trịnh đinh lương mai trương "
    "cao tạ châu quách hà lâm tô tăng thái vương triệu kiều nông giàng vàng lò hoàng ma sùng lục hứa mạc khổng".split()
)
_TITLE_WORDS = frozenset(
    "chủ phó giám bí trưởng thứ bộ tổng thủ viện hiệu chánh cục sở ủy uỷ ban phòng đại thượng thiếu trung tướng đội công".split()
)
"""First words of office titles: what stands after "ông" there is a post, not a name ("ông Chủ tịch")."""

_STOP_WORDS = frozenset("việt tây trăng trời thành".split())
"""After "bà", "chú", "ông": folk words and names of things ("ông Trăng")."""


def mask(text: str) -> Masked:
    """The text with every stretch of personal data replaced by its marker; masking it again changes nothing."""
    spans: list[MaskedSpan] = []
    taken = [False] * (len(text) + 1)
    for finder in _FINDERS:
        for span in finder(text):
            if span.start < span.end and not any(taken[span.start : span.end]):
                taken[span.start : span.end] = [True] * (span.end - span.start)
                spans.append(span)
    spans.sort(key=lambda span: span.start)
    parts, position = [], 0
    for span in spans:
        parts += [text[position : span.start], MARKERS[span.kind]]
        position = span.end
    return Masked("".join(parts) + text[position:], tuple(spans))


def mask_text(text: str) -> str:
    return mask(text).text


def _by_pattern(kind: str, pattern: re.Pattern[str]) -> Callable[[str], Iterator[MaskedSpan]]:
    def finder(text: str) -> Iterator[MaskedSpan]:
        for match in pattern.finditer(text):
            group = next((name for name, value in match.groupdict().items() if value is not None), 0)
            yield MaskedSpan(kind, match.start(group), match.end(group))

    return finder


def _names(text: str) -> Iterator[MaskedSpan]:
    names: set[str] = set()
    for match in _PERSON.finditer(text):
        end = _name_end(match["v"])
        if end:
            start = match.start("v")
            yield MaskedSpan("name", start, start + end)
            if " " in match["v"][:end]:
                names.add(match["v"][:end])
    if names:
        yield from _repeated(text, names)


def _repeated(text: str, names: set[str]) -> Iterator[MaskedSpan]:
    """A full name once given with its form of address is masked wherever it stands again."""
    pattern = re.compile(
        r"(?<!\w)(?:" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + r")(?!\w)"
    )
    for match in pattern.finditer(text):
        yield MaskedSpan("name", match.start(), match.end())


def _name_end(written: str) -> int:
    """How many characters of this run of capitalised words are a name; 0: none are."""
    parts = [unicodedata.normalize("NFC", part).lower() for part in written.split()]
    if parts[0] in _STOP_WORDS or (parts[0] in _TITLE_WORDS and parts[0] not in _SURNAMES):
        return 0
    return len(written)


_FINDERS: tuple[Callable[[str], Iterator[MaskedSpan]], ...] = (
    _by_pattern("email", _EMAIL),
    _by_pattern("id", _ID_WORD),
    _by_pattern("account", _ACCOUNT_WORD),
    _by_pattern("phone", _MOBILE),
    _by_pattern("phone", _LANDLINE),
    _by_pattern("id", _CITIZEN_ID),
    _by_pattern("plate", _PLATE),
    _by_pattern("house", _HOUSE),
    _names,
)
