"""The report's tables in a spreadsheet: figures to reckon with, and names from outside that do nothing."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

import pytest
from lxml import etree

from pipeline.clock import LOCAL
from pipeline.documents.report import Report, collect_report, report_csv, report_xlsx
from pipeline.documents.report.content import Cell, Column, Table
from pipeline.documents.report.period import week
from pipeline.documents.report.prose import shown
from pipeline.reporting import write_report
from pipeline.settings import Settings
from store import Store
from tests.integration.documents.conftest import HEAD, Press

WEEK = week(2026, 47)
MONDAY, SUNDAY = WEEK.start, WEEK.end
IN_WEEK = datetime(2026, 11, 17, 9, 0, tzinfo=LOCAL)
LATER = datetime(2026, 11, 24, 7, 0, 33, tzinfo=LOCAL)
SHEETS = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
FORMULAS = ("=1+1", "+84 24 0000", "-7", "@SUM(A1)", '=HYPERLINK("http://x.example/","a")')


class Read(NamedTuple):
    """A cell as a spreadsheet reads it."""

    value: str
    is_number: bool
    shown_as: str


def week_of(store: Store) -> None:
    with store.begin() as session:
        press = Press(session)
        issue = press.add_issue(articles=3, detected_at=IN_WEEK, state="closed", outcome="fixed")
        press.add_issue(detected_at=IN_WEEK - timedelta(days=7))
        press.reply(press.refer(issue, sent_at=IN_WEEK), at=IN_WEEK)
        press.refer(issue, agency_key="b", agency_name=FORMULAS[0], sent_at=IN_WEEK)
        press.event(issue, "closed", at=IN_WEEK)


@pytest.fixture
def report(store: Store, settings: Settings) -> Report:
    week_of(store)
    with store.read() as session:
        return collect_report(session, settings, WEEK, now=LATER)


def report_of(*names: str) -> Report:
    """One table that has these names, each with the number -5."""
    table = Table(
        "t",
        "Bảng",
        (Column("name", "Cơ quan"), Column("referred", "Đã chuyển")),
        tuple((name, -5) for name in names),
    )
    return Report(
        head=HEAD,
        period=WEEK,
        as_of=LATER,
        totals=(),
        tables=(table,),
        charts=(),
        absent=(),
        uncompared=(),
        definitions=(),
    )


def sheets(workbook: bytes) -> dict[str, list[list[Read]]]:
    """Rows of cells by the sheet's name."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        trees = {name: etree.fromstring(parts.read(name)) for name in parts.namelist()}
    texts = ["".join(text.itertext()) for text in trees["xl/sharedStrings.xml"]]
    formats = _formats(trees["xl/styles.xml"])
    names = trees["xl/workbook.xml"].xpath("//s:sheet/@name", namespaces=SHEETS)
    return {
        name: [
            [_read(cell, texts, formats) for cell in row]
            for row in trees[f"xl/worksheets/sheet{number}.xml"].iterfind(".//s:row", SHEETS)
        ]
        for number, name in enumerate(names, start=1)
    }


def _formats(styles: etree._Element) -> list[str]:
    """How numbers are shown, by a cell's style."""
    codes = {
        each.get("numFmtId"): each.get("formatCode", "") for each in styles.iterfind(".//s:numFmt", SHEETS)
    }
    codes |= {"0": "General", "3": "#,##0", "49": "@"}  # built in, named nowhere
    return [codes[each.get("numFmtId")] for each in styles.iterfind("s:cellXfs/s:xf", SHEETS)]


def _read(cell: etree._Element, texts: list[str], formats: list[str]) -> Read:
    assert cell.find("s:f", SHEETS) is None
    value, is_number = cell.findtext("s:v", "", SHEETS), cell.get("t") != "s"
    shown_as = formats[int(cell.get("s", "0"))]
    return Read(value if is_number else texts[int(value)], is_number, shown_as)


def test_a_sheet_for_each_table_with_the_same_figures(report: Report) -> None:
    book = sheets(report_xlsx(report))
    names = ["Tổng hợp", *(table.title for table in report.tables), "Sự tham gia", "Biểu đồ", "Cách tính"]
    assert list(book) == names
    for table in report.tables:
        heading, *rows = book[table.title]
        assert [cell.value for cell in heading] == [column.heading for column in table.columns]
        assert [[_told(cell) for cell in row] for row in rows] == [
            [_with_dash(cell) for cell in row] for row in table.all_rows
        ]
    totals = [(row[0].value, _told(row[1])) for row in book["Tổng hợp"][5:]]
    assert totals == [(total.name, _with_dash(total.number)) for total in report.totals]
    assert [(row[0].value, row[1].value) for row in book["Cách tính"]] == list(report.definitions)


def test_what_paper_has_a_dash_for_is_no_number(report: Report) -> None:
    table = report.table("comparison")
    parts = [(row, n) for row, cells in enumerate(table.rows, 1) for n, cell in enumerate(cells) if cell == 0]
    of_none = [at for at in parts if shown(table.rows[at[0] - 1][at[1]]) == "–"]
    assert of_none
    book = sheets(report_xlsx(report))[table.title]
    assert {book[row][position] for row, position in of_none} == {Read("–", False, "@")}
    zeros = set(parts) - set(of_none)
    assert {book[row][position].value for row, position in zeros} == {"0"}


def _with_dash(cell: Cell) -> Cell:
    return "–" if shown(cell) == "–" else cell


def _told(cell: Read) -> str | float | None:
    """What the cell says: a text, a number or nothing."""
    if not cell.is_number:
        return cell.value
    return float(cell.value) if cell.value else None


