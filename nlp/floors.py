"""The figures no model may fall below, by fixed file: nlp/data/floors.json, which only rises.

A floor stands in the file and a lowest in the code: lowering one takes an edit in both, seen by a reviewer.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from nlp.measure import Figures

Floors = Mapping[str, Mapping[str, float]]
"""fixed file's stem, figure's name: the least it may be"""

FILE = Path(__file__).parent / "data" / "floors.json"

LOWEST: Floors = {
    "rss_dev": {
        "flag_f1": 0.81, "average_precision": 0.90, "kind_macro_f1": 0.70, "topic_of_flagged": 0.88,
        "urgency_within_1": 0.90, "urgent_recall": 0.70, "evidence": 1.0,
    },
    "full_dev": {"flag_f1": 0.80, "average_precision": 0.84, "evidence": 1.0},
    "samples": {"flag_f1": 0.80, "evidence": 1.0},
}  # fmt: skip
"""What an office must be able to count on."""


class FloorsLowered(ValueError):
    """The file asks for less than the code allows it to."""


def load_floors(path: Path = FILE) -> Floors:
    floors: Floors = json.loads(path.read_text(encoding="utf-8"))
    for name, figures in LOWEST.items():
        for figure, least in figures.items():
            if floors.get(name, {}).get(figure, 0.0) < least:
                raise FloorsLowered(
                    f"{path.name}: {name}: {figure} stands below {least}; floors rise, they are not lowered"
                )
    return floors


def below(floors: Floors, name: str, figures: Figures) -> list[str]:
    """What falls short, in words; nothing for a file that has no floors."""
    reached = figures.to_dict()
    return [
        f"{name}: {figure} is {reached[figure]:.4f}, at least {least:.4f} is wanted"
        for figure, least in sorted(floors.get(name, {}).items())
        if reached[figure] < least
    ]


def raised(floors: Floors, name: str, figures: Figures, slack: float) -> dict[str, dict[str, float]]:
    """The floors with those of one file lifted to `slack` below what was reached; none ever sinks."""
    reached = figures.to_dict()
    old = floors.get(name, {})
    new = {figure: round(max(least, reached[figure] - slack), 4) for figure, least in old.items()}
    return {key: dict(value) for key, value in floors.items()} | {name: new}
