"""Masks personal data (Luật 91/2025/QH15) before a text is kept; office titles, streets, communes stay."""

import re
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


_MARKER = re.compile("|".join(map(re.escape, MARKERS.values())))
_RUN_TOGETHER = re.compile(rf"[\w.,/-](?:{_MARKER.pattern})|(?:{_MARKER.pattern})(?:\w|[.,/-]\d)")


def mask(text: str) -> Masked:
    """The text with every stretch of personal data as its marker; masking the result changes nothing."""
    masked, spans, again = text, list[MaskedSpan](), True
    # A marker parts what ran together ("0912345678bà Na"): look again, until nothing more is found.
    while again and (found := _found(masked)).spans:
        spans = sorted([*spans, *_in_original(found.spans, spans)], key=lambda span: span.start)
        masked = _replaced(text, spans)
        again = found.overlapping or _RUN_TOGETHER.search(masked) is not None
    return Masked(masked, tuple(spans))


@dataclass(frozen=True, slots=True)
class _Found:
    spans: list[MaskedSpan]
    overlapping: bool
    """something was left out because a part of it, not the whole, is another thing"""


def _found(text: str) -> _Found:
    taken = bytearray(len(text))
    for marker in _MARKER.finditer(text):
        taken[marker.start() : marker.end()] = b"\1" * (marker.end() - marker.start())
    kept: list[MaskedSpan] = []
    overlapping = False
    for finder in _FINDERS:
        for span in finder(text):
            if 1 in taken[span.start : span.end]:
                overlapping = overlapping or 0 in taken[span.start : span.end]
            elif span.start < span.end:
                taken[span.start : span.end] = b"\1" * (span.end - span.start)
                kept.append(span)
    return _Found(sorted(kept, key=lambda span: span.start), overlapping)


def _in_original(found: list[MaskedSpan], before: list[MaskedSpan]) -> Iterator[MaskedSpan]:
    """Spans found in the text masked so far, as offsets in the text as given."""
    shift, earlier = 0, iter(before)
    known = next(earlier, None)
    for span in found:
        while known and known.start <= span.start + shift:
            shift += known.end - known.start - len(MARKERS[known.kind])
            known = next(earlier, None)
        yield MaskedSpan(span.kind, span.start + shift, span.end + shift)


def _replaced(text: str, spans: list[MaskedSpan]) -> str:
    parts, position = [], 0
    for span in spans:
        parts += [text[position : span.start], MARKERS[span.kind]]
        position = span.end
    return "".join(parts) + text[position:]


def mask_text(text: str) -> str:
    return mask(text).text


