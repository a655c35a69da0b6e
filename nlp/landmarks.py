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
    "đập", "rốn lũ", "cửa ngõ", "biển", "người dân", "dân", "cảng", "cảng cá", "mỏ", "mỏ đá", "cầu đường sắt",
))  # fmt: skip
_PLACED = frozenset(("ở", "tại"))
""" "ở Khe Sanh": of units' names with one province, where headlines tell the province, 95 in 100 lie there;
fewer behind "từ" and "đến"."""
_WIDER = frozenset((
    "trung đông", "đông nam", "đông dương", "đông á", "đông bắc", "tây bắc", "tây nam", "nam trung",
    "hải nam", "vân nam", "tô châu", "bạch mai", "thanh đa", "lạch tray", "suối tiên",
))  # fmt: skip
"""Units' names that stand for regions and for better known places elsewhere."""
_OF_PERSONS = frozenset((
    "hai bà trưng", "bà triệu", "quang trung", "trưng vương", "hùng vương", "lam sơn", "đống đa", "ba đình",
    "điện biên", "thống nhất", "hòa bình", "hồng bàng", "vạn xuân", "hoàn kiếm", "gia định", "tràng an",
    "thăng long", "lạc long quân", "âu cơ", "yết kiêu", "an dương vương", "hồng hà", "hoa sen", "cửu long",
    "phùng hưng",
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
    after, heads = 0, _heads()
    for index in [n for n, token in enumerate(found) if token.norm in heads]:
        if index >= after and (hit := _at(found, index) or _after_unit(found, index, units)):
            yield hit
            after = hit.last


def _at(found: Sequence[Token], index: int) -> Landmark | None:
    table = _table()
    lengths = _lengths().get(found[index].norm, {})
    second = found[index + 1].norm if index + 1 < len(found) else ""
    for length in lengths.get(second) or lengths.get("") or ():
        end = index + length
        known = table.get(_joined(found[index:end])) if end <= len(found) else None
        if known and not any(t.broken for t in found[index + 1 : end]) and _is_name(found, index, end):
            return Landmark(index, end, *known)
    return None


def _after_unit(found: Sequence[Token], index: int, units: Units) -> Landmark | None:
    """ "chợ Cự Khê", "ở Cự Khê": a school, market or estate with the name of a unit that only one province
    has, or the unit itself."""
    if found[index].norm in _PLACED:
        return _placed(found, index + 1, units)
    for kind in _UNIT_KINDS.get(found[index].norm, ()):
        first = index + len(kind)
        if first < len(found) and [token.norm for token in found[index:first]] == kind:
            return _unit_name(found, index, first, units)
    return None


def _placed(found: Sequence[Token], first: int, units: Units) -> Landmark | None:
    if first >= len(found) or found[first].norm in _UNIT_KINDS or _at(found, first):
        return None
    return _unit_name(found, first, first, units)


def _unit_name(found: Sequence[Token], index: int, first: int, units: Units) -> Landmark | None:
    if not found[first].written[0].isupper() or found[first].norm in SURNAMES:
        return None
    if any(token.broken for token in found[min(index + 1, first) : first + 1]):
        return None
    last = first + 1
    while last < min(first + 4, len(found)) and found[last].written[0].isupper() and not _apart(found, last):
        last += 1
    name = "".join(token.written for token in found[first:last])
    if last - first < 2 or _joined(found[first:last]) in _OF_PERSONS | _WIDER:
        return None
    named = [n for n in units.named(name_key(name)) if accent_key(n.name) == accent_key(name)]
    provinces = {code for n in named for code in n.province_codes}
    return Landmark(index, last, provinces.pop(), learned=True) if len(provinces) == 1 else None


def _joined(stretch: Sequence[Token]) -> str:
    return " ".join([token.norm for token in stretch])


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
        if length < len(stretch) and _joined(stretch[:length]) in KINDS:
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
    return _crossings(table) | table


def _crossings(table: dict[str, tuple[str, bool]]) -> dict[str, tuple[str, bool]]:
    """ "hẻm Lê Thánh Tôn" is where "đường Lê Thánh Tôn" is."""
    street = "đường "
    streets = {name.removeprefix(street): known for name, known in table.items() if name.startswith(street)}
    named = ((f"{kind} {name}", known) for kind in _LIKE_STREETS for name, known in streets.items())
    return {name: known for name, known in named if len(name.split()) <= LONGEST}


_UNIT_KINDS: dict[str, list[list[str]]] = {}
"""First syllable of a kind to the kinds that begin with it, the longest first."""
for _kind in sorted(_NAMED_AFTER_UNITS, key=lambda kind: -len(kind.split())):
    _UNIT_KINDS.setdefault(_kind.split()[0], []).append(_kind.split())


@lru_cache(maxsize=1)
def _heads() -> frozenset[str]:
    """What a landmark begins with."""
    return frozenset(_lengths().keys() | _UNIT_KINDS.keys() | _PLACED)


@lru_cache(maxsize=1)
def _lengths() -> dict[str, dict[str, list[int]]]:
    """First and second syllable of landmarks to the lengths that these may have, the longest first; "" is
    the second of those that have but one."""
    lengths: dict[str, dict[str, set[int]]] = {}
    for name in _table():
        first, second = f"{name} ".split(" ")[:2]
        lengths.setdefault(first, {}).setdefault(second, set()).add(len(name.split()))
    return {
        first: {s: sorted(found | seconds.get("", set()), reverse=True) for s, found in seconds.items()}
        for first, seconds in lengths.items()
    }


def _spelled(name: str) -> str:
    for sign in "'-’":
        name = name.replace(sign, " ")
    return normalise(name).lower()


def _lines(name: str) -> list[str]:
    text = resources.files("nlp").joinpath("data", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
