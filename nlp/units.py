"""Official units: the 34 provinces and 3,321 communes in force, and what older names have become."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

from nlp.text import Kept, fold, normalise

Level = Literal["province", "district", "commune"]

TYPES: dict[str, tuple[Level, ...]] = {
    "tỉnh": ("province",),
    "thành phố": ("province", "district"),
    "quận": ("district",),
    "huyện": ("district",),
    "thị xã": ("district",),
    "thị trấn": ("commune",),
    "đặc khu": ("commune",),
    "phường": ("commune",),
    "xã": ("commune",),
}
_TYPE = re.compile(
    r"^(" + "|".join(sorted(TYPES, key=len, reverse=True)) + r"|thi trấn)\s+(?=\S)", re.IGNORECASE
)
OTHER_NAMES = {
    "tphcm": "hochiminh",
    "hcm": "hochiminh",
    "hcmc": "hochiminh",
    "saigon": "hochiminh",
    "daclac": "daklak",
    "dacnong": "daknong",
    "baccan": "backan",
    "tthue": "hue",
    "brvt": "bariavungtau",
    "banmethuot": "buonmathuot",
    "buonmethuot": "buonmathuot",
    "quinhon": "quynhon",
    "playku": "pleiku",
    "phanrang": "phanrangthapcham",
    "tphn": "hanoi",
}
"""Names of provinces and towns otherwise than the official: key as written, key of the name."""


_HIGHLANDS = re.compile("đăk|đak")


def split_type(full_name: str) -> tuple[str, str]:
    """("phường", "Ba Đình"); the type is empty where the name bears none."""
    match = _TYPE.match(full_name)
    if not match:
        return "", full_name
    return match[1].lower().replace("thi ", "thị "), full_name[match.end() :]


def _bare_key(name: str) -> str:
    return "".join(c for c in fold(name) if c.isalnum())


@lru_cache(maxsize=50_000)
def name_key(name: str) -> str:
    """Letters and digits only, no diacritics; a number without its leading zero ("Phường 02")."""
    bare = _bare_key(name)
    return bare.lstrip("0") or bare if bare.isdigit() else bare


KEY_PARTS = Kept(_bare_key)
"""A name's key is those of its syllables side by side, unless it is a number."""


@lru_cache(maxsize=50_000)
def accent_key(name: str) -> str:
    """As name_key, but with the diacritics; "Đăk Lăk" and "Đắk Lắk" are one name."""
    spelled = "".join(c for c in normalise(name).lower() if c.isalnum())
    return _HIGHLANDS.sub("đắk", spelled).replace("lăk", "lắk")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in force today."""

    code: str
    name: str
    """without the type: "Ba Đình" """
    full_name: str
    level: Literal["province", "commune"]
    province_code: str


@dataclass(frozen=True, slots=True)
class Named:
    """A name under which a unit is or was known; `codes` are today's communes (of a province: none)."""

    full_name: str
    name: str
    type: str
    level: Level
    codes: tuple[str, ...]
    province_codes: tuple[str, ...]
    until: date | None
    """the day from which the name no longer holds; None: in force"""
    district: str
    """keys of the old district and province, full: what a text names beside it"""
    province: str


class Units:
    def __init__(self, data: dict[str, Any]) -> None:
        self.version: str = data["version"]
        self._units: dict[str, Unit] = {}
        for code, full in data["provinces"]:
            self._units[code] = Unit(code, split_type(full)[1], full, "province", code)
        for code, full, province in data["communes"]:
            self._units[code] = Unit(code, split_type(full)[1], full, "commune", province)
        self._communes: dict[str, list[Unit]] = defaultdict(list)
        for unit in self._units.values():
            if unit.level == "commune":
                self._communes[unit.province_code].append(unit)
        self._names: dict[str, list[Named]] = defaultdict(list)
        for named in [*self._current(), *self._old(data)]:
            self._names[name_key(named.name)].append(named)
        for alias, key in OTHER_NAMES.items():
            self._names[alias] += [n for n in self._names[key] if n.level != "commune"]
        self._beginnings = frozenset(key[:end] for key in self._names for end in range(1, len(key) + 1))

    def _current(self) -> Iterable[Named]:
        for unit in self._units.values():
            kind, name = split_type(unit.full_name)
            codes = (unit.code,) if unit.level == "commune" else ()
            province = name_key(self._units[unit.province_code].name)
            yield Named(
                unit.full_name, name, kind, unit.level, codes, (unit.province_code,), None, "", province
            )

    def _old(self, data: dict[str, Any]) -> Iterable[Named]:
        for full, province, until in data["old_provinces"]:
            kind, name = split_type(full)
            if self._units[province].name != name:
                day = date.fromisoformat(until)
                yield Named(full, name, kind, "province", (), (province,), day, "", name_key(name))
        for full, province, codes, until in data["old_districts"]:
            yield self._old_unit(full, "district", "", province, codes, until)
        for full, district, province, codes, until in data["old_communes"]:
            yield self._old_unit(full, "commune", district, province, codes, until)

    def _old_unit(
        self, full: str, level: Level, district: str, province: str, codes: list[str], until: str
    ) -> Named:
        kind, name = split_type(full)
        provinces = tuple(sorted({self._units[code].province_code for code in codes}))
        return Named(
            full, name, kind, level, tuple(codes), provinces, date.fromisoformat(until),
            name_key(split_type(district)[1]), name_key(split_type(province)[1]),
        )  # fmt: skip

    def get(self, code: str) -> Unit | None:
        return self._units.get(code)

    def provinces(self) -> list[Unit]:
        return [unit for unit in self._units.values() if unit.level == "province"]

    def communes(self, province_code: str) -> list[Unit]:
        return list(self._communes.get(province_code, ()))

    def find_name(self, name: str) -> list[Unit]:
        """Units in force by full or bare name ("phường Ba Đình", "ba dinh"); the best spelled first."""
        kind, bare = _typed(name)
        current = [n for n in self.named(name_key(bare)) if n.until is None]
        fitting = [n for n in current if not kind or n.type == kind]
        exact = [n for n in fitting if accent_key(n.name) == accent_key(bare)]
        others = [n for n in fitting if n not in exact] if bare.isascii() or not exact else []
        return [self._units[(n.codes or n.province_codes)[0]] for n in exact + others]

    def named(self, key: str) -> list[Named]:
        """Every unit, of today and before, whose bare name has this key."""
        return self._names.get(key, [])

    def begins(self, key: str) -> bool:
        """Some unit's name has a key that begins so."""
        return key in self._beginnings

    def every_name(self) -> Iterable[Named]:
        return (named for known in self._names.values() for named in known)


def _typed(name: str) -> tuple[str, str]:
    """As split_type, also without diacritics: "tinh Nghe An"."""
    kind, bare = split_type(normalise(name))
    if kind:
        return kind, bare
    folded = fold(name)
    for known in sorted(TYPES, key=len, reverse=True):
        if folded.startswith(fold(known) + " "):
            return known, folded.removeprefix(fold(known) + " ")
    return "", bare


@lru_cache(maxsize=1)
def load_units() -> Units:
    text = resources.files("nlp").joinpath("data/units.json").read_text(encoding="utf-8")
    return Units(json.loads(text))
