"""The report as a document: the account, then its tables on pages laid across."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Length, Mm, Pt
from docx.table import _Cell

from pipeline.documents.charting import add_chart
from pipeline.documents.layout import (
    CENTRE,
    LEFT,
    TEXT_WIDTH,
    body,
    keep_together,
    no_break_inside,
    repeat_on_every_page,
    set_widths,
    write,
)
from pipeline.documents.printable import printable
from pipeline.documents.report import prose
from pipeline.documents.report.account import account, appendix
from pipeline.documents.report.content import Chart, Column, Report, Table
from pipeline.documents.stable import stable_docx
from pipeline.documents.templating import Frame, framed, shipped

ACROSS_WIDTH = Mm(297 - 20 - 20)


def report_docx(report: Report, path: Path | None = None) -> bytes:
    """The same report and template always give the same bytes; without `path` the template that ships.

    Raises TemplateMistake.
    """
    report = printable(report)
    frame = Frame(report.head, "BÁO CÁO", f"{prose.subject(report)}\n({prose.days(report)})")
    template = path or shipped(report.head.layout, "report")
    document = framed(template, frame, lambda document: _account(document, report))
    _appendix(document, report)
    return stable_docx(
        document, title=f"Báo cáo {prose.days(report)}", author=report.head.office, made_at=report.as_of
    )


def _account(document: Document, report: Report) -> None:
    chapters, charts = account(report), 0
    for chapter in chapters:
        _heading(document, chapter.heading)
        sentences = list(chapter.sentences)
        if chapter is chapters[-1]:
            sentences[-1] = f"{sentences[-1].removesuffix('.')}{report.head.end}"
        _sentences(document, sentences)
        if chapter.table:
            _table(document, chapter.table, TEXT_WIDTH)
        if chapter.chart:
            charts += 1
            _chart(document, chapter.chart, charts)


def _appendix(document: Document, report: Report) -> None:
    """On paper laid across: a dozen columns."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    section.different_first_page_header_footer = False
    paragraph = document.add_paragraph()
    paragraph.alignment = CENTRE
    write(paragraph, "PHỤ LỤC", bold=True)
    for number, table in enumerate(appendix(report), start=1):
        _heading(document, f"Bảng {number}. {table.title}")
        _table(document, table, ACROSS_WIDTH)
    _heading(document, "Cách tính")
    for term, words in report.definitions:
        paragraph = body(document)
        write(paragraph, f"{term}: ", bold=True, size=12)
        write(paragraph, f"{words}.", size=12)


def _heading(document: Document, text: str) -> None:
    paragraph = body(document)
    paragraph.paragraph_format.space_before = Pt(12)
    paragraph.paragraph_format.space_after = Pt(6)
    write(paragraph, text, bold=True)
    keep_together(paragraph)


def _sentences(document: Document, sentences: Iterable[str]) -> None:
    for sentence in sentences:
        write(body(document), sentence)


def _chart(document: Document, chart: Chart, number: int) -> None:
    paragraph = add_chart(document, chart, number, TEXT_WIDTH)
    paragraph.alignment = CENTRE
    paragraph.paragraph_format.space_before = Pt(6)


def _table(document: Document, table: Table, width: Length) -> None:
    if not table.rows:
        write(body(document), "Không có số liệu trong kỳ.")
        return
    document.paragraphs[-1].paragraph_format.space_after = Pt(6)
    shown = [number for number, column in enumerate(table.columns) if column.printed]
    columns = [table.columns[number] for number in shown]
    rows = [[row[number] for number in shown] for row in table.all_rows]
    grid = document.add_table(rows=1 + len(rows), cols=len(columns))
    grid.style = "Table Grid"
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    grid.autofit = False
    set_widths(grid, _widths(columns, width), side=40)
    for cell, column in zip(grid.rows[0].cells, columns, strict=True):
        _write_cell(cell, column.heading, bold=True, left=False)
        keep_together(cell.paragraphs[0])
    repeat_on_every_page(grid.rows[0])
    no_break_inside(grid.rows[0])
    for position, (line, values) in enumerate(zip(grid.rows[1:], rows, strict=True)):
        no_break_inside(line)
        is_sum = position == len(table.rows)
        for cell, column, value in zip(line.cells, columns, values, strict=True):
            left = column is columns[0] or column.text
            _write_cell(cell, prose.shown_in(value, column), bold=is_sum, left=left)


def _widths(columns: Sequence[Column], width: Length) -> list[Length]:
    """Numbers are narrow; names and words share the rest."""
    wide = [number for number, column in enumerate(columns) if column.text or not number]
    least = max(Mm(45), Length(width // 4)) if len(wide) == 1 else Mm(32)
    narrow = min(Mm(30), Length((width - least * len(wide)) // max(len(columns) - len(wide), 1)))
    rest = Length((width - narrow * (len(columns) - len(wide))) // len(wide))
    return [rest if number in wide else narrow for number in range(len(columns))]


def _write_cell(cell: _Cell, text: str, *, bold: bool, left: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = LEFT if left else CENTRE
    write(paragraph, text, size=11, bold=bold)
