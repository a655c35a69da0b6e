"""What decides whether a model is taken: figures, floors, judgements, the report; every item is invented."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nlp.floors import LOWEST, FloorsLowered, below, load_floors, raised
from nlp.judgements import Judgement, judgements_of, labelled
from nlp.learn import learn, pack
from nlp.learn_report import cheapest, expected_cost, reliability, write_report
from nlp.measure import Figures, measure
from nlp.model import ModelError, load_model
from nlp.settings import NlpSettings
from nlp.tagger import Evidence, Finding, Item, Tagger, TopicScore

SAMPLES = Path(__file__).parents[3] / "tests" / "samples" / "items.jsonl"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def finding(kind: str, score: float, topic: str | None = None, urgency: int = 0) -> Finding:
    evidence = [Evidence("title", 0, 1, "a", "w")] if kind != "none" else []
    return Finding(kind, score, topic, [TopicScore(topic, 1.0)] if topic else [], urgency, [], evidence)


ROWS = [
    {"id": "1", "kind": "concern", "topic": "water", "urgency": 4},
    {"id": "2", "kind": "concern", "topic": "land", "urgency": 2},
    {"id": "3", "kind": "answer", "topic": "land", "urgency": 0},
    {"id": "4", "kind": "none", "topic": None, "urgency": 0},
    {"id": "5", "kind": "commendation", "topic": None, "urgency": 0},
]
SAID = [
    finding("concern", 0.9, "water", 3),
    finding("none", 0.3),
    finding("answer", 0.1, "land"),
    finding("concern", 0.6, "power", 1),
    finding("none", 0.0),
]


def test_figures_are_those_of_the_definition() -> None:
    figures = measure(ROWS, SAID)
    assert (figures.flag_precision, figures.flag_recall, figures.flag_f1) == (0.5, 0.5, 0.5)
    assert figures.average_precision == pytest.approx((1 + 2 / 3) / 2)
    assert figures.kind_macro_f1 == pytest.approx((0.5 + 1 + 0 + 0) / 4)
    assert (figures.topic_of_flagged, figures.urgency_within_1, figures.urgent_recall) == (1.0, 0.5, 1.0)
    assert figures.evidence == 1.0
    assert measure([], []).flag_f1 == 0.0


def test_floors_rise_and_never_sink(tmp_path: Path) -> None:
    floors = load_floors()
    weak = Figures(*[0.5] * 9)
    strong = Figures(*[1.0] * 9)
    assert len(below(floors, "rss_dev", weak)) == len(floors["rss_dev"])
    assert below(floors, "rss_dev", strong) == []
    assert below(floors, "another file", weak) == []
    assert raised(floors, "rss_dev", weak, 0.01)["rss_dev"] == dict(floors["rss_dev"])
    assert raised(floors, "rss_dev", strong, 0.01)["rss_dev"]["flag_f1"] == 0.99


@pytest.mark.parametrize("name", sorted(LOWEST))
def test_floors_are_not_lowered_by_accident(tmp_path: Path, name: str) -> None:
    path = tmp_path / "floors.json"
    lowered = {key: dict(value) for key, value in load_floors().items()}
    lowered[name]["flag_f1"] = LOWEST[name]["flag_f1"] - 0.01
    path.write_text(json.dumps(lowered), encoding="utf-8")
    with pytest.raises(FloorsLowered, match=name):
        load_floors(path)
    del lowered[name]
    path.write_text(json.dumps(lowered), encoding="utf-8")
    with pytest.raises(FloorsLowered, match=name):
        load_floors(path)


def judgement(article: str, decision: Any, hours: int, topic: str | None = "water") -> Judgement:
    at = NOON + timedelta(hours=hours)
    return Judgement(article, f"Tin {article}", "Tóm tắt", None, NOON, decision, topic, 2, at)


def test_the_last_judgement_of_an_article_counts() -> None:
    rows = labelled(
        [judgement("b", "dismiss", 3), judgement("a", "confirm", 1), judgement("b", "confirm", 1),
         judgement("a", "correct", 2, "land")]
    )  # fmt: skip
    assert [(row["id"], row["kind"], row["topic"], row["urgency"]) for row in rows] == [
        ("judgement-a", "concern", "land", 2),
        ("judgement-b", "none", None, 0),
    ]


LINE = {"article": 7, "title": "Tin", "decision": "confirm", "topic": "water", "urgency": 3,
        "decided_at": "2026-11-20T12:00:00+00:00"}  # fmt: skip


@pytest.mark.parametrize("more", [{}, {"urgency": None, "summary": None, "body": "Nội dung", "topic": None}])
def test_judgements_come_from_lines(more: dict[str, Any]) -> None:
    (one,) = judgements_of([LINE | more])
    assert (one.article, one.urgency, one.decided_at) == ("7", 0 if more else 3, NOON)


@pytest.mark.parametrize(
    ("unfit", "told"),
    [
        ([], "no JSON object"),
        (None, "no JSON object"),
        (LINE | {"decision": "approve"}, "approve"),
        (LINE | {"decision": ["confirm"]}, "decision"),
        *(
            (LINE | {name: value}, name)
            for name, values in {
                "article": (None, ["a"], True, 1.5),
                "title": (None, 7),
                "summary": (7, ["Tóm tắt"]),
                "body": ({},),
                "topic": (["water"], 1),
                "urgency": ("3", 2.5, True, 5, -1),
                "published": (1700000000, ["2026-11-20"]),
                "decided_at": (None, 1700000000),
            }.items()
            for value in values
        ),
        (LINE | {"decided_at": "2026-11-20T12:00:00"}, "no time zone"),
        (LINE | {"decided_at": "2026-11-20"}, "no time zone"),
        (LINE | {"decided_at": "yesterday"}, "yesterday"),
        (LINE | {"published": "2026-11-20T12:00:00"}, "no time zone"),
        ({name: value for name, value in LINE.items() if name != "article"}, "article"),
    ],
)
def test_unfit_judgements_are_refused(unfit: Any, told: str) -> None:
    with pytest.raises(ValueError, match=f"judgement 2: .*{told}"):
        list(judgements_of([LINE, unfit]))


TOLD = [(0.95, True), (0.9, True), (0.6, True), (0.55, False), (0.2, False), (0.1, False), (0.05, True)]


def test_costs_and_reliability() -> None:
    assert expected_cost(TOLD, 0.58, 1.0) == pytest.approx(100 / 7)
    assert expected_cost(TOLD, 0.58, 3.0) == pytest.approx(300 / 7)
    assert 0.55 < cheapest(TOLD, 1.0) <= 0.6
    assert cheapest(TOLD, 10.0) == 0.05
    assert reliability(TOLD)[-1] == (pytest.approx(0.925), 1.0, 2)


def test_the_report_is_pictures_and_a_table(tmp_path: Path) -> None:
    paths = write_report(tmp_path / "r", TOLD, {"x": measure(ROWS, SAID)})
    assert [path.name for path in paths] == ["costs.svg", "reliability.svg", "figures.md"]
    assert all(path.read_text(encoding="utf-8").startswith("<svg") for path in paths[:2])
    assert "| x | 0.500 |" in paths[2].read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]


def test_the_same_items_give_the_same_bits(rows: list[dict[str, Any]]) -> None:
    assert pack(learn(rows, rows[:5])) == pack(learn(rows, rows[:5]))


def test_an_office_reads_with_weights_of_its_own(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    path = tmp_path / "model.tsv.gz"
    path.write_bytes(pack(learn(rows, [])))
    own = Tagger(NlpSettings(model=path))
    item = Item("1", "Bãi rác tự phát bốc mùi hôi thối, người dân kêu cứu")
    assert own.tag(item).kind == "concern"
    assert own.tag(item).score != Tagger(NlpSettings()).tag(item).score


@pytest.mark.parametrize("content", [b"", b"no gzip", b"\x1f\x8b\x08\x00"])
def test_a_file_without_weights_is_refused_with_its_remedy(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.tsv.gz"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="dansinh learn"):
        load_model(path)
