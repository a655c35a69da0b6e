"""Rivers, passes, bridges, airports, hospitals, streets that lie in one province, by hand and from counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from nlp.bare import SURNAMES
from nlp.text import Token, normalise
from nlp.units import Units, accent_key, name_key

LONGEST = 6
"""Syllables of the longest landmark looked for, its kind included."""

KINDS = frozenset((
    "đường", "phố", "đại lộ", "xa lộ", "cầu", "cầu vượt", "hầm", "hầm chui", "nút giao", "vòng xoay",
    "ngã tư", "ngã ba", "ngã sáu", "ngã bảy", "sông", "suối", "hồ", "kênh", "rạch", "đầm", "phá", "vịnh",
    "biển", "bãi biển", "bãi", "cửa biển", "cửa", "đảo", "hòn", "bán đảo", "quần đảo", "núi", "đèo", "đồi",
    "thác", "rừng", "vườn quốc gia", "khu du lịch", "khu đô thị", "khu dân cư", "khu công nghiệp",
    "chung cư", "chợ", "bến xe", "bến phà", "phà", "bến", "ga", "sân bay", "cảng", "cửa khẩu", "thủy điện",
    "nhiệt điện", "hồ chứa", "đập", "bệnh viện", "trường tiểu học", "trường thcs", "trường thpt",
    "trường mầm non", "đại học", "trường đại học", "chùa", "đền", "phố cổ", "phố đi bộ", "công viên",
    "quảng trường", "sân vận động", "nghĩa trang", "bãi rác", "cao nguyên", "cù lao", "cồn", "khu kinh tế",
    "làng", "csgt", "đội csgt", "mỏ",
))  # fmt: skip
""" "sông" in "sông Gianh": what a landmark's name is written behind."""


_LIKE_STREETS = frozenset((
    "phố", "đại lộ", "nút giao", "vòng xoay", "ngã tư", "ngã ba", "hẻm", "ngõ", "trục", "tuyến",
))  # fmt: skip
"""A crossing or lane is where its street is."""
_NAMED_AFTER_UNITS = frozenset((
    "trường tiểu học", "trường thcs", "trường thpt", "trường mầm non", "trường mẫu giáo", "tiểu học",
    "thcs", "thpt", "mầm non", "chợ", "khu dân cư", "khu đô thị", "khu công nghiệp", "kcn",
    "cụm công nghiệp", "cầu", "nghĩa trang", "bãi rác", "bến xe", "bến phà", "ga", "đình",
    "khu tái định cư", "khu nhà ở", "ubnd", "csgt", "làng", "trạm y tế", "nhà máy nước", "trạm bơm", "hồ",
    "đập", "rốn lũ", "cửa ngõ", "biển", "người dân", "dân",
))  # fmt: skip
_OF_PERSONS = frozenset((
    "hai bà trưng", "bà triệu", "quang trung", "trưng vương", "hùng vương", "lam sơn", "đống đa", "ba đình",
    "điện biên", "thống nhất", "hòa bình", "hồng bàng", "vạn xuân", "hoàn kiếm", "gia định", "tràng an",
    "thăng long", "lạc long quân", "âu cơ", "yết kiêu", "an dương vương", "hồng hà", "hoa sen", "cửu long",
))  # fmt: skip
"""Units' names that schools and streets of every town bear."""


@dataclass(frozen=True, slots=True)
class Landmark:
    first: int
    last: int
    """indexes of its tokens: [first, last)"""
    province_code: str
    learned: bool
    """from counts or its name, not by hand: likely, not certain"""


def landmarks(found: Sequence[Token], units: Units) -> Iterator[Landmark]:
    """The longest at each place; the name is capitalised, its kind need not be."""
    lengths = _lengths()
    index = 0
    while index < len(found):
        norm = found[index].norm
        hit = _at(found, index, lengths[norm]) if norm in lengths else None
        hit = hit or (_after_unit(found, index, units) if norm in _UNIT_HEADS else None)
        if hit:
            yield hit
        index = hit.last if hit else index + 1


def _at(found: Sequence[Token], index: int, lengths: Sequence[int]) -> Landmark | None:
    last = index + 1
    while last < min(index + lengths[0], len(found)) and not found[last].broken:
        last += 1
    table = _table()
    for end in (index + length for length in lengths if index + length <= last):
        stretch = found[index:end]
        known = table.get(_joined(stretch)) or _as_street(stretch, table)
        if known and _is_name(found, index, end):
            return Landmark(index, end, *known)
    return None


