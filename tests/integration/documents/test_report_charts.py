"""Charts as a word processor finds them: their figures are the tables', and their data lie behind them."""

import io
import zipfile
from datetime import date, datetime, timedelta

import pytest
from docx import Document
from docx.shared import Mm
from lxml import etree
from sqlalchemy.orm import Session

from pipeline.clock import LOCAL
from pipeline.documents.charting import add_chart
from pipeline.documents.layout import TEXT_WIDTH
from pipeline.documents.report import Report, collect_report, report_docx
from pipeline.documents.report.content import Chart, Series
from pipeline.documents.report.period import month, quarter, week
from pipeline.settings import Settings
from tests.integration.documents.conftest import Press, days_from

WEEK = week(2026, 47)
IN_WEEK = datetime(2026, 11, 17, 9, 0, tzinfo=LOCAL)
AFTER = datetime(2026, 12, 31, 9, 0, tzinfo=LOCAL)
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@pytest.fixture
def report(session: Session, settings: Settings, press: Press) -> Report:
    for number in range(3):
        issue = press.add_issue(detected_at=IN_WEEK + timedelta(days=number), state="referred")
        press.refer(issue, sent_at=IN_WEEK + timedelta(days=3), deadline_at=IN_WEEK + timedelta(days=4))
    water = press.add_issue(detected_at=IN_WEEK, topic="water", state="referred")
    answered = press.refer(water, agency_key="b", agency_name="Cơ quan <B> & C", sent_at=IN_WEEK)
    press.reply(answered, at=IN_WEEK)
    press.become(water, "closed", IN_WEEK + timedelta(days=1))
    return collect_report(session, settings, WEEK, now=AFTER)


def chart(report: Report, key: str) -> Chart:
    return next(one for one in report.charts if one.key == key)


def test_the_course_of_the_week_day_by_day(report: Report) -> None:
    course = chart(report, "course")
    assert course.categories == ("16/11", "17/11", "18/11", "19/11", "20/11", "21/11", "22/11")
    assert {series.name: series.values for series in course.series} == {
        "Vấn đề phát hiện": (0, 2, 1, 1, 0, 0, 0),
        "Phiếu đã chuyển": (0, 1, 0, 0, 3, 0, 0),
        "Vấn đề kết thúc": (0, 0, 1, 0, 0, 0, 0),
    }


@pytest.mark.parametrize(
    ("period", "count", "first", "last"),
    [
        (month(2026, 11), 30, "01/11", "30/11"),
        (quarter(2026, 4), 14, "01/10", "28/12"),
        (days_from(date(2025, 12, 15), date(2026, 12, 14)), 13, "12/2025", "12/2026"),
    ],
    ids=["month", "quarter", "year"],
)
def test_longer_periods_go_by_weeks_and_months(
    session: Session, settings: Settings, report: Report, period: object, count: int, first: str, last: str
) -> None:
    course = chart(collect_report(session, settings, period, now=AFTER), "course")  # type: ignore[arg-type]
    assert (len(course.categories), course.categories[0], course.categories[-1]) == (count, first, last)
    assert sum(course.series[0].values) == report.total("issues")


def test_every_referral_stands_in_one_bar_once(report: Report) -> None:
    answers = chart(report, "agencies")
    rows = dict(
        zip(answers.categories, zip(*(one.values for one in answers.series), strict=True), strict=True)
    )
    assert answers.series[0].name == "Đúng hạn"
    assert rows == {"Sở Xây dựng": (0, 0, 0, 3, 0), "Cơ quan <B> & C": (1, 0, 0, 0, 0)}
    assert sum(map(sum, rows.values())) == report.total("referred")


def test_word_finds_each_chart_with_its_figures_and_the_workbook_behind_it(report: Report) -> None:
    with zipfile.ZipFile(io.BytesIO(report_docx(report))) as parts:
        document = parts.read("word/document.xml").decode()
        for number, told in enumerate(report.charts, start=1):
            tree = etree.fromstring(parts.read(f"word/charts/chart{number}.xml"))
            assert [_texts(series, "cat") for series in tree.iter(f"{C}ser")] == [
                list(told.categories)
            ] * len(told.series)
            values = [_texts(series, "val") for series in tree.iter(f"{C}ser")]
            assert values == [[str(value) for value in series.values] for series in told.series]
            (data,) = tree.iter(f"{C}externalData")
            relations = etree.fromstring(parts.read(f"word/charts/_rels/chart{number}.xml.rels"))
            (relation,) = [each for each in relations if each.get("Id") == next(iter(data.attrib.values()))]
            assert relation.get("Target") == f"../embeddings/chart{number}.xlsx"
            assert (
                zipfile.ZipFile(io.BytesIO(parts.read(f"word/embeddings/chart{number}.xlsx"))).testzip()
                is None
            )
    assert document.count("<c:chart ") == len(report.charts) == 3


