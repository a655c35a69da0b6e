"""The two clocks of a referral, never mixed: the programme's, in working days, and the statutory one."""

from datetime import datetime, timedelta
from typing import Literal

from pipeline.calendar import WorkingCalendar
from pipeline.clock import local
from pipeline.settings import Programme, Settings, StatutoryClock
from store.models import Referral

Due = Literal["overdue", "due_soon", "running", "answered", "none"]

UNANSWERED = ("sent", "acknowledged", "returned")
ANSWERED = ("answered", "accepted")


def programme_deadline(
    settings: Settings, programme: Programme, urgency: int, start: datetime
) -> datetime | None:
    """End of the last working day; None where the programme sets no limit for this urgency."""
    days = programme.deadlines.get(urgency)
    if days is None:
        return None
    return WorkingCalendar(settings.calendar).deadline_in_working_days(start, days)


def statutory_deadline(clock: StatutoryClock, start: datetime, calendar: WorkingCalendar) -> datetime:
    """Hours run from the moment, days by Civil Code articles 147 and 148."""
    if clock.hours is not None:
        return local(start) + timedelta(hours=clock.hours)
    if clock.working_hours is not None:
        return calendar.deadline_in_working_hours(start, clock.working_hours)
    if clock.days is not None:
        return calendar.legal_deadline_in_days(start, clock.days)
    assert clock.working_days is not None  # noqa: S101 - StatutoryClock has exactly one unit
    return calendar.legal_deadline_in_working_days(start, clock.working_days)


def due(referral: Referral, now: datetime, calendar: WorkingCalendar, due_soon_working_days: int) -> Due:
    """How a referral stands against the programme's clock at `now`; computed, never stored.

    An answer at 17:00 sharp is in time, one minute later is not. A co-agency has the lead's deadline.
    """
    if referral.state in ANSWERED:
        return "answered"
    if referral.deadline_at is None or referral.state not in UNANSWERED:
        return "none"
    if now > referral.deadline_at:
        return "overdue"
    left = calendar.working_days_between(local(now).date(), local(referral.deadline_at).date())
    return "due_soon" if left <= due_soon_working_days else "running"