# Digits may be parted by a dot, dash or space; a longer number, a decimal or a document's is no telephone.
_BEFORE = r"(?<![\d.,])"
_AFTER = r"(?!\d|[.,]\d|-[1-9]|/(?!0))"
_MOBILE = rf"{_BEFORE}(?:\+?84|0)[ .-]?(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)(?:[ .-]?\d){{7}}{_AFTER}"
_LANDLINE = rf"(?:\(0?2\d{{1,2}}\)|{_BEFORE}(?:\+?84|0)[ .-]?2\d{{1,2}})(?:[ .-]?\d){{7,8}}{_AFTER}"
_PHONE = re.compile(f"{_MOBILE}|{_LANDLINE}")
_HOTLINE = re.compile(r"(?:đường dây nóng|hotline|tổng đài|điện thoại nóng|số nóng)[^.;\n]*$", re.IGNORECASE)
_HOTLINE_REACH = 60

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}")
_PLATE = re.compile(
    r"(?<![\w/.-])\d{2}(?:[- ]?[A-ZĐ]{1,2}\d?[- ]?[- ](?:\d{3}\.\d{2}|\d{4,5})"
    r"|[A-ZĐ]{1,2}\d?[-. ]?(?:\d{3}\.\d{2}|\d{5}))(?![\w/]|[.-]\d)"
)
_CITIZEN_ID = re.compile(r"(?<![\d.,/-])0\d{2}[ .]?[0-3]\d{2}[ .]?\d{3}[ .]?\d{3}(?![\d/]|[.,-]\d)")
_NO_MONEY = r"(?![\d/]|[ .,]\d|\s*(?:đồng|triệu|tỷ|tỉ|nghìn|ngàn|USD|VN[ĐD]))"
# Between the word and its number a few other words may stand ("tài khoản của chị mở tại …, số 19…").
_NUMBERED = r"(?:(?:mang |có )?(?:mã )?số(?: hiệu)?|mã|:)\s*[:.]?\s*"
_ID_WORD = (
    r"\b(?:CMND|CMTND|CCCD|căn cước(?: công dân)?|chứng minh (?:nhân dân|thư)|hộ chiếu|MST|mã số thuế"
    r"|(?:số )?định danh(?: cá nhân)?|BHXH|BHYT|bảo hiểm (?:xã hội|y tế)|(?:giấy phép|bằng) lái xe|GPLX)"
)
_ID_VALUE = r"(?P<v>[A-Z]{0,2} ?\d(?:[ .-]?\d){6,14})"
_ID_BESIDE = re.compile(rf"{_ID_WORD}(?:\s*(?:số|là))?\s*[:.]?\s*{_ID_VALUE}{_NO_MONEY}", re.IGNORECASE)
_ID_FAR = re.compile(rf"{_ID_WORD}[^\d.;\n]{{0,40}}?{_NUMBERED}{_ID_VALUE}{_NO_MONEY}", re.IGNORECASE)
_ACCOUNT_WORD = r"\b(?:STK|số TK|(?:số )?tài khoản(?: ngân hàng)?|số thẻ|TK)"
_ACCOUNT_BESIDE = re.compile(
    rf"{_ACCOUNT_WORD}(?:\s+(?:số|là|\w{{2,14}}bank))?\s*[:.]?\s*(?P<v>\d(?:[ .-]?\d){{5,18}}){_NO_MONEY}",
    re.IGNORECASE,
)
_ACCOUNT_FAR = re.compile(
    r"\b(?:STK|TK|tài khoản|số thẻ|thẻ (?:ngân hàng|ATM|tín dụng)|chuyển khoản|chuyển tiền)[^\d.;\n]{0,80}?"
    rf"(?:{_NUMBERED}(?P<a>\d(?:[ .-]?\d){{5,18}})|(?<!\d)(?P<b>\d(?:[ -]?\d){{8,18}})){_NO_MONEY}",
    re.IGNORECASE,
)
_HOUSE_NUMBER = r"(?=[\w./-]{0,20}\d)\w{1,6}(?:[./-]\w{1,5}){0,4}"
_SMALL_NUMBER = r"\d{1,5}[A-Za-z]?(?:[/.-]\d{1,5}[A-Za-z]?){0,4}"
_WAY = r"(?:đường|phố|ngõ|ngách|hẻm|kiệt|thôn|ấp|khu phố|tổ)\b"
_HOUSE = re.compile(
    r"(?<!\w)(?:(?:số nhà|nhà số|căn hộ(?: số)?|phòng số|ở số|tại số|địa chỉ(?: số)?)\s*:?\s*"
    rf"(?P<a>{_HOUSE_NUMBER})"
    rf"|(?:số|SN)\s+(?P<b>{_SMALL_NUMBER})(?=,?\s+{_WAY})"
    rf"|(?:ngõ|ngách|hẻm|kiệt)\s+(?P<c>{_SMALL_NUMBER})(?!\w)"
    rf"|(?P<d>\d{{1,5}}[A-Za-z]?(?:/\d{{1,5}}[A-Za-z]?){{1,4}})(?=\s+(?:đường|phố|ngõ|hẻm)\b)"
    rf"|phòng\s+(?P<e>\w{{0,2}}\d{{3,4}})(?=,?\s+(?:tòa|nhà|chung cư|khu|tầng|CT)))",
    re.IGNORECASE,
)

