"""How far a deadline is, in words for officials."""

from datetime import datetime

from pipeline.calendar import WorkingCalendar
from pipeline.clock import local
from pipeline.formats import vn_number


def late_words(until: datetime, now: datetime, calendar: WorkingCalendar) -> str:
    """For a deadline before `now`."""
    days = calendar.working_days_between(local(until).date(), local(now).date())
    return f"quá hạn {vn_number(days)} ngày làm việc" if days else "quá hạn trong ngày"


def left_words(until: datetime, now: datetime, calendar: WorkingCalendar) -> str:
    """For a deadline not yet reached."""
    today, last = local(now).date(), local(until).date()
    if days := calendar.working_days_between(today, last):
        return f"còn {vn_number(days)} ngày làm việc"
    return "hết hạn hôm nay" if last == today else "không còn ngày làm việc nào"
