"""Counts names of persons: `python -m nlp.learn_names TEXTS.jsonl… [--out FILE]`, unlabelled texts.

Writes syllables that stand in full names ("syllable"), and names that streets, schools and units bear
("eponym") and of provinces ("province"), the units' from nlp/data/units.json: no private person's.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from nlp.bare import SURNAMES, before
from nlp.rows import rows_of, text_of
from nlp.text import Token, capitalised, tokens
from nlp.units import load_units

LEAST_SEEN = 8
LEAST_NAMED = 3
_BEARERS = frozenset((
    "đường", "phố", "ngõ", "hẻm", "đại lộ", "xa lộ", "cầu", "chợ", "thpt", "thcs", "tiểu học", "mầm non",
    "đại học", "giải", "giải thưởng", "quỹ", "học bổng", "bệnh viện", "công viên", "kênh", "nút giao",
    "trường", "vòng xoay", "ngã tư", "ngã ba", "tượng đài", "quảng trường",
))  # fmt: skip
LONGEST = 4


def _names(found: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Capitalised runs that begin with a surname, as [first, last)."""
    for first, last in capitalised(found):
        if 2 <= last - first <= LONGEST and found[first].norm in SURNAMES:
            yield first, last


def _of_units() -> set[str]:
    units = load_units()
    names = {named.name for named in units.every_name() if named.level != "province"}
    found = {" ".join(token.norm for token in tokens(name)) for name in names}
    return {name for name in found if " " in name and name.split()[0] in SURNAMES}


def _provinces() -> set[str]:
    names = {named.name for named in load_units().every_name() if named.level == "province"}
    return {" ".join(token.norm for token in tokens(name)) for name in names}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "data" / "names.tsv")
    options = parser.parse_args()
    eponyms, persons, syllables = Counter[str](), Counter[str](), Counter[str]()
    for path in options.texts:
        for row in rows_of(path):
            found = tokens(text_of(row))
            for first, last in _names(found):
                name = " ".join(token.norm for token in found[first:last])
                borne = before(found, first, _BEARERS)
                (eponyms if borne else persons)[name] += 1
                if last - first > 2 and not borne:
                    syllables.update(token.norm for token in found[first + 1 : last])
    lasting = {n for n, seen in eponyms.items() if seen >= LEAST_NAMED and seen * 2 >= persons[n]}
    lines = [f"eponym\t{name}" for name in sorted(lasting | _of_units())]
    lines += [f"province\t{name}" for name in sorted(_provinces())]
    lines += [f"syllable\t{s}\t{seen}" for s, seen in sorted(syllables.items()) if seen >= LEAST_SEEN]
    options.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(lines)} lines\n")


if __name__ == "__main__":
    main()
