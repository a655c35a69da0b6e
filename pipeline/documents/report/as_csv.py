"""The report's tables as CSV, which every program reads."""

import csv
import io
from datetime import date

from pipeline.documents.printable import printable
from pipeline.documents.report.content import Cell, Report
from pipeline.formats import vn_date

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads Vietnamese letters in a one-byte code page."""
FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""what a spreadsheet takes for the start of a formula, the wide forms too (OWASP, CSV Injection)"""
BREAKS = ("\t", "\r", "\n")
"""A cell that starts with one may be split there, and what comes after be read as a formula."""


def report_csv(report: Report, *, separator: str = ";", decimal: str = ",") -> dict[str, str]:
    """Text by file name; to be written as UTF-8. Excel takes the separator its language has."""
    report = printable(report)
    totals: list[tuple[Cell, ...]] = [(total.name, total.number) for total in report.totals]
    tables = {"totals": [("Chỉ số", "Số lượng"), *totals], "absent": _absent(report)}
    for table in report.tables:
        heading = tuple(column.heading for column in table.columns)
        tables[table.key] = [heading, *table.all_rows]
    return {f"{key}.csv": _csv(rows, separator, decimal) for key, rows in tables.items()}


def _absent(report: Report) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = [("Nhóm", "Tên")]
    return rows + [(group.words, name) for group in report.absent for name in group.names]


def _csv(rows: list[tuple[Cell, ...]], separator: str, decimal: str) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerows([_written(cell, decimal) for cell in row] for row in rows)
    return BYTE_ORDER_MARK + text.getvalue()


def _written(cell: Cell, decimal: str) -> str:
    """Names come from outside: one that would be reckoned gets the apostrophe that marks a text."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return vn_date(cell)
    if not isinstance(cell, str):
        return str(cell).replace(".", decimal)
    reckoned = cell.startswith(BREAKS) or cell.lstrip().startswith(FORMULA_SIGNS)
    return f"'{cell}" if reckoned else cell