def _as_street(stretch: Sequence[Token], table: dict[str, tuple[str, bool]]) -> tuple[str, bool] | None:
    for length in (2, 1):
        if length < len(stretch) and _joined(stretch[:length]) in _LIKE_STREETS:
            return table.get("đường " + _joined(stretch[length:]))
    return None


def _after_unit(found: Sequence[Token], index: int, units: Units) -> Landmark | None:
    """ "chợ Cự Khê": a school, market or estate with the name of a unit that only one province has."""
    for length in (3, 2, 1):
        first = index + length
        if first < len(found) and _joined(found[index:first]) in _NAMED_AFTER_UNITS:
            return _unit_name(found, index, first, units)
    return None


def _unit_name(found: Sequence[Token], index: int, first: int, units: Units) -> Landmark | None:
    if found[first].norm in SURNAMES or any(token.broken for token in found[index + 1 : first + 1]):
        return None
    last = first
    while (
        last < min(first + 4, len(found))
        and found[last].written[0].isupper()
        and not (last > first and _apart(found, last))
    ):
        last += 1
    name = "".join(token.written for token in found[first:last])
    if last - first < 2 or _joined(found[first:last]) in _OF_PERSONS:
        return None
    named = [n for n in units.named(name_key(name)) if accent_key(n.name) == accent_key(name)]
    provinces = {code for n in named for code in n.province_codes}
    return Landmark(index, last, provinces.pop(), learned=True) if len(provinces) == 1 else None


def _joined(stretch: Sequence[Token]) -> str:
    return " ".join(token.norm for token in stretch)


def _apart(found: Sequence[Token], index: int) -> bool:
    """No part of the name before: punctuation or a spaced hyphen ("T3 - Tân Sơn Nhất") stands between."""
    return found[index].broken or found[index].start - found[index - 1].end > 2


def _is_name(found: Sequence[Token], index: int, end: int) -> bool:
    """Capitalised, and no part of a longer name."""
    kind = kind_length(found[index:end])
    if not _capital(found, end - 1) or not (kind or found[index].written[0].isupper()):
        return False
    if end < len(found) and not _apart(found, end) and found[end].written[0].isupper():
        return False
    before = found[index - 1] if index and not _apart(found, index) else None
    return (
        bool(kind)
        or before is None
        or not before.written[0].isupper()
        or before.norm in KINDS
        or any(c.isdigit() for c in before.written)
    )


def _capital(found: Sequence[Token], index: int) -> bool:
    """Also "D'ran"."""
    token = found[index]
    return (
        token.written[0].isupper()
        or token.written[0].isdigit()
        or (index > 0 and len(found[index - 1].norm) == 1)
    )


def kind_length(stretch: Sequence[Token]) -> int:
    """Syllables of the kind that the stretch begins with."""
    for length in (3, 2, 1):
        if length < len(stretch) and " ".join(token.norm for token in stretch[:length]) in KINDS:
            return length
    return 0


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, bool]]:
    """Landmark as its tokens' normal spelling to its province and whether it was learned."""
    table: dict[str, tuple[str, bool]] = {}
    for line in _lines("landmarks_learned.tsv"):
        name, code, _, _ = line.split("\t")
        table[name] = (code, True)
    for line in _lines("landmarks.txt"):
        code, names = line.split(":", 1)
        for name in names.split(";"):
            table[_spelled(name)] = (code, False)
    return table


_UNIT_HEADS = frozenset(kind.split()[0] for kind in _NAMED_AFTER_UNITS)


@lru_cache(maxsize=1)
def _lengths() -> dict[str, list[int]]:
    """First syllable of a landmark to the lengths it may have, the longest first."""
    lengths: dict[str, set[int]] = {}
    for name in _table():
        parts = name.split()
        lengths.setdefault(parts[0], set()).add(len(parts))
    for kind in _LIKE_STREETS:
        lengths.setdefault(kind.split()[0], set()).update(range(2, LONGEST + 1))
    return {head: sorted(found, reverse=True) for head, found in lengths.items()}


def _spelled(name: str) -> str:
    for sign in "'-’":
        name = name.replace(sign, " ")
    return normalise(name).lower()


def _lines(name: str) -> list[str]:
    text = resources.files("nlp").joinpath("data", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
