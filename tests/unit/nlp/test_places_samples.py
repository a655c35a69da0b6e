"""Sentences invented for the purpose, with codes of the official tables: tests/samples/places.jsonl."""

import json
from datetime import date
from functools import cache
from typing import Any

import pytest

from nlp.places import place_codes
from nlp.units import load_units
from tests.unit.nlp.floors import SAMPLES, floors_of

Row = dict[str, Any]


@cache
def _rows() -> tuple[Row, ...]:
    lines = (SAMPLES / "places.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines)


def _said(row: Row) -> tuple[list[str], list[str]]:
    return place_codes(row["text"], date.fromisoformat(row["date"]))


def test_the_samples_are_many_and_name_units_in_force() -> None:
    assert len(_rows()) >= 300
    units = load_units()
    assert all(units.get(code) for row in _rows() for code in (*row["codes"], *row["province_codes"]))


def test_the_floors_are_kept() -> None:
    floors, exact, clean, wrong = floors_of("places"), 0, 0, []
    for row in _rows():
        codes, provinces = _said(row)
        right = (codes, provinces) == (row["codes"], row["province_codes"])
        exact += right
        clean += set(codes) <= set(row["codes"]) and set(provinces) <= set(row["province_codes"])
        wrong += [] if right else [f"{row['text']}: {codes} {provinces}"]
    assert exact / len(_rows()) >= floors["exact"], wrong
    assert clean / len(_rows()) >= floors["no_wrong_code"], wrong


@pytest.mark.parametrize("family", sorted({row["family"] for row in _rows()}))
def test_no_family_is_given_up(family: str) -> None:
    """A rule that breaks one way of writing is not hidden by the many other ways."""
    rows = [row for row in _rows() if row["family"] == family]
    right = sum(_said(row) == (row["codes"], row["province_codes"]) for row in rows)
    assert right / len(rows) >= 0.75


def test_a_floor_cannot_be_lowered_in_the_file_alone(tmp_path: Any) -> None:
    (tmp_path / "floors.json").write_text('{"places": {"exact": 0.5, "no_wrong_code": 0.99}}')
    with pytest.raises(ValueError, match="floors rise only"):
        floors_of("places", tmp_path / "floors.json")
