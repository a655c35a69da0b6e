"""The totals of a week beside those of the week before and of the same week a year earlier."""

import io
from datetime import date, datetime, timedelta

import pytest
from docx import Document
from sqlalchemy.orm import Session

from pipeline.clock import LOCAL
from pipeline.documents.report import Report, collect_report, report_docx
from pipeline.documents.report.content import Cell
from pipeline.documents.report.period import week
from pipeline.settings import Settings
from tests.integration.documents.conftest import Press, days_from

WEEK = week(2026, 47)
MONDAY, SUNDAY = WEEK.start, WEEK.end
IN_WEEK = datetime(2026, 11, 17, 9, 0, tzinfo=LOCAL)
WEEK_BEFORE = IN_WEEK - timedelta(days=7)
LAST_YEAR = datetime(2025, 11, 18, 9, 0, tzinfo=LOCAL)
AFTER = datetime(2026, 12, 31, 9, 0, tzinfo=LOCAL)


def account(session: Session, settings: Settings, start: date, end: date, now: datetime = AFTER) -> Report:
    session.flush()
    return collect_report(session, settings, days_from(start, end), now=now)


def compared(report: Report, total: str) -> dict[str, Cell]:
    names = [each.key for each in report.totals]
    return report.table("comparison").records()[names.index(total)]


def test_numbers_and_changes(session: Session, settings: Settings, press: Press) -> None:
    press.add_issue(articles=2, detected_at=IN_WEEK)
    for _ in range(3):
        press.add_issue(detected_at=WEEK_BEFORE)
    press.add_issue(detected_at=LAST_YEAR)
    report = account(session, settings, MONDAY, SUNDAY)
    assert compared(report, "issues") == {
        "name": "Vấn đề",
        "now": 1,
        "before": 3,
        "before_change": -2,
        "last_year": 1,
        "last_year_change": 0,
    }
    assert [row["now"] for row in report.table("comparison").records()] == [
        total.number for total in report.totals
    ]


def test_another_period_counts_as_its_own_report_did(
    session: Session, settings: Settings, press: Press
) -> None:
    """What was late at its end and answered since: late then."""
    issue = press.add_issue(detected_at=WEEK_BEFORE, state="referred")
    deadline = WEEK_BEFORE + timedelta(days=1)
    press.reply(press.refer(issue, sent_at=WEEK_BEFORE, deadline_at=deadline), at=IN_WEEK)
    report = account(session, settings, MONDAY, SUNDAY)
    then = account(session, settings, MONDAY - timedelta(days=7), SUNDAY - timedelta(days=7))
    for total in then.totals:
        assert compared(report, total.key)["before"] == total.number
    assert (then.total("overdue"), then.total("answered")) == (1, 0)


def test_a_period_in_which_nothing_was_read_has_no_figures(
    session: Session, settings: Settings, press: Press
) -> None:
    press.add_issue(detected_at=IN_WEEK)
    press.add_article(WEEK_BEFORE, finding={"kind": "none"})
    report = account(session, settings, MONDAY, SUNDAY)
    assert compared(report, "issues") == {"name": "Vấn đề", "now": 1, "before": 0, "before_change": 1}
    said = words(report)
    assert said.count("Chưa có số liệu của cùng kỳ năm trước (17/11/2025 – 23/11/2025) để so sánh.") == 1
    heading, *_ = Document(io.BytesIO(report_docx(report))).tables[1].rows
    assert [cell.text.partition(" (")[0] for cell in heading.cells] == [
        "Chỉ số",
        "Kỳ này",
        "Kỳ trước",
        "So với kỳ trước",
    ]


def test_without_any_earlier_figures_no_column_is_empty(
    session: Session, settings: Settings, press: Press
) -> None:
    press.add_issue(detected_at=IN_WEEK)
    report = account(session, settings, MONDAY, SUNDAY)
    assert [column.key for column in report.table("comparison").columns] == ["name", "now"]
    said = words(report)
    assert (
        "Chưa có số liệu của kỳ trước (09/11/2026 – 15/11/2026) và cùng kỳ năm trước "
        "(17/11/2025 – 23/11/2025) để so sánh."
    ) in said
    assert "trọn kỳ" not in said


def words(report: Report) -> str:
    document = Document(io.BytesIO(report_docx(report)))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_of_nothing_there_is_no_change(session: Session, settings: Settings, press: Press) -> None:
    issue = press.add_issue(detected_at=IN_WEEK, state="referred")
    press.reply(press.refer(issue, sent_at=IN_WEEK, deadline_at=AFTER), at=IN_WEEK)
    press.add_issue(detected_at=WEEK_BEFORE)
    report = account(session, settings, MONDAY, SUNDAY)
    assert compared(report, "referred")["before_change"] == 1
    assert compared(report, "on_time") == {
        "name": "Phiếu trả lời đúng hạn",
        "now": 1,
        "before": 0,
        "before_change": "–",
    }
    assert "chênh lệch số lượng, không phải chênh lệch tỷ lệ" in words(report)


def test_places_are_named_that_are_known_and_have_more_than_one(
    session: Session, settings: Settings, press: Press
) -> None:
    for places in ({}, {}, {"commune_code": "00008"}, *[{"commune_code": None}] * 3):
        press.add_issue(detected_at=IN_WEEK, **places)
    for _ in range(3):
        press.add_issue(detected_at=IN_WEEK, province_code=None, commune_code=None)
    said = words(account(session, settings, MONDAY, SUNDAY))
    assert "Địa bàn có nhiều vấn đề nhất: phường Ba Đình (2)." in said


def test_a_year_is_compared_once(session: Session, settings: Settings, press: Press) -> None:
    press.add_article(datetime(2025, 6, 1, 9, 0, tzinfo=LOCAL), finding={"kind": "none"})
    table = account(session, settings, date(2026, 1, 1), date(2026, 12, 31)).table("comparison")
    assert [column.heading for column in table.columns] == [
        "Chỉ số",
        "Kỳ này",
        "Kỳ trước (01/01/2025 – 31/12/2025)",
        "So với kỳ trước",
    ]


def test_the_docx_shows_numbers_and_signs(session: Session, settings: Settings, press: Press) -> None:
    press.add_issue(articles=1001, detected_at=WEEK_BEFORE)
    press.add_issue(detected_at=IN_WEEK)
    table = Document(io.BytesIO(report_docx(account(session, settings, MONDAY, SUNDAY)))).tables[1]
    rows = {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in table.rows}
    assert rows["Chỉ số"][1] == "Kỳ trước (09/11/2026 – 15/11/2026)"
    assert rows["Tin, bài nêu vấn đề"] == ["1", "1.001", "−1.000"]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (datetime(2026, 11, 22, 23, 59, tzinfo=LOCAL), True),
        (datetime(2026, 11, 23, 0, 0, tzinfo=LOCAL), False),
    ],
)
def test_a_period_that_is_not_over_says_so(
    session: Session, settings: Settings, now: datetime, said: bool
) -> None:
    document = Document(io.BytesIO(report_docx(account(session, settings, MONDAY, SUNDAY, now))))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert ("Kỳ báo cáo chưa kết thúc" in words) is said
