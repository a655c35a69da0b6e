"""A process that approves, writes, sends and collects, made to be killed.

`python -m tests.faults.mortal OFFICE.json` loads everything once and forks a child for each line on standard
input: "work SECONDS" lets it live that long and then kills it with SIGKILL; "work" lets it come to its end;
"run" does what `dansinh run` does of it, behind the runner's lock. It answers "killed" or the exit status.
"""

import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from pipeline.clock import Clock
from pipeline.review import Review
from pipeline.settings import Settings
from pipeline.stages import collect, deliver, refer
from store import Store
from store.lock import Busy, only_runner
from store.models import Referral
from tests.integration.pipeline.conftest import Town
from tests.office import at

NOW = at("2026-11-20 09:00")


def _quiet(_: str) -> None:
    """Progress that nobody reads."""


def work(store: Store, settings: Settings) -> None:
    """One referral after the other, so that each kind of step is under way at any moment."""
    clock = Clock.starting_at(NOW)
    review = Review(store, settings, clock)
    while True:
        _run(store, settings, clock)
        with store.read() as session:
            drafted = session.scalar(
                select(Referral.id).where(Referral.state == "drafted").order_by(Referral.id)
            )
        if drafted is None:
            return
        review.approve(drafted, "lead:b")


def run(store: Store, settings: Settings) -> None:
    clock = Clock.starting_at(NOW)
    try:
        with only_runner(store):
            _run(store, settings, clock)
    except Busy:
        time.sleep(0.01)


def _run(store: Store, settings: Settings, clock: Any) -> None:
    # Lives are short: not each of them may begin with the same.
    stages = [refer, deliver, collect]
    first = os.getpid() % len(stages)
    for stage in stages[first:] + stages[:first]:
        stage.run(store, settings, clock, _quiet)


DOES: dict[str, Callable[[Store, Settings], None]] = {"work": work, "run": run}


def _child(what: str, url: str, data_dir: Path, settings: Settings) -> None:
    """Never returns."""
    status = 1
    try:
        store = Store(url, data_dir)
        DOES[what](store, settings)
        store.close()
        status = 0
    finally:
        os._exit(status)


def _warm_up(folder: Path, settings: Settings) -> None:
    """All that is loaded at first use is there before the first child: its life is for work."""
    store = Store("sqlite:///warm-up.db", folder)
    store.migrate()
    town = Town(store)
    Review(store, settings, Clock.starting_at(NOW)).confirm(town.issue(), "analyst:a")
    work(store, settings.model_copy(update={"mail": settings.mail.model_copy(update={"port": 9})}))
    store.close()


def main(path: str) -> None:
    office = json.loads(Path(path).read_text(encoding="utf-8"))
    data_dir, settings = Path(office["data_dir"]), Settings.model_validate(office["settings"])
    with tempfile.TemporaryDirectory() as folder:
        _warm_up(Path(folder), settings)
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        what, *seconds = line.split()
        child = os.fork()
        if child == 0:
            _child(what, office["url"], data_dir, settings)
        if seconds:
            time.sleep(float(seconds[0]))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else os.WEXITSTATUS(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
