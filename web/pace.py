"""How often something may be asked for in a quarter of an hour, counted for all of the desk's processes.

Counted in a small database of its own, beside the store: nobody waits there for a stage that is writing, nor
for the disk. What it holds may be lost at any time.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

WINDOW = timedelta(minutes=15)
FILE = "desk-pace.db"
_PATIENCE_SECONDS = 1
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS seen (key BLOB, second INT, times INT, PRIMARY KEY (key, second))",
    "CREATE INDEX IF NOT EXISTS ix_seen_second ON seen (second)",
)


class Pace:
    """So many times for each key. Where nothing can be counted, on a full disk, everything is admitted."""

    def __init__(self, data_dir: Path, what: str, limit: int) -> None:
        self._file = data_dir / FILE
        self._what = what
        self._limit = limit

    def admits(self, key: str, now: datetime) -> bool:
        """Counts this time where it is one of those that may be."""
        hashed = hashlib.sha256(f"{self._what}\n{key}".encode()).digest()
        try:
            with self._opened() as seen:
                return self._counted(seen, hashed, int(now.timestamp()))
        except sqlite3.OperationalError:
            return True
        except sqlite3.DatabaseError:
            # Torn when the machine's power went.
            self._file.unlink(missing_ok=True)
            return True

    def _counted(self, seen: sqlite3.Connection, key: bytes, now: int) -> bool:
        window = int(WINDOW.total_seconds())
        # What lies ahead was counted by another clock, a demo's.
        seen.execute("DELETE FROM seen WHERE second <= ? OR second > ?", (now - window, now + window))
        (times,) = seen.execute("SELECT total(times) FROM seen WHERE key = ?", (key,)).fetchone()
        if times >= self._limit:
            return False
        again = "INSERT INTO seen VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1"
        seen.execute(again, (key, now))
        return True

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """One transaction; the schema is looked at within it, for two processes begin at once."""
        with closing(sqlite3.connect(self._file, timeout=_PATIENCE_SECONDS, isolation_level=None)) as seen:
            seen.execute("PRAGMA synchronous = OFF")
            seen.execute("BEGIN IMMEDIATE")
            for statement in _SCHEMA:
                seen.execute(statement)
            yield seen
            seen.execute("COMMIT")
