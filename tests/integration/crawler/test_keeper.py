"""What a run writes: little at a time, and room is given back whatever the store says."""

import asyncio
from collections.abc import Sequence
from typing import NoReturn

from crawler.frontier import Frontier, Setback
from crawler.reading import ReadPage
from crawler.spiders.keeper import Keeper
from crawler.spiders.room import Room
from crawler.spiders.telling import Telling
from crawler.summary import Tally
from crawler.troubles import OUT_OF_TIME
from store import Store
from store.queries.links import PendingLink
from tests.integration.crawler.conftest import shout_numbers
from tests.integration.crawler.memory import Memory, named, page


class Counting(Frontier):
    """Notes how many links each transaction sets back."""

    set_back_at_once: list[int]

    def set_back(self, setbacks: Sequence[Setback]) -> list[PendingLink]:
        self.set_back_at_once.append(len(setbacks))
        return super().set_back(setbacks)


def keeper_of(frontier: Frontier, room: Room) -> Keeper:
    return Keeper(frontier, Telling(Tally(lambda _: None), frontier), room, lambda: None)


def test_what_is_left_over_at_the_end_is_written_little_by_little(sqlite_store: Store) -> None:
    memory = Memory(sqlite_store)
    links = memory.name(*(named(f"/tin/{n}.html", title=f"Tin {n}") for n in range(150))).pending
    frontier = Counting(sqlite_store, memory.settings, memory.clock, shout_numbers, memory.configured)
    frontier.set_back_at_once = []

    async def end() -> None:
        keeper = keeper_of(frontier, Room())
        for link in links:
            keeper.set_back(link, OUT_OF_TIME)
        keeper.close()
        await keeper.run()

    asyncio.run(end())
    assert frontier.set_back_at_once == [100, 50]
    assert len(memory.articles()) == 150


def test_room_is_given_back_when_the_store_refuses(sqlite_store: Store) -> None:
    memory = Memory(sqlite_store)
    (link,) = memory.name("/tin/1.html").pending

    def full() -> NoReturn:
        raise OSError("disk is full")

    async def refuse() -> None:
        room = Room(limit=1)
        keeper = keeper_of(memory.frontier, room)
        for _ in range(3):
            await keeper.write(link.url, full)
        keeper.keep(ReadPage(link, page(), link.url))
        keeper.close()
        await keeper.run()
        await asyncio.wait_for(room.some(), 5)

    asyncio.run(refuse())
    assert memory.articles() == []
