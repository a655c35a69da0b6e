"""Numbers and addresses that lead to one person: telephone, mail, plate, papers, account, house, profile."""

import re
from collections.abc import Callable, Iterator, Sequence

from nlp.person_words import CAPITALS

Found = tuple[str, int, int]
"""kind, start, end"""

# Digits may be parted by a dot, dash or space; a longer number, a decimal or a document's is no telephone.
_BEFORE = r"(?<![\d.,])"
_AFTER = r"(?!\d|[.,]\d|-[1-9]|/(?!0))"
_MOBILE = rf"{_BEFORE}(?:\+?84|0)[ .-]?(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)(?:[ .-]?\d){{7}}{_AFTER}"
_LANDLINE = rf"(?:\(0?2\d{{1,2}}\)|{_BEFORE}(?:\+?84|0)[ .-]?2\d{{1,2}})(?:[ .-]?\d){{7,8}}{_AFTER}"
_PHONE = re.compile(f"{_MOBILE}|{_LANDLINE}")
_HOTLINE = re.compile(
    r"(?:đường dây nóng|hotline|tổng đài|điện thoại nóng|số nóng|trực ban|đường dây|khẩn cấp|cứu hộ|cứu nạn"
    r"|tiếp nhận (?:phản ánh|tin báo|thông tin|ý kiến|kiến nghị))[^.;\n]{0,60}$",
    re.IGNORECASE,
)
_HOTLINE_REACH = 70

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@(?!(?:[\w-]{1,40}\.){0,3}gov\.vn)[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}"
)
"""A body's own (…@….gov.vn) stays."""
_PROFILE_LINK = re.compile(
    r"(?:https?://)?(?:www\.|m\.|vt\.)?(?:facebook\.com|fb\.com|fb\.me|tiktok\.com|instagram\.com"
    r"|zalo\.me|t\.me"
    r"|x\.com|twitter\.com|youtube\.com/@|threads\.net)/?[\w.@/?=&%-]{1,120}",
    re.IGNORECASE,
)
_NETWORKS = (
    "facebook",
    "fb.",
    "tiktok",
    "instagram",
    "zalo.me",
    "t.me/",
    "x.com/",
    "twitter",
    "youtube.com/@",
)
_HANDLE = re.compile(r"(?<![\w.@/])@(?=[\w.]{0,30}[A-Za-z])[A-Za-z0-9_.]{3,30}[A-Za-z0-9_]")
_SERIES = r"(?:[A-ZĐ]{1,2}\d?|[A-ZĐ]\d[A-Z]?)"
_PLATE = re.compile(
    rf"(?<![\w/.-])\d{{2}}(?:[- ]?{_SERIES}[- ]?[- ](?:\d{{3}}\.\d{{2}}|\d{{4,5}})"
    rf"|{_SERIES}[-. ]?(?:\d{{3}}\.\d{{2}}|\d{{5}}))(?![\w/]|[.-]\d)"
)
_PLATE_BESIDE = re.compile(
    r"(?:biển (?:kiểm soát|số(?: xe)?|xanh|đỏ|trắng)|BKS"
    r"|BS)\s{0,2}[:.]?\s{0,2}(?P<v>[A-ZĐ0-9]{2}[A-ZĐ0-9 .-]{4,11}\d)(?![\w/])",
)
_CITIZEN_ID = re.compile(r"(?<![\d.,/-])0\d{2}[ .]?[0-3]\d{2}[ .]?\d{3}[ .]?\d{3}(?![\d/]|[.,-]\d)")
_NO_MONEY = r"(?![\d/]|[ .,]\d|\s{0,3}(?:đồng|triệu|tỷ|tỉ|nghìn|ngàn|USD|VN[ĐD]))"
# Between the word and its number a few other words may stand ("tài khoản của chị mở tại …, số 19…").
_NUMBERED = r"(?:(?:mang |có )?(?:mã )?số(?: hiệu)?|mã|:)\s{0,3}[:.]?\s{0,3}"
_ID_WORD = (
    r"\b(?:CMND|CMTND|CCCD|căn cước(?: công dân)?|chứng minh (?:nhân dân|thư)|hộ chiếu|MST"
    r"|mã số thuế(?: cá nhân)?"
    r"|(?:số )?định danh(?: cá nhân)?|BHXH|BHYT|bảo hiểm (?:xã hội|y tế)|(?:giấy phép|bằng) lái xe|GPLX)"
)
_ID_VALUE = r"(?P<v>[A-Z]{0,2} ?\d(?:[ .-]?\d){6,14})"
_ID_BESIDE = re.compile(
    rf"{_ID_WORD}(?:\s{{0,3}}(?:số|là))?\s{{0,3}}[:.]?\s{{0,3}}{_ID_VALUE}{_NO_MONEY}", re.IGNORECASE
)
_ID_FAR = re.compile(rf"{_ID_WORD}[^\d.;\n]{{0,40}}?{_NUMBERED}{_ID_VALUE}{_NO_MONEY}", re.IGNORECASE)
_ACCOUNT_WORD = r"\b(?:STK|số TK|(?:số )?tài khoản(?: ngân hàng)?|số thẻ|TK)"
_ACCOUNT_BESIDE = re.compile(
    rf"{_ACCOUNT_WORD}(?:\s{{1,2}}(?:số|là"
    rf"|\w{{2,14}}bank))?\s{{0,3}}[:.]?\s{{0,3}}(?P<v>\d(?:[ .-]?\d){{5,18}}){_NO_MONEY}",
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
    r"(?<!\w)(?:(?:số nhà|nhà số|căn hộ(?: số)?|căn(?: số)?|phòng số|ở số|tại số"
    r"|địa chỉ(?: số)?)\s{0,2}:?\s{0,2}"
    rf"(?P<a>{_HOUSE_NUMBER})"
    rf"|(?:số|SN)\s{{1,2}}(?P<b>{_SMALL_NUMBER})(?=,?\s{{1,2}}{_WAY})"
    rf"|(?:ngõ|ngách|hẻm|kiệt)\s{{1,2}}(?P<c>{_SMALL_NUMBER})(?!\w)"
    rf"|(?:nhà|quán|tại|ở|địa chỉ:?|ngụ|trú|trú tại|ngụ tại"
    rf"|cửa hàng)\s{{1,2}}(?P<d>\d{{1,5}}[A-Za-z]?(?:/\d{{1,5}}[A-Za-z]?){{0,4}})"
    r"(?=,?\s{1,2}(?:đường|phố|ngõ|hẻm)\b)"
    rf"|(?P<f>\d{{1,5}}[A-Za-z]?(?:/\d{{1,5}}[A-Za-z]?){{2,4}})(?=,?\s{{1,2}}(?:đường|phố|hẻm)\b)"
    rf"|(?:phòng|P\.)\s{{0,2}}(?P<e>\w{{0,2}}\d{{3,4}})(?=,?\s{{1,2}}(?:tòa|nhà|chung cư|khu|tầng|CT)))",
    re.IGNORECASE,
)
_HOUSE_STANDS = re.compile(
    r"(?:^|[,;:(.–\n-]|(?<!\w)(?:ở|tại|nhà|ngụ|trú|chỉ|căn|quán|tiệm|hàng|đến|thuê|xưởng|hộ|trước"
    r"|cạnh|gần))\s{0,2}$",
    re.IGNORECASE,
)
"""Before "số 3 đường …"; else it is a storm's, a gate's, a school's number."""
_CAPITAL = rf"[{CAPITALS}][^\W\d_]{{0,12}}"
_HOUSE_OF_STREET = re.compile(
    r"(?:(?:^|[,(:;.\n]\s{0,3})(?:số|Số)|\b(?:nhà|quán|cửa hàng|tại|ở|địa chỉ|trú|ngụ)(?: số)?:?)\s{1,2}"
    rf"(?P<v>{_SMALL_NUMBER})(?=\s{{1,2}}{_CAPITAL}(?:[^\S\n]{{1,2}}{_CAPITAL}){{1,3}}\s{{0,2}}[,(;)]"
    r"\s{0,2}(?:phường|xã|quận|P\.|Q\.|thành phố|TP|thị))"
)
"""A street named without its word: "số 45 Trần Phú, phường …"."""
_PROFILE = re.compile(
    r"(?i:tài khoản|trang cá nhân|trang|nick|kênh|chủ kênh)(?i:\s{1,2}(?:facebook|zalo|tiktok|youtube"
    r"|mạng xã hội|cá nhân|fb)){1,2}"
    rf"(?i:\s{{1,2}}(?:có tên|mang tên|tên"
    rf"|là))?\s{{0,2}}[“\"']?(?P<v>{_CAPITAL}(?:[^\S\n]{{1,2}}{_CAPITAL}){{0,4}})"
)
"""An account on a network is a person's too, but not that of a body."""
_BODIES = (
    "công an", "ubnd", "sở ", "báo ", "bộ ", "chính phủ", "thông tin", "cục ", "trung tâm", "đoàn ",
    "cổng ", "csgt", "chi cục", "ủy ban", "tỉnh", "phường", "xã ", "đài ", "tuổi trẻ", "thanh niên",
    "bệnh viện", "trường", "hội ",
)  # fmt: skip


