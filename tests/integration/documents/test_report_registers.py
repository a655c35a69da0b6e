"""The programme's other contents in the report: entries of registers, as they stood at the period's end."""

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from docx import Document
from sqlalchemy.orm import Session

from pipeline.clock import LOCAL
from pipeline.documents.report import Report, collect_report, report_csv, report_docx, report_xlsx
from pipeline.documents.report.period import week
from pipeline.settings import Settings
from store.history import record
from store.models import RegisterEntry
from tests.integration.documents.test_report_tables import Read, sheets

WEEK = week(2026, 47)
IN_WEEK = datetime(2026, 11, 17, 9, 0, tzinfo=LOCAL)
AFTER = datetime(2026, 12, 31, 9, 0, tzinfo=LOCAL)
DAYS = ("from_day", "until_day", "done_on")


def enter(session: Session, at: datetime, **columns: Any) -> RegisterEntry:
    entry = RegisterEntry(
        **{"register": "project", "title": "Cầu Mẫu", "unit_codes": ["00004"], "state": "open"} | columns,
        created_at=at,
    )
    session.add(entry)
    session.flush()
    _tell(session, entry, at, {})
    return entry


def change(session: Session, entry: RegisterEntry, at: datetime, **columns: Any) -> None:
    before = {"state": entry.state}
    for name, value in columns.items():
        setattr(entry, name, value)
    _tell(session, entry, at, before)


def _tell(session: Session, entry: RegisterEntry, at: datetime, before: dict[str, Any]) -> None:
    names = ("register", "title", "unit_codes", "agency_name", "issue_id", "state", "outcome", "link")
    days = {name: getattr(entry, name) and getattr(entry, name).isoformat() for name in DAYS}
    after = {name: getattr(entry, name) for name in names} | days
    record(
        session,
        at=at,
        actor="t",
        entity="entry",
        entity_id=entry.id,
        action="told",
        before=before,
        after=after,
    )
    session.flush()


@pytest.fixture
def report(session: Session, settings: Settings) -> Report:
    enter(session, IN_WEEK - timedelta(days=30), title="Ghi từ tháng trước")
    earlier = enter(session, IN_WEEK - timedelta(days=30), title="=Dự án cũ", agency_name="Sở Mẫu")
    change(session, earlier, IN_WEEK, state="done", outcome="Đã khánh thành", done_on=date(2026, 11, 17))
    fresh = enter(session, IN_WEEK, register="claim", title="Nước nhiễm bẩn", from_day=date(2026, 11, 16))
    change(session, fresh, AFTER, state="dropped", title="Sửa về sau")
    return collect_report(session, settings, WEEK, now=AFTER + timedelta(days=1))


def test_what_was_entered_or_done_in_the_period_counts_as_it_stood_then(report: Report) -> None:
    counts = {row["name"]: row for row in report.table("registers").records() if row["entries"]}
    told = {name: (row["entries"], row["open"], row["done"], row["dropped"]) for name, row in counts.items()}
    assert told == {"Dự án sắp triển khai": (1, 0, 1, 0), "Thông tin cần trả lời công khai": (1, 1, 0, 0)}
    project, claim = report.table("entries").records()
    assert (project["title"], project["place"], project["agency"]) == (
        "=Dự án cũ",
        "Phường Ba Đình",
        "Sở Mẫu",
    )
    assert (project["state"], project["outcome"]) == ("đã hoàn thành", "Đã khánh thành")
    assert (claim["title"], claim["from_day"]) == ("Nước nhiễm bẩn", date(2026, 11, 16))


def test_paper_workbook_csv_and_json_tell_it(report: Report) -> None:
    document = Document(io.BytesIO(report_docx(report)))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert (
        "Mục ghi mới hoặc cập nhật trong kỳ: dự án sắp triển khai 1 (đã hoàn thành); thông tin cần" in words
    )
    cells = [cell.text for cell in document.tables[-1].rows[1].cells]
    assert cells[1:3] == ["=Dự án cũ", "Phường Ba Đình"]
    assert "17/11/2026" in cells
    book = sheets(report_xlsx(report))["Các mục ghi, cập nhật trong kỳ"]
    assert book[1][1] == Read("=Dự án cũ", False, "@")
    assert book[1][6] == Read(str((date(2026, 11, 17) - date(1899, 12, 30)).days), True, "dd/mm/yyyy")
    text = report_csv(report)["entries.csv"].removeprefix("\ufeff")
    _, row, _ = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert (row[1], row[6]) == ("'=Dự án cũ", "17/11/2026")
    assert report.to_dict()["tables"]["entries"][0]["done_on"] == "2026-11-17"


def test_empty_registers_are_said_to_be(session: Session, settings: Settings) -> None:
    report = collect_report(session, settings, WEEK, now=AFTER)
    words = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(report_docx(report))).paragraphs)
    assert "Trong kỳ không ghi mục nào vào các sổ của chương trình." in words
