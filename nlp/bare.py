"""Whether a capitalised name without its type is a place, or a street's, a person's, a club's, a dish's."""

from collections.abc import Sequence

from nlp.text import Token, folded_syllable

SURNAMES = frozenset((
    "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô",
    "dương", "lý", "đào", "đoàn", "trịnh", "đinh", "lương", "mai", "trương", "cao", "tạ", "châu", "quách",
    "tôn",
))  # fmt: skip

_STREETS = {"đường", "phố", "ngõ", "hẻm", "ngách", "kiệt", "đại lộ", "xa lộ", "quốc lộ"}
_OF_STREETS = {"cửa", "tuyến", "các", "những", "nhiều", "mọi", "khắp", "con", "đường", "hai", "ba", "cả"}
""" "các đường Hà Nội", "đường phố Hà Nội" are a town's streets; "đường Hà Nội" is one street."""
_PERSONS = {
    "ông", "bà", "anh", "chị", "em", "cháu", "cô", "chú", "bác", "thầy", "bé", "cụ", "thím", "dì", "cậu",
    "ca sĩ", "diễn viên", "nghệ sĩ", "cầu thủ", "hoa hậu", "á hậu", "người mẫu", "thủ môn", "tiền đạo",
    "nhà thơ", "nhà văn", "nhạc sĩ", "họa sĩ", "đạo diễn", "võ sĩ", "tướng", "bị cáo", "bị can", "nạn nhân",
}  # fmt: skip
_CLUBS = {
    "clb", "câu lạc bộ", "đội bóng", "đội tuyển", "u15", "u16", "u17", "u19", "u20", "u21", "u22", "u23",
    "hoàng anh", "sông lam", "đông á", "becamex", "shb", "thép xanh", "hồng lĩnh", "hl", "topenland",
    "trường tươi", "xuân thiện", "phong phú",
}  # fmt: skip
_AFTER_CLUBS = {"fc"}
_HOUSES = {
    "tập đoàn", "công ty", "ngân hàng", "khách sạn", "nhà hàng", "nhà xuất bản", "rạp", "rạp hát",
    "hãng phim", "doanh nghiệp", "thương hiệu", "giải", "tạp chí", "quốc cường", "đồ hộp", "tmcp",
    "công ước", "đài",
}  # fmt: skip
_DISHES = {
    "bún bò", "bún", "phở", "bánh mì", "bánh", "nem", "nem chua", "bánh tráng", "cơm tấm", "bún chả", "chả",
    "bánh canh", "hủ tiếu", "bia", "mì", "cơm hến", "cà phê", "trà", "chè",
}  # fmt: skip
_RIVERS = {"sông", "rạch", "kênh"}
"""A river bears the name of one of the provinces it flows through."""
_COMMON = {"hoa binh", "thai binh", "binh duong", "phu tho", "long an", "thai nguyen"}
"""Names that are common words too, or that parks, bridges and halls of other towns bear."""
_BEFORE_COMMON = {
    "công viên", "cầu", "quảng trường", "cung", "nền", "vì", "hội đồng", "nobel", "biểu tượng", "thủy đài",
    "chung cư", "khu dân cư", "chợ", "bệnh viện", "nhà hát", "đài", "trường đua", "nhà thi đấu", "tượng đài",
    "chim", "bồ câu", "khát vọng", "hiệp định", "đàm phán", "kế hoạch", "thỏa thuận", "sứ mệnh", "cư xá",
    "khu", "trường", "tiểu học", "thcs", "thpt", "mầm non", "rạp", "nhà máy", "đại học", "tháp",
}  # fmt: skip
_PHRASES = (
    "thai binh duong", "dai tay duong", "ha nam ninh", "hai duong hoc", "sai gon giai phong", "ha noi moi",
    "binh tri thien", "hoang lien son", "tan son nhat", "tan son nhi", "truong son dong", "truong son tay",
    "dien bien phu",
)  # fmt: skip
"""Capitalised phrases that hold a unit's name and are none."""
_ABROAD = {
    "trung quốc", "hàn quốc", "nhật bản", "lào", "campuchia", "thái lan", "đài loan", "mỹ", "nga", "úc",
    "indonesia", "malaysia", "philippines", "ấn độ", "singapore", "myanmar",
}  # fmt: skip
_ALSO_ABROAD = {"hanam", "thainguyen", "binhduong", "haiduong", "anduong", "hadong", "thanhhai"}
"""Keys of names that Chinese provinces and towns bear too."""
_LEADER = "hochiminh"
_NO_PLACES = _PERSONS | _CLUBS | _HOUSES | _DISHES | _RIVERS
LOCATIVES = {"ở", "tại", "về", "qua", "đến", "tới", "từ", "thuộc", "vào", "khắp", "quanh"}


