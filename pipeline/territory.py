"""The communes of the office's province and where they lie, for rooms that may not ask nlp."""

from dataclasses import dataclass
from functools import lru_cache

from nlp.points import load_points
from nlp.units import load_units, name_key


@dataclass(frozen=True)
class Commune:
    code: str
    name: str
    """without its type: Ba Đình"""
    full_name: str
    place: tuple[float, float] | None
    """latitude and longitude in degrees; None where they are not known"""


@lru_cache(maxsize=4)
def communes_of(province_code: str) -> tuple[Commune, ...]:
    """By name, as without diacritics."""
    points = load_points()
    found = []
    for unit in load_units().communes(province_code):
        point = points.get(unit.code)
        place = (point.latitude, point.longitude) if point else None
        found.append(Commune(unit.code, unit.name, unit.full_name, place))
    return tuple(sorted(found, key=lambda commune: (name_key(commune.name), commune.code)))
