"""Báo cáo: page, files and report tell the same figures; nobody waits for a long one."""

import csv
import io
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from lxml import html

from pipeline.documents.report import Report, collect_report, parse_period
from pipeline.documents.report.account import account, appendix
from pipeline.documents.report.content import Table
from pipeline.documents.report.prose import shown_in
from pipeline.reporting import issue_report, write_report
from store.history import record
from tests.integration.documents.test_report_tables import sheets
from tests.integration.web.conftest import Enter
from tests.integration.web.town import NOW, Town
from web.reckoning import Reckoning

WEEK, LAST_WEEK = "2026-W47", "2026-W46"


@pytest.fixture
def busy(town: Town) -> Town:
    return make_busy(town)


def make_busy(town: Town) -> Town:
    for days in range(9):
        at = NOW - timedelta(days=days, hours=1)
        issue = town.issue(detected_at=at, topic="traffic" if days % 2 else "environment", state="referred")
        sent = town.sent_referral(issue, sent_at=at, agency_name=f"Cơ quan thử {days % 3}", deadline_at=at)
        if days % 3:
            town.reply(sent, "Trả lời bịa")
    closed = town.issue(state="closed", outcome="fixed")
    with town.store.begin() as session:
        record(
            session, at=NOW - timedelta(hours=1), actor="thử", entity="issue", entity_id=closed,
            action="closed", before={"state": "referred"}, after={"state": "closed", "outcome": "fixed"},
        )  # fmt: skip
    return town


def report_of(town: Town, key: str) -> Report:
    with town.store.read() as session:
        period = parse_period(key, town.settings, NOW.date())
        return collect_report(session, town.settings, period, now=NOW)


def shown(table: Table) -> list[list[str]]:
    """As the page and paper show it."""
    columns = [(number, column) for number, column in enumerate(table.columns) if column.printed]
    headings = [column.heading for _, column in columns]
    return [
        headings,
        *([shown_in(row[number], column) for number, column in columns] for row in table.all_rows),
    ]


def tables(page: str) -> list[list[list[str]]]:
    found = html.fromstring(page).xpath("//article//table[not(ancestor::figure)]")
    return [
        [[cell.text_content() for cell in row.xpath("./th|./td")] for row in one.iter("tr")] for one in found
    ]


def test_page_workbook_and_csv_tell_what_the_report_tells(enter: Enter, busy: Town) -> None:
    report, client = report_of(busy, WEEK), enter("reader")
    page = client.get(f"/bao-cao?ky={WEEK}").text
    told = [table for chapter in account(report) if (table := chapter.table)]
    expected = [shown(table) for table in (*told, *appendix(report)) if table.rows]
    assert len(expected) > 5
    assert tables(page) == expected
    text = " ".join(html.fromstring(page).text_content().split())
    for chapter in account(report):
        for sentence in chapter.sentences:
            assert " ".join(sentence.split()) in text
    for term, words in report.definitions:
        assert f"{term}{words}." in text

    book = sheets(client.get(f"/bao-cao/{WEEK}/bao-cao.xlsx").content)
    totals = {row[0].value: row[1].value for row in book["Tổng hợp"][5:]}
    assert {name: float(value) for name, value in totals.items() if value} == {
        total.name: float(total.number) for total in report.totals if total.number is not None
    }
    topics = report.table("topics")
    assert [[cell.value for cell in row[:4]] for row in book[topics.title][1:]] == [
        [str(cell) for cell in row[:4]] for row in topics.all_rows
    ]
    written = client.get(f"/bao-cao/{WEEK}/topics.csv").content.decode("utf-8-sig")
    assert [row[:4] for row in csv.reader(io.StringIO(written), delimiter=";")][1:] == [
        [str(cell) for cell in row[:4]] for row in topics.all_rows
    ]
    document = client.get(f"/bao-cao/{WEEK}/bao-cao.docx")
    assert document.content[:2] == b"PK"
    assert document.headers["content-disposition"] == f'attachment; filename="bao-cao-{WEEK}.docx"'


def test_the_charts_are_drawn_of_the_charts_on_paper(enter: Enter, busy: Town) -> None:
    report = report_of(busy, WEEK)
    page = html.fromstring(enter("reader").get(f"/bao-cao?ky={WEEK}").text)
    figures = page.xpath("//figure")
    assert [figure.find("figcaption").text_content() for figure in figures] == [
        one.title for one in report.charts
    ]
    for figure, chart in zip(figures, report.charts, strict=True):
        heading, *rows = figure.xpath(".//tr")
        assert [cell.text for cell in heading.findall("th")] == [series.name for series in chart.series]
        assert [row.find("th").text for row in rows] == list(chart.categories)
        values = [[int(cell.text) for cell in row.findall("td")] for row in rows]
        assert values == [list(row) for row in zip(*(series.values for series in chart.series), strict=True)]
        bars = figure.xpath(".//*[local-name()='g']")
        if chart.kind != "line":
            drawn = [value for row in values for value in row if value or chart.kind == "bars"]
            widths = [float(bar.xpath("./*[local-name()='rect']/@width")[0]) for bar in bars]
            unit = max(widths) / max(drawn)
            assert widths == pytest.approx([value * unit for value in drawn], abs=0.1)
    assert not page.xpath("//@style")


