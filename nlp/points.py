"""Where the communes in force lie: one point each. What bounds them is not known here."""

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Point:
    """In degrees (WGS 84)."""

    latitude: float
    longitude: float


@lru_cache(maxsize=1)
def load_points() -> dict[str, Point]:
    """By commune code; a commune may be missing."""
    text = resources.files("nlp").joinpath("data/points.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {code: Point(float(latitude), float(longitude)) for code, latitude, longitude in rows}
