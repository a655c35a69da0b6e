"""The report as a document in the state layout."""

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Emu, Mm, Pt
from docx.table import _Cell

from pipeline.clock import local
from pipeline.documents.layout import (
    CENTRE,
    LEFT,
    TEXT_WIDTH,
    body,
    head,
    keep_together,
    no_break_inside,
    repeat_on_every_page,
    set_widths,
    signature,
    state_document,
    title,
    write,
)
from pipeline.documents.printable import printable
from pipeline.documents.report.content import Cell, Column, Report, Table
from pipeline.documents.stable import stable_docx
from pipeline.formats import date_in_words, vn_change, vn_date, vn_datetime, vn_number, vn_ratio

NEWS = (
    "Trong kỳ đã đọc {read} tin, bài của {read_outlets} cơ quan báo chí; {articles} tin, bài của {outlets} "
    "cơ quan nêu vấn đề. Phát hiện {issues} vấn đề mới và {good_examples} gương tốt."
)
REFERRALS = (
    "Đã chuyển {referred} phiếu; {acknowledged} phiếu được tiếp nhận, {answered} phiếu được trả lời, "
    "{overdue} phiếu quá hạn của {overdue_issues} vấn đề. Đã kết thúc {closed} vấn đề."
)


def report_docx(report: Report) -> bytes:
    """The same report always gives the same bytes."""
    report = printable(report)
    document = state_document()
    head(
        document,
        parent=report.parent.upper(),
        office=report.office.upper(),
        number=None,
        place_and_date=f"{report.place}, {date_in_words(local(report.as_of))}",
    )
    days = f"từ ngày {vn_date(report.start)} đến ngày {vn_date(report.end)}"
    title(document, "BÁO CÁO", f"Vấn đề người dân quan tâm và kết quả trả lời\n{days}")
    _overview(document, report)
    for number, table in enumerate(report.tables, start=2):
        _heading(document, f"{number}. {table.title}")
        _table(document, table)
    _definitions(document, report, len(report.tables) + 2)
    keep_together(document.add_paragraph())
    signature(document, post=report.signer_post.upper(), copies=[f"- Lưu: VT, {report.contact_unit}."])
    return stable_docx(document, title=f"Báo cáo {days}", author=report.office, made_at=report.as_of)


def _overview(document: Document, report: Report) -> None:
    _heading(document, "1. Tình hình chung")
    numbers = {total.key: vn_number(total.number) for total in report.totals}
    on_time = vn_ratio(report.total("on_time"), report.total("due"))
    write(body(document), NEWS.format(**numbers))
    write(body(document), REFERRALS.format(**numbers))
    write(body(document), f"Trả lời đúng hạn trên tổng số phải trả lời: {on_time}.")
    write(body(document), f"Số liệu tính đến {vn_datetime(report.as_of)}.")
    if not report.is_over:
        write(body(document), "Kỳ báo cáo chưa kết thúc; các kỳ đem so sánh là trọn kỳ.")


def _heading(document: Document, text: str) -> None:
    paragraph = body(document)
    paragraph.paragraph_format.space_before = Pt(12)
    paragraph.paragraph_format.space_after = Pt(6)
    write(paragraph, text, bold=True)
    keep_together(paragraph)


def _table(document: Document, table: Table) -> None:
    if not table.rows:
        write(body(document), "Không có số liệu trong kỳ.")
        return
    grid = document.add_table(rows=1 + len(table.rows), cols=len(table.columns))
    grid.style = "Table Grid"
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    grid.autofit = False
    others = min(Mm(22), Emu((TEXT_WIDTH - Mm(32)) // (len(table.columns) - 1)))
    first = Emu(TEXT_WIDTH - others * (len(table.columns) - 1))
    set_widths(grid, [first, *[others] * (len(table.columns) - 1)], side=40)
    for cell, column in zip(grid.rows[0].cells, table.columns, strict=True):
        _write_cell(cell, column.heading, bold=True, left=False)
        keep_together(cell.paragraphs[0])
    repeat_on_every_page(grid.rows[0])
    no_break_inside(grid.rows[0])
    for line, values in zip(grid.rows[1:], table.rows, strict=True):
        no_break_inside(line)
        for position, (cell, value) in enumerate(zip(line.cells, values, strict=True)):
            text = _shown(value, table.columns[position])
            _write_cell(cell, text, bold=False, left=position == 0)


def _shown(value: Cell, column: Column) -> str:
    if isinstance(value, str):
        return value
    return vn_change(value) if column.signed else vn_number(value)


def _write_cell(cell: _Cell, text: str, *, bold: bool, left: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = LEFT if left else CENTRE
    write(paragraph, text, size=10 if bold else 12, bold=bold)


def _definitions(document: Document, report: Report, number: int) -> None:
    _heading(document, f"{number}. Cách tính")
    for position, (term, words) in enumerate(report.definitions, start=1):
        paragraph = body(document)
        write(paragraph, f"{term}: ", bold=True)
        write(paragraph, words + ("./." if position == len(report.definitions) else ";"))
