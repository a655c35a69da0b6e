"""Stored items read anew by `tag --again`, which is killed now and then and goes on."""

import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import func, insert, select

from bench.invented.news import Newsroom
from bench.table import Figure, Line, Progress
from nlp.settings import NlpSettings
from pipeline.clock import Clock
from pipeline.rereading import read_again
from store import Store
from store.models import Article, Finding, Source

CORES_GOAL = 1.6
"""of this project's own choosing: the store is written to by one of them"""
MEMORY_GOAL = 700e6
_KILLED = ((1, 0.1), (2, 0.3), (1, 0.1))
"""on how many cores, and after which share of the items"""
_OLD = "an earlier version"
_TOLD = re.compile(r"read ([\d,]+) of ([\d,]+) articles anew")
_PORTION = 5_000
_NOW = datetime(2026, 11, 22, tzinfo=UTC)


@dataclass(frozen=True)
class Mark:
    """Of one run, at a word of its progress."""

    items: int
    at: float
    work: float
    """seconds of the processor"""
    resident: int
    """bytes of the largest worker"""


@dataclass
class Reading:
    """Some runs on so many cores, each from its first word of progress: models are loaded by then."""

    items: int = 0
    seconds: float = 0.0
    work: float = 0.0
    resident: int = 0

    def add(self, marks: Sequence[Mark]) -> None:
        if not marks:
            return
        self.items += marks[-1].items - marks[0].items
        self.seconds += marks[-1].at - marks[0].at
        self.work += marks[-1].work - marks[0].work
        self.resident = max(self.resident, *(mark.resident for mark in marks))

    @property
    def rate(self) -> float:
        return self.items / self.seconds if self.items else 0.0

    @property
    def cost(self) -> float:
        """Milliseconds of the processor an item."""
        return 1000 * self.work / self.items if self.items else 0.0


def measure(items: int, progress: Progress) -> list[Line]:
    """On one core and on two in turn, for a machine that slows down; all runs but the last are killed."""
    cores = {1: Reading(), 2: Reading()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        progress(f"storing {items:,} items")
        _fill(folder, items)
        for count, share in _KILLED:
            _read(folder, count, cores[count], kill_after=int(items * share))
            kept = _kept(folder)
            progress(f"read anew on {count} of two cores; killed when {kept:,} were kept")
        last = _read(folder, 2, cores[2])
        missing = items - _kept(folder)
    one, two = cores[1], cores[2]
    return [
        Figure(
            f"{items:,} stored items read anew, two cores",
            "one core",
            two.rate / one.rate if one.rate else 0.0,
            CORES_GOAL,
            seen=f"{two.rate:.0f} and {one.rate:.0f} items/s; "
            f"of the processor {two.cost:.1f} and {one.cost:.1f} ms an item",
        ),
        Figure(
            "read twice or left out after a kill -9",
            "all of them",
            (abs(kept + last - items) + missing) / items,
            0.0,
            "less",
            percent=True,
            seen=f"killed {len(_KILLED)} times; {kept:,} kept by then, {last:,} read after that",
        ),
        Figure(
            "memory of the largest worker",
            "700 MB",
            two.resident / MEMORY_GOAL,
            1.0,
            "less",
            percent=True,
            seen=f"{two.resident / 1e6:.0f} MB resident",
        ),
    ]


def _fill(folder: Path, items: int) -> None:
    """Half of them pages that were read whole, half what a feed tells."""
    room = Newsroom(seed=2)
    store = _store(folder)
    store.migrate()
    with store.begin() as session:
        session.add(Source(id=1, key="s", outlet_key="s", outlet_name="Báo S", kind="feed", url="http://s/"))
    for start in range(1, items + 1, _PORTION):
        numbers = range(start, min(start + _PORTION, items + 1))
        with store.begin() as session:
            session.execute(insert(Article), [_article(room, number) for number in numbers])
            session.execute(insert(Finding), [_finding(number) for number in numbers])
    store.close()


def _article(room: Newsroom, number: int) -> dict[str, Any]:
    item = room.feed_item()
    seen = _NOW - timedelta(minutes=number)
    return {
        "id": number, "canonical_url": f"http://s/{number}", "url": f"http://s/{number}", "source_id": 1,
        "outlet_key": "s", "outlet_name": "Báo S", "title": item["title"], "lead": item["summary"],
        "body": room.article()["body"] if number % 2 else None, "published_at": seen, "first_seen_at": seen,
        "text_hash": str(number),
    }  # fmt: skip


def _finding(number: int) -> dict[str, Any]:
    return {
        "article_id": number, "kind": "none", "score": 0.0, "topics": [], "urgency": 0, "places": [],
        "evidence": [], "text_hash": str(number), "tagger": _OLD, "tagged_at": _NOW, "grouped_at": _NOW,
    }  # fmt: skip


def _kept(folder: Path) -> int:
    store = _store(folder)
    with store.read() as session:
        count = session.scalar(select(func.count(Finding.id)).where(Finding.tagger != _OLD)) or 0
    store.close()
    return count


def _read(folder: Path, cores: int, reading: Reading, kill_after: int | None = None) -> int:
    """One run, until it has read so many or all; how many it told of."""
    command = [sys.executable, "-m", "bench.archive", str(folder), str(cores)]
    # Python itself complains of what a killed process leaves to be cleared up.
    complaints = None if kill_after is None else subprocess.DEVNULL
    count, marks = 0, []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, text=True) as process:
        for line in process.stdout or ():
            if (told := _TOLD.match(line)) is None:
                continue
            count = int(told[1].replace(",", ""))
            marks += _mark(count, process.pid)
            if kill_after is not None and count >= kill_after:
                workers = psutil.Process(process.pid).children()
                process.kill()
                psutil.wait_procs(workers, timeout=30)
                break
    if process.returncode not in (0, -signal.SIGKILL):
        raise RuntimeError(f"reading anew ended with status {process.returncode}")
    reading.add(marks)
    return count


def _mark(count: int, pid: int) -> list[Mark]:
    """Nothing of a run that ends just now."""
    try:
        processes = [parent := psutil.Process(pid), *parent.children()]
        times = [one.cpu_times() for one in processes]
        resident = max(one.memory_info().rss for one in processes[1:])
    except (psutil.NoSuchProcess, ValueError):
        return []
    return [Mark(count, time.monotonic(), sum(one.user + one.system for one in times), resident)]


def _store(folder: Path) -> Store:
    return Store("sqlite:///dansinh.db", folder)


def _told(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    read_again(_store(Path(sys.argv[1])), NlpSettings(), Clock(), _told, int(sys.argv[2]))
