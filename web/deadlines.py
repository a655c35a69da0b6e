"""The two clocks of a referral in words. They are shown apart and never mixed."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.calendar import WorkingCalendar
from pipeline.clock import local
from pipeline.clocks import Due, due
from pipeline.settings import Settings
from store.models import Referral


@dataclass(frozen=True)
class Deadline:
    at: datetime
    due: Due
    words: str


@dataclass(frozen=True)
class StatutoryDeadline:
    at: datetime
    text: str
    basis: str
    words: str


class Deadlines:
    """Tells how referrals stand at one moment."""

    def __init__(self, settings: Settings, now: datetime) -> None:
        self._calendar = WorkingCalendar(settings.calendar)
        self._soon = settings.digest.due_soon_working_days
        self._now = now

    @property
    def horizon(self) -> datetime:
        """The end of the last day that counts as due soon."""
        return self._calendar.end_of_day(self._calendar.add_working_days(local(self._now).date(), self._soon))

    def programme(self, referral: Referral) -> Deadline | None:
        if referral.deadline_at is None:
            return None
        state = due(referral, self._now, self._calendar, self._soon)
        return Deadline(referral.deadline_at, state, self._words(referral.deadline_at, state))

    def statutory(self, referral: Referral) -> list[StatutoryDeadline]:
        deadlines = []
        for clock in referral.statutory:
            at = datetime.fromisoformat(clock["deadline_at"])
            state: Due = "overdue" if self._now > at else "running"
            if due(referral, self._now, self._calendar, self._soon) == "answered":
                state = "answered"
            words = self._words(at, state)
            deadlines.append(StatutoryDeadline(at, clock["text"], clock["basis"], words))
        return deadlines

    def _words(self, at: datetime, state: Due) -> str:
        if state == "answered":
            return "đã có trả lời"
        if state == "none":
            return "không còn tính hạn"
        days = self._calendar.working_days_between(local(self._now).date(), local(at).date())
        if state == "overdue":
            return f"QUÁ HẠN {-days} ngày làm việc" if days < 0 else "QUÁ HẠN trong ngày"
        return "hết hạn hôm nay" if days == 0 else f"còn {days} ngày làm việc"
