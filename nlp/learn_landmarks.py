"""Counts which streets, rivers, markets stand in texts of one province only.

`python -m nlp.learn_landmarks TEXTS.jsonl… [--out FILE]`: texts with title, summary and day, unlabelled. What
they say of their province comes from the units they name; landmarks already known are left out of that.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from nlp.bare import LOCATIVES, SURNAMES, before
from nlp.landmarks import KINDS
from nlp.places import find_places
from nlp.rows import Row, rows_of, text_of
from nlp.text import Token, capitalised, tokens
from nlp.units import load_units, name_key

LEAST_SEEN, LEAST_SHARE = 3, 0.92
COMMON_SEEN, COMMON_SHARE = 7, 0.95
"""For the provinces of the papers' own cities: much that is of no place stands beside their names."""
COMMON = {"01", "79"}
LEAST_PLACED = 0.3
"""A name without its kind must stand behind a kind, "ở" or "tại" that often."""
LEAST_BARE = 5
LONGEST_NAME = 3
_INSTITUTIONS = ("trường", "đại học", "bệnh viện", "sân vận động", "viện")
""" "Trường đại học Ngân hàng" is written with one capital: its name goes on."""
Counts = dict[str, Counter[str]]


def _dated(row: Row) -> tuple[str, date]:
    return text_of(row), date.fromisoformat(row["published"][:10])


def _province(text: str, on: date) -> str | None:
    told = {place.province_code for place in find_places(text, on, landmarks=False)} - {None}
    return told.pop() if len(told) == 1 else None


def _joined(stretch: Iterable[Token]) -> str:
    return " ".join(token.norm for token in stretch)


def _kind(found: Sequence[Token], first: int) -> str:
    for length in (3, 2, 1):
        kind = _joined(found[max(first - length, 0) : first])
        if kind in KINDS and before(found, first, {kind}):
            return kind
    return ""


def _fits(seen: Counter[str]) -> str | None:
    code, most = seen.most_common(1)[0]
    total = sum(seen.values())
    least, share = (COMMON_SEEN, COMMON_SHARE) if code in COMMON else (LEAST_SEEN, LEAST_SHARE)
    return code if most >= least and most / total >= share else None


def _is_unit(name: str) -> bool:
    """A province's or a town's: read without this table."""
    return any(n.level != "commune" for n in load_units().named(name_key(name)))


def count(texts: Iterable[tuple[str, date]]) -> tuple[Counts, Counts, Counter[str], Counter[str]]:
    """How often each landmark stands in texts of each province, with its kind and without; and how often a
    bare name stands where a place would, of how often at all."""
    typed: Counts = defaultdict(Counter)
    bare: Counts = defaultdict(Counter)
    placed, seen = Counter[str](), Counter[str]()
    for text, on in texts:
        found = tokens(text)
        province = _province(text, on)
        names: dict[str, bool] = {}
        for first, last in capitalised(found):
            if last - first > LONGEST_NAME:
                continue
            name, kind = _joined(found[first:last]), _kind(found, first)
            if kind and province:
                typed[f"{kind} {name}"][province] += 1
            names[name] = names.get(name, False) or bool(kind) or before(found, first, LOCATIVES)
        for name, is_placed in names.items():
            seen[name] += 1
            placed[name] += is_placed
            if province and " " in name:
                bare[name][province] += 1
    return typed, bare, placed, seen


def learned(typed: Counts, bare: Counts, placed: Counter[str], seen: Counter[str]) -> list[str]:
    lines = []
    for name, provinces in typed.items():
        code = _fits(provinces)
        if code and not _cut(name) and not any(_is_unit(part) for part in _tails(name)):
            lines.append((name, code, provinces[code], provinces.total()))
    for name, provinces in bare.items():
        code = _fits(provinces)
        person = name.split()[0] in SURNAMES
        if (
            code
            and provinces[code] >= LEAST_BARE
            and not person
            and placed[name] >= LEAST_PLACED * seen[name]
            and _bare_name(name)
        ):
            lines.append((name, code, provinces[code], provinces.total()))
    return ["\t".join(map(str, line)) for line in sorted(lines)]


def _cut(name: str) -> bool:
    kind = next((kind for kind in _INSTITUTIONS if name.startswith(kind)), None)
    return (kind is not None and _bare_length(name) < 2) or name.endswith(" tp")


def _bare_length(name: str) -> int:
    """Syllables without the longest kind that it begins with."""
    kinds = [kind for kind in KINDS if name.startswith(kind + " ")]
    return len(name.split()) - max((len(kind.split()) for kind in kinds), default=0)


def _tails(name: str) -> Iterator[str]:
    parts = name.split()
    yield from (" ".join(parts[first:]) for first in range(1, len(parts)))


def _bare_name(name: str) -> bool:
    ends = {"tp", "tỉnh", "quận", "huyện", "phường", "xã"}
    units = load_units().named(name_key(name))
    return not ends & set(name.split()) and not any(n.level == "province" for n in units)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "data" / "landmarks_learned.tsv")
    options = parser.parse_args()
    lines = learned(*count(_dated(row) for path in options.texts for row in rows_of(path)))
    options.out.write_text(
        "#landmark\tprovince\tseen with it\tseen with any\n" + "\n".join(lines) + "\n", encoding="utf-8"
    )
    sys.stdout.write(f"{len(lines)} landmarks\n")


if __name__ == "__main__":
    main()
