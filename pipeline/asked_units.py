"""Which of today's communes somebody means by a name, of today or of before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlp.text import fold
from nlp.units import TYPES, Named, Units, accent_key, load_units, name_key, split_type

_TYPES = sorted(TYPES, key=len, reverse=True)


@dataclass(frozen=True)
class AskedUnit:
    """A name as it was written, and what it means within the office's province."""

    codes: tuple[str, ...]
    """today's communes; empty: the whole province, or no such unit where `known` is False"""
    known: bool
    old_names: tuple[str, ...] = ()
    """full names, where the name no longer holds"""

    @property
    def is_province(self) -> bool:
        return self.known and not self.codes


def asked_unit(written: str, province_code: str) -> AskedUnit:
    """`written`: a code, a full or a bare name, with or without diacritics ("xã An Đồng", "an dong")."""
    units = load_units()
    unit = units.get(written.strip())
    if unit is not None and unit.province_code == province_code:
        return AskedUnit((unit.code,) if unit.level == "commune" else (), known=True)
    named = _named(units, written, province_code)
    codes = tuple(sorted({code for one in named for code in one.codes if _is_in(units, code, province_code)}))
    if any(one.level == "province" for one in named):
        return AskedUnit((), known=True)
    old = dict.fromkeys(one.full_name for one in named if one.until is not None)
    return AskedUnit(codes, bool(codes), tuple(old))


def _is_in(units: Units, code: str, province_code: str) -> bool:
    unit = units.get(code)
    return unit is not None and unit.province_code == province_code


def _named(units: Units, written: str, province_code: str) -> Sequence[Named]:
    """Of that type, where one is written; written with diacritics it is no other name."""
    kind, bare = _split(written)
    key = name_key(bare)
    if not key:
        return []
    here = [one for one in units.named(key) if province_code in one.province_codes]
    found = [one for one in here if not kind or one.type == kind]
    spelled = [one for one in found if accent_key(one.name) == accent_key(bare)]
    return _in_force_first(spelled or (found if bare.isascii() else []))


def _split(written: str) -> tuple[str, str]:
    kind, bare = split_type(written.strip())
    if kind:
        return kind, bare
    folded = fold(written.strip())
    for known in _TYPES:
        if folded.startswith(f"{fold(known)} "):
            return known, folded.removeprefix(f"{fold(known)} ").strip()
    return "", bare


def _in_force_first(found: Iterable[Named]) -> list[Named]:
    """A name that a unit bears today means this one, unless none does."""
    found = list(found)
    return [one for one in found if one.until is None] or found
