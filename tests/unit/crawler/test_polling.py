"""How long a source is left alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.polling import (
    NO_HINTS,
    WHILE_PAUSED,
    Bounds,
    Hints,
    Polled,
    gives_up,
    longest_gap,
    next_gap,
    next_wait,
    wait_after_failure,
)

NOW = datetime(2026, 11, 20, 3, 20, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BOUNDS = Bounds(5 * MINUTE, DAY)
MARKED = Hints(etag='"1"')

durations = st.timedeltas(timedelta(0), timedelta(days=400))
hours = st.frozensets(st.integers(0, 23))
hints = st.builds(
    Hints,
    etag=st.none() | st.just('"1"'),
    max_age=st.none() | durations,
    retry_after=st.none() | durations,
    ttl=st.none() | durations,
    skip_hours=hours,
    skip_days=st.frozensets(st.integers(0, 6)),
)


@st.composite
def polls(draw: st.DrawFn) -> Polled:
    named = draw(st.integers(0, 1000))
    new = draw(st.integers(0, named))
    ages = draw(st.lists(st.timedeltas(timedelta(days=-2), timedelta(days=400)), max_size=min(new, 20)))
    return Polled(named, new, draw(st.none() | durations), ages)


@given(st.none() | durations, polls(), hints)
def test_a_wait_is_always_within_its_bounds(gap: timedelta | None, polled: Polled, asked_for: Hints) -> None:
    wait = next_wait(next_gap(gap, polled), polled, asked_for, NOW, BOUNDS)
    assert BOUNDS.shortest <= wait <= BOUNDS.longest


@given(st.timedeltas(HOUR, 12 * DAY), polls(), st.sampled_from((MARKED, NO_HINTS)))
@example(HOUR * 1.7, Polled(10, 1, HOUR), MARKED)
def test_a_wait_of_its_own_ends_when_the_office_looks(gap: timedelta, polled: Polled, told: Hints) -> None:
    assert next_wait(gap, polled, told, NOW, BOUNDS) % BOUNDS.shortest == timedelta(0)


@given(durations, durations, st.integers(0, 99), st.integers(0, 99), durations)
def test_more_news_never_means_a_longer_wait(
    gap: timedelta, since: timedelta, one: int, other: int, age: timedelta
) -> None:
    few, many = sorted((one, other))
    waits = []
    for new in (few, many):
        polled = Polled(100, new, since, [age] * new)
        waits.append(next_wait(next_gap(gap, polled), polled, MARKED, NOW, BOUNDS))
    assert waits[1] <= waits[0]


@given(durations, durations, durations, st.integers(0, 99))
def test_a_longer_silence_never_means_a_shorter_wait(
    gap: timedelta, one: timedelta, other: timedelta, new: int
) -> None:
    waits = []
    for since in sorted((one, other)):
        polled = Polled(100, new, since)
        waits.append(next_wait(next_gap(gap, polled), polled, MARKED, NOW, BOUNDS))
    assert waits[0] <= waits[1]


@given(durations, polls(), hints)
def test_a_mark_to_ask_by_never_means_a_longer_wait(gap: timedelta, polled: Polled, asked_for: Hints) -> None:
    plain = Hints(max_age=asked_for.max_age)
    marked = Hints(etag='"1"', max_age=asked_for.max_age)
    assert next_wait(gap, polled, marked, NOW, BOUNDS) <= next_wait(gap, polled, plain, NOW, BOUNDS)


class Publisher:
    """A list of the `size` newest of items that come `every` so often."""

    def __init__(self, every: timedelta, size: int = 20, gap: timedelta | None = None) -> None:
        self.every, self.size, self.gap = every, size, gap
        self.passed = self.since = timedelta(0)
        self.waits: list[timedelta] = []

    def poll(self, times: int, asked_for: Hints = MARKED) -> timedelta:
        for _ in range(times):
            first = not self.waits
            before = (self.passed - self.since) // self.every
            count = self.size if first else min(self.size, self.passed // self.every - before)
            ages = [self.passed % self.every + n * self.every for n in range(count)]
            polled = Polled(self.size, count, None if first else self.since, ages)
            self.gap = min(next_gap(self.gap, polled), longest_gap(BOUNDS))
            self.since = next_wait(self.gap, polled, asked_for, NOW, BOUNDS)
            self.waits.append(self.since)
            self.passed += self.since
        return self.waits[-1]


@pytest.mark.parametrize("asked_for", [MARKED, NO_HINTS], ids=["marked", "unmarked"])
def test_a_busy_source_is_asked_every_five_minutes(asked_for: Hints) -> None:
    assert Publisher(3 * MINUTE).poll(10, asked_for) == 5 * MINUTE
    late = Publisher(3 * MINUTE, gap=12 * DAY)
    late.waits.append(DAY)
    assert late.poll(8, asked_for) == 5 * MINUTE


@pytest.mark.parametrize(
    ("every", "asked_for"), [(7 * DAY, NO_HINTS), (21 * DAY, MARKED)], ids=["unmarked", "marked"]
)
def test_a_rare_source_is_asked_once_a_day(every: timedelta, asked_for: Hints) -> None:
    publisher = Publisher(every)
    publisher.poll(60, asked_for)
    assert min(publisher.waits[-20:]) > 12 * HOUR
    assert max(publisher.waits[-20:]) == DAY


def test_a_weekly_source_is_asked_once_or_twice_a_day() -> None:
    publisher = Publisher(7 * DAY)
    publisher.poll(100)
    assert 10 * HOUR < min(publisher.waits[-20:]) < max(publisher.waits[-20:]) <= DAY


@given(st.integers(3, 1000))
def test_a_source_is_asked_a_few_times_between_two_items(minutes: int) -> None:
    publisher = Publisher(minutes * MINUTE)
    publisher.poll(300)
    usual = sorted(publisher.waits[-100:])[50]
    gap = minutes * MINUTE
    assert max(5 * MINUTE, gap / 24 - 5 * MINUTE) <= usual <= max(5 * MINUTE, gap / 8)


def test_a_source_that_wakes_up_is_found_again_soon() -> None:
    asleep = Publisher(30 * MINUTE, size=100, gap=12 * DAY)
    asleep.waits.append(DAY)
    asleep.since = DAY
    asleep.passed = DAY
    # 48 items have come since the last poll.
    assert asleep.poll(3) <= 10 * MINUTE


def test_the_first_answer_tells_the_pace_by_its_times() -> None:
    hourly = Polled(20, 20, None, [n * HOUR for n in range(20)])
    assert next_gap(None, hourly) == 54 * MINUTE
    dead = Polled(20, 20, None, [365 * DAY + n * HOUR for n in range(20)])
    assert next_wait(next_gap(None, dead), dead, MARKED, NOW, BOUNDS) == DAY
    timeless = Polled(20, 20, None)
    assert next_wait(next_gap(None, timeless), timeless, MARKED, NOW, BOUNDS) == 30 * MINUTE


def test_a_list_that_may_have_lost_items_is_asked_much_sooner() -> None:
    some = Polled(5, 4, 8 * HOUR)
    all_of_them = Polled(5, 5, 8 * HOUR)
    gap = 16 * HOUR
    assert next_wait(next_gap(gap, all_of_them), all_of_them, NO_HINTS, NOW, BOUNDS) <= 2 * HOUR
    assert next_wait(next_gap(gap, some), some, NO_HINTS, NOW, BOUNDS) > 2 * HOUR


LEAST = {
    "nothing": (MARKED, 5 * MINUTE),
    "max-age": (Hints(etag="1", max_age=20 * MINUTE), 20 * MINUTE),
    "ttl": (Hints(etag="1", ttl=HOUR, max_age=MINUTE), HOUR),
    "retry-after": (Hints(etag="1", retry_after=2 * HOUR), 2 * HOUR),
    "a wrong ttl": (Hints(etag="1", ttl=365 * DAY), DAY),
    "an hour that is skipped": (Hints(etag="1", skip_hours=frozenset({3, 4})), 100 * MINUTE),
    "an hour not skipped": (Hints(etag="1", skip_hours=frozenset({4, 5})), 5 * MINUTE),
    "every hour": (Hints(etag="1", skip_hours=frozenset(range(24))), 5 * MINUTE),
    "today, a Friday": (Hints(etag="1", skip_days=frozenset({4})), 20 * HOUR + 40 * MINUTE),
    "the whole weekend": (Hints(etag="1", skip_days=frozenset({4, 5, 6})), DAY),
}


@pytest.mark.parametrize(("asked_for", "wait"), LEAST.values(), ids=LEAST)
def test_what_an_answer_asks_for_is_the_least(asked_for: Hints, wait: timedelta) -> None:
    polled = Polled(20, 10, HOUR)
    assert next_wait(next_gap(20 * MINUTE, polled), polled, asked_for, NOW, BOUNDS) == wait


def test_failures_slow_a_source_down() -> None:
    waits = [wait_after_failure(failures, NO_HINTS, BOUNDS) / MINUTE for failures in range(1, 10)]
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 1440]
    assert wait_after_failure(1, Hints(retry_after=HOUR), BOUNDS) == HOUR
    assert wait_after_failure(1, Hints(retry_after=30 * DAY), BOUNDS) == DAY
    assert wait_after_failure(10**6, NO_HINTS, BOUNDS) == DAY


def test_a_source_is_given_up_only_after_many_failures_in_many_days() -> None:
    assert not gives_up(7, 30 * DAY)
    assert not gives_up(30, 2 * DAY)
    assert gives_up(8, 3 * DAY)
    assert WHILE_PAUSED == 7 * DAY


def test_a_source_that_only_fails_is_given_up_within_a_week() -> None:
    passed, failures = timedelta(0), 0
    while not gives_up(failures, passed):
        failures += 1
        passed += wait_after_failure(failures, NO_HINTS, BOUNDS)
    assert 3 * DAY <= passed <= 7 * DAY
