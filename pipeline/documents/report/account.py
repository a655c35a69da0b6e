"""The account that a report gives before its tables: chapter by chapter, on paper and at the desk alike."""

from dataclasses import dataclass, replace

from pipeline.documents.report import prose
from pipeline.documents.report.content import Chart, Report, Table
from pipeline.documents.report.measures import OUTCOMES


@dataclass(frozen=True)
class Chapter:
    heading: str
    sentences: tuple[str, ...]
    table: Table | None = None
    chart: Chart | None = None


def account(report: Report) -> tuple[Chapter, ...]:
    charts = {chart.key: chart for chart in report.charts}
    return (
        Chapter("1. Tình hình chung", tuple(prose.overview(report)), chart=charts.get("course")),
        Chapter(
            "2. Số liệu chính, so sánh với các kỳ trước",
            tuple(prose.compared(report)),
            table=_main_figures(report.table("comparison"), report),
        ),
        Chapter(
            "3. Vấn đề theo lĩnh vực, địa bàn", tuple(prose.by_topic(report)), chart=charts.get("topics")
        ),
        Chapter(
            "4. Kết quả trả lời, việc còn tồn đọng",
            tuple(prose.results(report)),
            chart=charts.get("agencies"),
        ),
        Chapter(
            "5. Sự tham gia của cơ quan, địa phương",
            tuple(prose.took_no_part(group) for group in report.absent),
        ),
        Chapter("6. Các nội dung khác của chương trình", tuple(prose.registers(report))),
        Chapter("7. Kiến nghị", tuple(prose.requests(report))),
    )


def appendix(report: Report) -> tuple[Table, ...]:
    """The tables that follow the account."""
    return tuple(table for table in report.tables if table.printed and table.key != "comparison")


def _main_figures(comparison: Table, report: Report) -> Table:
    """Without the outcomes, which a table of the appendix tells of."""
    rows = zip(comparison.rows, report.totals, strict=True)
    return replace(comparison, rows=tuple(row for row, total in rows if total.key not in OUTCOMES))
