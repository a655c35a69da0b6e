"""The shipped taxonomy, how terms are found, and what a wrong file is told."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from nlp.taxonomy import TOPICS, TaxonomyError, TermFinder, load_taxonomy
from nlp.text import Joined


def _shipped() -> dict[str, Any]:
    text = resources.files("nlp").joinpath("data/taxonomy.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def test_the_shipped_file_has_every_topic() -> None:
    taxonomy = load_taxonomy(None)
    assert tuple(taxonomy.topics) == TOPICS
    assert load_taxonomy(None) is taxonomy


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dân kêu bãi rác tự phát", {"bãi rác tự phát", "bãi rác"}),
        ("concert cháy vé", set()),
        ("bãi, rác", set()),
        ("vi phạm PCCC", {"vi phạm PCCC"}),
        ("BÃI RÁC", {"bãi rác"}),
        ("ngộ độc", {"ngộ độc"}),
        ("bố độc thân", set()),
    ],
)
def test_terms_are_whole_syllables(text: str, found: set[str]) -> None:
    hits = TermFinder(load_taxonomy()).find(Joined(text))
    assert {hit.term for hit in hits if hit.group == "topic"} == found


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda c: c["topics"].update(sport={"name": "Thể thao", "terms": ["bóng"]}), "unknown key 'sport'"),
        (lambda c: c["topics"].pop("land"), "'land' is missing"),
        (lambda c: c["topics"]["land"].update(terms=[]), "topics.land.terms"),
        (lambda c: c["topics"]["land"].update(terms="đất"), "topics.land.terms"),
        (lambda c: c["urgency_cues"].update({"5": ["x"]}), "unknown degree '5'"),
        (lambda c: c.update(extra=1), "extra"),
    ],
)
def test_a_wrong_file_is_named_with_the_remedy(tmp_path: Path, change: Any, told: str) -> None:
    content = _shipped()
    change(content)
    path = tmp_path / "terms.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(TaxonomyError) as error:
        load_taxonomy(path)
    assert str(path) in str(error.value)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("content", "told"), [(b"{\n 1", "line 2"), (b"\xff", "UTF-8"), (None, "cannot be read")]
)
def test_a_file_that_is_no_json(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "terms.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TaxonomyError, match=told):
        load_taxonomy(path)
