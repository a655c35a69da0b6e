"""Whether a long crawl grows: what its processes hold after 2,000, 10,000 and 20,000 pages."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psutil

from bench.end_to_end import crawled
from bench.invented.articles import in_named_boxes, told_to_networks
from bench.invented.bulk import Bulk
from bench.invented.families import usual_layout
from bench.invented.pages import Family
from bench.newspapers import Newspapers
from bench.serving import Server, addresses
from bench.table import Figure, Line, Progress

GOAL = 1.25
"""of this project's own choosing; what remains is the frontier and the counts, which are kept per page"""
_HOSTS = 20
_SMALL = Family(
    "nho",
    Bulk(
        styles=1, style_bytes=500, scripts=2, script_bytes=500, pictures=0, picture_bytes=0, menus=2,
        menu_links=10, related=2, frames=6, fields=1, attribute_bytes=100,
    ),
    6, in_named_boxes, told_to_networks, usual_layout(),
)  # fmt: skip


def measure(pages: int, progress: Progress) -> list[Line]:
    """At a tenth, at half and at the end of so many pages."""
    site = Newspapers(per_host=max(1, pages // _HOSTS), families=(_SMALL,))
    total = site.per_host * _HOSTS
    marks = [total // 10, total // 2, total]
    progress(f"crawling {total} small pages")
    with Server(site, addresses(_HOSTS)) as server, watching(server, marks) as held:
        speed = crawled(site.settings(server.hosts, declared=True), total)
    megabytes = [held.get(mark, 0) / 1e6 for mark in marks]
    seen = ", ".join(f"{size:.0f} MB after {mark:,}" for mark, size in zip(marks, megabytes, strict=True))
    return [
        Figure(
            f"memory of all crawl processes after {marks[2]:,} pages",
            f"after {marks[0]:,}",
            megabytes[2] / megabytes[0],
            GOAL,
            "less",
            seen=f"{seen}; {speed.rate:.0f} pages/s",
        )
    ]


@contextmanager
def watching(server: Server, marks: Sequence[int]) -> Iterator[dict[int, int]]:
    """Bytes (RSS) that this process's descendants but the server hold when so many pages were asked for."""
    held: dict[int, int] = {}
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            passed = [mark for mark in marks if mark not in held and server.asked.value >= mark]
            if passed:
                held.update(dict.fromkeys(passed, _held(server.pid)))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield held
    finally:
        done.set()
        thread.join()


def _held(without: int) -> int:
    total = 0
    for process in psutil.Process(os.getpid()).children(recursive=True):
        try:
            if process.pid != without:
                total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total