Stretches = Sequence[tuple[int, int]]
"""[start, end) of a text that are worth a search"""


def _each(kind: str, pattern: re.Pattern[str]) -> Callable[[str, Stretches], Iterator[Found]]:
    def finder(text: str, stretches: Stretches) -> Iterator[Found]:
        for first, last in stretches:
            for match in pattern.finditer(text, first, last):
                group = next((name for name, value in match.groupdict().items() if value is not None), 0)
                yield kind, match.start(group), match.end(group)

    return finder


def _phones(text: str, stretches: Stretches) -> Iterator[Found]:
    for first, last in stretches:
        for match in _PHONE.finditer(text, first, last):
            if not _HOTLINE.search(text, max(match.start() - _HOTLINE_REACH, 0), match.start()):
                yield "phone", match.start(), match.end()


def _houses(text: str, stretches: Stretches) -> Iterator[Found]:
    for first, last in stretches:
        for match in _HOUSE.finditer(text, first, last):
            group = next(name for name, value in match.groupdict().items() if value is not None)
            if group != "b" or _HOUSE_STANDS.search(text, max(match.start() - 8, 0), match.start()):
                yield "house", match.start(group), match.end(group)


def _profiles(text: str, stretches: Stretches) -> Iterator[Found]:
    for first, last in stretches:
        for match in _PROFILE.finditer(text, first, last):
            start, end = match.span("v")
            if not text[start : start + 20].lower().startswith(_BODIES):
                yield "name", start, end


