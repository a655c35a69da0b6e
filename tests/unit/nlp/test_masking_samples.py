"""Sentences invented for the purpose, half of them traps: tests/samples/masking.jsonl.

`must` are the stretches that are to be masked, `may` those that may; anything else masked is a fault.
"""

import json
from functools import cache
from typing import Any

import pytest

from nlp.privacy import mask, mask_text
from tests.unit.nlp.floors import SAMPLES, floors_of

Row = dict[str, Any]


@cache
def _rows() -> tuple[Row, ...]:
    lines = (SAMPLES / "masking.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines)


def _inside(text: str, start: int, end: int, stretches: list[list[int]]) -> bool:
    """Every letter and digit of text[start:end] lies in one of the stretches."""
    return all(
        any(first <= at < last for first, last in stretches) for at in range(start, end) if text[at].isalnum()
    )


def _missed(row: Row) -> list[str]:
    spans = [[span.start, span.end] for span in mask(row["text"]).spans]
    return [row["text"][s:e] for s, e in row["must"] if not _inside(row["text"], s, e, spans)]


def _false(row: Row) -> list[str]:
    text, allowed = row["text"], row["must"] + row["may"]
    spans = mask(text).spans
    return [text[s.start : s.end] for s in spans if not _inside(text, s.start, s.end, allowed)]


def test_the_samples_are_many_and_nearly_half_are_traps() -> None:
    traps = sum(not row["must"] for row in _rows())
    assert len(_rows()) >= 400
    assert 0.45 <= traps / len(_rows()) <= 0.55


def test_the_floors_are_kept() -> None:
    floors = floors_of("masking")
    missed = [name for row in _rows() for name in _missed(row)]
    false = [name for row in _rows() for name in _false(row)]
    wanted = sum(len(row["must"]) for row in _rows())
    found = sum(len(mask(row["text"]).spans) for row in _rows())
    assert 1 - len(missed) / wanted >= floors["recall"], missed
    assert 1 - len(false) / found >= floors["precision"], false


@pytest.mark.parametrize("family", sorted({row["family"] for row in _rows()}))
def test_no_family_is_given_up(family: str) -> None:
    rows = [row for row in _rows() if row["family"] == family]
    wrong = [row["text"] for row in rows if _missed(row) or _false(row)]
    assert len(wrong) <= len(rows) * 0.25, wrong


def test_a_text_masked_twice_is_the_same_text() -> None:
    together = "\n".join(row["text"] for row in _rows())
    for text in (*(row["text"] for row in _rows()), together, together.replace("\n", ". ")):
        once = mask_text(text)
        assert mask_text(once) == once