_CAPITALS = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
_PART = rf"[{_CAPITALS}](?:\.|[^\W\d_]*)"
_RUN = rf"{_PART}(?:[^\S\n]*{_PART}){{0,4}}"
_ADDRESS = (
    "vợ chồng|ông|bà|anh|chị|em|cháu|cô|chú|bác|cụ|thím|dì|mợ|cậu|thầy|nạn nhân|bệnh nhân|nghi phạm|bị can"
    "|bị cáo|tài xế|lái xe|chủ hộ|bé gái|bé trai|bé|tên là|con trai|con gái|chồng|vợ"
)
_PERSON = re.compile(rf"(?<!\w)(?<!đàn )(?P<address>(?i:{_ADDRESS}))\s+(?P<v>{_RUN})")
_AGED = re.compile(
    rf"(?<!\w)(?P<v>{_PART}(?:[^\S\n]+{_PART}){{1,4}})\s*[(,]\s*(?:\d{{1,3}} tuổi|SN \d{{4}}|sinh năm)"
)
_HOUSE_OF_STREET = re.compile(
    rf"(?:^|[,(:;.\n]\s*|\bnhà\s+|\bquán\s+|\bcửa hàng\s+)[Ss]ố\s+(?P<v>{_SMALL_NUMBER})"
    rf"(?=\s+{_PART}(?:[^\S\n]+{_PART}){{1,3}}\s*[,(]\s*(?:phường|xã|quận|P\.|thành phố|TP))"
)
"""A street named without its word: "số 45 Trần Phú, phường …"."""
_ROLE = (
    "gia đình|hộ|hộ dân|công nhân|nông dân|tiểu thương|giáo viên|cô giáo|thầy giáo|học sinh|sinh viên"
    "|phụ huynh|người dân|cử tri|khách hàng|bạn đọc|thương binh|con là|con tên|cha là|mẹ là|chị gái|anh trai"
    "|em gái|em trai|ngư dân|chủ nhà|chủ quán|chủ cơ sở|chủ trọ|tổ trưởng|thuyền viên|thuyền trưởng"
)
_IN_ROLE = re.compile(rf"(?<!\w)(?i:{_ROLE})\s+(?P<v>{_PART}(?:[^\S\n]+{_PART}){{2,4}})")
_PROFILE = re.compile(
    r"(?i:tài khoản|trang cá nhân|nick)(?i:\s+(?:facebook|zalo|tiktok|youtube|mạng xã hội|cá nhân)){1,2}"
    rf"(?i:\s+(?:có tên|mang tên|tên|là))?\s*[“\"]?(?P<v>{_RUN})"
)
"""An account on a network is a person's too."""
_SENTENCE_START = re.compile(r"(?:^|[.!?:;…\n\"“”‘'(\[–-])\s*$")

_SURNAMES = frozenset((
    "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ",
    "ngô", "dương", "lý", "đào", "đoàn", "trịnh", "đinh", "lương", "mai", "trương", "cao", "tạ",
    "châu", "quách", "hà", "lâm", "tô", "tăng", "thái", "vương", "triệu", "kiều", "nông", "giàng",
    "vàng", "lò", "ma", "sùng", "lục", "hứa", "mạc", "khổng", "phùng", "chu", "quàng", "lường",
    "thạch", "danh", "sơn", "kim", "la", "tống",
))  # fmt: skip
_TITLES = (
    "chủ tịch", "chủ nhiệm", "phó ", "giám đốc", "bí thư", "trưởng", "thứ trưởng", "bộ trưởng",
    "tổng ", "thủ tướng", "viện trưởng", "hiệu trưởng", "chánh ", "cục ", "sở ", "ủy ", "đại tá",
    "đại úy", "đại biểu", "thượng tá", "thượng úy", "thiếu ", "trung tá", "trung tướng", "trung úy",
    "công an", "đội trưởng", "kế toán",
)  # fmt: skip
"""After "ông", "bà": a post, not a name; posts stay."""
_NOT_PERSONS = (
    "anh dũng", "anh quốc", "anh sơn", "bà rịa", "bà điểm", "bà thước", "bà nà", "bà đen",
    "bà triệu", "bà chiểu", "bà huyện", "bác ái", "bác hồ", "cô tô", "cô giang", "cô bắc", "bà gia",
    "cô ba", "cô ngân", "ông đình", "ông ích", "ông đốc", "ông trăng", "bà trưng", "bà hom",
    "chị lăng",
)  # fmt: skip
"""Places, streets and countries whose name begins like a form of address."""
_BEFORE_PLACES = re.compile(
    r"(?:đường|phố|chợ|núi|cầu|hồ|chùa|miếu|đền|quận|huyện|xã|phường|trường|nước|giải|quỹ)\s+$", re.IGNORECASE
)


