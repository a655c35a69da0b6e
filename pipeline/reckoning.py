"""A report made for the desk in a process of its own: that of a year keeps a processor busy for long."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from crawler.parent import die_with_the_parent
from pipeline.documents.report import Period, Report
from pipeline.documents.templating import TemplateMistake
from pipeline.kept_reports import Stamp, keep
from pipeline.reporting import DOCUMENT, WORKBOOK, file_of, report_of, tables_of
from pipeline.settings import Settings
from store import Store


def reckon(
    url: str, data_dir: Path, settings: Settings, period: Period, stamp: Stamp, complaints: Path
) -> None:
    """Keeps it where the desk looks. Why it comes to no end stands in `complaints`."""
    with complaints.open("ab") as file:
        os.dup2(file.fileno(), sys.stderr.fileno())
    die_with_the_parent()
    store = Store(url, data_dir, for_pages=True)
    try:
        with store.read() as session:
            report = report_of(session, settings, period, stamp.made_at)
    finally:
        store.close()
    keep(data_dir, period.key, stamp, report, _files(settings, report))


def _files(settings: Settings, report: Report) -> dict[str, bytes]:
    """Without the document where the office's template is wrong: the figures are right all the same."""
    files = {WORKBOOK: file_of(settings, report, WORKBOOK), **tables_of(settings, report)}
    with suppress(TemplateMistake):
        files[DOCUMENT] = file_of(settings, report, DOCUMENT)
    return files
