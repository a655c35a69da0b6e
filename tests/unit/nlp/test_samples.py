"""The tagger on invented items of all kinds, topics and traps, and on the labelled ones where they stand."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from nlp.floors import below, load_floors
from nlp.learn import item
from nlp.measure import measure
from nlp.settings import NlpSettings
from nlp.tagger import Finding, Tagger
from nlp.taxonomy import TOPICS

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "tests" / "samples" / "items.jsonl"
LABELLED = ROOT.parent / "shared" / "data" / "labelled"


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(NlpSettings())


def read(tagger: Tagger, rows: list[dict[str, Any]]) -> list[Finding]:
    return [tagger.tag(item(row)) for row in rows]


def test_the_samples_are_many_and_of_all_sorts() -> None:
    rows = rows_of(SAMPLES)
    assert len(rows) >= 200
    assert len({row["title"] for row in rows}) == len(rows)
    assert Counter(row["kind"] for row in rows if row["kind"] != "none").keys() == {
        "concern", "answer", "commendation"
    }  # fmt: skip
    assert {row["topic"] for row in rows if row["kind"] == "concern"} == set(TOPICS)
    assert {row["urgency"] for row in rows} == {0, 1, 2, 3, 4}
    assert sum(bool(row.get("restricted")) for row in rows) >= 5


def test_the_samples_are_read_as_well_as_they_must_be(tagger: Tagger) -> None:
    rows = rows_of(SAMPLES)
    findings = read(tagger, rows)
    assert below(load_floors(), "samples", measure(rows, findings)) == []
    held = {row["id"] for row, said in zip(rows, findings, strict=True) if said.restricted}
    assert {row["id"] for row in rows if row.get("restricted")} == held


@pytest.mark.parametrize("name", ["rss_dev", "full_dev"])
def test_the_labelled_items_are_read_as_well_as_they_must_be(tagger: Tagger, name: str) -> None:
    path = LABELLED / f"{name}.jsonl"
    if not path.exists():
        pytest.skip(f"NOT MEASURED: ../shared/data/labelled/{name}.jsonl does not stand beside the checkout")
    rows = rows_of(path)
    assert below(load_floors(), name, measure(rows, read(tagger, rows))) == []
