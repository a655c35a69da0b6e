"""Ten users at once, each opening one page after the other over HTTP."""

import http.client
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Barrier, Thread
from urllib.parse import urlsplit

from bench.desk.addresses import Page
from bench.desk.office import Caller
from web.permissions import may

FINE = (200, 202, 302, 303, 404)
"""404: a file that was never written; 202: a report that is being reckoned"""


@dataclass
class Seen:
    """Seconds by the page's route."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    slowest: dict[str, tuple[float, str]] = field(default_factory=dict)
    """with the address"""
    failures: list[str] = field(default_factory=list)

    def note(self, page: Page, address: str, seconds: float, status: int) -> None:
        self.times[page.path].append(seconds)
        self.slowest[page.path] = max(self.slowest.get(page.path, (0.0, "")), (seconds, address))
        if status not in FINE:
            self.failures.append(f"{status} {address}")


def visit(
    base: str, callers: Sequence[Caller], pages: Sequence[Page], rounds: int, pause: float = 0.0
) -> Seen:
    """Each caller opens each page that he may, in an order of his own, so many times."""
    seen, ready = Seen(), Barrier(len(callers))
    threads = [
        Thread(target=_go, args=(base, caller, pages, rounds, pause, random.Random(number), ready, seen))
        for number, caller in enumerate(callers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def _go(
    base: str,
    caller: Caller,
    pages: Sequence[Page],
    rounds: int,
    pause: float,
    chance: random.Random,
    ready: Barrier,
    seen: Seen,
) -> None:
    host = urlsplit(base)
    connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=60)
    own = [page for page in pages if page.action is None or may(caller.role, page.action)]
    ready.wait()
    for _ in range(rounds):
        for page in chance.sample(own, len(own)):
            address = chance.choice(page.addresses)
            began = time.perf_counter()
            status = _ask(connection, address, caller.cookie)
            seen.note(page, address, time.perf_counter() - began, status)
            time.sleep(chance.random() * 2 * pause)
    connection.close()


def _ask(connection: http.client.HTTPConnection, address: str, cookie: str) -> int:
    """Twice, as browsers do, where the connection was closed for having been idle."""
    for last in (False, True):
        try:
            connection.request("GET", _ascii(address), headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
        except (http.client.HTTPException, OSError):
            connection.close()
            if last:
                raise
        else:
            return answer.status
    raise AssertionError("one of two tries ends it")


def _ascii(address: str) -> str:
    return "".join(
        letter if letter.isascii() else "".join(f"%{byte:02X}" for byte in letter.encode())
        for letter in address
    )


def percentile(times: Sequence[float], part: float = 0.95) -> float:
    """The time that this part of them stays below or at."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
