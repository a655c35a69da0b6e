"""Writes the account of a period where the office keeps its documents."""

from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from pipeline.clock import local
from pipeline.documents.covering import Covering, covering_docx
from pipeline.documents.issuing import SERIES, Kind, head_of, number_and_symbol, numbering_year
from pipeline.documents.letter import office_contact
from pipeline.documents.report import (
    Period,
    Report,
    collect_report,
    report_csv,
    report_docx,
    report_title,
    report_xlsx,
)
from pipeline.documents.templating import template_of
from pipeline.routing import programme_on
from pipeline.settings import Settings
from store import Store
from store.files import write_whole
from store.models import IssuedNumber
from store.queries.numbers import issue_number, issued

DOCUMENT = "bao-cao.docx"
WORKBOOK = "bao-cao.xlsx"
COVERING = "cong-van.docx"


def write_report(
    store: Store, settings: Settings, period: Period, now: datetime
) -> tuple[Report, list[Path]]:
    """The report and the files it was written to, DOCX first; a second time they are written anew.

    A report that has been issued comes with its covering letter. Raises TemplateMistake.
    """
    with store.read() as session:
        report = report_of(session, settings, period, now)
        given, covering = (issued(session, _key(kind, period)) for kind in _KINDS)
    contents = {name: file_of(settings, report, name) for name in (DOCUMENT, WORKBOOK)}
    if given is not None and covering is not None:
        contents[COVERING] = _covering(settings, report, given.number, covering)
    contents |= tables_of(settings, report)
    files = {folder(store, period.key) / name: content for name, content in contents.items()}
    # The document last: where it lies, the tables lie too.
    for path in reversed(files):
        write_whole(path, files[path])
    return report, list(files)


def report_of(session: Session, settings: Settings, period: Period, now: datetime) -> Report:
    """With its number and day, where it has been issued."""
    given = given_to(session, period)
    number, day = (given.number, _day(given)) if given else (None, None)
    return collect_report(session, settings, period, now=now, number=number, day=day)


def given_to(session: Session, period: Period) -> IssuedNumber | None:
    """The number under which the period's report was issued."""
    return issued(session, _key("report", period))


def file_of(settings: Settings, report: Report, name: str) -> bytes:
    """One of the files that a report is written to. Raises KeyError, and TemplateMistake for the document."""
    if name == DOCUMENT:
        return report_docx(report, template_of(settings, "report"))
    if name == WORKBOOK:
        return report_xlsx(report)
    return tables_of(settings, report)[name]


def tables_of(settings: Settings, report: Report) -> dict[str, bytes]:
    """The report's tables as CSV, by their files' names."""
    written = report_csv(
        report, separator=settings.reports.csv_separator, decimal=settings.reports.csv_decimal
    )
    return {name: text.encode() for name, text in written.items()}


def issue_report(store: Store, settings: Settings, period: Period, now: datetime) -> None:
    """Gives the report and its covering letter the numbers of the day; they keep both, number and day."""
    year = numbering_year(settings.office, local(now).date())
    with store.begin() as session:
        for kind in _KINDS:
            issue_number(session, SERIES[kind], year, _key(kind, period), now)


_KINDS: tuple[Kind, ...] = ("report", "covering")


def _key(kind: Kind, period: Period) -> str:
    return f"{kind} {period.key}"


def _day(given: IssuedNumber) -> date:
    return local(given.given_at).date()


def _covering(settings: Settings, report: Report, number: int, own: IssuedNumber) -> bytes:
    office, day = settings.office, _day(own)
    programme = programme_on(settings, day)
    parties = [party for party in programme.parties if party != office.name] if programme else []
    title = report_title(report)
    about = f"{title[:1].lower()}{title[1:]}"
    covering = Covering(
        subject=f"gửi Báo cáo {about}",
        addressees=tuple(parties or [office.parent]),
        programme=programme.name if programme else "chương trình phối hợp",
        enclosed=f"Báo cáo số {number_and_symbol(office, 'report', number)} về {about}",
        request="Trân trọng đề nghị xem xét, chỉ đạo các cơ quan, địa phương trả lời những việc còn tồn đọng "
        "nêu trong Báo cáo.",
        contact=office_contact(office),
    )
    head = head_of(office, "covering", own.number, day, ["- Như trên;", f"- {office.parent};"])
    return covering_docx(head, covering, template_of(settings, "covering"), own.given_at)


def is_written(store: Store, period: str) -> bool:
    return (folder(store, period) / DOCUMENT).exists()


def folder(store: Store, period: str) -> Path:
    return store.data_dir / "reports" / period
