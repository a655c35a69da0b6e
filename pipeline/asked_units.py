"""Which of today's communes somebody means by a name, of today or of before."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from nlp.mentions import ABBREVIATED
from nlp.text import fold, normalise
from nlp.units import TYPES, Named, Unit, Units, accent_key, load_units, name_key, split_type
from pipeline.alphabet import in_alphabet

_TYPES = sorted(TYPES, key=len, reverse=True)
_SHORT = re.compile(r"([^\W\d_]{1,2})(?:\.\s*|\s+|(?=\d))(\S.*)")
""" "TP. Vinh", "q lê chân", "P8" """


class _Likeness(Enum):
    """In what a unit is as it was written, beside its name."""

    TYPE = 1
    LEVEL = 2
    """ "thị xã Chí Linh" has become a "thành phố" """
    NAME = 3


@dataclass(frozen=True)
class OtherUnit:
    """What a name may mean beside that for which it was taken."""

    name: str
    """to be shown"""
    written: str
    """the name that means just this"""


@dataclass(frozen=True)
class AskedUnit:
    """A name as it was written, and what it means within the office's province."""

    codes: tuple[str, ...]
    """today's communes; empty: the whole province, or no such unit where `known` is False"""
    known: bool
    names: tuple[str, ...] = ()
    """full names of what it was taken for"""
    old_names: tuple[str, ...] = ()
    """those of them that no longer hold"""
    is_old_province: bool = False
    other_type: bool = False
    """no unit of the type that was written has this name: `names` are of another type of that level"""
    others: tuple[OtherUnit, ...] = ()

    @property
    def is_province(self) -> bool:
        return self.known and not self.codes


def asked_unit(written: str, province_code: str) -> AskedUnit:
    """`written`: a code, a full, abbreviated or bare name, with or without diacritics ("xã An Đồng", "H. An
    Lão", "an dong")."""
    units = load_units()
    unit = units.get(written.strip())
    if unit is not None and unit.province_code == province_code:
        return AskedUnit((unit.code,) if unit.level == "commune" else (), known=True, names=(unit.full_name,))
    found, likeness = _bearing(units, written, province_code)
    meant = _in_force_first(found) if likeness is not _Likeness.NAME else []
    codes = _codes_of(meant, province_code)
    return AskedUnit(
        () if codes == _every_code(province_code) else codes,
        known=bool(codes),
        names=_names(meant),
        old_names=_names(one for one in meant if one.until is not None),
        is_old_province=any(one.level == "province" and one.until is not None for one in meant),
        other_type=likeness is _Likeness.LEVEL,
        others=tuple(_others(found, codes, province_code)),
    )


@cache
def old_places(province_code: str) -> tuple[str, ...]:
    """Full names of its old provinces and districts; its old communes are too many to choose from."""
    old = {
        one.full_name
        for one in load_units().every_name()
        if one.until is not None and one.level != "commune" and province_code in one.province_codes
    }
    return tuple(sorted(old - {unit.full_name for unit in load_units().provinces()}, key=in_alphabet))


def _names(meant: Iterable[Named]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.full_name for one in meant))


def _codes_of(meant: Iterable[Named], province_code: str) -> tuple[str, ...]:
    return tuple(sorted({code for one in meant for code in _codes(one, province_code)}))


def _codes(named: Named, province_code: str) -> Iterable[str]:
    if named.level == "province":
        return (
            _every_code(province_code) if named.until is None else _formed_from(named.province, province_code)
        )
    return (code for code in named.codes if _is_in(load_units().get(code), province_code))


@cache
def _every_code(province_code: str) -> tuple[str, ...]:
    return tuple(sorted(unit.code for unit in load_units().communes(province_code)))


@cache
def _formed_from(old_province: str, province_code: str) -> frozenset[str]:
    """Today's communes of a province on the ground of an old one, given by its key."""
    units = load_units()
    before = (one for one in units.every_name() if one.until is not None and one.province == old_province)
    return frozenset(code for one in before for code in one.codes if _is_in(units.get(code), province_code))


def _is_in(unit: Unit | None, province_code: str) -> bool:
    return unit is not None and unit.province_code == province_code


def _bearing(units: Units, written: str, province_code: str) -> tuple[Sequence[Named], _Likeness]:
    """What is most like what was written."""
    for kind, bare in _readings(normalise(written)):
        key = name_key(bare)
        here = [one for one in units.named(key) if province_code in one.province_codes] if key else []
        alike = {
            _Likeness.TYPE: [one for one in here if not kind or one.type == kind],
            _Likeness.LEVEL: [one for one in here if one.level in TYPES.get(kind, ())],
            _Likeness.NAME: here,
        }
        for likeness, bearing in alike.items():
            if found := _spelled(bearing, bare):
                return found, likeness
    return [], _Likeness.NAME


def _spelled(found: Sequence[Named], bare: str) -> Sequence[Named]:
    """Written with diacritics it is no other name."""
    exact = [one for one in found if accent_key(one.name) == accent_key(bare)]
    return exact or (found if bare.isascii() else [])


def _readings(written: str) -> Iterator[tuple[str, str]]:
    short = _SHORT.fullmatch(written)
    if short and (kind := ABBREVIATED.get(short[1].lower())):
        yield kind, short[2]
    yield _split(written)


def _split(written: str) -> tuple[str, str]:
    kind, bare = split_type(written)
    if kind:
        return kind, bare
    folded = fold(written)
    for known in _TYPES:
        if folded.startswith(f"{fold(known)} "):
            return known, folded.removeprefix(f"{fold(known)} ").strip()
    return "", bare


def _in_force_first(found: Iterable[Named]) -> list[Named]:
    """A name that a unit bears today means this one, unless none does."""
    found = list(found)
    return [one for one in found if one.until is None] or found


def _others(found: Sequence[Named], taken: tuple[str, ...], province_code: str) -> Iterator[OtherUnit]:
    """What lies elsewhere, or on more or less ground, and can be asked for by a name of its own."""
    alike: dict[tuple[str, bool], list[Named]] = defaultdict(list)
    for one in found:
        alike[one.full_name, one.until is None].append(one)
    for (name, in_force), units in alike.items():
        codes = _codes_of(units, province_code)
        if not codes or codes == taken:
            continue
        if in_force:
            yield OtherUnit(name, name)
        elif (name, True) not in alike:
            yield OtherUnit(f"{name} (cũ)", name)
        elif len(codes) == 1 and (today := load_units().get(codes[0])):
            yield OtherUnit(f"{name} cũ, nay thuộc {today.full_name}", today.full_name)