_Finder = Callable[[str, Stretches], Iterator[Found]]
_WHOLE: tuple[tuple[tuple[str, ...], _Finder], ...] = (
    (("@",), _each("email", _EMAIL)),
    (_NETWORKS, _each("profile", _PROFILE_LINK)),
    (("@",), _each("profile", _HANDLE)),
    (("tài khoản", "trang", "nick", "kênh"), _profiles),
)
"""What must stand in the text, in lower case, for a finder to be worth its time."""
_LONG: tuple[_Finder, ...] = (
    _each("plate", _PLATE_BESIDE),
    _each("id", _ID_BESIDE),
    _each("account", _ACCOUNT_BESIDE),
    _each("id", _ID_FAR),
    _phones,
    _each("account", _ACCOUNT_FAR),
    _each("id", _CITIZEN_ID),
)
"""Searched where a number of six digits or more stands, the surer first."""
_SHORT: tuple[_Finder, ...] = (
    _each("plate", _PLATE),
    _houses,
    _each("house", _HOUSE_OF_STREET),
)
_LONG_NUMBER = re.compile(r"\d(?:[ .()-]{0,2}\d){5}|\d[A-Z]")
_NUMBER = re.compile(r"\d")
_BACK, _ON = 150, 70
"""Characters around a number in which its words stand."""
_NEAR = 24


def personal_numbers(text: str) -> Iterator[Found]:
    lower = text.lower()
    for signs, finder in _WHOLE:
        if any(sign in lower for sign in signs):
            yield from finder(text, [(0, len(text))])
    long = _stretches(text, _LONG_NUMBER, _BACK, _ON)
    for finder in _LONG:
        yield from finder(text, long)
    short = _stretches(text, _NUMBER, _NEAR, _ON)
    for finder in _SHORT:
        yield from finder(text, short)


def _stretches(text: str, number: re.Pattern[str], back: int, on: int) -> Stretches:
    """Around each number, those that overlap as one."""
    found: list[tuple[int, int]] = []
    for match in number.finditer(text):
        first, last = max(match.start() - back, 0), match.end() + on
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found
