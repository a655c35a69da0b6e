"""Which units of today a text speaks of: old names become new, a split commune a set, doubt stays doubt."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from nlp.abroad import speaks_of_abroad
from nlp.landmarks import landmarks as find_landmarks
from nlp.mentions import Mention, Scanner
from nlp.text import Token, tokens
from nlp.units import Level, Named, Units, accent_key, load_units, name_key

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
    """the name or one behind it is said to be of the past"""
    gone: bool = False
    """the name itself"""

    @property
    def top(self) -> Mention:
        return self.parents[-1] if self.parents else self.mention

    def parent(self, level: Level) -> Mention | None:
        return next((p for p in self.parents if p.level == level), None)

    def add(self, mention: Mention) -> None:
        if mention.level == "province" and _is_town(self.top):
            town = self.top._replace(level="district")
            if self.parents:
                self.parents[-1] = town
            else:
                self.mention = town
        self.parents.append(mention)


@dataclass(frozen=True, slots=True)
class _Context:
    on: date | None
    home: str | None
    provinces: set[str]
    districts: tuple[Named, ...]
    """named anywhere in the text"""


def find_places(
    text: str, on: date | None = None, home_province: str | None = None, *, landmarks: bool = True
) -> list[Place]:
    """Places in order of appearance; `on` is the text's day, for names that once meant something else.

    `home_province` decides between provinces only where the text itself does not. Where no unit tells the
    province, a landmark does ("đèo Prenn"); what lies there is a place of level province.
    """
    text = text[:MAX_CHARS]
    return places_among(text, tokens(text), on, home_province, landmarks=landmarks)


def places_among(
    text: str,
    found: list[Token],
    on: date | None = None,
    home_province: str | None = None,
    *,
    landmarks: bool = True,
) -> list[Place]:
    """As find_places; `found`: the text's tokens."""
    units = load_units()
    leaves = _leaves(text, list(Scanner(units, text, found).mentions()))
    context = _Context(on, home_province, _provinces(leaves), _districts(leaves))
    places = _read(leaves, text, units, context)
    return _with_landmarks(places, leaves, text, units, context, found) if landmarks else places


def _with_landmarks(
    places: list[Place],
    leaves: list[_Leaf],
    text: str,
    units: Units,
    context: _Context,
    found: Sequence[Token],
) -> list[Place]:
    """Those known by hand count beside the units named; those learned only where none tells the province."""
    untold = all(place.province_code is None for place in places)
    seen = _landmarks(found, text, units, context.home, untold=untold)
    if seen and places and untold:
        # They narrow what an ambiguous name may mean.
        provinces = {place.province_code for place in seen if place.province_code}
        places = _read(leaves, text, units, replace(context, provinces=provinces))
    if not seen and len(places) < 2:
        return places
    clear = [one for one in seen if not any(p.start < one.end and one.start < p.end for p in places)]
    return _distinct(sorted([*places, *clear], key=lambda place: place.start))


def _read(leaves: list[_Leaf], text: str, units: Units, context: _Context) -> list[Place]:
    if not leaves:
        return []
    found = [_meant(leaf, context) for leaf in _told_elsewhere(leaves)]
    places = [_place(mention, meant, text, units, context) for mention, meant in found if meant]
    return _distinct(_one_name_one_place(_narrowed(places, text, units)))


def _landmarks(
    found: Sequence[Token], text: str, units: Units, home: str | None, *, untold: bool
) -> list[Place]:
    """A learned one counts only where nothing says that the text is of another province or country: streets
    of one name are many."""
    hits = list(find_landmarks(found, units))
    untold = untold and any(hit.learned for hit in hits) and not speaks_of_abroad(found)
    places = []
    for hit in hits:
        unit = units.get(hit.province_code)
        likely = untold and home in (None, hit.province_code)
        if unit and (likely or not hit.learned):
            start, end = found[hit.first].start, found[hit.last - 1].end
            places.append(
                Place(unit.code, unit.code, unit.full_name, "province", text[start:end], start, end, ())
            )
    return places


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
            last.add(mention)
            last.old = last.old or _says_old(text, mention.end)
        else:
            old = _says_old(text, mention.end)
            leaves.append(_Leaf(mention, [], old, old))
    return _inherit(text, leaves)


def _belongs(text: str, leaf: _Leaf, mention: Mention) -> bool:
    """The name stands right behind the leaf's and is of a larger unit."""
    top = leaf.top
    if not _LINK.fullmatch(text, top.end, mention.start):
        return False
    return _RANK[mention.level] > _RANK[top.level] or (mention.level == "province" and _is_town(top))


