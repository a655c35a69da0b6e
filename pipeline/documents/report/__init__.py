"""The report of a period: collected once, as DOCX, XLSX, CSV and JSON."""

from pipeline.documents.report.as_csv import report_csv
from pipeline.documents.report.as_docx import report_docx
from pipeline.documents.report.as_xlsx import report_xlsx
from pipeline.documents.report.collect import collect_report
from pipeline.documents.report.content import Report
from pipeline.documents.report.period import Period, ended, last_week, parse_period
from pipeline.documents.report.prose import subject as report_title

__all__ = [
    "Period",
    "Report",
    "collect_report",
    "ended",
    "last_week",
    "parse_period",
    "report_csv",
    "report_docx",
    "report_title",
    "report_xlsx",
]
