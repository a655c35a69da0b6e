"""Slows down guessing of passwords and codes; counted in the store, for all processes of the desk together.

Nobody can be locked out for good: a browser that has signed in to the account before (KnownBrowser) is
counted by itself, whatever strangers do from elsewhere.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from store import Store
from store.models import Attempt
from web.sessions import hash_of

WINDOW = timedelta(minutes=15)
PER_NAME_AND_ADDRESS = 5
PER_KNOWN_BROWSER = 10
# An office may sit behind one address, so the address alone is allowed more; the name alone too.
PER_ADDRESS = 30
PER_NAME = 50


class Throttle:
    def __init__(self, store: Store) -> None:
        self._store = store

    def admits(self, name: str, address: str, browser: str | None, now: datetime) -> bool:
        """Whether one more try may be made; it is counted as failed until `succeeded` says otherwise, so that
        tries made at once are not all taken for the first. `browser` is a known one's token."""
        limits = _limits(name, address, browser)
        with self._store.begin() as session:
            session.execute(delete(Attempt).where(Attempt.at <= now - WINDOW))
            if any(_count(session, key) >= limit for key, limit in limits.items()):
                return False
            session.add_all(Attempt(key_hash=key, at=now) for key in limits)
        return True

    def succeeded(self, name: str, address: str, browser: str | None, *, tries: int = 1) -> None:
        """Forgets this one's failures, and takes back from the others' counts the tries that were none."""
        own, *shared = _limits(name, address, browser)
        with self._store.begin() as session:
            session.execute(delete(Attempt).where(Attempt.key_hash == own))
            _forget(session, shared, tries)

    def take_back(self, name: str, address: str, browser: str | None) -> None:
        """One admitted try that was neither right nor wrong."""
        with self._store.begin() as session:
            _forget(session, _limits(name, address, browser), 1)


def _forget(session: Session, keys: Iterable[str], tries: int) -> None:
    """The last ones of each."""
    for key in keys:
        last = select(Attempt.id).where(Attempt.key_hash == key).order_by(Attempt.id.desc()).limit(tries)
        session.execute(delete(Attempt).where(Attempt.id.in_(session.scalars(last).all())))


def _count(session: Session, key: str) -> int:
    return session.scalar(select(func.count()).select_from(Attempt).where(Attempt.key_hash == key)) or 0


def _limits(name: str, address: str, browser: str | None) -> dict[str, int]:
    """What is counted, one's own first."""
    if browser is not None:
        return {_key("browser", name, browser): PER_KNOWN_BROWSER}
    return {
        _key("name and address", name, address): PER_NAME_AND_ADDRESS,
        _key("address", address): PER_ADDRESS,
        _key("name", name): PER_NAME,
    }


def _key(*parts: str) -> str:
    return hash_of("\n".join(parts))
