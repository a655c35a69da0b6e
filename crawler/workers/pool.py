"""Several reading processes, and which page is with whom."""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

from crawler.workers.jobs import CannotRead, Job, Ready
from crawler.workers.process import Outfit, work

_AHEAD = 3
"""jobs given to one process: one that it reads, and others so that it need not wait for this busy one"""
_FALSE_STARTS = 3
_LASTS = "nothing to do now: it is tried again by itself; if it lasts, report it with the address"


_MOST = 4
"""processes, however many cores there are: three keep up with what one process can download"""


def usual_number() -> int:
    """As many as there are cores: downloading and storing take up less than one of two."""
    return min(_MOST, len(os.sched_getaffinity(0)))


@dataclass(eq=False)
class _Asked:
    job: Job
    answer: asyncio.Future[Any]


class Workers:
    """A page that hangs or crashes its process costs itself alone: the process is replaced.

    One process is there from the start; others are added when it does not keep up, or hangs.
    """

    def __init__(self, outfit: Outfit, most: int | None = None) -> None:
        """Starts the first process at once, so that it loads its libraries while the caller loads its own."""
        self._outfit = outfit
        self._most = most or usual_number()
        self._waiting: deque[_Asked] = deque()
        self._false_starts = 0
        self._closed = False
        self._workers = [_Worker(outfit)]

    def open(self) -> None:
        """To be called in the running loop."""
        for worker in self._workers:
            worker.listen(self._said, self._ended)

    async def read(self, job: Job) -> Any:
        """What the process answers to `job`; raises CannotRead."""
        if self._false_starts >= _FALSE_STARTS:
            raise _no_workers()
        asked = _Asked(job, asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        self._hand_out()
        return await asked.answer

    def close(self) -> None:
        self._closed = True
        for worker in self._workers:
            worker.kill()

    def _hand_out(self) -> None:
        while self._waiting:
            worker = min(self._workers, key=lambda each: len(each.asked))
            if len(worker.asked) >= _AHEAD:
                if len(self._workers) >= self._most:
                    return
                worker = self._hire()
            worker.ask(self._waiting.popleft())

    def _said(self, worker: "_Worker", said: Any) -> None:
        if isinstance(said, Ready):
            worker.ready = True
            self._false_starts = 0
            return
        asked = worker.asked.popleft()
        if not asked.answer.done():
            asked.answer.set_result(said)
        self._hand_out()

    def _ended(self, worker: "_Worker", exit_code: int) -> None:
        """Blames the page that it was at, if it was at one, and gives the others to the next."""
        if self._closed:
            return
        if not worker.ready:
            self._false_starts += 1
        elif exit_code != 0 and worker.asked:
            asked = worker.asked.popleft()
            if not asked.answer.done():
                asked.answer.set_exception(_blame(exit_code, self._outfit.seconds))
        self._waiting.extendleft(reversed(worker.asked))
        if self._false_starts >= _FALSE_STARTS:
            self._give_up()
            return
        self._workers.remove(worker)
        self._hire()
        self._hand_out()

    def _hire(self) -> "_Worker":
        worker = _Worker(self._outfit)
        self._workers.append(worker)
        worker.listen(self._said, self._ended)
        return worker

    def _give_up(self) -> None:
        while self._waiting:
            asked = self._waiting.popleft()
            if not asked.answer.done():
                asked.answer.set_exception(_no_workers())


@dataclass(eq=False)
class _Worker:
    """One process; a thread each for what goes in and what comes out, so that a full pipe stops nobody."""

    outfit: Outfit
    asked: deque[_Asked] = field(default_factory=deque)
    """in the order in which they are answered"""
    ready: bool = False
    _to_send: SimpleQueue[Job | None] = field(default_factory=SimpleQueue)

    def __post_init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=work, args=(self.outfit, theirs), name="dansinh-read", daemon=True
        )
        self._process.start()
        theirs.close()

    def ask(self, asked: _Asked) -> None:
        self.asked.append(asked)
        self._to_send.put(asked.job)

    def listen(self, said: Callable[["_Worker", Any], None], ended: Callable[["_Worker", int], None]) -> None:
        loop = asyncio.get_running_loop()

        def tell(what: Callable[["_Worker", Any], None], value: Any) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(what, self, value)

        def hear() -> None:
            try:
                while True:
                    tell(said, self._pipe.recv())
            except (EOFError, OSError):
                self._process.join()
                self._to_send.put(None)
                tell(ended, self._process.exitcode)

        def send() -> None:
            while (job := self._to_send.get()) is not None:
                try:
                    self._pipe.send(job)
                except OSError:
                    return

        for target in (hear, send):
            threading.Thread(target=target, daemon=True).start()

    def kill(self) -> None:
        self._process.kill()


def _blame(exit_code: int, seconds: float) -> CannotRead:
    if exit_code == -signal.SIGALRM:
        return CannotRead(f"takes more than {seconds:.0f} seconds to read", _LASTS)
    return CannotRead(f"stops the process that reads it ({_name(exit_code)})", _LASTS)


def _name(exit_code: int) -> str:
    return signal.Signals(-exit_code).name if exit_code < 0 else f"status {exit_code}"


def _no_workers() -> CannotRead:
    return CannotRead(
        "could not be read: no process for reading can be started",
        "see that memory is left, then run again: nothing is lost",
        tried=False,
    )