def _is_town(mention: Mention) -> bool:
    """ "thành phố Huế" may be the province or its town; before a province's name it is the town."""
    return mention.level == "province" and any(n.level == "district" for n in mention.named)


def _says_old(text: str, end: int) -> bool:
    return _OLD.match(text, end) is not None


def _inherit(text: str, leaves: list[_Leaf]) -> list[_Leaf]:
    """ "các xã A, B (huyện C)": A lies in C too."""
    for leaf, following in reversed(list(pairwise(leaves))):
        side_by_side = _AND.fullmatch(text, leaf.mention.end, following.mention.start)
        if side_by_side and not leaf.parents and leaf.mention.level == following.mention.level:
            leaf.parents, leaf.old = list(following.parents), leaf.old or following.old
    return leaves


def _provinces(leaves: Iterable[_Leaf]) -> set[str]:
    """Codes of the provinces the text names anywhere."""
    mentions = (m for leaf in leaves for m in (leaf.mention, *leaf.parents) if m.level == "province")
    return {code for mention in mentions for n in mention.units for code in n.province_codes}


def _districts(leaves: Iterable[_Leaf]) -> tuple[Named, ...]:
    mentions = (m for leaf in leaves for m in (leaf.mention, *leaf.parents) if m.level == "district")
    return tuple(named for mention in mentions for named in mention.exact(mention.units))


def _told_elsewhere(leaves: Sequence[_Leaf]) -> list[_Leaf]:
    """A bare "xã A" lies where the text says of another "xã A" that it lies."""
    told: dict[str, _Leaf] = {}
    for leaf in leaves:
        if leaf.parents and leaf.mention.level != "province":
            told.setdefault(_key(leaf.mention), leaf)
    return [
        leaf if leaf.parents or (first := told.get(_key(leaf.mention))) is None else _as(leaf, first)
        for leaf in leaves
    ]


def _key(mention: Mention) -> str:
    return mention.level + name_key(mention.named[0].name)


def _as(leaf: _Leaf, first: _Leaf) -> _Leaf:
    return _Leaf(leaf.mention, first.parents, leaf.old or first.old, leaf.gone)


def _meant(leaf: _Leaf, context: _Context) -> tuple[Mention, list[Named]]:
    """The units of the smallest written name that fits; an unknown commune leaves its district."""
    mention = leaf.mention
    if mention.level == "province":
        return mention, list(mention.units[:1])
    if named := _still_so_called(leaf, context):
        return mention, named
    named = _within(list(mention.units), leaf)
    # A spelling that is nearly another's is believed only where a larger unit confirms it.
    named = mention.exact(named) or (named if leaf.parents else [])
    if not leaf.parents:
        named = _in_provinces(named, context.provinces) or named
        if mention.level == "commune":
            near = [n for n in named if any(_of_district(n, d) for d in context.districts)]
            named = near or named
    if not named:
        return (
            _meant(_Leaf(leaf.parents[0], leaf.parents[1:], leaf.old), context)
            if leaf.parents
            else (mention, [])
        )
    best = max(_fit(n, leaf, context.on) for n in named)
    fitting = [n for n in named if _fit(n, leaf, context.on) == best]
    return mention, _near_home(fitting, named, context)


def _still_so_called(leaf: _Leaf, context: _Context) -> list[Named]:
    """ "xã A (huyện B cũ)", where B has gone and A has not: today's commune, not an old one of that name."""
    district = leaf.parent("district")
    if not district or not leaf.old or leaf.gone or context.on is None or context.on < TWO_TIERS:
        return []
    named = [
        n for n in leaf.mention.exact(leaf.mention.units) if n.until is None and n.type == leaf.mention.type
    ]
    return [n for n in named if any({*n.codes} <= {*d.codes} for d in district.units)]


def _near_home(fitting: list[Named], named: list[Named], context: _Context) -> list[Named]:
    """Home decides among those that fit; one there of a former name is doubt, not certainty."""
    if not context.home or len({code for n in named for code in n.province_codes}) == 1:
        return fitting
    return _in_provinces(fitting, {context.home}) or [*_in_provinces(named, {context.home}), *fitting]


def _in_provinces(named: Iterable[Named], codes: set[str]) -> list[Named]:
    return [n for n in named if codes & set(n.province_codes)]


def _within(named: list[Named], leaf: _Leaf) -> list[Named]:
    """Those that lie in the district and province written behind the name."""
    district, province = leaf.parent("district"), leaf.parent("province")
    if province:
        codes = {code for p in province.units for code in p.province_codes}
        named = _in_provinces(named, codes)
    if district:
        inside = [n for n in named if any(_of_district(n, d) for d in district.units)]
        named = inside or [n for n in named if any(set(n.codes) <= set(d.codes) for d in district.units)]
    return named


