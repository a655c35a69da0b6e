"""Builds nlp/data/units.json from the official tables: `python -m nlp.build_units FOLDER [OUT]`.

FOLDER holds the state's conversion table of 1 July 2025 (trusted over all others), the units of 2026 (newer
types and names), the units before the ward mergers of 2023-2025, the names in use beside the official, and
where communes lie, which goes into points.tsv beside units.json.
"""

import csv
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nlp.text import fold, normalise

VERSION = "2026-07-25"
PROVINCES, COMMUNES = 34, 3321
OLD_PROVINCES, OLD_COMMUNES = 63, 10_035
"""NQ 202/2025/QH15: what the result is checked against."""

TWO_TIERS = "2025-07-01"
BEFORE_MERGERS = "2025-01-01"
"""The last mergers of communes under the old order took effect then; earlier dates are not in the tables."""

Row = dict[str, str]
Place = tuple[str, ...]
"""Names of a province, a district in it and a commune in that."""
_ZERO = re.compile(r"(?<!\d)0(?=\d)")
_DISTRICT_TYPE = re.compile(r"^(Huyện|Quận|Thị xã|Thành phố) ", re.IGNORECASE)
_TYPE = re.compile(r"^(Xã|Phường|Thị trấn) ", re.IGNORECASE)
_ALIAS = re.compile(r"(?P<type>xa|phuong|thitran)(?P<name>[a-z]{3,})")
_ALIAS_TYPES = {"xa": "Xã", "phuong": "Phường", "thitran": "Thị trấn"}
_HCM = "Thành phố Hồ Chí Minh"
_LONG_GONE = [
    ("Quận 2", _HCM, "Thành phố Thủ Đức", "2021-01-01"),
    ("Quận 9", _HCM, "Thành phố Thủ Đức", "2021-01-01"),
    ("Quận Thủ Đức", _HCM, "Thành phố Thủ Đức", "2021-01-01"),
    ("Huyện Hoành Bồ", "Tỉnh Quảng Ninh", "Thành phố Hạ Long", "2020-01-01"),
    ("Huyện Phục Hòa", "Tỉnh Cao Bằng", "Huyện Quảng Hòa", "2020-03-01"),
    ("Huyện Quảng Uyên", "Tỉnh Cao Bằng", "Huyện Quảng Hòa", "2020-03-01"),
    ("Huyện Thông Nông", "Tỉnh Cao Bằng", "Huyện Hà Quảng", "2020-03-01"),
    ("Huyện Trà Lĩnh", "Tỉnh Cao Bằng", "Huyện Trùng Khánh", "2020-03-01"),
    ("Huyện Kỳ Sơn", "Tỉnh Hòa Bình", "Thành phố Hòa Bình", "2020-01-01"),
    ("Huyện Tây Trà", "Tỉnh Quảng Ngãi", "Huyện Trà Bồng", "2020-02-01"),
    ("Huyện Tĩnh Gia", "Tỉnh Thanh Hóa", "Thị xã Nghi Sơn", "2020-06-01"),
]
"""Name, province, the district that took it in, the day it ended (the resolutions of 2019 to 2021)."""
POINTS_SOURCE = "# Facts from vietnamadminunits (MIT), as of July 2025: code, latitude, longitude."
# Two rows of the 2026 list are known to be wrong where every other table agrees: code of Ba Chẽ.
_CODES_2026 = {"06978": "06970"}


def key(name: str) -> str:
    """Name without diacritics, case, spaces and signs: how the alias tables write it; "Phường 01" as 1."""
    return _ZERO.sub("", "".join(c for c in fold(name) if c.isalnum()))


def bare_key(full_name: str) -> str:
    """Key without the type: a district that became a town kept its name."""
    return key(_DISTRICT_TYPE.sub("", full_name))


@dataclass
class Old:
    """A unit that is no more: its full name, where it lay, and today's communes it went into."""

    name: str
    district: str
    province: str
    codes: set[str] = field(default_factory=set)
    until: str = TWO_TIERS


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [{k: normalise(v or "") for k, v in row.items() if k} for row in csv.DictReader(lines)]


def _capitalised(full_name: str) -> str:
    return full_name[:1].upper() + full_name[1:]


def _current(conversion: list[Row], newest: list[dict[str, Any]]) -> tuple[list[list[str]], list[list[str]]]:
    table = {row["new_commune_code"]: row for row in conversion}
    provinces = [[p["Code"], _capitalised(normalise(p["FullName"]))] for p in newest]
    communes = []
    for province in newest:
        for ward in province["Wards"]:
            code = _CODES_2026.get(ward["Code"], ward["Code"])
            if code not in table:
                raise ValueError(f"{code} {ward['FullName']} is not in the conversion table")
            communes.append([code, _capitalised(normalise(ward["FullName"])), province["Code"]])
    return provinces, communes


