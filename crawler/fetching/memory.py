"""What is known of hosts in this run and from the runs before."""

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Self

from crawler.fetching.guard import Place
from crawler.fetching.waits import LONGEST_WAIT
from store import Store
from store.queries.hosts import HostState, host_states, save_host_states

ROBOTS_VALID = timedelta(days=1)
"""RFC 9309, 2.4"""
ROBOTS_GIVEN_UP = timedelta(days=30)
"""RFC 9309, 2.3.1.4: after so long a robots.txt that cannot be reached need not close its host any more"""
_SHORTEST_REST = timedelta(minutes=5)
_LONGEST_REST = timedelta(hours=1)
"""after an hour's cut of the office's own line nothing rests longer than another hour"""


class HostMemory:
    """Asks the store once for each host, and collects what is new until `flush` is called.

    What is lost with a killed run is a few seconds' worth: a robots.txt is asked for again.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._states: dict[str, HostState] = {}
        self._changed: set[str] = set()
        self._writing = threading.Lock()
        """held by one flush at a time"""
        self._noting = threading.Lock()
        """held while what changed is noted, which may be while another thread writes"""
        self._delays: dict[str, float] = defaultdict(float)

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        # Scrapy copies its settings, in which this travels; there is one memory.
        return self

    def now(self) -> datetime:
        return self._clock()

    def state(self, place: Place) -> HostState:
        if place.origin not in self._states:
            self._load(place)
        return self._states[place.origin]

    def waits_until(self, place: Place) -> datetime | None:
        """When the host, which asked for patience in whatever scheme, may be asked again; None: now."""
        states = [self.state(one) for one in _schemes(place)]
        waits = [state.wait_until for state in states if state.robots_failed_at is None]
        return max((wait for wait in waits if wait and wait > self._clock()), default=None)

    def wait(self, place: Place, time: timedelta) -> None:
        until = self._clock() + min(time, LONGEST_WAIT)
        self._change(place, wait_until=until)

    # robots.txt

    def robots_known(self, place: Place) -> bool:
        """Whether what it last said still holds."""
        read = self.state(place).robots_read_at
        return read is not None and self._clock() - read < ROBOTS_VALID

    def robots_rests(self, place: Place) -> bool:
        """Whether it could not be reached, and is not to be asked for again yet."""
        state = self.state(place)
        return (
            state.robots_failed_at is not None
            and state.wait_until is not None
            and state.wait_until > self._clock()
        )

    def robots_read(self, place: Place, text: str | None) -> None:
        """`text`: None where there is no robots.txt."""
        self._change(place, robots_text=text, robots_read_at=self._clock(), robots_failed_at=None)

    def robots_failed(self, place: Place, wait: timedelta | None) -> bool:
        """robots.txt cannot be reached; whether that has lasted so long that it need not be obeyed.

        Until then the host rests: as long as it has failed so far, within limits, or as it asked for.
        """
        now = self._clock()
        since = self.state(place).robots_failed_at or now
        self._change(place, robots_failed_at=since)
        if now - since >= ROBOTS_GIVEN_UP:
            return True
        rest = min(max(now - since, _SHORTEST_REST), _LONGEST_REST)
        self.wait(place, rest if wait is None else max(wait, _SHORTEST_REST))
        return False

    # Delays

    def delay(self, place: Place) -> float:
        """Seconds that robots.txt of the host asks for, the longest in any scheme and at any port."""
        return self._delays[place.host]

    def learn_delay(self, place: Place, seconds: float) -> None:
        self._delays[place.host] = max(seconds, self._delays[place.host])

    def last_asked(self, place: Place) -> datetime | None:
        times = [self.state(one).last_asked_at for one in _schemes(place)]
        return max((time for time in times if time), default=None)

    def asked(self, place: Place) -> None:
        self._change(place, last_asked_at=self._clock())

    def flush(self) -> None:
        """Writes what is new, in one transaction; what cannot be written stays to be written."""
        with self._writing:
            with self._noting:
                changed, self._changed = self._changed, set()
            if not changed:
                return
            try:
                with self._store.begin() as session:
                    save_host_states(session, [self._states[host] for host in sorted(changed)])
            except Exception:
                with self._noting:
                    self._changed |= changed
                raise

    def _load(self, place: Place) -> None:
        origins = [one.origin for one in _schemes(place)]
        with self._store.read() as session:
            known = host_states(session, origins)
        for origin in origins:
            self._states.setdefault(origin, known.get(origin, HostState(origin)))

    def _change(self, place: Place, **values: Any) -> None:
        self._states[place.origin] = replace(self.state(place), **values)
        with self._noting:
            self._changed.add(place.origin)


def _schemes(place: Place) -> list[Place]:
    """The host at its usual ports is one host, by http and by https."""
    if place.port not in {80, 443}:
        return [place]
    both = [Place("http", place.host, 80), Place("https", place.host, 443)]
    return both if place in both else [place, *both]