def test_a_long_heading_has_a_high_row(report: Report) -> None:
    with zipfile.ZipFile(io.BytesIO(report_xlsx(report))) as parts:
        heading, row, *_ = etree.fromstring(parts.read("xl/worksheets/sheet2.xml")).iterfind(
            ".//s:row", SHEETS
        )
    assert float(heading.get("ht", "0")) >= 3 * float(row.get("ht", "0")) > 0


def test_numbers_are_numbers_and_names_are_texts(report: Report) -> None:
    _, row, _ = sheets(report_xlsx(report))["Theo lĩnh vực"]
    assert (row[0].is_number, row[0].shown_as) == (False, "@")
    median = [column.key for column in report.table("topics").columns].index("median_days")
    assert (row[median].is_number, row[median].shown_as) == (True, "#,##0.0")
    assert {(cell.is_number, cell.shown_as) for cell in row[1:median] + row[median + 1 :]} == {
        (True, "#,##0")
    }
    change = next(column for column in report.table("comparison").columns if column.signed)
    position = report.table("comparison").columns.index(change)
    columns = list(zip(*sheets(report_xlsx(report))["So sánh với các kỳ trước"], strict=True))
    names = [total.key for total in report.totals]
    assert columns[position][0].value == "So với kỳ trước"
    assert Read("-1", True, "+#,##0;-#,##0;0") not in columns[position]
    assert Read("1", True, "+#,##0;-#,##0;0") in columns[position]
    assert columns[position][1 + names.index("median_days")] == Read("–", False, "@")


def test_dates_are_dates(report: Report) -> None:
    office, start, end, as_of = sheets(report_xlsx(report))["Tổng hợp"][:4]
    assert not office[1].is_number
    days = [(day - date(1899, 12, 30)).days for day in (MONDAY, SUNDAY, SUNDAY)]
    assert [one[1] for one in (start, end, as_of)] == [Read(str(day), True, "dd/mm/yyyy") for day in days]
    assert as_of[0].value == "Số liệu tính đến hết ngày"


def test_a_period_that_goes_on_is_told_to_the_moment(report: Report) -> None:
    so_far = replace(report, as_of=datetime(2026, 11, 18, 12, 0, tzinfo=LOCAL))
    (name, moment) = sheets(report_xlsx(so_far))["Tổng hợp"][3]
    assert name.value == "Số liệu tính đến"
    assert moment == Read(str((date(2026, 11, 18) - date(1899, 12, 30)).days + 0.5), True, "hh:mm dd/mm/yyyy")


def test_a_workbook_reckons_nothing() -> None:
    (_, *rows) = sheets(report_xlsx(report_of(*FORMULAS)))["Bảng"]
    assert [row[0] for row in rows] == [Read(text, False, "@") for text in FORMULAS]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        *((text, f"'{text}") for text in FORMULAS),
        (" =1+1", "' =1+1"),
        ("\tx", "'\tx"),
        ("\nx", "'\nx"),
        ("\r=1+1", "'=1+1"),  # no document holds a carriage return
        ("＝1+1", "'＝1+1"),
        ("Sở Xây dựng", "Sở Xây dựng"),
        ("Báo A - B = C", "Báo A - B = C"),
        ("– chưa rõ", "– chưa rõ"),
        ("", ""),
    ],
)
def test_csv_holds_no_formula_and_leaves_numbers(name: str, written: str) -> None:
    text = report_csv(report_of(name))["t.csv"].removeprefix("\ufeff")
    _, row = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert row == [written, "-5"]


@pytest.mark.parametrize(
    ("separator", "decimal", "line"),
    [(";", ",", "Số ngày trả lời (trung vị);0,0"), (",", ".", "Số ngày trả lời (trung vị),0.0")],
)
def test_csv_is_written_as_the_office_s_excel_reads_it(
    store: Store, settings: Settings, report: Report, separator: str, decimal: str, line: str
) -> None:
    reports = settings.reports.model_copy(update={"csv_separator": separator, "csv_decimal": decimal})
    _, paths = write_report(store, settings.model_copy(update={"reports": reports}), WEEK, LATER)
    totals = next(path for path in paths if path.name == "totals.csv").read_text(encoding="utf-8")
    assert totals.startswith("\ufeff")
    assert line in totals.splitlines()


def test_an_ended_period_gives_the_same_bytes_whenever_it_is_written(
    store: Store, settings: Settings, report: Report
) -> None:
    written = []
    for now in (LATER, LATER + timedelta(days=40, seconds=3)):
        _, paths = write_report(store, settings, WEEK, now)
        written.append({path.name: path.read_bytes() for path in paths})
    assert written[0] == written[1]
    assert len(written[0]) == 4 + len(report.tables)
    assert FORMULAS[0].encode() in written[0]["agencies.csv"]


def test_no_workbook_bears_the_time_of_its_making(report: Report) -> None:
    with zipfile.ZipFile(io.BytesIO(report_xlsx(report))) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        properties = etree.fromstring(parts.read("docProps/core.xml"))
    times = [element.text for element in properties if element.tag.endswith(("created", "modified"))]
    assert times == ["2026-11-22T17:00:00Z"] * 2


def test_both_databases_give_the_same_bytes(
    store: Store, postgres_store: Store, settings: Settings, report: Report
) -> None:
    week_of(postgres_store)
    written = []
    for each in (store, postgres_store):
        told, paths = write_report(each, settings, WEEK, LATER)
        written.append({path.name: path.read_bytes() for path in paths})
    assert told.total("closed") == 1
    assert written[0] == written[1]
