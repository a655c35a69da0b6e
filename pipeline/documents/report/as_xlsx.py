"""The report's figures as a workbook: numbers and dates a spreadsheet can reckon with."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.clock import local
from pipeline.documents.charting import draw, height_of
from pipeline.documents.printable import printable
from pipeline.documents.report.content import Cell, Report, Table
from pipeline.documents.report.prose import shown
from pipeline.documents.report.words import NO_FIGURES

A4 = 9
"""as Excel numbers paper sizes"""
FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
NAME_WIDTH, NUMBER_WIDTH, TIME_WIDTH, WORDS_WIDTH = 44, 14, 20, 90
"""in characters"""
LINE = 16.5
"""points; set for every row, because not every program makes a row as high as its wrapped text"""
CHART_WIDTH, PIXELS_A_POINT = 900, 96 / 72


@dataclass(frozen=True)
class _Book:
    file: Workbook
    text: Format
    aside: Format
    wrapped: Format
    number: Format
    measured: Format
    change: Format
    measured_change: Format
    day: Format
    moment: Format
    heading: Format


def report_xlsx(report: Report) -> bytes:
    """The same report always gives the same bytes: the library sets every zip entry to 1980."""
    report = printable(report)
    packed = io.BytesIO()
    with Workbook(packed, {"in_memory": True}) as file:
        moment = report.as_of.astimezone(UTC).replace(tzinfo=None)
        file.set_properties({"title": "Báo cáo", "author": report.head.office, "created": moment})
        book = _book(file)
        _overview(book, report)
        for table in report.tables:
            _table(book, table)
        _absent(book, report)
        if report.charts:
            _charts(book, report)
        _definitions(book, report)
    return packed.getvalue()


def _book(file: Workbook) -> _Book:
    def made(**properties: object) -> Format:
        return file.add_format(FONT | properties)

    # A text stays one ("@") also when someone edits its cell: no name from outside becomes a formula.
    return _Book(
        file,
        text=made(num_format="@"),
        aside=made(num_format="@", align="right"),
        wrapped=made(num_format="@", text_wrap=True),
        number=made(num_format="#,##0"),
        measured=made(num_format="#,##0.0"),
        change=made(num_format="+#,##0;-#,##0;0"),
        measured_change=made(num_format="+#,##0.0;-#,##0.0;0.0"),
        day=made(num_format="dd/mm/yyyy", align="left"),
        moment=made(num_format="hh:mm dd/mm/yyyy", align="left"),
        heading=made(num_format="@", bold=True, text_wrap=True, border=1, align="center"),
    )


def _overview(book: _Book, report: Report) -> None:
    sheet = _sheet(book, "Tổng hợp", columns=1)
    sheet.set_column(1, 1, TIME_WIDTH)
    sheet.write_string(0, 0, "Cơ quan báo cáo", book.text)
    sheet.write_string(0, 1, report.head.office, book.text)
    for row, (name, day) in enumerate(
        (("Từ ngày", report.period.start), ("Đến ngày", report.period.end)), start=1
    ):
        sheet.write_string(row, 0, name, book.text)
        sheet.write_datetime(row, 1, day, book.day)
    if report.is_over:
        # As the page says it: by the moment itself, 0:00 of the next day, nobody calls the end of a day.
        sheet.write_string(3, 0, "Số liệu tính đến hết ngày", book.text)
        sheet.write_datetime(3, 1, report.period.end, book.day)
    else:
        sheet.write_string(3, 0, "Số liệu tính đến", book.text)
        sheet.write_datetime(3, 1, local(report.as_of).replace(tzinfo=None), book.moment)
    _heading(book, sheet, 5, ("Chỉ số", "Số lượng"))
    for row, total in enumerate(report.totals, start=6):
        _write(book, sheet, row, (total.name, total.number))


def _table(book: _Book, table: Table) -> None:
    sheet = _sheet(book, table.title, columns=len(table.columns))
    for position, column in enumerate(table.columns):
        if column.text:
            sheet.set_column(position, position, NAME_WIDTH)
    _heading(book, sheet, 0, tuple(column.heading for column in table.columns))
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    signed = [position for position, column in enumerate(table.columns) if column.signed]
    for number, row in enumerate(table.all_rows, start=1):
        _write(book, sheet, number, row, signed)


def _absent(book: _Book, report: Report) -> None:
    sheet = _sheet(book, "Sự tham gia", columns=1)
    sheet.set_column(0, 1, 2 * NAME_WIDTH)
    _heading(book, sheet, 0, ("Nhóm", "Tên"))
    rows = [(group.words, name) for group in report.absent for name in group.names]
    for number, row in enumerate(rows, start=1):
        sheet.write_string(number, 0, row[0], book.text)
        sheet.write_string(number, 1, row[1], book.text)


def _charts(book: _Book, report: Report) -> None:
    """Each beside the figures it is drawn from."""
    sheet, row = _sheet(book, "Biểu đồ", columns=5), 0
    for chart in report.charts:
        drawn = draw(book.file, sheet, chart, row)
        height = height_of(chart).pt
        drawn.set_size({"width": CHART_WIDTH, "height": height * PIXELS_A_POINT})
        sheet.insert_chart(row, 7, drawn)
        row += max(len(chart.categories) + 1, math.ceil(height / LINE)) + 1


def _definitions(book: _Book, report: Report) -> None:
    sheet = _sheet(book, "Cách tính", columns=1)
    sheet.set_column(1, 1, WORDS_WIDTH)
    for row, (term, words) in enumerate(report.definitions):
        sheet.set_row(row, _height(words, WORDS_WIDTH))
        sheet.write_string(row, 0, term, book.text)
        sheet.write_string(row, 1, words, book.wrapped)


def _sheet(book: _Book, name: str, *, columns: int) -> Worksheet:
    sheet = book.file.add_worksheet(name)
    sheet.set_column(0, 0, NAME_WIDTH)
    sheet.set_column(1, columns, NUMBER_WIDTH)
    sheet.set_default_row(LINE)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    return sheet


def _height(words: str, width: int) -> float:
    """Enough for wrapped words: most letters are narrower than the digit that widths are measured by."""
    return LINE * math.ceil(len(words) / width)


def _heading(book: _Book, sheet: Worksheet, row: int, words: tuple[str, ...]) -> None:
    sheet.set_row(row, max(_height(word, NUMBER_WIDTH) for word in words[1:]))
    for column, word in enumerate(words):
        sheet.write_string(row, column, word, book.heading)


def _write(
    book: _Book, sheet: Worksheet, row: int, cells: tuple[Cell, ...], signed: Sequence[int] = ()
) -> None:
    """`signed`: positions of the cells that tell a change. What paper has a dash for has one here."""
    for column, cell in enumerate(cells):
        if column and shown(cell) == NO_FIGURES:
            sheet.write_string(row, column, NO_FIGURES, book.aside)
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, book.day)
        elif isinstance(cell, str):
            sheet.write_string(row, column, cell, book.text)
        elif cell is not None:
            sheet.write_number(row, column, cell, _format(book, cell, signed=column in signed))


def _format(book: _Book, cell: float, *, signed: bool) -> Format:
    if isinstance(cell, float):
        return book.measured_change if signed else book.measured
    return book.change if signed else book.number
