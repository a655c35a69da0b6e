"""Labels by marks of texts; every item is invented."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from nlp import learn
from nlp.labels import Label, labelled, learnable, load_labels, mark_of, shipped
from nlp.taxonomy import TOPICS

MARKET = {"title": "Chợ tạm lấn lòng đường", "summary": "Người dân phường Bến Gạo phản ánh."}
BRIDGE = {"title": "Cầu dân sinh gãy", "summary": "Ba thôn phải đi vòng."}
FEAST = {"title": "Ngày hội bánh dân gian", "summary": None}
CONCERN = Label("concern", "traffic", 3, apart=False)


def written(path: Path, *lines: str) -> Path:
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return path


def first_reading(row: dict[str, Any], kind: str = "none") -> dict[str, Any]:
    return row | {"kind": kind, "topic": None, "urgency": 0}


def test_a_label_is_found_by_the_text_and_not_by_who_brings_it() -> None:
    labels = {mark_of(BRIDGE): CONCERN}
    brought = BRIDGE | {"id": "7", "outlet": "Báo Bến Gạo", "kind": "none"}
    assert list(labelled([MARKET, brought], labels)) == [
        brought | {"kind": "concern", "topic": "traffic", "urgency": 3}
    ]
    assert mark_of(BRIDGE) != mark_of(BRIDGE | {"summary": "Hai thôn phải đi vòng."})


def test_each_text_is_taken_once() -> None:
    assert len(list(labelled([BRIDGE, BRIDGE], {mark_of(BRIDGE): CONCERN}))) == 1


def test_a_second_reading_stands_above_the_first() -> None:
    rows = learnable([first_reading(BRIDGE), first_reading(FEAST)], [], labels={mark_of(BRIDGE): CONCERN})
    assert [(row["title"], row["kind"]) for row in rows] == [
        (BRIDGE["title"], "concern"),
        (FEAST["title"], "none"),
    ]


@pytest.mark.parametrize(("barred", "taken"), [(set(), [MARKET["title"]]), ({MARKET["title"]}, [])])
def test_no_title_that_is_measured_by_is_learned_from(barred: set[str], taken: list[str]) -> None:
    labels = {mark_of(MARKET): CONCERN, mark_of(BRIDGE): CONCERN}
    rows = learnable([first_reading(BRIDGE)], [MARKET, BRIDGE], barred, labels)
    assert [row["title"] for row in rows] == [BRIDGE["title"], *taken]


@pytest.mark.parametrize(
    "line",
    [
        "0123456789ab\tconcern\twater\t3",
        "0123456789ab\turgent\twater\t3\tlearn",
        "0123456789ab\tconcern\twater\t7\tlearn",
        "0123456789ab\tconcern\twater\t3\ttrain",
    ],
)
def test_what_is_no_label_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    path = written(tmp_path / "labels.tsv.gz", "aaaaaaaaaaaa\tnone\t-\t0\tlearn", line)
    with pytest.raises(ValueError, match=r"labels\.tsv\.gz:2: "):
        load_labels(path)


def test_the_shipped_labels_keep_to_the_guide() -> None:
    for label in shipped().values():
        assert (label.topic in TOPICS) == (label.kind in ("concern", "answer"))
        assert (label.urgency > 0) == (label.kind == "concern")


def test_what_the_encoder_did_not_see_is_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = {mark_of(BRIDGE): Label("none", None, 0, apart=True), mark_of(MARKET): CONCERN}
    monkeypatch.setattr(learn, "shipped", lambda: labels)
    assert learn.kept_apart([MARKET, BRIDGE, FEAST]) == {1}
