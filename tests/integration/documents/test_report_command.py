"""`dansinh report` as an operator calls it: the same bytes again, numbers that stay."""

import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document
from ruamel.yaml import YAML

from pipeline.cli import main

ROOT = Path(__file__).parents[3]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    yaml = YAML()
    office = yaml.load(ROOT / "config.yaml")
    office["crawler"]["outlets"] = []
    yaml.dump(office, tmp_path / "config.yaml")
    return tmp_path / "config.yaml"


def report(config: Path, period: str, *more: str, now: str = "2026-11-22T08:00") -> Result:
    arguments = ["report", "--period", period, "--config", str(config), "--now", now, *more]
    return CliRunner().invoke(main, arguments)


def written(config: Path, period: str) -> dict[str, bytes]:
    folder = config.parent / "var" / "reports" / period
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def head(document: bytes) -> str:
    return "\n".join(cell.text for row in Document(io.BytesIO(document)).tables[0].rows for cell in row.cells)


def test_a_quarter_is_the_same_bytes_a_second_time_and_issued_keeps_its_number(config: Path) -> None:
    first, again = [
        (report(config, "2026-Q3", now=now).exit_code, written(config, "2026-Q3"))
        for now in ("2026-11-22T08:00", "2026-12-01T09:30")
    ]
    assert first == again
    assert first[0] == 0
    assert "Số       -BC/BTGDVTU" in head(first[1]["bao-cao.docx"])
    for period, number in (("2026-Q3", "01"), ("2026-10", "02"), ("2026-Q3", "01")):
        assert report(config, period, "--issue").exit_code == 0
        files = written(config, period)
        assert f"Số {number}-BC/BTGDVTU" in head(files["bao-cao.docx"])
        assert f"Số {number}-CV/BTGDVTU" in head(files["cong-van.docx"])
    issued = written(config, "2026-Q3")
    assert "ngày 22 tháng 11 năm 2026" in head(issued["bao-cao.docx"])
    assert "ngày 22 tháng 11 năm 2026" in head(issued["cong-van.docx"])
    assert report(config, "2026-Q3", now="2027-02-01T07:00").exit_code == 0
    assert written(config, "2026-Q3") == issued


def test_what_has_not_ended_is_not_issued(config: Path) -> None:
    result = report(config, "2026-Q4", "--issue")
    assert result.exit_code == 2
    assert "2026-10-01..2026-11-21" in result.stderr
    assert not (config.parent / "var" / "reports").exists()


def test_a_template_with_a_hole_is_told_of(config: Path, tmp_path: Path) -> None:
    CliRunner().invoke(main, ["templates", str(tmp_path / "mau"), "--config", str(config)])
    document = Document(str(tmp_path / "mau" / "report.docx"))
    document.add_paragraph("{{ hed.office }}")
    document.save(str(tmp_path / "mau" / "report.docx"))
    config.write_text(
        config.read_text(encoding="utf-8") + "\ndocuments:\n  templates: mau\n", encoding="utf-8"
    )
    result = report(config, "2026-Q3")
    assert result.exit_code == 2
    assert "report.docx" in result.stderr
    assert "hed" in result.stderr
