"""How a referral stands against the programme's clock."""

import pytest
from pydantic import ValidationError

from pipeline.calendar import WorkingCalendar
from pipeline.clocks import due, programme_deadline, statutory_deadline
from pipeline.settings import StatutoryClock
from store.models import Referral
from tests.office import at, settings

CALENDAR = WorkingCalendar(settings().calendar)
DEADLINE = at("2026-11-25 17:00")


@pytest.mark.parametrize(
    ("state", "now", "stands"),
    [
        ("sent", "2026-11-25 17:00", "due_soon"),  # at 17:00 sharp it is not late
        ("sent", "2026-11-25 17:01", "overdue"),
        ("acknowledged", "2026-11-25 17:01", "overdue"),
        ("returned", "2026-11-25 17:01", "overdue"),  # an answer sent back is no answer
        ("sent", "2026-11-20 08:00", "due_soon"),  # two working days left: 23 and 25, for 24/11 is off
        ("sent", "2026-11-19 08:00", "running"),
        ("answered", "2026-11-30 08:00", "answered"),
        ("accepted", "2026-11-30 08:00", "answered"),
        ("refused", "2026-11-30 08:00", "none"),
        ("approved", "2026-11-30 08:00", "none"),  # not sent: the letter is stuck, not the agency
        ("drafted", "2026-11-30 08:00", "none"),
    ],
)
def test_due(state: str, now: str, stands: str) -> None:
    assert due(Referral(state=state, deadline_at=DEADLINE), at(now), CALENDAR, 2) == stands


@pytest.mark.parametrize(
    ("urgency", "deadline"),
    [
        (4, "2026-11-23 17:00"),
        (3, "2026-11-26 17:00"),
        (2, "2026-12-02 17:00"),
        (1, "2026-12-14 17:00"),
    ],
)
def test_the_programme_gives_working_days_by_urgency(urgency: int, deadline: str) -> None:
    office = settings()
    given = programme_deadline(office, office.programmes[0], urgency, at("2026-11-20 09:00"))
    assert given == at(deadline)


def test_an_urgency_without_a_limit_has_no_deadline() -> None:
    office = settings()
    assert programme_deadline(office, office.programmes[0], 0, at("2026-11-20 09:00")) is None


@pytest.mark.parametrize(
    ("limit", "deadline"),
    [
        ({"hours": 24}, "2026-11-21 09:30"),  # hours run from the moment, also over a weekend
        ({"working_hours": 8}, "2026-11-23 09:30"),
        ({"days": 30}, "2026-12-21 23:59:59"),  # 20/12 is a Sunday
        ({"working_days": 15}, "2026-12-14 23:59:59"),
    ],
)
def test_statutory_limits(limit: dict[str, int], deadline: str) -> None:
    clock = StatutoryClock(key="k", trigger="t", text="x", basis="b", **limit)
    assert statutory_deadline(clock, at("2026-11-20 09:30"), CALENDAR) == at(deadline)


@pytest.mark.parametrize("units", [{}, {"hours": 4, "working_hours": 4}])
def test_a_statutory_limit_has_one_unit(units: dict[str, int]) -> None:
    with pytest.raises(ValidationError, match="exactly one"):
        StatutoryClock(key="k", trigger="t", text="x", basis="b", **units)
