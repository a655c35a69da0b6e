"""The report's tables for a spreadsheet."""

import csv
import io

from pipeline.documents.printable import printable
from pipeline.documents.report.content import Cell, Report

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads Vietnamese letters in a one-byte code page."""


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
    csv.writer(text).writerows(rows)
    return BYTE_ORDER_MARK + text.getvalue()