def _spelled(*names: str) -> Place:
    """Lower case with diacritics: one district may hold both a Hoằng Quý and a Hoằng Quỳ."""
    return tuple(name.lower() for name in names)


def _old_communes(conversion: list[Row]) -> dict[Place, Old]:
    old: dict[Place, Old] = {}
    for row in conversion:
        if not row["old_commune_code"]:
            continue
        name, district, province = (
            _capitalised(row[k]) for k in ("old_commune", "old_district", "old_province")
        )
        unit = old.setdefault(_spelled(province, district, name), Old(name, district, province))
        unit.codes.add(row["new_commune_code"])
    return old


def _earlier(before: list[Row], old: dict[Place, Old], conversion: list[Row]) -> Iterator[Old]:
    """Units whose name or district had changed before July 2025 but whose code had not."""
    by_code: dict[str, set[str]] = defaultdict(set)
    for row in conversion:
        by_code[row["old_commune_code"]].add(row["new_commune_code"])
    # The lists spell some names otherwise; a name that is new only in its diacritics is no other unit.
    known = {tuple(map(key, place)) for place in old}
    for row in before:
        name, district, province = (_capitalised(row[k]) for k in ("name", "district", "province"))
        if (key(province), key(district), key(name)) not in known and row["code"] in by_code:
            yield Old(name, district, province, by_code[row["code"]], BEFORE_MERGERS)


def _merged(before: list[Row], aliases: list[Row], old: dict[Place, Old]) -> Iterator[Old]:
    """Units merged away before July 2025: the alias tables say into which unit, the conversion goes on."""
    folded: dict[Place, list[Old]] = defaultdict(list)
    for place, unit in old.items():
        folded[tuple(map(key, place))].append(unit)
    heirs: dict[tuple[str, str], list[Old]] = defaultdict(list)
    for row in aliases:
        for heir in folded.get((row["province_key"], key(row["district_key"]), key(row["ward_key"])), ()):
            heirs[row["province_key"], key(row["alias_keyword"])].append(heir)
    for row in before:
        name, district, province = (_capitalised(row[k]) for k in ("name", "district", "province"))
        found = heirs[key(province), key(name)]
        near = [heir for heir in found if bare_key(heir.district) == bare_key(district)] or found
        known = (key(province), key(district), key(name)) in folded
        if not known and len({id(h) for h in near}) == 1:
            yield Old(name, district, province, near[0].codes, BEFORE_MERGERS)


def _spellings(names: Iterable[str]) -> dict[str, str]:
    """Bare name by its key, as most units of that name spell it."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        bare = _TYPE.sub("", name)
        seen[key(bare)][bare] += 1
    return {name: spelled.most_common(1)[0][0] for name, spelled in seen.items()}


def _long_merged(aliases: list[Row], old: dict[Place, Old]) -> Iterator[Old]:
    """Communes merged away from 2019 on, of which only a key is left; those whose name others bear too."""
    spelled = _spellings(unit.name for unit in old.values())
    folded: dict[Place, list[Old]] = defaultdict(list)
    for place, unit in old.items():
        folded[tuple(map(key, place))].append(unit)
    for row in aliases:
        alias = _ALIAS.fullmatch(row["alias_keyword"])
        heirs = folded.get((row["province_key"], key(row["district_key"]), key(row["ward_key"])), [])
        if alias is None or len(heirs) != 1 or not row["year"].isdigit():
            continue
        heir, name = heirs[0], spelled.get(key(alias["name"]))
        full = f"{_ALIAS_TYPES[alias['type']]} {name}"
        if name and (key(heir.province), key(heir.district), key(full)) not in folded:
            # The table gives the year of the resolution; they took effect in its last weeks or the next.
            yield Old(full, heir.district, heir.province, heir.codes, f"{int(row['year']) + 1}-01-01")


def _long_gone_districts(units: list[Old]) -> Iterator[Old]:
    """Districts that ended before the tables begin, as the set of the one that took them in."""
    communes: dict[Place, set[str]] = defaultdict(set)
    for unit in units:
        communes[unit.province, unit.district.lower()] |= unit.codes
    for name, province, heir, until in _LONG_GONE:
        yield Old(name, "", province, communes[province, heir.lower()], until)


def _districts(conversion: list[Row], units: list[Old]) -> list[Old]:
    found: dict[tuple[str, str], Old] = {}
    for row in conversion:
        name, province = _capitalised(row["old_district"]), _capitalised(row["old_province"])
        unit = found.setdefault((key(province), key(name)), Old(name, "", province))
        unit.codes.add(row["new_commune_code"])
    for old in units:
        place = (key(old.province), key(old.district))
        if place not in found:
            found[place] = Old(old.district, "", old.province, until=BEFORE_MERGERS)
        if found[place].until == BEFORE_MERGERS:
            found[place].codes |= old.codes
    for gone in _long_gone_districts(units):
        if not gone.codes:
            raise ValueError(f"{gone.name}, {gone.province}: the district that took it in is unknown")
        found.setdefault((key(gone.province), key(gone.name)), gone)
    return list(found.values())


def _old_provinces(conversion: list[Row], units: list[Old]) -> list[list[str]]:
    """Each old province went whole into one of today's; a stray commune given away does not count."""
    shares: dict[str, Counter[str]] = defaultdict(Counter)
    province_of = {row["new_commune_code"]: row["new_province_code"] for row in conversion}
    for unit in units:
        shares[unit.province].update(province_of[code] for code in unit.codes)
    in_table = {_capitalised(row["old_province"]) for row in conversion}
    return [
        [name, count.most_common(1)[0][0], TWO_TIERS if name in in_table else BEFORE_MERGERS]
        for name, count in sorted(shares.items())
    ]


