"""One wording of how far a deadline is."""

from datetime import UTC
from typing import Any

import pytest

from pipeline.calendar import WorkingCalendar
from pipeline.deadlines import Deadlines, horizon, standing_words, until_words
from store.models import Event, Referral
from tests.office import at, settings

OFFICE = settings()
CALENDAR = WorkingCalendar(OFFICE.calendar)


@pytest.mark.parametrize(
    ("until", "state", "now", "words"),
    [
        ("2026-11-23 17:00", "running", "2026-11-20 09:00", "còn 1 ngày làm việc"),
        # 24/11 is a day off.
        ("2026-11-25 17:00", "due_soon", "2026-11-20 09:00", "còn 2 ngày làm việc"),
        ("2026-11-20 17:00", "due_soon", "2026-11-20 17:00", "hết hạn hôm nay"),
        ("2026-11-22 23:59", "due_soon", "2026-11-20 18:00", "không còn ngày làm việc nào"),
        ("2026-11-20 17:00", "overdue", "2026-11-20 17:01", "quá hạn trong ngày"),
        # A day counts when it has passed: at 07:00 of the 20th only the 19th has.
        ("2026-11-18 17:00", "overdue", "2026-11-19 07:00", "quá hạn chưa tròn 1 ngày làm việc"),
        ("2026-11-18 17:00", "overdue", "2026-11-19 17:00", "quá hạn chưa tròn 1 ngày làm việc"),
        ("2026-11-18 17:00", "overdue", "2026-11-19 17:01", "quá hạn 1 ngày làm việc"),
        ("2026-11-18 17:00", "overdue", "2026-11-20 07:00", "quá hạn 1 ngày làm việc"),
        ("2026-11-18 17:00", "overdue", "2026-11-20 18:00", "quá hạn 2 ngày làm việc"),
        # A limit of law ends at midnight; its days are counted alike.
        ("2026-11-18 23:59", "overdue", "2026-11-19 00:00", "quá hạn chưa tròn 1 ngày làm việc"),
        ("2026-11-18 23:59", "overdue", "2026-11-20 07:00", "quá hạn 1 ngày làm việc"),
        # Saturday, Sunday and the holiday of 24/11 add nothing.
        ("2026-11-20 17:00", "overdue", "2026-11-22 09:00", "quá hạn chưa tròn 1 ngày làm việc"),
        ("2026-11-20 17:00", "overdue", "2026-11-24 09:00", "quá hạn 1 ngày làm việc"),
        ("2026-11-20 17:00", "overdue", "2026-11-25 09:00", "quá hạn 1 ngày làm việc"),
        ("2026-11-20 17:00", "overdue", "2026-11-25 17:01", "quá hạn 2 ngày làm việc"),
        # The deadline of a day off that was set by hand.
        ("2026-11-22 12:00", "overdue", "2026-11-23 09:00", "quá hạn chưa tròn 1 ngày làm việc"),
        ("2026-11-22 12:00", "overdue", "2026-11-24 09:00", "quá hạn 1 ngày làm việc"),
        ("2026-11-20 17:00", "answered", "2026-11-25 09:00", "đã có trả lời"),
        ("2026-11-20 17:00", "none", "2026-11-25 09:00", "không còn tính hạn"),
    ],
)
def test_how_far_it_is(until: str, state: Any, now: str, words: str) -> None:
    said = standing_words(at(until), state, at(now), CALENDAR)
    assert said == words
    assert standing_words(at(until).astimezone(UTC), state, at(now).astimezone(UTC), CALENDAR) == words


def test_an_extended_one_says_so() -> None:
    moment = at("2026-11-30 17:00")
    assert until_words(moment, extended=True) == "đã gia hạn đến 17:00 ngày 30/11/2026"
    assert until_words(moment, extended=False) == "17:00 ngày 30/11/2026"


def referral(**columns: Any) -> Referral:
    values: dict[str, Any] = {
        "id": 7,
        "state": "sent",
        "deadline_at": at("2026-11-25 17:00"),
        "statutory": [],
    }
    return Referral(**values | columns)


@pytest.mark.parametrize(
    ("now", "due"),
    [("2026-11-19 09:00", "running"), ("2026-11-20 09:00", "due_soon"), ("2026-11-25 17:01", "overdue")],
)
def test_states_are_computed_and_an_extension_is_told_beside_them(now: str, due: str) -> None:
    event = Event(entity_id=7, action="extended", why="Phải đo đạc lại.")
    standing = Deadlines(OFFICE, at(now), {7: event}).programme(referral())
    assert standing is not None
    assert (standing.due, standing.extension) == (due, event)
    assert standing.until.startswith("đã gia hạn đến")
    plain = Deadlines(OFFICE, at(now), {}).programme(referral())
    assert plain is not None
    assert (plain.due, plain.extension) == (due, None)


@pytest.mark.parametrize(("state", "words"), [("approved", "chưa gửi"), ("refused", "không còn tính hạn")])
def test_a_letter_that_is_not_out_yet_is_not_one_that_no_longer_counts(state: str, words: str) -> None:
    standing = Deadlines(OFFICE, at("2026-11-20 09:00"), {}).programme(referral(state=state))
    assert standing is not None
    assert standing.words == words


def test_the_clock_of_law_is_never_extended() -> None:
    clock = {"text": "30 ngày", "basis": "NĐ thử", "deadline_at": at("2026-11-23 23:59").isoformat()}
    event = Event(entity_id=7, action="extended")
    (standing,) = Deadlines(OFFICE, at("2026-11-20 09:00"), {7: event}).statutory(referral(statutory=[clock]))
    assert standing.extension is None
    assert (standing.words, standing.text, standing.basis) == ("còn 1 ngày làm việc", "30 ngày", "NĐ thử")


@pytest.mark.parametrize(
    ("state", "due"),
    [
        ("approved", "overdue"),
        ("sent", "overdue"),
        ("returned", "overdue"),
        ("answered", "answered"),
        ("accepted", "answered"),
        ("refused", "none"),
        ("withdrawn", "none"),
    ],
)
@pytest.mark.parametrize("deadline_at", [at("2026-11-25 17:00"), None], ids=["limited", "unlimited"])
def test_the_clock_of_law_ends_with_the_referral(state: str, due: str, deadline_at: Any) -> None:
    clock = {"text": "30 ngày", "basis": "NĐ thử", "deadline_at": at("2026-11-23 23:59").isoformat()}
    passed_on = referral(state=state, deadline_at=deadline_at, statutory=[clock])
    (standing,) = Deadlines(OFFICE, at("2026-12-20 09:00"), {}).statutory(passed_on)
    assert standing.due == due


def test_where_no_clock_runs_nothing_is_said() -> None:
    assert Deadlines(OFFICE, at("2026-11-20 09:00"), {}).programme(referral(deadline_at=None)) is None


def test_due_soon_reaches_to_the_end_of_the_second_working_day() -> None:
    assert horizon(OFFICE, at("2026-11-20 09:00")) == at("2026-11-25 17:00")
