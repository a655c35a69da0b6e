"""The report's tables as CSV, which every program reads."""

import csv
import io

from pipeline.documents.printable import printable
from pipeline.documents.report.content import Cell, Report

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads Vietnamese letters in a one-byte code page."""
FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""what a spreadsheet takes for the start of a formula, the wide forms too (OWASP, CSV Injection)"""
BREAKS = ("\t", "\r", "\n")
"""A cell that starts with one may be split there, and what comes after be read as a formula."""


def report_csv(report: Report) -> dict[str, str]:
    """Text by file name; to be written as UTF-8."""
    report = printable(report)
    totals: list[tuple[Cell, ...]] = [(total.name, total.number) for total in report.totals]
    files = {"totals.csv": _csv([("Chỉ số", "Số lượng"), *totals])}
    for table in report.tables:
        heading = tuple(column.heading for column in table.columns)
        files[f"{table.key}.csv"] = _csv([heading, *table.rows])
    return files


def _csv(rows: list[tuple[Cell, ...]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_harmless(cell) for cell in row] for row in rows)
    return BYTE_ORDER_MARK + text.getvalue()


def _harmless(cell: Cell) -> Cell:
    """Names come from outside: one that would be reckoned gets the apostrophe that marks a text."""
    if isinstance(cell, int):
        return cell
    reckoned = cell.startswith(BREAKS) or cell.lstrip().startswith(FORMULA_SIGNS)
    return f"'{cell}" if reckoned else cell
