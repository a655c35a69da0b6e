"""`dansinh learn` from end to end, on invented items."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main

SAMPLES = Path(__file__).parents[3] / "tests" / "samples" / "items.jsonl"
DISMISSED = {
    "article": 1,
    "title": "Chợ phiên rộn ràng",
    "summary": "Bà con mua bán.",
    "decision": "dismiss",
    "decided_at": "2026-11-20T07:00:00+07:00",
}


@pytest.fixture
def judgements(tmp_path: Path) -> Path:
    path = tmp_path / "judgements.jsonl"
    path.write_text(json.dumps(DISMISSED) + "\n", encoding="utf-8")
    return path


def test_weights_and_report_are_written(tmp_path: Path, judgements: Path) -> None:
    out, report = tmp_path / "model.tsv.gz", tmp_path / "report"
    said = CliRunner().invoke(
        main,
        ["learn", str(SAMPLES), "--judgements", str(judgements), "--out", str(out), "--report", str(report)],
    )
    assert said.exit_code == 0, said.output
    labelled = len(SAMPLES.read_text(encoding="utf-8").splitlines())
    assert f"learning from {labelled} labelled, 1 judged and 0 unlabelled items" in said.output
    assert out.exists()
    assert sorted(path.name for path in report.iterdir()) == ["costs.svg", "figures.md", "reliability.svg"]


def test_a_worse_model_is_not_taken(tmp_path: Path) -> None:
    lines = SAMPLES.read_text(encoding="utf-8").splitlines()
    labelled, fixed, out = tmp_path / "few.jsonl", tmp_path / "rss_dev.jsonl", tmp_path / "model.tsv.gz"
    labelled.write_text("\n".join(lines[::3]), encoding="utf-8")
    fixed.write_text("\n".join(lines[1::3]), encoding="utf-8")
    said = CliRunner().invoke(main, ["learn", str(labelled), "--fixed", str(fixed), "--out", str(out)])
    assert said.exit_code == 1
    assert "not taken" in said.output
    assert "rss_dev: topic_of_flagged is" in said.output
    assert not out.exists()


def test_what_cannot_be_learned_from_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"title": "x"}\n', encoding="utf-8")
    said = CliRunner().invoke(main, ["learn", str(bad), "--out", str(tmp_path / "m.gz")])
    assert said.exit_code == 2
    assert "cannot be learned from" in said.output


@pytest.mark.parametrize(
    "line", ["[]", json.dumps(DISMISSED | {"title": None}), json.dumps(DISMISSED | {"decided_at": None})]
)
def test_a_judgement_that_is_none_is_named(tmp_path: Path, judgements: Path, line: str) -> None:
    with judgements.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    out = tmp_path / "m.gz"
    said = CliRunner().invoke(
        main, ["learn", str(SAMPLES), "--judgements", str(judgements), "--out", str(out)]
    )
    assert said.exit_code == 2
    assert "cannot be learned from" in said.output
    assert "judgement 2" in said.output
    assert not out.exists()
