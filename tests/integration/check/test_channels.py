"""`dansinh check` on agencies that are reached by other ways than mail."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.checks.channels import check_channels
from pipeline.checks.routes import check_agencies
from pipeline.config import ConfigError, load_settings
from pipeline.settings import Settings
from tests.office import OFFICE, on, settings

SECRET = "DANSINH_WEBHOOK_SECRET"
HOOK = {"channel": "webhook", "url": "https://so.example.vn/nhan"}


def office(folder: Path, delivery: dict[str, Any]) -> Settings:
    agencies = [agency | {"email": None, "delivery": delivery} for agency in OFFICE["agencies"]]
    return settings(agencies=agencies, drop_folder=folder, office={"organ_id": "000.00.01.H31"})


@pytest.mark.parametrize(
    "delivery", [{"channel": "folder"}, {"channel": "edxml", "organ_id": "000.00.05.H31"}, HOOK]
)
def test_an_agency_reached_by_another_way_needs_no_mailbox(tmp_path: Path, delivery: dict[str, str]) -> None:
    made = office(tmp_path, delivery)
    assert [one.what for one in check_agencies(made, on("2026-11-20"))] == []
    assert list(check_channels(made, {SECRET: "x"})) == []


def test_a_webhook_without_a_secret(tmp_path: Path) -> None:
    first, _ = check_channels(office(tmp_path, HOOK), {})
    assert "'so-xay-dung' cannot be signed" in first.what
    assert SECRET in first.remedy


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (problem,) = check_channels(office(tmp_path / "file", {"channel": "folder"}), {})
    assert "cannot be written" in problem.what


def test_edxml_without_the_offices_identifier_is_refused_with_its_line(tmp_path: Path) -> None:
    text = Path("config.yaml").read_text(encoding="utf-8")
    head, found, tail = text.partition("agencies:\n  - key: ")
    assert found
    key, _, rest = tail.partition("\n")
    changed = f"{head}{found}{key}\n    delivery: {{ channel: edxml, organ_id: 000.00.05.H26 }}\n{rest}"
    (tmp_path / "config.yaml").write_text(changed, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_settings(tmp_path / "config.yaml")
    (mistake,) = refused.value.mistakes
    assert mistake.key == "office"
    assert "needs organ_id" in mistake.what