def _texts(series: etree._Element, name: str) -> list[str]:
    (part,) = series.findall(f"{C}{name}")
    return [point.findtext(f"{C}v", "") for point in part.iter(f"{C}pt")]


def test_what_is_not_wanted_is_said(report: Report) -> None:
    """LibreOffice would smooth lines and label bars with every name."""
    with zipfile.ZipFile(io.BytesIO(report_docx(report))) as parts:
        line, bars = (etree.fromstring(parts.read(f"word/charts/chart{number}.xml")) for number in (1, 2))
    assert [each.get("val") for each in line.iter(f"{C}smooth")] == ["0"] * 3
    for labels in bars.iter(f"{C}dLbls"):
        told = {etree.QName(child).localname: child.get("val") for child in labels}
        assert (told["showVal"], told["showCatName"], told["showSerName"]) == ("1", "0", "0")


def test_a_period_that_runs_is_drawn_to_the_day_of_the_report(
    session: Session, settings: Settings, report: Report
) -> None:
    now = datetime(2026, 11, 20, 7, 0, tzinfo=LOCAL)
    course = chart(collect_report(session, settings, month(2026, 11), now=now), "course")
    assert (len(course.categories), course.categories[-1]) == (20, "20/11")


def drawn(kind: str, count: int) -> etree._Element:
    """The chart of a document with so many names."""
    names = tuple(f"{number:02}/11" for number in range(1, count + 1))
    told = Chart("c", "Biểu đồ", kind, names, (Series("Vấn đề", tuple(range(count))),))  # type: ignore[arg-type]
    document = Document()
    add_chart(document, told, 1, TEXT_WIDTH)
    packed = io.BytesIO()
    document.save(packed)
    with zipfile.ZipFile(packed) as parts:
        chart = etree.fromstring(parts.read("word/charts/chart1.xml"))
        height = etree.fromstring(parts.read("word/document.xml")).find(".//{*}extent").get("cy")  # type: ignore[union-attr]
    chart.set("height", str(height))
    return chart


@pytest.mark.parametrize(("count", "turned"), [(7, None), (10, None), (11, "-5400000"), (31, "-5400000")])
def test_days_that_do_not_fit_beside_each_other_stand_upright(count: int, turned: str | None) -> None:
    """Else each breaks in two lines or is left out."""
    tree = drawn("line", count)
    names = tree.find(f".//{C}catAx")
    assert names is not None
    body = names.find(f"{C}txPr/{{*}}bodyPr")
    assert body is not None
    assert body.get("rot") == turned
    assert [skip.get("val") for skip in names.iter(f"{C}tickLblSkip")] == ["1"]


@pytest.mark.parametrize("kind", ["bars", "stacked"])
def test_every_bar_has_room_for_a_name_of_two_lines(kind: str) -> None:
    """With less height word processors leave out every second name, whatever tickLblSkip says."""
    few, many = (int(drawn(kind, count).get("height", "0")) for count in (2, 12))
    assert (many - few) / 10 >= Mm(8)
    assert few >= Mm(40)


def test_a_bar_of_no_length_has_no_figure(report: Report) -> None:
    with zipfile.ZipFile(io.BytesIO(report_docx(report))) as parts:
        bars = etree.fromstring(parts.read("word/charts/chart2.xml"))
    assert {
        each.get("formatCode") for each in bars.iter(f"{C}numFmt") if each.getparent().tag == f"{C}dLbls"
    } == {  # type: ignore[union-attr]
        "#,##0;;"
    }


def test_a_chart_that_shows_not_all_says_so(session: Session, settings: Settings, press: Press) -> None:
    issue = press.add_issue(detected_at=IN_WEEK, state="referred")
    for number in range(13):
        press.refer(issue, agency_key=f"a{number}", agency_name=f"Cơ quan {number}", sent_at=IN_WEEK)
    answers = chart(collect_report(session, settings, WEEK, now=AFTER), "agencies")
    assert len(answers.categories) == 12
    assert answers.title.endswith("(12 cơ quan nhận nhiều phiếu nhất)")