def before(found: Sequence[Token], index: int, words: set[str] | frozenset[str]) -> bool:
    """One of the words, of one to three syllables, stands right before the name."""
    phrase = ""
    for first in range(index - 1, max(index - 4, -1), -1):
        if found[first + 1].broken:
            return False
        phrase = f"{found[first].norm} {phrase}" if phrase else found[first].norm
        if phrase in words:
            return True
    return False


def is_other(found: Sequence[Token], index: int, end: int, name: str) -> bool:
    """The name in found[index:end] is no unit's here; `name` is its key."""
    return (
        _in_phrase(found, index, end)
        or _of_street(found, index)
        or before(found, index, _NO_PLACES)
        or _of_youths(found, index)
        or _of_person(found, index, end)
        or (end < len(found) and not found[end].broken and found[end].norm in _AFTER_CLUBS)
        or (folded(found[index:end]) in _COMMON and _no_town(found, index, end))
        or (name == _LEADER and not _clear(found, index))
    )


def folded(stretch: Sequence[Token]) -> str:
    return " ".join(folded_syllable(token.written) for token in stretch)


def is_abroad(found: Sequence[Token], end: int, name: str) -> bool:
    """ "Hà Nam (Trung Quốc)"."""
    if name not in _ALSO_ABROAD or end >= len(found) or not found[end].written[0].isupper():
        return False
    return any(" ".join([t.norm for t in found[end : end + length]]) in _ABROAD for length in (1, 2))


def names_on(found: Sequence[Token], end: int) -> bool:
    """What follows belongs to a longer name: "Tân Sơn" in "Tân Sơn Nhất"."""
    return end < len(found) and not found[end].broken and found[end].written[0].isupper()


def _in_phrase(found: Sequence[Token], index: int, end: int) -> bool:
    own = folded(found[index:end])
    phrases = [phrase for phrase in _PHRASES if own in phrase]
    written = f" {folded(found[max(index - 2, 0) : end + 2])} " if phrases else ""
    return any(f" {phrase} " in written for phrase in phrases)


def _of_street(found: Sequence[Token], index: int) -> bool:
    if not before(found, index, _STREETS):
        return False
    word = index - 1
    return not (word > 0 and not found[word].broken and found[word - 1].norm in _OF_STREETS)


def _of_person(found: Sequence[Token], index: int, end: int) -> bool:
    """After a surname: "Trần Hà Giang", "Nguyễn Thị Thái Bình", "Lê Thu Vinh"; but not in "Bệnh viện Bạch Mai
    Hà Nội"."""
    first = index
    while (
        first > 0 and index - first < 3 and not found[first].broken and found[first - 1].written[0].isupper()
    ):
        first -= 1
    first += first < index and found[first].norm in _PERSONS
    if first == index or found[first].norm not in SURNAMES or found[first].written.isupper():
        return False
    given = end - index == 1 and all(found[n].start - found[n - 1].end == 1 for n in range(first + 1, end))
    return index - first == 1 or given or found[index - 1].norm in {"thị", "văn"}


def _of_youths(found: Sequence[Token], index: int) -> bool:
    """ "U.17 Đồng Tháp"."""
    return index > 1 and found[index - 2].norm == "u" and found[index - 1].norm.isdigit()


def _no_town(found: Sequence[Token], index: int, end: int) -> bool:
    whole_capitals = all(token.written.isupper() for token in found[index:end])
    return whole_capitals or before(found, index, _BEFORE_COMMON)


def _clear(found: Sequence[Token], index: int) -> bool:
    """The leader's name is the city's only where the sentence wants a place: "ở …", ", …"."""
    return index > 0 and (found[index].broken or found[index - 1].norm in LOCATIVES)
