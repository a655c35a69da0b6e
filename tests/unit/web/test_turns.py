"""How many pages a worker works on at once."""

from collections.abc import Awaitable, Callable
from functools import partial
from threading import Event, Lock

import anyio
from starlette.requests import Request

from web.turns import PAGES_AT_ONCE, Turns

PATIENCE = 20


class House:
    """Work that is held up until it is let go, and a count of what is in hand."""

    def __init__(self) -> None:
        self.open, self.begun = Event(), [Event() for _ in range(4)]
        self.order: list[int] = []
        self._lock = Lock()

    def work(self, number: int) -> None:
        with self._lock:
            self.order.append(number)
        self.begun[number].set()
        assert self.open.wait(PATIENCE)

    async def has_begun(self, number: int) -> bool:
        return await anyio.to_thread.run_sync(self.begun[number].wait, PATIENCE)


def asked(method: str) -> Request:
    return Request({"type": "http", "method": method, "headers": []})


def played(scene: Callable[[Turns, House], Awaitable[None]]) -> None:
    async def on_stage() -> None:
        with anyio.fail_after(PATIENCE):
            await scene(Turns(), House())

    anyio.run(on_stage)


def test_two_pages_are_worked_on_and_the_rest_wait() -> None:
    async def scene(turns: Turns, house: House) -> None:
        async with anyio.create_task_group() as all_of_them:
            for number in range(4):
                all_of_them.start_soon(turns.take, asked("GET"), partial(house.work, number))
                if number < PAGES_AT_ONCE:
                    assert await house.has_begun(number)
                else:
                    await anyio.wait_all_tasks_blocked()
            assert house.order == [0, 1]
            house.open.set()
        assert sorted(house.order) == [0, 1, 2, 3]

    played(scene)


def test_a_form_waits_for_no_page() -> None:
    async def scene(turns: Turns, house: House) -> None:
        async with anyio.create_task_group() as all_of_them:
            for number in range(3):
                all_of_them.start_soon(turns.take, asked("GET"), partial(house.work, number))
            assert await house.has_begun(0)
            assert await house.has_begun(1)
            all_of_them.start_soon(turns.take, asked("POST"), partial(house.work, 3))
            assert await house.has_begun(3)
            assert 2 not in house.order
            house.open.set()

    played(scene)
