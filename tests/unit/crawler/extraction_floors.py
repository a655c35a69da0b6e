"""How well invented pages are read, and the floors it must not fall below.

`python -m tests.unit.crawler.extraction_floors` prints the figures; `--raise` writes floors that have been
passed into the file, `--lower` also those that have not been reached. Real pages are measured apart, with the
`extract` filter; their figures are reported and not kept.
"""

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from statistics import mean

from crawler.extraction import Extracted, extract
from tests.unit.crawler.skeletons import DIRT, SYSTEMS, TIME, WRITER, Told, address, tell

FILE = Path(__file__).parents[2] / "samples" / "extraction_floors.json"
Figures = dict[str, float]
_MARGIN = 0.002
"""below what was measured: a floor is no target for a rounding"""


def measure() -> Figures:
    """Each in 0..1; declared and undeclared apart."""
    figures: Figures = {}
    for way in ("declared", "undeclared"):
        seen = [_one(way, system, dirt, seed) for system in SYSTEMS for dirt in DIRT for seed in (1, 2)]
        rows = [row for row in seen if row is not None]
        figures |= {f"{way} {name}": round(mean(row[name] for row in rows), 4) for name in rows[0]}
    return figures


def floors(path: Path = FILE) -> Figures:
    read: Figures = json.loads(path.read_text(encoding="utf-8"))
    return read


def raised(old: Mapping[str, float], seen: Mapping[str, float], *, lower: bool = False) -> Figures:
    """The floors after figures were `seen`: none is below the old one unless that is asked for."""
    wanted = {name: figure if figure == 1 else round(figure - _MARGIN, 3) for name, figure in seen.items()}
    return {name: floor if lower else max(floor, old.get(name, 0.0)) for name, floor in wanted.items()}


def read(way: str, system: str, dirt: str, seed: int) -> tuple[Told, Extracted]:
    host, make = SYSTEMS[system]
    told = tell(seed)
    page = DIRT[dirt](make(told)).encode()
    return told, extract(page, address(host, seed), layouts=None if way == "declared" else ())


def f1_of(want: str, got: str) -> float:
    wanted, found = _syllables(want), _syllables(got)
    common = sum((wanted & found).values())
    return 2 * common / (sum(wanted.values()) + sum(found.values())) if common else 0.0


def _one(way: str, system: str, dirt: str, seed: int) -> Figures | None:
    told, page = read(way, system, dirt, seed)
    if way == "declared" and page.layout is None:
        return None  # no layout of this system is known by host
    return {
        "article": float(page.article),
        "title": float(page.title == told.title),
        "minute": float(page.published == TIME),
        "lead": float(page.lead == told.lead),
        "body": f1_of(told.body, page.to_dict()["body"] or ""),
        "nobody named": float(WRITER not in repr(page)),
        "layout held": float(page.layout != "missed"),
    }


def _syllables(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", unicodedata.normalize("NFC", text).lower()))


def main(arguments: list[str]) -> None:
    seen = measure()
    sys.stdout.write(json.dumps(seen, indent=1) + "\n")
    if {"--raise", "--lower"} & set(arguments):
        old = floors() if FILE.exists() else {}
        new = raised(old, seen, lower="--lower" in arguments)
        FILE.write_text(json.dumps(new, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
