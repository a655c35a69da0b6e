"""The period that somebody asks a report of, or what is wrong with what was written."""

from dataclasses import dataclass
from datetime import date, timedelta

from starlette.datastructures import QueryParams

from pipeline.documents.report import Period, last_week, parse_period
from pipeline.formats import vn_date
from pipeline.settings import Settings
from web.formats import read_date

LONGEST = timedelta(days=3700)
"""ten years: no term is longer"""
FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)
"""Far from where the calendar ends: a period is compared with those before it."""


class NoPeriod(ValueError):
    """Says in Vietnamese what is wrong."""


@dataclass(frozen=True)
class Asked:
    period: Period | None
    """None where it is unclear: no other one is shown in its place"""
    problem: str | None = None
    first: str = ""
    last: str = ""
    """the days as they were written"""


def asked_period(asked: QueryParams, settings: Settings, today: date) -> Asked:
    """Without any the week that has ended."""
    first, last, key = (asked.get(name, "").strip() for name in ("tu", "den", "ky"))
    try:
        if first or last:
            return Asked(_from_to(first, last, settings, today), None, first, last)
        return Asked(period_of(key, settings, today) if key else last_week(today))
    except NoPeriod as error:
        return Asked(None, str(error), first, last)


def _from_to(first: str, last: str, settings: Settings, today: date) -> Period:
    start, end = _day("Từ ngày", first), _day("Đến ngày", last)
    if end < start:
        raise NoPeriod(f"Ngày đầu ({vn_date(start)}) sau ngày cuối ({vn_date(end)}): hãy đổi lại.")
    return period_of(f"{start.isoformat()}..{end.isoformat()}", settings, today)


def _day(label: str, written: str) -> date:
    if not written:
        raise NoPeriod(f"Ô “{label}” chưa ghi: hãy ghi cả hai ngày, ví dụ 01/09/2026.")
    try:
        return read_date(written)
    except ValueError as error:
        raise NoPeriod(f"Ô “{label}”: “{written}” không phải là một ngày; ví dụ 01/09/2026.") from error


def period_of(key: str, settings: Settings, today: date) -> Period:
    """Raises NoPeriod for what is none, too long, or in a time of which nothing can be told."""
    try:
        period = parse_period(key, settings, today)
    except (ValueError, OverflowError) as error:
        raise NoPeriod(f"Không có kỳ “{key}”: hãy chọn trong danh sách.") from error
    if period.start < FIRST or period.end > LAST:
        raise NoPeriod(f"Chỉ lập được báo cáo từ năm {FIRST.year} đến năm {LAST.year}.")
    if period.end - period.start > LONGEST:
        raise NoPeriod("Kỳ báo cáo không được dài quá mười năm.")
    return period