def build(folder: Path) -> dict[str, Any]:
    conversion = _read(folder / "conversion_2025-07-01.csv")
    newest = json.loads((folder / "units_2026-07-25.json").read_text(encoding="utf-8"))
    before = _read(folder / "units_before_2025.csv")
    aliases = _read(folder / "alias_ward.csv")
    provinces, communes = _current(conversion, newest)
    if (len(provinces), len(communes)) != (PROVINCES, COMMUNES) or len({c[0] for c in communes}) != COMMUNES:
        raise ValueError(
            f"{len(provinces)} provinces, {len(communes)} communes; {PROVINCES}, {COMMUNES} expected"
        )
    known = _old_communes(conversion)
    ended = {place[0] for place in known}
    if (len(ended), len(known)) != (OLD_PROVINCES, OLD_COMMUNES):
        raise ValueError(
            f"{len(ended)} provinces, {len(known)} communes before; {OLD_PROVINCES}, {OLD_COMMUNES} expected"
        )
    units = list(known.values())
    earlier = list(_earlier(before, known, conversion))
    for unit in earlier:
        known.setdefault(_spelled(unit.province, unit.district, unit.name), unit)
    units += earlier + list(_merged(before, aliases, known))
    for unit in units:
        known.setdefault(_spelled(unit.province, unit.district, unit.name), unit)
    gone = {_spelled(u.province, u.district, u.name): u for u in _long_merged(aliases, known)}
    units += gone.values()
    return {
        "version": VERSION,
        "provinces": provinces,
        "communes": communes,
        "old_provinces": _old_provinces(conversion, units),
        "old_districts": [
            [u.name, u.province, sorted(u.codes), u.until] for u in _districts(conversion, units)
        ],
        "old_communes": [[u.name, u.district, u.province, sorted(u.codes), u.until] for u in units],
    }


def dump(data: dict[str, Any]) -> str:
    """One unit a line, so that a new list of units shows as the lines that changed."""
    parts = []
    for name, value in data.items():
        if isinstance(value, list):
            rows = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in value)
            parts.append(f"{json.dumps(name)}: [\n{rows}\n]")
        else:
            parts.append(f"{json.dumps(name)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def points(folder: Path, communes: list[list[str]]) -> str:
    """A line for each commune whose place is known: code, latitude, longitude; within some ten metres."""
    known = {
        row["wardCode"].zfill(5): f"{float(row['wardLat']):.4f}\t{float(row['wardLon']):.4f}"
        for row in _read(folder / "communes_with_location.csv")
        if row["wardLat"] and row["wardLon"]
    }
    lines = [f"{code}\t{known[code]}" for code in sorted(row[0] for row in communes) if code in known]
    return "\n".join([POINTS_SOURCE, *lines, ""])


def main(arguments: list[str]) -> None:
    if not arguments:
        sys.exit(__doc__)
    out = Path(arguments[1]) if len(arguments) > 1 else Path(__file__).parent / "data" / "units.json"
    data = build(Path(arguments[0]))
    out.write_text(dump(data), encoding="utf-8")
    (out.parent / "points.tsv").write_text(points(Path(arguments[0]), data["communes"]), encoding="utf-8")
    counts = ", ".join(f"{len(value)} {name}" for name, value in data.items() if isinstance(value, list))
    sys.stdout.write(f"{out.name}: {counts}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
