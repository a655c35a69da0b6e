"""Slows down guessing of passwords. Kept in memory: the desk is one process."""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
PER_NAME_AND_ADDRESS = 5
# An office may sit behind one address, so the address alone is allowed more; the name alone too,
# or a stranger could lock an official out.
PER_ADDRESS = 30
PER_NAME = 50
REMEMBERED = 10_000

Key = tuple[str, ...]


class Throttle:
    def __init__(self) -> None:
        self._failures: OrderedDict[Key, list[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def refuses(self, name: str, address: str, now: datetime) -> bool:
        with self._lock:
            return any(
                len(self._recent(key, now)) >= limit for key, limit in self._limits(name, address).items()
            )

    def failed(self, name: str, address: str, now: datetime) -> None:
        with self._lock:
            for key in self._limits(name, address):
                self._failures[key] = [*self._recent(key, now), now]
                self._failures.move_to_end(key)
            while len(self._failures) > REMEMBERED:
                self._failures.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        with self._lock:
            self._failures.pop(("name and address", name, address), None)

    def _recent(self, key: Key, now: datetime) -> list[datetime]:
        return [at for at in self._failures.get(key, ()) if now - at < WINDOW]

    @staticmethod
    def _limits(name: str, address: str) -> dict[Key, int]:
        return {
            ("name and address", name, address): PER_NAME_AND_ADDRESS,
            ("address", address): PER_ADDRESS,
            ("name", name): PER_NAME,
        }
