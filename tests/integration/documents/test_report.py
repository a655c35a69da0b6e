"""The account of a week over a small invented press."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from docx import Document
from sqlalchemy.orm import Session

from pipeline.clock import LOCAL
from pipeline.documents.digest import collect
from pipeline.documents.report import Report, collect_report, report_csv, report_docx
from pipeline.documents.report.period import week
from pipeline.reporting import write_report
from pipeline.settings import Settings
from store import Store
from store.history import record
from store.models import Issue
from store.queries.desk import due_by
from tests.integration.documents.conftest import DAY, NOW, OUTLETS, Press, days_from

WEEK = week(2026, 47)
MONDAY, SUNDAY = WEEK.start, WEEK.end
IN_WEEK = datetime(2026, 11, 17, 9, 0, tzinfo=LOCAL)
AFTER = datetime(2026, 12, 31, 9, 0, tzinfo=LOCAL)


@pytest.fixture
def report(session: Session, settings: Settings, press: Press) -> Report:
    """A week with a referral in every standing."""
    issue = press.add_issue(articles=2, detected_at=IN_WEEK, state="referred")
    press.join(issue, press.add_article(IN_WEEK, outlet_key="ben-cau"), role="reprint", at=IN_WEEK)
    deadline = IN_WEEK + timedelta(days=2)
    on_time = press.refer(issue, sent_at=IN_WEEK, deadline_at=deadline)
    press.reply(on_time, at=deadline)
    late = press.refer(issue, agency_key="b", agency_name="Cơ quan B", sent_at=IN_WEEK, deadline_at=deadline)
    press.reply(late, at=deadline + timedelta(minutes=1))
    press.refer(issue, agency_key="c", agency_name="Cơ quan C", sent_at=IN_WEEK, deadline_at=deadline)
    returned = press.refer(issue, agency_key="d", agency_name="Cơ quan D", sent_at=IN_WEEK, deadline_at=AFTER)
    press.reply(returned, at=IN_WEEK).judgement = "returned"
    press.event(returned, "acknowledged", at=IN_WEEK)
    refused = press.refer(issue, agency_key="e", agency_name="Cơ quan E", state="refused", sent_at=IN_WEEK)
    press.event(refused, "refused", at=IN_WEEK)
    closed = press.add_issue(detected_at=IN_WEEK, state="closed", outcome="planned", topic="water")
    press.event(closed, "closed", at=IN_WEEK)
    reopened = press.add_issue(detected_at=IN_WEEK, state="reopened", outcome="fixed", commune_code=None)
    press.event(reopened, "closed", at=IN_WEEK)
    press.event(reopened, "reopened", at=IN_WEEK + timedelta(days=1))
    press.add_issue(detected_at=IN_WEEK, kind="commendation")
    press.add_issue(detected_at=IN_WEEK, state="dismissed")
    press.add_issue(detected_at=IN_WEEK - timedelta(days=7))
    press.add_article(IN_WEEK, finding={"kind": "none"})
    press.session.flush()
    return collect_report(session, settings, WEEK, now=NOW)


TOTALS = {
    "read": 8,
    "read_outlets": 2,
    "articles": 5,
    "outlets": 2,
    "issues": 3,
    "good_examples": 1,
    "referred": 5,
    "acknowledged": 3,
    "answered": 2,
    "on_time": 1,
    "due": 3,
    "overdue": 1,
    "overdue_issues": 1,
    "median_days": 2.0,
    "refused": 1,
    "reopened": 1,
    "closed": 1,
    "fixed": 0,
    "explained": 0,
    "planned": 1,
    "not_competent": 0,
    "no_action": 0,
    "open_issues": 3,
    "waiting": 2,
    "waiting_overdue": 1,
    "waiting_overdue_issues": 1,
}


@pytest.mark.parametrize(("key", "number"), TOTALS.items())
def test_totals(report: Report, key: str, number: int) -> None:
    assert report.total(key) == number


def test_no_total_is_untested(report: Report) -> None:
    assert [total.key for total in report.totals] == list(TOTALS)


def test_by_topic(report: Report) -> None:
    traffic, water = report.table("topics").records()
    assert traffic["name"] == "Giao thông – hạ tầng đường bộ"
    assert (traffic["articles"], traffic["outlets"], traffic["issues"]) == (4, 2, 2)
    assert (traffic["referred"], traffic["answered"], traffic["overdue"], traffic["closed"]) == (5, 2, 1, 0)
    assert (water["articles"], water["issues"], water["referred"], water["closed"]) == (1, 1, 0, 1)


def test_by_agency(report: Report) -> None:
    rows = {row["name"]: row for row in report.table("agencies").records()}
    keys = (
        "referred",
        "answered",
        "on_time",
        "due",
        "overdue",
        "refused",
        "median_days",
        "issues",
        "articles",
    )
    assert {name: tuple(row[key] for key in keys) for name, row in rows.items()} == {
        "Sở Xây dựng": (1, 1, 1, 1, 0, 0, 2.0, 1, 3),
        "Cơ quan B": (1, 1, 0, 1, 0, 0, 2.0, 1, 3),
        "Cơ quan C": (1, 0, 0, 1, 1, 0, None, 1, 3),
        "Cơ quan D": (1, 0, 0, 0, 0, 0, None, 1, 3),
        "Cơ quan E": (1, 0, 0, 0, 0, 1, None, 1, 3),
    }


def test_by_unit_and_outlet_and_outcome(report: Report) -> None:
    units = {row["name"]: (row["articles"], row["issues"]) for row in report.table("units").records()}
    assert units == {"Phường Ba Đình": (4, 2), "Thành phố Hà Nội (chưa rõ xã, phường)": (1, 1)}
    outlets = {row["name"]: (row["read"], row["articles"]) for row in report.table("outlets").records()}
    assert outlets == {"Báo Sông Mẫu": (7, 4), "Tin Bến Cầu": (1, 1)}
    (outcome,) = report.table("outcomes").records()
    assert (outcome["planned"], outcome["fixed"]) == (1, 0)


def test_an_outlet_renamed_within_the_period_stands_under_both_names(
    session: Session, settings: Settings, press: Press
) -> None:
    issue = press.add_issue(articles=2, detected_at=IN_WEEK)
    press.add_article(IN_WEEK)
    renamed = press.add_article(IN_WEEK)
    press.join(issue, renamed, at=IN_WEEK)
    renamed.outlet_name = "Báo Sông Mới"
    press.session.flush()
    report = collect_report(session, settings, WEEK, now=NOW)
    rows = {
        row["name"]: (row["read"], row["articles"], row["issues"])
        for row in report.table("outlets").records()
    }
    assert rows == {OUTLETS["song-mau"]: (3, 2, 1), "Báo Sông Mới": (1, 1, 1)}
    assert (report.total("read_outlets"), report.total("outlets")) == (1, 1)


def test_a_reply_after_the_period_does_not_count(session: Session, settings: Settings, press: Press) -> None:
    referral = press.refer(
        press.add_issue(detected_at=IN_WEEK, state="referred"), sent_at=IN_WEEK, deadline_at=IN_WEEK
    )
    press.reply(referral, at=AFTER)
    report = collect_report(session, settings, WEEK, now=AFTER + timedelta(days=1))
    assert report.as_of == datetime(2026, 11, 23, tzinfo=LOCAL)
    assert (report.total("answered"), report.total("overdue")) == (0, 1)


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        (datetime(2026, 11, 15, 23, 59, 59, tzinfo=LOCAL), False),
        (datetime(2026, 11, 16, 0, 0, tzinfo=LOCAL), True),
        (datetime(2026, 11, 22, 23, 59, 59, tzinfo=LOCAL), True),
        (datetime(2026, 11, 23, 0, 0, tzinfo=LOCAL), False),
    ],
)
def test_the_period_runs_from_midnight_to_midnight_here(
    session: Session, settings: Settings, press: Press, moment: datetime, inside: bool
) -> None:
    press.add_issue(detected_at=moment)
    report = collect_report(session, settings, WEEK, now=AFTER)
    assert (report.total("issues"), report.total("articles")) == (int(inside), int(inside))


def test_the_digest_of_a_day_counts_as_the_report_of_that_day(
    session: Session, settings: Settings, press: Press
) -> None:
    press.add_issue(articles=3)
    press.join(press.add_issue(urgency=4), press.add_article(outlet_key="ben-cau"))
    press.add_issue(state="dismissed")
    press.add_article(finding={"kind": "none"})
    counts = collect(session, settings, NOW, DAY).counts
    report = collect_report(session, settings, days_from(DAY, DAY), now=NOW)
    assert (report.total("read"), report.total("read_outlets")) == (counts.articles, counts.outlets)
    assert (report.total("articles"), report.total("outlets")) == (
        counts.concern_articles,
        counts.concern_outlets,
    )
    assert report.total("issues") == counts.new_issues


def _late(press: Press, **columns: object) -> Issue:
    issue = press.add_issue(**({"state": "referred", "detected_at": IN_WEEK} | columns))  # type: ignore[arg-type]
    press.refer(issue, sent_at=IN_WEEK, deadline_at=NOW - timedelta(days=1))
    return issue


def _late_and_reported_handled(press: Press) -> None:
    press.join(_late(press), press.add_article(finding={"kind": "answer"}), role="answer")


def _late_beside_a_returned_answer(press: Press) -> None:
    co = press.refer(_late(press), agency_key="b", agency_name="Cơ quan B", role="co", sent_at=IN_WEEK)
    press.give_back(press.reply(co))


def _late_twice(press: Press) -> None:
    co = press.refer(
        _late(press), agency_key="b", agency_name="B", role="co", sent_at=IN_WEEK, deadline_at=IN_WEEK
    )
    press.give_back(press.reply(co))


def _answered_at_last(press: Press) -> None:
    press.reply(_late(press).referrals[0])


def _ended(press: Press, *states: str) -> None:
    issue = _late(press)
    for state in states:
        press.become(issue, state)


LATE = {
    "the press reports it handled": (_late_and_reported_handled, 1, 1, 1),
    "another agency's answer was returned": (_late_beside_a_returned_answer, 1, 1, 1),
    "two agencies are late": (_late_twice, 1, 2, 2),
    "restricted": (lambda press: _late(press, restricted=True), 1, 1, 1),
    "the late agency answered": (_answered_at_last, 0, 0, 1),
    "closed": (lambda press: _ended(press, "closed"), 0, 0, 1),
    "closed and reopened": (lambda press: _ended(press, "closed", "reopened"), 1, 1, 1),
    "merged": (lambda press: _ended(press, "merged"), 0, 0, 1),
}


@pytest.mark.parametrize("case", LATE)
def test_late_is_the_same_in_digest_desk_and_report(
    session: Session, settings: Settings, press: Press, case: str
) -> None:
    make, issues, referrals, due = LATE[case]
    make(press)
    session.flush()
    counts = collect(session, settings, NOW, DAY).counts
    report = collect_report(session, settings, WEEK, now=NOW)
    desk = due_by(session, NOW, 100)
    assert (
        counts.overdue == report.total("overdue_issues") == report.total("waiting_overdue_issues") == issues
    )
    assert len({referral.issue_id for referral in desk.rows}) == issues
    assert desk.total == report.total("overdue") == report.total("waiting_overdue") == referrals
    assert report.total("due") == due


def test_what_was_sent_before_the_period_is_late_in_digest_desk_and_report_alike(
    session: Session, settings: Settings, press: Press
) -> None:
    earlier = IN_WEEK - timedelta(days=30)
    press.refer(press.add_issue(state="referred", detected_at=earlier), sent_at=earlier, deadline_at=IN_WEEK)
    report = collect_report(session, settings, WEEK, now=NOW)
    assert (report.total("overdue"), report.total("waiting"), report.total("waiting_overdue")) == (0, 1, 1)
    assert collect(session, settings, NOW, DAY).counts.overdue == report.total("waiting_overdue_issues") == 1
    assert due_by(session, NOW, 100).total == 1


def test_what_ended_before_its_deadline_was_never_due(
    session: Session, settings: Settings, press: Press
) -> None:
    press.become(_late(press), "closed", at=IN_WEEK + timedelta(hours=1))
    report = collect_report(session, settings, WEEK, now=NOW)
    assert (report.total("overdue"), report.total("due")) == (0, 0)


def test_what_ends_after_the_period_does_not_change_its_account(
    session: Session, settings: Settings, press: Press
) -> None:
    press.become(_late(press), "closed", at=AFTER)
    report = collect_report(session, settings, WEEK, now=AFTER + timedelta(days=1))
    assert report.total("overdue") == 1


@pytest.mark.parametrize(("at", "closed"), [(NOW, 0), (AFTER, 1)])
def test_what_is_reopened_after_the_period_was_closed_in_it(
    session: Session, settings: Settings, press: Press, at: datetime, closed: int
) -> None:
    issue = press.add_issue(detected_at=IN_WEEK, state="closed", outcome="no_action")
    record(
        session, at=IN_WEEK, actor="t", entity="issue", entity_id=issue.id, action="closed",
        after={"state": "closed", "outcome": "planned"},
    )  # fmt: skip
    press.become(issue, "reopened", at=at)
    report = collect_report(session, settings, WEEK, now=AFTER + timedelta(days=1))
    assert report.total("closed") == closed
    assert sum(int(row["planned"]) for row in report.table("outcomes").records()) == closed


def test_an_empty_period_is_a_report_too(session: Session, settings: Settings) -> None:
    report = collect_report(session, settings, WEEK, now=NOW)
    assert {total.number for total in report.totals} == {0, None}
    assert report.charts == ()
    assert "Không có số liệu trong kỳ." in _printed(report)


def test_csv_opens_in_a_spreadsheet(report: Report) -> None:
    files = report_csv(report)
    assert set(files) == {
        "totals.csv", "comparison.csv", "topics.csv", "outcomes.csv", "agencies.csv", "units.csv",
        "outlets.csv", "absent.csv", "registers.csv", "entries.csv",
    }  # fmt: skip
    heading, first, *_ = csv.reader(
        io.StringIO(files["topics.csv"].removeprefix("\ufeff"), newline=""), delimiter=";"
    )
    assert files["topics.csv"].startswith("\ufeffLĩnh vực;")
    assert heading[:3] == ["Lĩnh vực", "Tin, bài nêu vấn đề", "Cơ quan báo chí nêu vấn đề"]
    assert first[:3] == ["Giao thông – hạ tầng đường bộ", "4", "2"]


def test_it_is_written_under_plain_names_and_a_second_time_anew(store: Store, settings: Settings) -> None:
    for _ in range(2):
        report, paths = write_report(store, settings, WEEK, NOW)
        folder = store.data_dir / "reports" / "2026-W47"
        names = [
            "bao-cao.docx",
            "bao-cao.xlsx",
            "totals.csv",
            "absent.csv",
            "comparison.csv",
            "topics.csv",
            "outcomes.csv",
            "agencies.csv",
            "units.csv",
            "outlets.csv",
            "registers.csv",
            "entries.csv",
        ]
        assert paths == [folder / name for name in names]
        assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    assert paths[0].read_bytes() == report_docx(report)
    assert paths[2].read_bytes().decode() == report_csv(report)["totals.csv"]


def test_the_docx_bears_totals_tables_and_definitions(report: Report) -> None:
    printed = _printed(report)
    assert "Trong kỳ đã đọc 8 tin, bài của 2 cơ quan báo chí; 5 tin, bài của 2 cơ quan nêu vấn đề." in printed
    assert "Trả lời đúng hạn 1/3 phiếu phải trả lời; 1/3 phiếu quá hạn, của 1 vấn đề." in printed
    assert "Số ngày trả lời (trung vị): 2,0 ngày làm việc, trên 2 phiếu đã trả lời." in printed
    for term, words in report.definitions:
        assert f"{term}: {words}" in printed
    assert report_docx(report) == report_docx(report)


def test_the_plain_form_has_every_table(report: Report) -> None:
    plain = report.to_dict()
    assert plain["totals"] == TOTALS
    assert plain["tables"]["agencies"] == report.table("agencies").records()
    assert (plain["start"], plain["end"]) == ("2026-11-16", "2026-11-22")


def _printed(report: Report) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(report_docx(report))).paragraphs)
