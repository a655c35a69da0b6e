"""Reports made aside: in a process of their own, one at a time among all processes of the desk."""

import logging
import multiprocessing
import os
import signal
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Literal

from filelock import FileLock

from pipeline.documents.report import Period
from pipeline.kept_reports import FOLDER, Stamp, settings_of_pipeline
from pipeline.reckoning import reckon
from pipeline.settings import Settings
from store import Store

MOST_WAITING = 8
GIVEN_UP_AFTER = 1800
"""seconds: it comes after all else that the machine has to do"""
LAST = 19
"""of niceness: whatever somebody waits for comes before it"""
MOST_SAID = 4_000
"""bytes of what it complained of last"""
State = Literal["making", "busy", "failed"]
"""busy: too many wait already"""
_log = logging.getLogger(__name__)


class NotMade(Exception):
    """Its process has ended, or been ended, before the report was there; it says how."""


@dataclass(frozen=True)
class Job:
    store: Store
    settings: Settings
    period: Period
    stamp: Stamp


class Aside:
    """Shared by all requests: every method may be called by several threads at once."""

    def __init__(self, is_made: Callable[[Job], bool]) -> None:
        """`is_made`: whether another process has made it in the meantime."""
        self._is_made = is_made
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, Job] = OrderedDict()
        self._failed: set[str] = set()
        self._working = False

    def ask_for(self, job: Job) -> State:
        key = job.period.key
        with self._lock:
            if key in self._failed:
                self._failed.discard(key)
                return "failed"
            if key in self._waiting:
                return "making"
            if len(self._waiting) >= MOST_WAITING:
                return "busy"
            self._waiting[key] = job
            if not self._working:
                self._working = True
                # A daemon: the desk must not wait for it to end.
                threading.Thread(target=self._work, name="reports", daemon=True).start()
        return "making"

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                self._make(job)
            except Exception as error:
                how = error if isinstance(error, NotMade) else repr(error)
                _log.error("the report of %s was not made: %s", job.period.key, how)
                with self._lock:
                    self._failed.add(job.period.key)
            finally:
                with self._lock:
                    self._waiting.pop(job.period.key)

    def _next(self) -> Job | None:
        """It stays among those waiting until it is done, so that nobody asks for it anew."""
        with self._lock:
            job = next(iter(self._waiting.values()), None)
            self._working = job is not None
            return job

    def _make(self, job: Job) -> None:
        folder = job.store.data_dir / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        # The kernel frees it when its holder dies.
        with FileLock(folder / "making.lock").acquire(timeout=GIVEN_UP_AFTER, poll_interval=0.5):
            if not self._is_made(job):
                make_elsewhere(job)


def make_elsewhere(job: Job) -> None:
    """Raises NotMade with what the process said before it ended."""
    context = multiprocessing.get_context("spawn")
    with NamedTemporaryFile(prefix="dansinh-report-") as complaints:
        settings, at = settings_of_pipeline(job.settings), Path(complaints.name)
        arguments = (job.store.url, job.store.data_dir, settings, job.period, job.stamp, at)
        child = context.Process(target=reckon, args=arguments, name="report", daemon=True)
        child.start()
        try:
            # From here and not by itself: it has much to load before it comes to that.
            with suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, child.pid or 0, LAST)
            child.join(GIVEN_UP_AFTER)
            ended = child.exitcode
        finally:
            child.kill()
            child.join()
        if ended != 0:
            said = complaints.read()[-MOST_SAID:].decode(errors="replace").strip()
            raise NotMade(f"{_how(ended)}; {said or 'it said nothing'}")


def _how(exit_code: int | None) -> str:
    if exit_code is None:
        return f"it took longer than {GIVEN_UP_AFTER} s"
    if exit_code < 0:
        return f"its process was ended by {signal.Signals(-exit_code).name}"
    return f"its process ended with status {exit_code}"
