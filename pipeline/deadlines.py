"""How a deadline stands, in the one wording that desk, agency's page, digest, reminder and letter share.

Days are counted as the limit itself is (Civil Code, article 147, clause 2: the day on which something begins
is not counted): of what is left, the days after today up to and with the last; of what is late, the working
days after the last one that have passed. A day has passed when the office's day ends, the hour at which a
limit ends, too: no agency is charged at seven in the morning with a day that has just begun.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline.calendar import WorkingCalendar
from pipeline.clock import local
from pipeline.clocks import ANSWERED, Due, due
from pipeline.formats import vn_datetime, vn_number
from pipeline.settings import Settings
from pipeline.states import REFERRAL
from store.models import Event, Referral

EXTENDED = "đã gia hạn đến"
NOT_OUT = ("drafted", "approved")


@dataclass(frozen=True)
class Standing:
    """One clock of a referral at one moment."""

    at: datetime
    due: Due
    words: str
    """how far it is"""
    extension: Event | None = None
    """who moved it last, from when, and why; None: nobody has"""

    @property
    def until(self) -> str:
        return until_words(self.at, extended=self.extension is not None)


def until_words(at: datetime, *, extended: bool) -> str:
    """17:00 ngày 22/11/2026; đã gia hạn đến 17:00 ngày 22/11/2026"""
    return f"{EXTENDED} {vn_datetime(at)}" if extended else vn_datetime(at)


def standing_words(at: datetime, state: Due, now: datetime, calendar: WorkingCalendar) -> str:
    if state == "answered":
        return "đã có trả lời"
    if state == "none":
        return "không còn tính hạn"
    if state == "overdue":
        return _late_words(at, now, calendar)
    today, last = local(now).date(), local(at).date()
    if days := calendar.working_days_between(today, last):
        return f"còn {vn_number(days)} ngày làm việc"
    return "hết hạn hôm nay" if last == today else "không còn ngày làm việc nào"


def _late_words(at: datetime, now: datetime, calendar: WorkingCalendar) -> str:
    if late := days_late(at, now, calendar):
        return f"quá hạn {vn_number(late)} ngày làm việc"
    return (
        "quá hạn trong ngày" if local(now).date() == local(at).date() else "quá hạn chưa tròn 1 ngày làm việc"
    )


def days_late(at: datetime, now: datetime, calendar: WorkingCalendar) -> int:
    """Working days that have passed whole since the day of the deadline."""
    today, last = local(now).date(), local(at).date()
    days = calendar.working_days_between(last, today)
    runs = days > 0 and calendar.is_working_day(today) and now <= calendar.end_of_day(today)
    return days - 1 if runs else days


class Deadlines:
    """Tells how referrals stand at one moment. `extensions`: the last of each referral that has one."""

    def __init__(self, settings: Settings, now: datetime, extensions: Mapping[int, Event]) -> None:
        self._calendar = WorkingCalendar(settings.calendar)
        self._soon = settings.digest.due_soon_working_days
        self._now = now
        self._extensions = extensions

    def due(self, referral: Referral) -> Due:
        return due(referral, self._now, self._calendar, self._soon)

    def programme(self, referral: Referral) -> Standing | None:
        """By the programme's clock; None where none runs."""
        at = referral.deadline_at
        if at is None:
            return None
        state = self.due(referral)
        words = (
            "chưa gửi" if referral.state in NOT_OUT else standing_words(at, state, self._now, self._calendar)
        )
        return Standing(at, state, words, self._extensions.get(referral.id))

    def statutory(self, referral: Referral) -> list["StatutoryStanding"]:
        return [self._of_law(clock, referral.state) for clock in referral.statutory]

    def _of_law(self, clock: Mapping[str, str], stands: str) -> "StatutoryStanding":
        at = datetime.fromisoformat(clock["deadline_at"])
        state: Due = "overdue" if self._now > at else "running"
        if stands in ANSWERED:
            state = "answered"
        elif not REFERRAL[stands]:  # refused or withdrawn: it binds this agency no longer
            state = "none"
        words = standing_words(at, state, self._now, self._calendar)
        return StatutoryStanding(at, state, words, text=clock["text"], basis=clock["basis"])


@dataclass(frozen=True)
class StatutoryStanding(Standing):
    """A limit set by law, never mixed with the programme's and never the office's to move."""

    text: str = ""
    basis: str = ""


def horizon(settings: Settings, now: datetime) -> datetime:
    """The end of the last day that counts as due soon."""
    calendar = WorkingCalendar(settings.calendar)
    soon = settings.digest.due_soon_working_days
    return calendar.end_of_day(calendar.add_working_days(local(now).date(), soon))
