"""The unit that an outlet writes about, where its home page leaves no doubt."""

from collections.abc import Iterable
from dataclasses import dataclass

from crawler.finding.outlets import OutletWords
from nlp.places import Place, find_places
from nlp.units import load_units


@dataclass(frozen=True)
class Area:
    code: str
    name: str
    certain: bool
    """it stands in the outlet's own name; else only in what the page says of it"""


def area_of(words: OutletWords) -> Area | None:
    """A name or title that names one unit settles it; a description only suggests it.

    The seat alone says nothing: half of the national papers sit in Hà Nội. It tells which of several communes
    of one name is meant.
    """
    named = " – ".join(text for text in (words.name, words.title) if text)
    if code := _one(find_places(named, landmarks=False), _provinces(words.addresses)):
        return _area(code, certain=True)
    if code := _one(find_places(words.description or "", landmarks=False), set()):
        return _area(code, certain=False)
    return None


def _one(places: Iterable[Place], seats: set[str]) -> str | None:
    """The code of the one unit that all these places mean: of communes and their province the commune."""
    found = list(places)
    communes = {code for place in found if place.level != "province" for code in _codes(place, seats)}
    provinces = {place.province_code for place in found if place.level == "province"}
    if communes:
        units = load_units()
        fitting = {code for code in communes if not provinces or _province(units.get(code)) in provinces}
        return fitting.pop() if len(fitting) == 1 else None
    only = next(iter(provinces)) if len(provinces) == 1 else None
    return only or None


def _codes(place: Place, seats: set[str]) -> set[str]:
    if place.code:
        return {place.code}
    units = load_units()
    near = {code for code in place.candidates if _province(units.get(code)) in seats}
    return near if len(near) == 1 else set(place.candidates)


def _province(unit: object) -> str | None:
    return getattr(unit, "province_code", None)


def _provinces(addresses: Iterable[str]) -> set[str]:
    places = (place for line in addresses for place in find_places(line, landmarks=False))
    return {place.province_code for place in places if place.province_code}


def _area(code: str, *, certain: bool) -> Area | None:
    unit = load_units().get(code)
    return Area(code, unit.full_name, certain) if unit else None
