"""Which step around its deadline a referral has reached."""

import pytest

from pipeline.calendar import WorkingCalendar
from pipeline.reminding import step_reached
from pipeline.settings import Calendar, Reminders
from tests.office import at

RULES = Reminders(days_before=(3, 1), days_after=(1, 3), leader_after=5)


@pytest.mark.parametrize(
    ("now", "step"),
    [
        ("2026-11-18 08:00", None),  # four working days left: 19, 20, 23 and 25, for 24/11 is off
        ("2026-11-19 08:00", "before 3"),
        ("2026-11-20 08:00", "before 3"),
        ("2026-11-23 08:00", "before 1"),
        ("2026-11-25 08:00", "day"),
        ("2026-11-25 17:00", "day"),
        ("2026-11-25 17:01", None),  # late, but not by a day
        ("2026-11-26 08:00", "after 1"),
        ("2026-11-27 08:00", "after 1"),
        ("2026-11-30 08:00", "after 3"),
        ("2026-12-02 08:00", "leader"),
        ("2026-12-31 08:00", "leader"),
    ],
)
def test_steps_are_working_days_around_the_deadline(now: str, step: str | None) -> None:
    calendar = WorkingCalendar(Calendar())
    assert step_reached(at("2026-11-25 17:00"), at(now), calendar, RULES) == step


def test_an_office_may_leave_out_what_comes_before_and_after() -> None:
    rules = Reminders(days_before=(), days_after=(), leader_after=2)
    steps = [
        step_reached(at("2026-11-18 17:00"), at(f"2026-11-{day} 08:00"), WorkingCalendar(Calendar()), rules)
        for day in (17, 18, 19, 20)
    ]
    assert steps == [None, "day", None, "leader"]
