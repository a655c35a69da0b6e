"""Pages are worked on a few at a time in each worker; the others wait in the order in which they came.

Of threads that Python runs by turns each takes the turn from the others at every row that SQLite hands over:
ten pages begun at once all came late. Measured by `make bench ONLY=desk`: docs/measuring.md, "The desk".
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

PAGES_AT_ONCE = 2
"""one that Python works on, while the database looks something up for the other"""
T = TypeVar("T")


@dataclass(frozen=True)
class Turns:
    _reading: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(PAGES_AT_ONCE))

    async def take(self, request: Request, work: Callable[[], T]) -> T:
        """What `work` returns, done in a thread.

        A form waits for nobody's page, and no page for a form: it may wait long until it may write.
        """
        if request.method in ("GET", "HEAD"):
            return await to_thread.run_sync(work, limiter=self._reading)
        return await run_in_threadpool(work)
