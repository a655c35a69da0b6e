"""Floors of the invented samples, in a file and in the code: lowering one takes two edits."""

import json
from collections.abc import Mapping
from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "samples"
LOWEST: Mapping[str, Mapping[str, float]] = {
    "places": {"exact": 0.98, "no_wrong_code": 0.99},
    "masking": {"recall": 0.98, "precision": 0.95},
}


def floors_of(name: str, path: Path = SAMPLES / "floors.json") -> dict[str, float]:
    """ValueError where the file asks for less than the code does."""
    floors: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))[name]
    for figure, least in LOWEST[name].items():
        if floors.get(figure, 0.0) < least:
            raise ValueError(f"{path.name}: {name}: {figure} stands below {least}; floors rise only")
    return floors
