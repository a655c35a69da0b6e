"""Of what an agency is to be reminded today: steps around the deadline of the programme's clock."""

from datetime import datetime

from pipeline.calendar import WorkingCalendar
from pipeline.clock import local
from pipeline.settings import Reminders

LEADER = "leader"


def step_reached(
    deadline: datetime, now: datetime, calendar: WorkingCalendar, rules: Reminders
) -> str | None:
    """The last step reached by `now`, so that one missed while the machine was off is made up for."""
    today, last = local(now).date(), local(deadline).date()
    if now > deadline:
        return _after(calendar.working_days_between(last, today), rules)
    left = calendar.working_days_between(today, last)
    if left == 0:
        return "day"
    reached = [days for days in rules.days_before if left <= days]
    return f"before {min(reached)}" if reached else None


def _after(late: int, rules: Reminders) -> str | None:
    if late >= rules.leader_after:
        return LEADER
    reached = [days for days in rules.days_after if days <= late]
    return f"after {max(reached)}" if reached else None
