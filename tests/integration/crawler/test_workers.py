"""Processes that read pages: what goes wrong in one costs the page it was at, and nothing else."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from crawler.workers.jobs import Broken, CannotRead, PageJob
from crawler.workers.pool import _AHEAD, Workers
from crawler.workers.process import Outfit
from tests.integration.crawler.conftest import article_page, office_settings

SETTINGS = office_settings({"sources": [{"kind": "feed", "url": "http://127.0.0.1/rss"}]})
SOURCE = "song-moi feed http://127.0.0.1/rss"


def mischief(text: str) -> str:
    """Stands for masking, in the reading process: does there what a page's title says."""
    if "NGÃ" in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "TREO" in text:
        while True:
            pass
    if "PHÌNH" in text:
        return str(len(bytearray(8 << 30)))
    return f"{text} ({os.getpid()})" if "AI ĐỌC" in text else text


def page(title: str) -> PageJob:
    address = f"http://127.0.0.1/tin/{abs(hash(title))}-bai-viet.html"
    return PageJob(SOURCE, article_page(title).encode(), address, "text/html", None)


def read(titles: list[str], *, most: int = 1, **options: Any) -> list[Any]:
    """What becomes of pages that are there all at once: a title, or an error."""

    async def at_once() -> list[Any]:
        workers = Workers(Outfit(SETTINGS, mischief, **options), most)
        workers.open()
        try:
            return await asyncio.gather(
                *(workers.read(page(title)) for title in titles), return_exceptions=True
            )
        finally:
            workers.close()

    return [getattr(answer, "title", answer) for answer in asyncio.run(at_once())]


ORDINARY = [f"Đường làng ngập nước {n}" for n in range(6)]


@pytest.mark.parametrize(
    ("title", "what"),
    [
        ("Trang NGÃ giữa chừng", "stops the process that reads it (SIGSEGV)"),
        ("Trang TREO mãi mãi", "takes more than 1 seconds to read"),
    ],
)
def test_a_page_that_stops_its_process_costs_itself(title: str, what: str) -> None:
    answers = read([*ORDINARY[:2], title, *ORDINARY[2:]], seconds=1.0)
    assert isinstance(answers[2], CannotRead)
    assert (answers[2].what, answers[2].tried) == (what, True)
    del answers[2]
    assert answers == ORDINARY


def test_a_page_that_takes_all_memory_fails_alone() -> None:
    assert read([ORDINARY[0], "Trang PHÌNH to", ORDINARY[1]]) == [
        ORDINARY[0],
        Broken("MemoryError"),
        ORDINARY[1],
    ]


def test_while_one_page_hangs_another_process_reads_the_others() -> None:
    async def attempt() -> None:
        workers = Workers(Outfit(SETTINGS, mischief, seconds=100.0), 2)
        workers.open()
        waiting = [asyncio.ensure_future(workers.read(page("Trang TREO mãi mãi")))]
        try:
            # What is given to the process while it hangs is read once it has been replaced.
            waiting += [asyncio.ensure_future(workers.read(page(title))) for title in ORDINARY[:_AHEAD]]
            await asyncio.sleep(0)
            assert (await workers.read(page(ORDINARY[-1]))).title == ORDINARY[-1]
            assert not waiting[0].done()
        finally:
            workers.close()
            for task in waiting:
                task.cancel()

    asyncio.run(attempt())


def test_a_process_that_has_grown_is_replaced_without_losing_a_page() -> None:
    answers = read([f"AI ĐỌC trang {n}" for n in range(3)], grown=1)
    assert len({answer.rpartition(" ")[2] for answer in answers}) == 3


def test_where_no_process_starts_nothing_waits_for_ever() -> None:
    async def attempt() -> list[Any]:
        workers = Workers(Outfit(SETTINGS, NotThere()))
        workers.open()
        try:
            reads = (workers.read(page(title)) for title in ORDINARY)
            return await asyncio.gather(*reads, return_exceptions=True)
        finally:
            workers.close()

    answers = asyncio.run(attempt())
    assert [(type(answer), answer.tried) for answer in answers] == [(CannotRead, False)] * len(ORDINARY)


class NotThere:
    """Cannot be made again in another process."""

    def __call__(self, text: str) -> str:
        return text

    def __reduce__(self) -> tuple[Callable[[], NoReturn], tuple[()]]:
        return fail, ()


def fail() -> NoReturn:
    raise SystemExit(3)


def test_the_processes_end_with_the_one_that_started_them() -> None:
    pids: list[int] = []

    async def look() -> None:
        workers = Workers(Outfit(SETTINGS, mischief))
        workers.open()
        answer = await workers.read(page("AI ĐỌC trang này"))
        pids.append(int(answer.title.rpartition("(")[2][:-1]))
        workers.close()

    asyncio.run(look())
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pids[0]}").exists() and time.monotonic() < deadline:
        os.sched_yield()
    assert not Path(f"/proc/{pids[0]}").exists()
