"""Writes the account of a period where the office keeps its documents."""

from datetime import datetime
from pathlib import Path

from pipeline.documents.report import (
    Period,
    Report,
    collect_report,
    report_csv,
    report_docx,
    report_xlsx,
)
from pipeline.settings import Settings
from store import Store
from store.files import write_whole

DOCUMENT = "bao-cao.docx"
WORKBOOK = "bao-cao.xlsx"


def write_report(
    store: Store, settings: Settings, period: Period, now: datetime
) -> tuple[Report, list[Path]]:
    """The report and the files it was written to, DOCX first; a second time they are written anew."""
    with store.read() as session:
        report = collect_report(session, settings, period, now=now)
    contents = {DOCUMENT: report_docx(report), WORKBOOK: report_xlsx(report)}
    written = report_csv(
        report, separator=settings.reports.csv_separator, decimal=settings.reports.csv_decimal
    )
    contents |= {name: text.encode() for name, text in written.items()}
    files = {folder(store, period.key) / name: content for name, content in contents.items()}
    # The document last: where it lies, the tables lie too.
    for path in reversed(files):
        write_whole(path, files[path])
    return report, list(files)


def is_written(store: Store, period: str) -> bool:
    return (folder(store, period) / DOCUMENT).exists()


def folder(store: Store, period: str) -> Path:
    return store.data_dir / "reports" / period
