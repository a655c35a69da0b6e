"""The street, market or estate that a text names as the place of its problem."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile

from nlp.bare import SURNAMES
from nlp.landmarks import landmarks
from nlp.text import Token, tokens
from nlp.units import load_units, name_key

_PLACES = (
    "đường", "phố", "đại lộ", "cầu vượt", "cầu", "hầm chui", "nút giao", "vòng xoay", "ngã tư", "ngã ba",
    "quốc lộ", "tỉnh lộ", "hương lộ", "cao tốc", "sông", "suối", "hồ", "kênh", "rạch", "mương", "chợ",
    "chung cư", "khu đô thị", "khu dân cư", "khu tái định cư", "khu công nghiệp", "cụm công nghiệp",
    "khu tập thể", "bến xe", "bến phà", "công viên", "bãi biển", "bãi rác", "thôn", "xóm", "ấp",
    "đèo", "tổ dân phố",
)  # fmt: skip
_OF_TOPIC = {
    "education": ("trường tiểu học", "trường mầm non", "trường thcs", "trường thpt", "trường đại học"),
    "health": ("bệnh viện", "trạm y tế"),
    "culture": ("chùa", "đình", "đền", "thành cổ", "bảo tàng"),
}
"""Elsewhere they are where somebody was brought to or works."""
_NUMBERED = frozenset(("quốc lộ", "tỉnh lộ", "hương lộ", "thôn", "ấp", "tổ dân phố"))
_OTHER_WORDS = {"phố": ("thành", "khu"), "cầu": ("yêu", "nhu", "toàn"), "thôn": ("nông",)}
""" "thành phố Huế", "yêu cầu Sở Y tế" """
_PERSONS_TOO = "hồ"
"""a surname as well: with a capital it may begin a person's name"""
_NO_NAMES = frozenset(("youtube", "tiktok", "facebook", "telegram", "vtv", "chí", "tp", "đa"))
""" "kênh YouTube …", "Hồ Chí Minh", "khu dân cư TP …", "bệnh viện Đa khoa …" """
_WATERS = frozenset(("sông", "suối", "kênh", "rạch", "mương"))
"""What stands behind them is as often who was found there as what they are called."""
_RIVERS = frozenset((
    "ba", "bến hải", "bằng", "bằng giang", "bé", "cả", "cầu", "chảy", "chu", "côn", "công", "cổ chiên", "đà",
    "đáy", "đăk bla", "đồng nai", "đuống", "gâm", "gianh", "hậu", "hiếu", "hồng", "hóa", "kinh môn",
    "kinh thầy", "kôn", "kỳ cùng", "la", "la ngà", "lam", "lô", "lục nam", "luộc", "mã", "mê kông",
    "năng", "nhà bè", "nhuệ", "ninh cơ", "phó đáy", "sài gòn", "sê san", "srêpốk", "thái bình", "thao",
    "thị vải", "thu bồn", "thương", "tiền", "trà khúc", "trà lý", "tranh", "vàm cỏ", "vàm cỏ đông",
    "vàm cỏ tây", "văn úc", "vu gia",
))  # fmt: skip
"""that run through several provinces: nlp.landmarks has those of one. Facts of geography, by hand"""
LONGEST_NAME = 5


def landmark(text: str, topic: str) -> str | None:
    """The first: its kind in small letters, its name as written."""
    if text.isupper():
        return None
    found = tokens(text)
    kinds = _by_first((*_PLACES, *_OF_TOPIC.get(topic, ())))
    for index, token in enumerate(found):
        for kind in kinds.get(token.norm, ()):
            if index and found[index - 1].norm in _OTHER_WORDS.get(token.norm, ()):
                continue
            if named := _named(found, index, kind):
                return f"{' '.join(kind)} {text[named[0].start : named[-1].end]}"
    return None


@lru_cache
def _by_first(kinds: tuple[str, ...]) -> dict[str, list[list[str]]]:
    """By first syllable, the longest first."""
    split = sorted((kind.split() for kind in kinds), key=len, reverse=True)
    return {first: [kind for kind in split if kind[0] == first] for first in {kind[0] for kind in split}}


def _named(found: Sequence[Token], index: int, kind: Sequence[str]) -> list[Token] | None:
    """The tokens of the name behind the kind."""
    first = index + len(kind)
    head = found[index:first]
    if [token.norm for token in head] != list(kind) or any(token.broken for token in head[1:]):
        return None
    # With a capital within a sentence it is part of a name: "quận Cầu Giấy".
    capital = head[0].written[0].isupper()
    if capital and ((index and not head[0].broken) or kind[0] == _PERSONS_TOO):
        return None
    name = list(takewhile(_is_of_name, found[first : first + LONGEST_NAME + 1]))
    if not name or len(name) > LONGEST_NAME or name[0].norm in _NO_NAMES:
        return None
    if kind[0] in _WATERS and _may_be_a_person(found, index, name):
        return None
    if name[0].written.isdigit() and " ".join(kind) not in _NUMBERED:
        return None
    if any(unit.level == "province" for unit in load_units().named(name_key(_written(name)))):
        # "Đường phố Hà Nội" is no street.
        return None
    whole = _written((head[-1], *name))
    return None if capital and load_units().named(name_key(whole)) else name


def _may_be_a_person(found: Sequence[Token], index: int, name: Sequence[Token]) -> bool:
    """A river that the gazetteer does not have, or another water with a surname before its name."""
    if found[index].norm == "sông" and " ".join(token.norm for token in name) in _RIVERS:
        return False
    if any((one.first, one.last) == (index, index + 1 + len(name)) for one in landmarks(found, load_units())):
        return False
    return found[index].norm == "sông" or (len(name) > 1 and name[0].norm in SURNAMES)


def _written(found: Sequence[Token]) -> str:
    return " ".join(token.written for token in found)


def _is_of_name(token: Token) -> bool:
    return not token.broken and (token.written[0].isupper() or token.written[0].isdigit())
