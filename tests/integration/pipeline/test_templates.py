"""A template of the office's own with a hole in it stops neither the day's digest nor another report."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from pipeline.documents.issuing import Kind
from pipeline.documents.templating import shipped
from pipeline.settings import Settings
from pipeline.stages import digest, report
from store import Store
from store.models import Delivery
from tests.integration.pipeline.conftest import Town, Watch, quiet


@pytest.fixture
def with_a_hole(tmp_path: Path, office: Callable[..., Settings]) -> Callable[[Kind], Settings]:
    def made(kind: Kind) -> Settings:
        document = Document(str(shipped("state", kind)))
        document.add_paragraph("{{ hed.office }}")
        document.save(str(tmp_path / f"{kind}.docx"))
        settings = office()
        own = settings.documents.model_copy(update={"templates": tmp_path})
        return settings.model_copy(update={"documents": own})

    return made


def test_the_digest_goes_out_in_the_template_that_ships(
    sqlite_store: Store, town: Town, clock: Watch, with_a_hole: Callable[[Kind], Settings]
) -> None:
    town.issue()
    summary = digest.run(sqlite_store, with_a_hole("digest"), clock, quiet)
    assert [failure.what for failure in summary.failures] == ["template of the digest"]
    assert summary.counts["made"] == 1
    printed = digest.folder(sqlite_store.data_dir, clock().date()) / "ban-tin.docx"
    document = Document(io.BytesIO(printed.read_bytes()))
    assert any("Bản tin được lập lúc" in paragraph.text for paragraph in document.paragraphs)
    assert any("Số: 1/BT-BTG" in cell.text for row in document.tables[0].rows for cell in row.cells)
    with sqlite_store.read() as session:
        assert session.query(Delivery).count() == 1


def test_a_report_waits_and_says_why(
    sqlite_store: Store, clock: Watch, with_a_hole: Callable[[Kind], Settings]
) -> None:
    summary = report.run(sqlite_store, with_a_hole("report"), clock, quiet)
    assert [(failure.what, "report.docx" in failure.why) for failure in summary.failures] == [
        ("report of 2026-W46", True)
    ]
    assert report.is_due(sqlite_store, with_a_hole("letter"), clock())