def _of_district(commune: Named, district: Named) -> bool:
    return commune.district == name_key(district.name) and commune.province == district.province


def _fit(named: Named, leaf: _Leaf, on: date | None) -> tuple[bool, bool, bool, bool]:
    """How well a unit fits what is written: compared place by place, the weightier first."""
    province = leaf.parent("province")
    # Districts are no more, nor are the provinces that were merged away.
    gone = province is not None and all(p.until for p in province.units)
    said_old = leaf.old or gone or leaf.parent("district") is not None
    of_its_time = (named.until is not None) == (said_old or (on is not None and on < TWO_TIERS))
    same_type = not leaf.mention.type or named.type == leaf.mention.type
    own_province = province is not None and any(named.province == p.province for p in province.units)
    # Of old names those that lasted to the end, or that held on the text's day.
    alive = named.until in (None, TWO_TIERS) or (
        on is not None and named.until is not None and on < named.until
    )
    if said_old:
        return of_its_time, own_province, same_type, alive
    # A text of today may still use an old type; a name in force wins only with its own type or without any.
    return same_type, of_its_time, own_province, alive


def _place(mention: Mention, meant: list[Named], text: str, units: Units, context: _Context) -> Place:
    level = meant[0].level
    provinces = {code for n in meant for code in n.province_codes}
    province = next(iter(provinces)) if len(provinces) == 1 else None
    candidates = _ranked(meant, units, context)
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


def _ranked(meant: list[Named], units: Units, context: _Context) -> tuple[str, ...]:
    """Today's communes, the likelier first: in a province that the text or the outlet names, in force, and
    of a split commune the one that has kept its name."""

    def rank(pair: tuple[Named, str]) -> tuple[bool, bool, bool, bool, str]:
        named, code = pair
        unit = units.get(code)
        province = unit.province_code if unit else ""
        same = unit is not None and accent_key(unit.name) == accent_key(named.name)
        return province not in context.provinces, province != context.home, bool(named.until), not same, code

    pairs = sorted(((n, code) for n in meant for code in n.codes), key=rank)
    return tuple(dict.fromkeys(code for _, code in pairs))


_FORMERLY = re.compile(
    r"[\s,(\-–]*(?:trước đây|trước kia|trước|cũ|nay|hiện nay)[\s,]*(?:là|thuộc)?[\s,]*", re.IGNORECASE
)


def _narrowed(places: list[Place], text: str, units: Units) -> list[Place]:
    """ "phường A (nay là phường B)": a set is narrowed to a member that the text names itself."""
    single = {place.code for place in places if place.level == "commune" and place.code}
    narrowed = []
    for index, place in enumerate(places):
        common = single & set(place.candidates)
        if len(common) != 1:
            common = _shared(places, index, text)
        if place.level == "commune" and place.code is None and len(common) == 1:
            unit = units.get(common.pop())
            if unit:
                place = replace(
                    place, code=unit.code, province_code=unit.province_code, candidates=(unit.code,)
                )
        narrowed.append(place)
    return narrowed


def _shared(places: list[Place], index: int, text: str) -> set[str]:
    """The communes that both names of "phường A (trước đây là phường B)" may mean."""
    place, common = places[index], set[str]()
    for first, second in pairwise(places[max(index - 1, 0) : index + 2]):
        if first.level == second.level == "commune" and _FORMERLY.fullmatch(text, first.end, second.start):
            other = second if first is place else first
            common |= set(place.candidates) & set(other.candidates)
    return common


def _one_name_one_place(places: list[Place]) -> list[Place]:
    """A commune named again, now with a district that also stands in another province, stays where it was."""
    first: dict[str, Place] = {}
    for place in places:
        if place.level == "commune" and place.code:
            first.setdefault(name_key(place.as_written), place)
    return [
        place
        for place in places
        if (earlier := first.get(name_key(place.as_written))) is None
        or place.province_code in (None, earlier.province_code)
    ]


def _distinct(places: Sequence[Place]) -> list[Place]:
    """Each once; a province or an old district is left out where a smaller place of it is told."""
    finer = {place.province_code for place in places if place.level != "province"}
    communes = [set(place.candidates) for place in places if place.level == "commune"]
    seen: set[tuple[str, str | None, tuple[str, ...]]] = set()
    kept = []
    for place in places:
        identity = (place.level, place.code, place.candidates)
        told = (place.level == "province" and place.province_code in finer) or (
            place.level == "district" and any(codes <= set(place.candidates) for codes in communes)
        )
        if not told and identity not in seen:
            seen.add(identity)
            kept.append(place)
    return kept
