"""Whose turn it is to be asked, how many at once, and how much may wait to be read."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from crawler.spiders import lanes as lanes_module
from crawler.spiders.lanes import Errand, Lanes
from crawler.spiders.room import Room


class Asked:
    """A network in which every question waits until the test answers it."""

    def __init__(self) -> None:
        self.under_way: dict[str, asyncio.Future[bool]] = {}
        self.left: list[str] = []
        self.errors: list[str] = []

    def errand(self, url: str, urgency: int = 1) -> Errand:
        async def carry_out() -> bool:
            answer = self.under_way[url] = asyncio.get_running_loop().create_future()
            return await answer

        return Errand(url, urgency, carry_out, lambda: self.left.append(url))

    async def answer(self, *urls: str, well: bool = True) -> None:
        for url in urls:
            self.under_way.pop(url).set_result(well)
        await settled()

    def broken(self, error: Exception, url: str) -> None:
        self.errors.append(f"{url} {error}")


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def play(
    scene: Callable[[Lanes, Asked, Room], Awaitable[None]], *, at_once: int = 2, places: int = 100
) -> Asked:
    asked = Asked()

    async def run() -> None:
        room = Room(limit=1000)
        async with asyncio.TaskGroup() as tasks:
            lanes = Lanes(tasks, room, asked.broken, at_once, places)
            await scene(lanes, asked, room)
            while asked.under_way or len(lanes):
                await asked.answer(*asked.under_way)

    asyncio.run(asyncio.wait_for(run(), 20))
    return asked


def test_a_host_is_asked_more_at_once_when_it_has_answered_and_less_when_it_has_not() -> None:
    async def scene(lanes: Lanes, asked: Asked, _room: Room) -> None:
        for number in range(8):
            lanes.add(asked.errand(f"http://a/{number}"))
        await settled()
        assert list(asked.under_way) == ["http://a/0"]
        await asked.answer("http://a/0")
        assert list(asked.under_way) == ["http://a/1", "http://a/2"]
        await asked.answer("http://a/1", well=False)
        assert list(asked.under_way) == ["http://a/2"]

    play(scene)


def test_what_is_urgent_comes_first_within_its_lane_and_lanes_do_not_wait_for_each_other() -> None:
    async def scene(lanes: Lanes, asked: Asked, _room: Room) -> None:
        for url, urgency in (("http://a/1", 1), ("http://a/2", 2), ("http://a/1b", 1), ("http://b/2", 2)):
            lanes.add(asked.errand(url, urgency))
        lanes.add(asked.errand("http://a/0", 0))
        order = []
        while asked.under_way or len(lanes):
            await settled()
            order += asked.under_way
            await asked.answer(*asked.under_way)
        assert order == ["http://a/1", "http://b/2", "http://a/0", "http://a/1b", "http://a/2"]

    play(scene, at_once=1)


def test_nothing_is_asked_for_while_there_is_no_room() -> None:
    async def scene(lanes: Lanes, asked: Asked, room: Room) -> None:
        room.take(600)
        lanes.add(asked.errand("http://a/0"))
        await settled()
        assert list(asked.under_way) == ["http://a/0"]
        room.take(600)
        lanes.add(asked.errand("http://b/0"))
        await asked.answer("http://a/0")
        lanes.add(asked.errand("http://a/1"))
        await settled()
        assert list(asked.under_way) == []
        room.give(600)
        await settled()
        assert sorted(asked.under_way) == ["http://a/1", "http://b/0"]

    play(scene)


def test_slow_requests_give_their_places_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes_module, "_PATIENCE", 0.05)

    async def scene(lanes: Lanes, asked: Asked, _room: Room) -> None:
        for number in range(4):
            lanes.add(asked.errand(f"http://slow-{number}/"))
        lanes.add(asked.errand("http://good/"))
        await settled()
        assert len(asked.under_way) == 2
        while "http://good/" not in asked.under_way:
            await asyncio.sleep(0.01)
        assert len(asked.under_way) == 5

    play(scene, places=2)


def test_places_are_not_given_back_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes_module, "_PATIENCE", 0.02)

    async def scene(lanes: Lanes, asked: Asked, _room: Room) -> None:
        lanes.add(asked.errand("http://slow/"))
        await asyncio.sleep(0.1)
        await asked.answer("http://slow/")
        monkeypatch.setattr(lanes_module, "_PATIENCE", 60.0)
        for number in range(3):
            lanes.add(asked.errand(f"http://{number}/"))
        await settled()
        assert len(asked.under_way) == 1

    play(scene, places=1)


def test_when_it_is_over_what_waits_is_left_and_what_is_under_way_comes_to_its_end() -> None:
    async def scene(lanes: Lanes, asked: Asked, _room: Room) -> None:
        for number in range(3):
            lanes.add(asked.errand(f"http://a/{number}"))
        await settled()
        lanes.end()
        lanes.add(asked.errand("http://b/0"))
        assert list(asked.under_way) == ["http://a/0"]

    assert play(scene).left == ["http://a/1", "http://a/2", "http://b/0"]


def test_an_error_in_one_errand_stops_no_other() -> None:
    async def scene(lanes: Lanes, asked: Asked, _room: Room) -> None:
        async def break_off() -> bool:
            raise ValueError("broken")

        lanes.add(Errand("http://a/0", 1, break_off, lambda: None))
        lanes.add(asked.errand("http://a/1"))
        await settled()
        assert list(asked.under_way) == ["http://a/1"]

    assert play(scene).errors == ["http://a/0 broken"]
