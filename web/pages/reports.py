"""Báo cáo: the account of any period as on paper, its files, and those that were written before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from pipeline.clock import LOCAL
from pipeline.documents.mail import DOCX
from pipeline.documents.report import Period, Report, parse_period, report_title
from pipeline.documents.report.account import account, appendix
from pipeline.documents.report.prose import days, shown_in
from pipeline.documents.templating import TemplateMistake
from pipeline.reporting import COVERING, DOCUMENT, WORKBOOK
from pipeline.settings import Settings
from web.asked_period import Asked, NoPeriod, asked_period, period_of
from web.charts import drawing_of
from web.permissions import Action
from web.reckoning import State
from web.visits import Handler, Visit, for_signed_in

WEEKS, MONTHS, QUARTERS, YEARS = 8, 12, 6, 3
"""that are offered; any other is asked for from day to day"""
LISTED = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
LOOK_AGAIN = "5"
"""seconds"""


@dataclass(frozen=True)
class Choice:
    label: str
    periods: tuple[Period, ...]


@dataclass(frozen=True)
class Written:
    """A report that lies in the office's folder."""

    period: Period
    written_at: datetime
    files: tuple[str, ...]


def reports(visit: Visit) -> Response:
    desk = visit.desk
    asked = asked_period(visit.request.query_params, desk.settings, desk.today)
    if asked.period is None:
        return _page(visit, Shown(asked))
    state, report = desk.reckoning.report(desk.store, desk.settings, asked.period, desk.clock())
    return _page(visit, Shown(asked, state, report))


@dataclass(frozen=True)
class Shown:
    asked: Asked
    state: State | None = None
    """None where it is unclear of what period"""
    report: Report | None = None
    file: str | None = None
    """which one was asked for, where it is not there yet"""


def _page(visit: Visit, shown: Shown) -> Response:
    desk, report, period = visit.desk, shown.report, shown.asked.period
    answer = visit.render(
        "reports.html",
        _status(shown),
        asked=shown.asked,
        period=period,
        state=shown.state,
        report=report,
        file=shown.file,
        title=report_title(report) if report else "",
        days=days(report) if report else "",
        chapters=[(one, drawing_of(one.chart) if one.chart else None) for one in account(report)]
        if report
        else (),
        appendix=appendix(report) if report else (),
        shown_in=shown_in,
        choices=_choices(desk.settings, desk.today),
        written=_written(desk.store.data_dir / "reports", desk.settings, desk.today),
        labels={DOCUMENT: "DOCX", WORKBOOK: "XLSX", COVERING: "Công văn"},
        document=DOCUMENT,
        workbook=WORKBOOK,
    )
    if shown.state == "making":
        answer.headers["Refresh"] = LOOK_AGAIN
    return answer


def _status(shown: Shown) -> int:
    if shown.report or shown.state is None:
        return 200
    return 503 if shown.state == "failed" else 202


def _choices(settings: Settings, today: date) -> list[Choice]:
    """Newest first; what has not begun is not offered."""

    def those(keys: Iterator[str], label: str) -> Choice:
        found = (parse_period(key, settings, today) for key in keys)
        return Choice(label, tuple(period for period in found if period.start <= today))

    last = range(today.year + 1, today.year - YEARS, -1)
    choices = [
        those(_weeks(today), "Tuần"),
        those(_months(today), "Tháng"),
        those((f"{year}-Q{quarter}" for year in last for quarter in (4, 3, 2, 1)), "Quý"),
        *(
            those((f"{year}-{window.key}" for year in last), window.name.capitalize())
            for window in settings.reports.windows
        ),
        those((str(year) for year in last), "Năm"),
        those((one.key for one in settings.programmes), "Cả chương trình"),
    ]
    return [Choice(choice.label, choice.periods[:MONTHS]) for choice in choices if choice.periods]


def _weeks(today: date) -> Iterator[str]:
    for number in range(WEEKS):
        year, week, _ = (today - number * timedelta(days=7)).isocalendar()
        yield f"{year}-W{week:02}"


def _months(today: date) -> Iterator[str]:
    for number in range(MONTHS):
        counted = 12 * today.year + today.month - 1 - number
        yield f"{counted // 12}-{counted % 12 + 1:02}"


def report_file(visit: Visit) -> Response:
    """One file of a report, of the figures that the page shows; until it is there a page that looks again."""
    desk, name = visit.desk, visit.request.path_params["name"]
    try:
        period = period_of(visit.request.path_params["period"], desk.settings, desk.today)
    except NoPeriod as error:
        raise HTTPException(404) from error
    try:
        state, content = desk.reckoning.file(desk.store, desk.settings, period, desk.clock(), name)
    except KeyError as error:
        raise HTTPException(404) from error
    except TemplateMistake as error:
        raise HTTPException(500) from error
    if content is None:
        return _page(visit, Shown(Asked(period), state, file=name))
    return _download(content, period, name)


def _download(content: bytes, period: Period, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{_file_name(period.key, name)}"'}
    return Response(content, media_type=_type(name), headers=headers)


def _file_name(period: str, name: str) -> str:
    stem, _, kind = name.rpartition(".")
    return f"{stem}-{period.replace('..', '-den-')}.{kind}"


def _type(name: str) -> str:
    return {"docx": DOCX, "xlsx": XLSX}.get(name.rpartition(".")[2], CSV)


def _written(folder: Path, settings: Settings, today: date) -> list[Written]:
    """What the schedule or the command has written, the newest first."""
    if not folder.is_dir():
        return []
    found = [one for path in folder.iterdir() if (one := _written_in(path, settings, today))]
    return sorted(found, key=lambda one: (one.period.end, one.period.start), reverse=True)[:LISTED]


def _written_in(path: Path, settings: Settings, today: date) -> Written | None:
    files = tuple(name for name in (DOCUMENT, WORKBOOK, COVERING) if (path / name).is_file())
    try:
        period = parse_period(path.name, settings, today)
    except ValueError:
        return None
    if DOCUMENT not in files:
        return None
    return Written(period, datetime.fromtimestamp((path / DOCUMENT).stat().st_mtime, LOCAL), files)


def written_file(visit: Visit) -> Response:
    desk, asked = visit.desk, visit.request.path_params
    listed = _written(desk.store.data_dir / "reports", desk.settings, desk.today)
    one = next((one for one in listed if one.period.key == asked["period"]), None)
    if one is None or asked["name"] not in one.files:
        raise HTTPException(404)
    path = desk.store.data_dir / "reports" / one.period.key / asked["name"]
    return FileResponse(path, media_type=_type(path.name), filename=_file_name(one.period.key, path.name))


def routes() -> list[Route]:
    def page(path: str, handler: Handler, name: str) -> Route:
        return Route(path, for_signed_in(handler, Action.VIEW_REPORTS), name=name)

    return [
        page("/bao-cao", reports, "reports"),
        page("/bao-cao/{period}/{name}", report_file, "report_file"),
        page("/bao-cao-da-lap/{period}/{name}", written_file, "written_report"),
    ]
