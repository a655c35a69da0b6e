"""Writes the account of a period where the office keeps its documents."""

from datetime import date, datetime
from pathlib import Path

from pipeline.documents.report import Report, collect_report, report_csv, report_docx, report_xlsx
from pipeline.settings import Settings
from store import Store
from store.files import write_whole

DOCUMENT = "bao-cao.docx"
WORKBOOK = "bao-cao.xlsx"


def write_report(
    store: Store, settings: Settings, period: str, start: date, end: date, now: datetime
) -> tuple[Report, list[Path]]:
    """The report and the files it was written to, DOCX first; a second time they are written anew."""
    with store.read() as session:
        report = collect_report(session, settings, start, end, now=now)
    contents = {DOCUMENT: report_docx(report), WORKBOOK: report_xlsx(report)}
    contents |= {name: text.encode() for name, text in report_csv(report).items()}
    files = {folder(store, period) / name: content for name, content in contents.items()}
    # The document last: where it lies, the tables lie too.
    for path in reversed(files):
        write_whole(path, files[path])
    return report, list(files)


def is_written(store: Store, period: str) -> bool:
    return (folder(store, period) / DOCUMENT).exists()


def folder(store: Store, period: str) -> Path:
    return store.data_dir / "reports" / period
