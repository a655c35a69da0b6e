"""Which units of today a text speaks of: old names become new ones, a split commune a set, doubt stays doubt."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from nlp.mentions import Mention, Scanner
from nlp.text import tokens
from nlp.units import Named, Units, load_units

TWO_TIERS = date(2025, 7, 1)
"""NQ 202/2025/QH15: no districts from this day on."""

MAX_CHARS = 60_000


@dataclass(frozen=True, slots=True)
class Place:
    code: str | None
    """the commune or province in force today; None: the name means several, or an old district"""
    province_code: str | None
    name: str
    level: str
    """province | district (abolished) | commune"""
    as_written: str
    start: int
    end: int
    candidates: tuple[str, ...]
    """today's communes the name may mean; of a province none"""

    def to_dict(self) -> dict[str, str | None]:
        return {
            "code": self.code,
            "province_code": self.province_code,
            "name": self.name,
            "level": self.level,
            "as_written": self.as_written,
        }


_LINK = re.compile(
    r"[\s,(\-–]*(?:\(?cũ\)?)?[\s,()\-–]*(?:(?:trước đây|trước kia|trước)\s*(?:là|thuộc)?|thuộc|của)?[\s,(]*",
    re.IGNORECASE,
)
_OLD = re.compile(r"\s*[(,]?\s*(?:cũ\b|trước đây|trước kia|trước sáp nhập|trước khi sáp nhập)", re.IGNORECASE)
_AND = re.compile(r"[\s,]*(?:và|,|-|;)\s*", re.IGNORECASE)
_RANK = {"commune": 0, "district": 1, "province": 2}


@dataclass(slots=True)
class _Leaf:
    """A name with the larger units written behind it: "xã A, huyện B, tỉnh C"."""

    mention: Mention
    parents: list[Mention]
    old: bool

    @property
    def district(self) -> Mention | None:
        return next((p for p in self.parents if p.level == "district"), None)

    @property
    def province(self) -> Mention | None:
        return next((p for p in self.parents if p.level == "province"), None)


def find_places(text: str, on: date | None = None, home_province: str | None = None) -> list[Place]:
    """Places in order of appearance; `on` is the text's day, for names that once meant something else.

    `home_province` decides between provinces only where the text itself does not.
    """
    text = text[:MAX_CHARS]
    units = load_units()
    leaves = _leaves(text, list(Scanner(units, text, tokens(text)).mentions()))
    named_provinces = _provinces(leaves)
    places = []
    for leaf in leaves:
        meant = _meant(leaf, on, named_provinces, home_province)
        if meant:
            places.append(_place(leaf.mention, meant, text, units))
    return _distinct(_narrowed(places, units))


def place_codes(
    text: str, on: date | None = None, home_province: str | None = None
) -> tuple[list[str], list[str]]:
    """(communes, provinces) in force today that the text means, sorted."""
    places = find_places(text, on, home_province)
    communes = {code for place in places for code in place.candidates}
    units = load_units()
    provinces = {place.province_code for place in places if place.province_code}
    provinces |= {unit.province_code for code in communes if (unit := units.get(code))}
    return sorted(communes), sorted(provinces)


def _leaves(text: str, mentions: Sequence[Mention]) -> list[_Leaf]:
    leaves: list[_Leaf] = []
    for mention in mentions:
        last = leaves[-1] if leaves else None
        if last and _belongs(text, last, mention):
            last.parents.append(_as_parent(mention, last))
            last.old = last.old or _says_old(text, mention.end)
        else:
            leaves.append(_Leaf(mention, [], _says_old(text, mention.end)))
    return _inherit(text, leaves)


def _belongs(text: str, leaf: _Leaf, mention: Mention) -> bool:
    lowest = leaf.parents[-1] if leaf.parents else leaf.mention
    if not _LINK.fullmatch(text, lowest.end, mention.start):
        return False
    if _RANK[mention.level] > _RANK[lowest.level]:
        return True
    # "thành phố Huế" may be either; before a province's name it is the town.
    return (
        lowest.type == "thành phố"
        and mention.level == "province"
        and _has(lowest, "district")
        and not leaf.parents
    )


def _has(mention: Mention, level: str) -> bool:
    return any(n.level == level for n in mention.named)


def _as_parent(mention: Mention, leaf: _Leaf) -> Mention:
    if leaf.mention.type == "thành phố" and leaf.mention.level == "province":
        leaf.mention = replace(leaf.mention, level="district")
    last = leaf.parents[-1] if leaf.parents else None
    if last and last.type == "thành phố" and last.level == "province" and mention.level == "province":
        leaf.parents[-1] = replace(last, level="district")
    return mention


def _says_old(text: str, end: int) -> bool:
    return _OLD.match(text, end) is not None


