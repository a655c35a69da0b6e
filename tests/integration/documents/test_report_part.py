"""Who took part in the programme, as a report tells it: once, and no reproach before a letter is due."""

import io
from datetime import datetime, timedelta

import pytest
from docx import Document
from sqlalchemy.orm import Session

from pipeline.clock import LOCAL
from pipeline.documents.report import Report, collect_report, report_docx
from pipeline.documents.report.content import Absent
from pipeline.documents.report.period import week
from pipeline.documents.report.prose import took_no_part
from pipeline.settings import Settings
from tests.integration.documents.conftest import Press

WEEK = week(2026, 47)
IN_WEEK = datetime(2026, 11, 17, 9, 0, tzinfo=LOCAL)
NOW = datetime(2026, 11, 20, 7, 0, tzinfo=LOCAL)


@pytest.fixture
def report(session: Session, settings: Settings, press: Press) -> Report:
    """Agencies in every standing; "Ở yên" has one letter missed and one that runs."""
    missed, runs = IN_WEEK + timedelta(days=1), NOW + timedelta(days=9)
    for name, deadline in (
        ("Ở yên", missed),
        ("Ở yên", runs),
        ("Còn hạn", runs),
        ("Không hạn", None),
        ("Đã nhận", missed),
    ):
        issue = press.add_issue(detected_at=IN_WEEK, state="referred")
        referral = press.refer(
            issue, agency_key=name, agency_name=name, role="co", sent_at=IN_WEEK, deadline_at=deadline
        )
        if name == "Đã nhận":
            press.event(referral, "acknowledged", at=IN_WEEK)
    return collect_report(session, settings, WEEK, now=NOW)


def test_who_is_silent_past_a_deadline_is_told_from_who_has_time(report: Report) -> None:
    groups = {group.key: (group.names, group.whole) for group in report.absent}
    assert groups["silent"] == (("Ở yên",), 4)
    assert groups["not_due"] == (("Còn hạn", "Không hạn"), 4)


def test_an_account_names_the_silent_once_and_the_others_never(report: Report) -> None:
    document = Document(io.BytesIO(report_docx(report)))
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    part = paragraphs[paragraphs.index("5. Sự tham gia của cơ quan, địa phương") :]
    assert [text for text in part if "chưa tiếp nhận" in text and "Ở yên" in text] == [
        "Cơ quan có phiếu đã hết hạn mà chưa tiếp nhận, trả lời hay từ chối phiếu nào: 1/4: Ở yên."
    ]
    assert "Cơ quan chưa có phản hồi, phiếu chưa đến hạn trả lời: 2/4." in part
    assert not [text for text in part if "Còn hạn" in text]
    assert any("Đề nghị 1 cơ quan có phiếu đã hết hạn mà chưa phản hồi (mục 5)" in text for text in part)


def test_communes_are_listed_by_their_kind() -> None:
    units = ("Phường Mẫu", "Phường Thử", "Xã Mẫu", "Đặc khu Mẫu", "Phường Hai")
    said = took_no_part(Absent("communes", "Nơi không có vấn đề", units, 9))
    assert said == "Nơi không có vấn đề: 5/9: phường Mẫu, Thử, Hai; xã Mẫu; đặc khu Mẫu."


def test_before_any_letter_is_due_no_nought_of_nought_is_told(
    session: Session, settings: Settings, press: Press
) -> None:
    issue = press.add_issue(detected_at=IN_WEEK, state="referred")
    press.refer(issue, sent_at=IN_WEEK, deadline_at=NOW + timedelta(days=9))
    document = Document(io.BytesIO(report_docx(collect_report(session, settings, WEEK, now=NOW))))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "0/1 phiếu bị từ chối. Chưa có phiếu nào phải trả lời." in words
    assert "1 phiếu còn chờ trả lời, trong đó không có phiếu quá hạn." in words
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "0/0" not in cells
    assert "0/1" in cells
