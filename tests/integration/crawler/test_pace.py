"""When sources are polled again, as the store remembers it."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.kinds.naming import Named
from crawler.polling import Hints
from crawler.settings import SourceSettings
from crawler.troubles import of_status
from store import Store
from store.queries.sources import resume
from tests.integration.crawler.conftest import NOW
from tests.integration.crawler.memory import DAY, HOUR, Memory, ago, named, settings

MINUTE = timedelta(minutes=1)
MARKED = Hints(etag='"1"')


@pytest.fixture
def memory(store: Store) -> Memory:
    return Memory(store)


def wait(memory: Memory) -> timedelta:
    until = memory.source().next_poll_at
    assert until is not None
    return until - memory.clock.now


def due(memory: Memory) -> int:
    return len(list(memory.frontier.due_sources()))


def items(*ages: timedelta) -> list[Named]:
    return [named(f"/tin/bai-{age // MINUTE}.html", published=ago(age)) for age in ages]


def test_the_first_answer_tells_the_pace_by_its_times(memory: Memory) -> None:
    memory.name(*items(*(n * 120 * MINUTE for n in range(1, 11))), hints=MARKED)
    assert wait(memory) == 10 * MINUTE
    assert (memory.source().items_named, memory.source().items_new) == (10, 10)


def test_an_answer_unchanged_counts_as_nothing_new(memory: Memory) -> None:
    memory.name(*items(*(n * 120 * MINUTE for n in range(1, 11))), hints=MARKED)
    waits = []
    for _ in range(40):
        memory.after(wait(memory))
        memory.frontier.unchanged(memory.configured[0])
        waits.append(wait(memory))
    assert waits == sorted(waits)
    assert waits[0] == 10 * MINUTE
    assert waits[-1] > 20 * MINUTE
    assert (memory.source().items_named, memory.source().etag) == (10, '"1"')


def test_parts_of_an_answer_are_one_poll(memory: Memory) -> None:
    pages = [items(*(n * HOUR for n in range(first, first + 5))) for first in (1, 6)]
    frontier = memory.frontier
    for page in pages:
        frontier.record(memory.configured[0], page)
    in_parts = wait(memory)
    assert memory.source().items_named == 10

    with memory.store.begin() as session:
        source = session.merge(memory.source())
        source.gap_seconds = source.last_ok_at = None
    memory.frontier.record(memory.configured[0], [*pages[0], *pages[1]])
    assert memory.source().items_new == 0
    assert in_parts == 30 * MINUTE


def test_what_falls_due_within_a_minute_is_due(memory: Memory) -> None:
    memory.name(hints=Hints(etag="x", max_age=10 * MINUTE))
    until = memory.source().next_poll_at
    assert until is not None
    memory.clock.now = until - timedelta(seconds=90)
    assert due(memory) == 0
    memory.clock.now = until - timedelta(seconds=50)
    assert due(memory) == 1


def test_what_an_answer_asks_for_is_honoured(memory: Memory) -> None:
    memory.name(hints=Hints(etag="x", ttl=90 * MINUTE))
    assert wait(memory) == 90 * MINUTE
    memory.frontier.poll_failed(memory.configured[0], of_status(429), Hints(retry_after=3 * HOUR))
    assert wait(memory) == 3 * HOUR


def test_what_was_left_over_is_asked_for_soon(memory: Memory) -> None:
    memory.settings = settings(max_items_per_source=3)
    assert memory.name(*items(*(n * DAY for n in range(5))), hints=MARKED).left_over == 2
    assert (wait(memory), memory.source().etag) == (5 * MINUTE, None)
    assert memory.after(5 * MINUTE).name(*items(*(n * DAY for n in range(5))), hints=MARKED).left_over == 0
    assert memory.source().etag == '"1"'
    assert wait(memory) > 30 * MINUTE


def test_a_folder_is_looked_into_each_time(memory: Memory, tmp_path: Path) -> None:
    outlet = memory.settings.outlets[0].model_copy(
        update={"sources": (SourceSettings(kind="folder", path=tmp_path),)}
    )
    memory.settings = memory.settings.model_copy(update={"outlets": (outlet,)})
    for _ in range(3):
        memory.frontier.unchanged(memory.configured[0])
        assert wait(memory) == 5 * MINUTE
        memory.after(DAY)


def fail(memory: Memory) -> list[datetime]:
    """When it is asked, if every poll fails, until it is paused."""
    asked: list[datetime] = []
    while memory.source().paused_at is None:
        memory.frontier.poll_failed(memory.configured[0], of_status(500))
        asked.append(memory.clock.now)
        memory.after(wait(memory))
    return asked


def test_a_source_that_fails_for_days_is_paused_and_heals_by_itself(memory: Memory) -> None:
    memory.name()
    memory.after(wait(memory))
    asked = fail(memory)
    assert asked[-1] - asked[0] >= 3 * DAY
    source = memory.source()
    assert (source.paused_at, source.failing_since) == (asked[-1], asked[0])
    assert source.next_poll_at == asked[-1] + 7 * DAY
    memory.frontier.poll_failed(memory.configured[0], of_status(500))
    assert (memory.source().paused_at, wait(memory)) == (asked[-1], 7 * DAY)

    memory.after(7 * DAY).name("/tin/bai-moi.html")
    source = memory.source()
    assert (source.paused_at, source.failures, source.failing_since, source.last_error) == (
        None,
        0,
        None,
        None,
    )


def test_a_paused_source_can_be_asked_at_once(memory: Memory) -> None:
    memory.settings = settings(sources=2)
    memory.frontier.unchanged(memory.configured[1])
    fail(memory)
    memory.clock.now = NOW + 4 * DAY
    with memory.store.begin() as session:
        resume(session, [memory.configured[0].key])
    assert memory.source().paused_at is None
    assert due(memory) == 2