def _inherit(text: str, leaves: list[_Leaf]) -> list[_Leaf]:
    """ "các xã A, B (huyện C)": A lies in C too."""
    for leaf, following in reversed(list(zip(leaves, leaves[1:], strict=False))):
        side_by_side = _AND.fullmatch(text, leaf.mention.end, following.mention.start)
        if side_by_side and not leaf.parents and leaf.mention.level == following.mention.level:
            leaf.parents, leaf.old = list(following.parents), leaf.old or following.old
    return leaves


def _provinces(leaves: Iterable[_Leaf]) -> set[str]:
    """Codes of the provinces the text names anywhere."""
    every = (m for leaf in leaves for m in (leaf.mention, *leaf.parents) if m.level == "province")
    return {
        code for mention in every for n in mention.named for code in n.province_codes if n.level == "province"
    }


def _meant(leaf: _Leaf, on: date | None, provinces: set[str], home: str | None) -> list[Named]:
    mention = leaf.mention
    named = [n for n in mention.named if n.level == mention.level]
    if mention.level == "province":
        return named[:1]
    named = _within(named, leaf)
    if not leaf.parents:
        named = _in_provinces(named, provinces) or (
            named if not provinces else _in_provinces(named, {home or ""}) or named
        )
        if not provinces and home:
            named = _in_provinces(named, {home}) or named
    if not mention.exact and not leaf.parents:
        return []
    if not named:
        return []
    best = max(_fit(n, leaf, on) for n in named)
    return [n for n in named if _fit(n, leaf, on) == best]


def _in_provinces(named: Iterable[Named], codes: set[str]) -> list[Named]:
    return [n for n in named if codes & set(n.province_codes)]


def _within(named: list[Named], leaf: _Leaf) -> list[Named]:
    """Those that lie in the district and province written behind the name."""
    district, province = leaf.district, leaf.province
    if province:
        named = [n for n in named if _lies_in_province(n, province)]
    if district:
        keys = {d.codes for d in district.named if d.level == "district"}
        inside = [n for n in named if n.district and any(_same_district(n, d) for d in district.named)]
        named = inside or [n for n in named if any(set(n.codes) <= set(codes) for codes in keys)]
    return named


def _lies_in_province(named: Named, province: Mention) -> bool:
    return any(
        set(named.province_codes) & set(p.province_codes) for p in province.named if p.level == "province"
    )


def _same_district(commune: Named, district: Named) -> bool:
    from nlp.units import name_key

    return (
        district.level == "district"
        and commune.district == name_key(district.name)
        and commune.province == district.province
    )


def _fit(named: Named, leaf: _Leaf, on: date | None) -> tuple[bool, bool, bool, bool, bool]:
    """How well a unit fits what is written: compared place by place, the weightier first."""
    old_wanted = leaf.old or leaf.district is not None or (on is not None and on < TWO_TIERS)
    in_force = named.until is None if not old_wanted else named.until is not None
    same_type = not leaf.mention.type or named.type == leaf.mention.type
    province = leaf.province
    own_province = province is not None and any(
        named.province == p.province for p in province.named if p.level == "province"
    )
    alive = named.until is None or on is None or on < named.until or named.until == TWO_TIERS
    if leaf.old or leaf.district is not None:
        return in_force, own_province, same_type, alive, True
    # A text of today may still use an old type; a name in force wins only with its own type or without any.
    return same_type, in_force, own_province, alive, True


def _place(mention: Mention, meant: list[Named], text: str, units: Units) -> Place:
    level = meant[0].level
    provinces = {code for n in meant for code in n.province_codes}
    province = next(iter(provinces)) if len(provinces) == 1 else None
    candidates = tuple(sorted({code for n in meant for code in n.codes}))
    code = (
        province
        if level == "province"
        else candidates[0]
        if len(candidates) == 1 and level == "commune"
        else None
    )
    unit = units.get(code) if code else None
    name = unit.full_name if unit else meant[0].full_name + (" (cũ)" if meant[0].until else "")
    written = text[mention.start : mention.end]
    return Place(code, province, name, level, written, mention.start, mention.end, candidates)


def _narrowed(places: list[Place], units: Units) -> list[Place]:
    """ "phường A (nay là phường B)": a set is narrowed to a member that the text names itself."""
    single = {place.code for place in places if place.level == "commune" and place.code}
    narrowed = []
    for place in places:
        common = single & set(place.candidates)
        if place.level == "commune" and place.code is None and len(common) == 1:
            unit = units.get(common.pop())
            if unit:
                place = replace(
                    place, code=unit.code, province_code=unit.province_code, candidates=(unit.code,)
                )
        narrowed.append(place)
    return narrowed


def _distinct(places: Iterable[Place]) -> list[Place]:
    seen: set[tuple[str, str | None, tuple[str, ...]]] = set()
    kept = []
    for place in places:
        identity = (place.level, place.code, place.candidates)
        if identity not in seen:
            seen.add(identity)
            kept.append(place)
    return kept