def _by_pattern(kind: str, pattern: re.Pattern[str]) -> Callable[[str], Iterator[MaskedSpan]]:
    def finder(text: str) -> Iterator[MaskedSpan]:
        for match in pattern.finditer(text):
            group = next((name for name, value in match.groupdict().items() if value is not None), 0)
            yield MaskedSpan(kind, match.start(group), match.end(group))

    return finder


def _phones(text: str) -> Iterator[MaskedSpan]:
    for match in _PHONE.finditer(text):
        if not _HOTLINE.search(text, max(match.start() - _HOTLINE_REACH, 0), match.start()):
            yield MaskedSpan("phone", match.start(), match.end())


def _names(text: str) -> Iterator[MaskedSpan]:
    full: set[str] = set()
    for match in _PERSON.finditer(text):
        if _is_person(text, match):
            yield MaskedSpan("name", *match.span("v"))
            full.add(match["v"])
    for match in (*_AGED.finditer(text), *_IN_ROLE.finditer(text)):
        if _first(match["v"]) in _SURNAMES:
            yield MaskedSpan("name", *match.span("v"))
            full.add(match["v"])
    for match in _PROFILE.finditer(text):
        start = match.start("v")
        if not text[start : start + 20].lower().startswith(_TITLES):
            yield MaskedSpan("name", *match.span("v"))
    yield from _repeated(text, {name for name in full if " " in name})


def _first(name: str) -> str:
    return name.split()[0].lower()


def _is_person(text: str, match: re.Match[str]) -> bool:
    start = match.start()
    whole, name = text[start : start + 40].lower(), text[match.start("v") : match.start("v") + 20].lower()
    if name.startswith(_TITLES) or _BEFORE_PLACES.search(text, max(start - 12, 0), start):
        return False
    capital = match["address"][0].isupper()
    if capital and whole.startswith(_NOT_PERSONS):
        return False
    # In the midst of a sentence a capital begins a proper name ("tại Bà Nà"), unless a surname follows.
    midst = not _SENTENCE_START.search(text, max(start - 4, 0), start)
    return not (capital and midst and _first(match["v"]) not in _SURNAMES)


def _repeated(text: str, names: set[str]) -> Iterator[MaskedSpan]:
    """A full name once told as a person's is masked wherever it stands again, but as a street's."""
    if not names:
        return
    pattern = re.compile(
        r"(?<!\w)(?:" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + r")(?!\w)"
    )
    for match in pattern.finditer(text):
        if not _BEFORE_PLACES.search(text, max(match.start() - 12, 0), match.start()):
            yield MaskedSpan("name", *match.span())


_FINDERS: tuple[Callable[[str], Iterator[MaskedSpan]], ...] = (
    _by_pattern("email", _EMAIL),
    _by_pattern("id", _ID_BESIDE),
    _by_pattern("account", _ACCOUNT_BESIDE),
    _by_pattern("id", _ID_FAR),
    _phones,
    _by_pattern("account", _ACCOUNT_FAR),
    _by_pattern("id", _CITIZEN_ID),
    _by_pattern("plate", _PLATE),
    _by_pattern("house", _HOUSE),
    _by_pattern("house", _HOUSE_OF_STREET),
    _names,
)