PERIODS = {
    "": "tuần 46 năm 2026",
    "?ky=2026": "năm 2026",
    "?ky=ct-2026": "Phối hợp giải quyết vấn đề dân sinh",
    "?tu=01/09/2026&den=30/09/2026": "Từ ngày 01/09/2026 đến ngày 30/09/2026",
    "?tu=01/01/1990&den=02/01/1990": "Từ ngày 01/01/1990 đến ngày 02/01/1990",
    "?tu=31/12/2100&den=31/12/2100": "Từ ngày 31/12/2100 đến ngày 31/12/2100",
}


def test_any_period_can_be_asked_for(enter: Enter) -> None:
    client = enter("reader")
    for query, says in PERIODS.items():
        answer = client.get(f"/bao-cao{query}")
        assert answer.status_code == 200
        page = html.fromstring(answer.text).find(".//main")
        assert says in " ".join(page.text_content().split()), query


WRONG = {
    "?ky=khong-co": "Không có kỳ “khong-co”",
    "?tu=30/09/2026&den=01/09/2026": "Ngày đầu (30/09/2026) sau ngày cuối (01/09/2026)",
    "?tu=30/09/2026": "Ô “Đến ngày” chưa ghi",
    "?tu=mai&den=30/09/2026": "Ô “Từ ngày”: “mai” không phải là một ngày",
    "?tu=01/01/1990&den=01/01/2026": "dài quá mười năm",
    "?tu=01/01/1900&den=01/01/1901": "“01/01/1900” không phải là một ngày",
    "?ky=0001-01-01..9999-12-31": "từ năm 1990 đến năm 2100",
    "?ky=9999-W52": "Không có kỳ “9999-W52”",
    "?ky=0001-W01": "từ năm 1990 đến năm 2100",
    "?tu=31/12/9990&den=31/12/9999": "“31/12/9990” không phải là một ngày",
}


def test_of_what_is_unclear_nothing_else_is_shown_and_what_was_typed_stays(enter: Enter) -> None:
    client = enter("reader")
    for query, says in WRONG.items():
        page = html.fromstring(client.get(f"/bao-cao{query}").text)
        (alert,) = page.xpath("//*[@role='alert']")
        assert says in alert.text_content(), query
        assert not page.xpath("//article|//option[@selected]")
        typed = dict(parse_qsl(query[1:]))
        for name in ("tu", "den"):
            assert page.xpath(f"//input[@name='{name}']/@value") == [typed.get(name, "")]
        assert bool(page.xpath("//details[@class='days']/@open")) == ("tu" in typed)


def test_no_other_file_leaves_by_these_doors(enter: Enter, town: Town) -> None:
    folder = town.store.data_dir / "reports" / LAST_WEEK
    folder.mkdir(parents=True)
    for name in ("bao-cao.docx", "totals.csv"):
        (folder / name).write_bytes(b"bia")
    client = enter("lead")
    assert client.get(f"/bao-cao-da-lap/{LAST_WEEK}/bao-cao.docx").content == b"bia"
    for path in (
        "/bao-cao/khong-co/bao-cao.docx",
        "/bao-cao/0001-W01/bao-cao.docx",
        f"/bao-cao/{WEEK}/khong-co.csv",
        "/bao-cao-da-lap/2026-W45/bao-cao.docx",
        f"/bao-cao-da-lap/{LAST_WEEK}/totals.csv",
        f"/bao-cao-da-lap/{LAST_WEEK}/..%2F..%2Fdesk.db",
        "/bao-cao-da-lap/%2E%2E/bao-cao.docx",
    ):
        assert client.get(path).status_code == 404, path


def test_what_was_written_is_listed_and_taken_as_it_lies(enter: Enter, town: Town) -> None:
    period = parse_period(LAST_WEEK, town.settings, NOW.date())
    issue_report(town.store, town.settings, period, NOW)
    _, files = write_report(town.store, town.settings, period, NOW)
    client = enter("reader")
    page = html.fromstring(client.get("/bao-cao").text)
    links = page.xpath("//section[h2/@id='da-lap']//td/a/@href")
    assert [link.rpartition("/")[2] for link in links] == ["bao-cao.docx", "bao-cao.xlsx", "cong-van.docx"]
    by_name = {path.name: path for path in files}
    for link in links:
        assert client.get(link).content == by_name[link.rpartition("/")[2]].read_bytes()


def event(town: Town) -> None:
    with town.store.begin() as session:
        record(session, at=NOW, actor="thử", entity="source", entity_id=1, action="thử")


def asked(town: Town, reckoning: Reckoning, key: str) -> tuple[str, Report | None]:
    period = parse_period(key, town.settings, NOW.date())
    return reckoning.report(town.store, town.settings, period, town.clock())


def test_a_report_is_reckoned_anew_when_something_has_changed(busy: Town) -> None:
    reckoning = Reckoning()
    _, first = asked(busy, reckoning, WEEK)
    assert asked(busy, reckoning, WEEK)[1] is first
    event(busy)
    _, second = asked(busy, reckoning, WEEK)
    assert second is not first
    busy.clock.now += timedelta(minutes=11)
    assert asked(busy, reckoning, WEEK)[1] is not second


def test_what_is_over_is_reckoned_once_and_again_when_it_gets_its_number(busy: Town) -> None:
    reckoning = Reckoning()
    _, first = asked(busy, reckoning, LAST_WEEK)
    event(busy)
    busy.clock.now += timedelta(days=1)
    assert asked(busy, reckoning, LAST_WEEK)[1] is first
    issue_report(busy.store, busy.settings, parse_period(LAST_WEEK, busy.settings, NOW.date()), NOW)
    _, issued = asked(busy, reckoning, LAST_WEEK)
    assert issued is not None
    assert first is not None
    assert first.head.number != issued.head.number
