"""How sources are: against their own habits, in one definition."""

from datetime import timedelta

import pytest

from crawler.habit import usual_silence
from crawler.health import SourceHealth, health_of
from store import Store
from store.models import Link, Source
from tests.integration.crawler.conftest import NOW
from tests.integration.crawler.memory import DAY, HOUR, Memory, page

AS_CONFIGURED = timedelta(hours=48)


@pytest.fixture
def memory(store: Store) -> Memory:
    """With its one source known and well."""
    memory = Memory(store)
    memory.name()
    return memory


def health(memory: Memory) -> SourceHealth:
    with memory.store.read() as session:
        (found,) = health_of(session, memory.settings, memory.clock(), AS_CONFIGURED)
    return found


def publish(memory: Memory, *ages: timedelta, **columns: object) -> None:
    """Items that the source has named so long ago."""
    with memory.store.begin() as session:
        source = session.merge(memory.source())
        for number, age in enumerate(ages):
            address = f"https://song-moi.example/cu-{number}.html"
            session.add(
                Link(
                    source_id=source.id,
                    url=address,
                    canonical_url=address,
                    discovered_at=NOW - age + HOUR,
                    published_at=NOW - age,
                    state="stored",
                )
            )
        source.last_new_at = NOW - min(ages)
        session.flush()
        source.usual_silence_seconds = seconds(usual_silence(session, source.id, NOW))
        for name, value in columns.items():
            setattr(source, name, value)


def seconds(span: timedelta | None) -> int | None:
    return None if span is None else round(span.total_seconds())


def hours(*numbers: float) -> list[timedelta]:
    return [timedelta(hours=number) for number in numbers]


EVERY_HOUR = hours(*range(8, 300))
ONCE_A_WEEK = [3 * HOUR + n * 7 * DAY / 4 for n in range(1, 14)]
NIGHTS_OFF = [n * DAY + m * HOUR + 10 * HOUR for n in range(20) for m in range(8)]
HABITS = {
    "hourly, silent for 8 hours": (EVERY_HOUR, "silent"),
    "hourly, silent for 5 hours": ([age - 3 * HOUR for age in EVERY_HOUR], "ok"),
    "silent at night, as always": (NIGHTS_OFF, "ok"),
    "silent at night and all day": ([age + 16 * HOUR for age in NIGHTS_OFF], "silent"),
    "every other day, silent for two": (ONCE_A_WEEK, "ok"),
    "every other day, silent for three": ([age + 30 * HOUR for age in ONCE_A_WEEK], "silent"),
    "once broken, silent again": ([*hours(*range(30, 200)), *hours(*range(400, 600))], "silent"),
    "known too little, silent for 47 hours": (hours(47, 48, 49), "ok"),
    "known too little, silent for 49 hours": (hours(49, 50, 51), "silent"),
}


@pytest.mark.parametrize(("ages", "state"), HABITS.values(), ids=HABITS)
def test_silence_is_held_against_the_sources_own_habit(
    memory: Memory, ages: list[timedelta], state: str
) -> None:
    publish(memory, *ages)
    found = health(memory)
    assert found.state == state
    assert found.by_habit == (len(ages) >= 10) or state == "ok"


def test_a_poll_keeps_the_sources_habit(memory: Memory) -> None:
    def kept() -> float:
        return (memory.source().usual_silence_seconds or 0) / HOUR.total_seconds()

    publish(memory, *EVERY_HOUR, usual_silence_seconds=None)
    memory.after(HOUR).frontier.unchanged(memory.configured[0])
    assert kept() == 1
    memory.after(HOUR).name("/tin/moi.html")
    assert kept() == 10
    memory.after(30 * HOUR).name("/tin/moi-nua.html")
    assert kept() == 30
    # After two weeks the longest silence may be a breakdown.
    memory.after(40 * HOUR).name("/tin/lai-moi.html")
    assert kept() == 30


def test_what_nobody_asked_is_not_silent(memory: Memory) -> None:
    publish(memory, *[age - 8 * HOUR for age in EVERY_HOUR])
    memory.after(30 * DAY)
    memory.settings = memory.settings.model_copy(update={"longest_poll_minutes": 60})
    assert health(memory).state == "ok"


STATES = {
    "well": ({}, "ok", False),
    "a poll has failed": ({"failures": 2}, "slowed", False),
    "several have": ({"failures": 3}, "failing", True),
    "too many have": ({"failures": 9, "paused_at": NOW}, "paused", True),
    "never read": ({"last_ok_at": None, "failures": 1}, "unread", True),
    "a new layout": ({"layout_changed_at": NOW}, "layout", True),
    "nothing ever": ({"last_new_at": None}, "silent", True),
}


@pytest.mark.parametrize(("columns", "state", "ails"), STATES.values(), ids=STATES)
def test_the_state_of_a_source(memory: Memory, columns: dict[str, object], state: str, ails: bool) -> None:
    publish(memory, HOUR, **columns)
    found = health(memory)
    assert (found.state, found.ails) == (state, ails)


def test_a_source_that_no_crawl_has_seen_is_unread(store: Store) -> None:
    found = health(Memory(store))
    assert (found.state, found.row) == ("unread", None)


def test_a_source_of_no_configuration_is_not_listed(memory: Memory) -> None:
    with memory.store.begin() as session:
        session.add(
            Source(
                key="bao-cu feed x", outlet_key="bao-cu", outlet_name="Cũ", kind="feed", url="x", failures=9
            )
        )
    assert health(memory).source.outlet.key == "song-moi"


@pytest.mark.parametrize("readable", [0, 1])
def test_pages_none_of_which_is_an_article(memory: Memory, readable: int) -> None:
    links = memory.name(*(f"/tin/bai-so-{number}.html" for number in range(4))).pending
    memory.read(links[:readable], page())
    memory.frontier.refuse([(link, "not an article") for link in links[readable:]])
    found = health(memory)
    assert (found.state, found.unreadable_pages) == (("ok", 0) if readable else ("unreadable", 4))


def test_what_a_later_visit_finds_wrong_does_not_make_a_read_page_unreadable(memory: Memory) -> None:
    links = memory.name(*(f"/tin/bai-so-{number}.html" for number in range(4))).pending
    memory.read(links[:1], page())
    memory.frontier.refuse([(link, "not an article") for link in links[1:]])
    memory.frontier.gone(memory.after(4 * HOUR).frontier.visits())
    assert (health(memory).state, health(memory).unreadable_pages) == ("ok", 0)


def test_a_layout_has_changed_when_four_pages_in_a_row_miss_it(memory: Memory) -> None:
    links = memory.name(*(f"/tin/bai-so-{number}.html" for number in range(10))).pending

    def read(layout: str, number: int) -> str:
        titled = page(f"Bài số {number}", layout=layout)
        memory.read([links[number]], titled)
        return health(memory).state

    seen = [read("missed" if number != 2 else "declared", number) for number in range(8)]
    assert seen == ["ok", "ok", "ok", "ok", "ok", "ok", "layout", "layout"]
    assert memory.source().layout_changed_at == memory.clock.now
    assert read("declared", 8) == "ok"
