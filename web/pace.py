"""How often a page that needs no account may be asked. Kept in memory: the desk is one process."""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
REMEMBERED = 10_000


class Pace:
    """So many times in a quarter of an hour for each key."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._seen: OrderedDict[str, list[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def admits(self, key: str, now: datetime) -> bool:
        """Counts this time where it is one of those that may be."""
        with self._lock:
            recent = self._recent(key, now)
            if len(recent) >= self._limit:
                return False
            self._seen[key] = [*recent, now]
            self._seen.move_to_end(key)
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
            return True

    def _recent(self, key: str, now: datetime) -> list[datetime]:
        return [at for at in self._seen.get(key, ()) if now - at < WINDOW]
